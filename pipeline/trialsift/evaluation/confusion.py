"""What was taken for what: gold classes against predicted ones.

A class is a label, of a dose with its modality and role, as far as these are gold. Pairs come from `pairing.align`;
what is left over on both sides, of whatever label, is paired by the characters in common, so that a fraction count
read as a dose shows as that and not as one thing missed and another made up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from trialsift.evaluation.assignment import best_assignment
from trialsift.evaluation.pairing import Pair, overlap
from trialsift.gold import GoldDocument, Span

#: Stands for the other side of a span that nothing answers.
NOTHING = "nothing"

Confusion = Counter[tuple[str, str]]


def confusion(
    document: GoldDocument, pairs: Iterable[Pair], missed: Sequence[Span], spurious: Sequence[Span]
) -> Confusion:
    """Counts by (gold class, predicted class) of one document; `document` is gold, and says what is gold there."""
    counts: Confusion = Counter()
    for pair in pairs:
        counts[_class(document, pair.gold), _class(document, pair.predicted)] += 1
    overlaps = np.array([[overlap(g, p) for p in spurious] for g in missed], dtype=np.float64)
    across = best_assignment(overlaps) if missed and spurious else []
    for i, j in across:
        counts[_class(document, missed[i]), _class(document, spurious[j])] += 1
    answered, used = {i for i, _ in across}, {j for _, j in across}
    for i, span in enumerate(missed):
        if i not in answered:
            counts[_class(document, span), NOTHING] += 1
    for j, span in enumerate(spurious):
        if j not in used:
            counts[NOTHING, _class(document, span)] += 1
    return counts


def _class(document: GoldDocument, span: Span) -> str:
    if span.label != "DOSE" or not document.scores_values:
        return span.label
    modality = span.attributes.get("modality")
    if modality != "radiation" or not document.scores_context:
        return f"DOSE {modality}"
    return f"DOSE {modality} {span.attributes.get('role')}"
