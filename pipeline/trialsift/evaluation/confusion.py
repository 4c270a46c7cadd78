"""Counts gold classes against predicted ones.

A class is a label, for a dose with its modality and role as far as they are gold. Pairs come from `pairing.align`. The
remaining spans of all labels are paired by overlap, so that a fraction count read as a dose shows as such, and not as
one missed and one spurious span.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from trialsift.evaluation.pairing import Pair, align
from trialsift.gold import GoldDocument, GoldSpan

#: The class on the other side of an unpaired span.
NOTHING = "nothing"

Confusion = Counter[tuple[str, str]]


def count_confusion(
    document: GoldDocument, pairs: Iterable[Pair], missed: Sequence[GoldSpan], spurious: Sequence[GoldSpan]
) -> Confusion:
    """Counts the (gold class, predicted class) pairs of one document; `document` is the gold document."""
    counts: Confusion = Counter()
    for pair in pairs:
        counts[_name_class(document, pair.gold), _name_class(document, pair.predicted)] += 1
    across = align(missed, spurious, lambda gold, predicted: ())
    for pair in across:
        counts[_name_class(document, pair.gold), _name_class(document, pair.predicted)] += 1
    answered, used = {pair.gold.id for pair in across}, {pair.predicted.id for pair in across}
    for span in missed:
        if span.id not in answered:
            counts[_name_class(document, span), NOTHING] += 1
    for span in spurious:
        if span.id not in used:
            counts[NOTHING, _name_class(document, span)] += 1
    return counts


def _name_class(document: GoldDocument, span: GoldSpan) -> str:
    if span.label != "DOSE" or not document.scores_values:
        return span.label
    modality = span.attributes.get("modality")
    if modality != "radiation" or not document.scores_context:
        return f"DOSE {modality}"
    return f"DOSE {modality} {span.attributes.get('role')}"
