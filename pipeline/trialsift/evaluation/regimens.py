"""Counts right, missed and spurious radiotherapy regimens.

A predicted regimen is right if it shares a character with the gold one and every bound of the gold one is equal. Bounds
stated by a gold span must be equal exactly; computed ones may differ by 1 %, since doses per fraction are often
rounded. Source: annotation guidelines, "Scoring".
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

import numpy as np

from trialsift.evaluation.assignment import find_best_assignment
from trialsift.evaluation.counts import ScoreCounts
from trialsift.evaluation.pairing import measure_overlap
from trialsift.gold import GoldDocument, GoldSpan
from trialsift.model.fact import Bounds, Regimen
from trialsift.model.prescription import NUMBERS, find_stated_number

#: The label of regimens where they are listed beside facts.
REGIMEN = "REGIMEN"
COMPUTED_TOLERANCE = 0.01
_STATED_TOLERANCE = 1e-9  # rounding errors of converting cGy to Gy


@dataclass(frozen=True, slots=True)
class RegimenScore:
    """The counts of one document, and the indices of the unpaired regimens."""

    counts: ScoreCounts = field(default_factory=ScoreCounts)
    missed: tuple[int, ...] = ()
    spurious: tuple[int, ...] = ()


def score_regimens(gold: GoldDocument, predicted: GoldDocument) -> RegimenScore:
    """Pairs regimens one-to-one so that as many as possible are right."""
    right = np.zeros((len(gold.regimens), len(predicted.regimens)))
    predicted_spans = [find_spans(predicted, regimen) for regimen in predicted.regimens]
    for i, g in enumerate(gold.regimens):
        here, said = find_spans(gold, g), find_stated(gold, g)
        for j, p in enumerate(predicted.regimens):
            right[i, j] = _has_overlap(here, predicted_spans[j]) and has_same_bounds(g, p, said)
    matched = find_best_assignment(right)
    missed = set(range(len(gold.regimens))) - {i for i, _ in matched}
    spurious = set(range(len(predicted.regimens))) - {j for _, j in matched}
    return RegimenScore(
        ScoreCounts(len(matched), len(spurious), len(missed)),
        tuple(sorted(missed)),
        tuple(sorted(spurious)),
    )


def keep_own(document: GoldDocument) -> GoldDocument:
    """Returns the document with the trial's own regimens only: those of which a span is not historical."""
    own = tuple(
        regimen
        for regimen in document.regimens
        if any(span.attributes.get("historical") is not True for span in find_spans(document, regimen))
    )
    return replace(document, regimens=own)


def find_spans(document: GoldDocument, regimen: Regimen) -> list[GoldSpan]:
    """Returns the spans that state a regimen."""
    return [span for span in document.spans if span.id in regimen.facts]


def find_stated(document: GoldDocument, regimen: Regimen) -> set[str]:
    """Returns which numbers of a regimen its spans state; the others were computed."""
    by_span = {find_stated_number(span.label, span.attributes) for span in find_spans(document, regimen)}
    return {name for name in by_span if name is not None}


def has_same_bounds(gold: Regimen, predicted: Regimen, exact: Collection[str] = ()) -> bool:
    """Whether every bound of the gold regimen is predicted; bounds that gold leaves open are ignored.

    The bounds named in `exact` must be equal, the others may differ by `COMPUTED_TOLERANCE`, relative to gold.
    """
    return all(
        _is_close(
            getattr(gold, name), getattr(predicted, name), _STATED_TOLERANCE if name in exact else COMPUTED_TOLERANCE
        )
        for name in NUMBERS
    )


def _is_close(gold: Bounds | None, predicted: Bounds | None, tolerance: float) -> bool:
    return all(
        g is None or (p is not None and abs(p - g) <= tolerance * abs(g))
        for g, p in zip(gold or (None, None), predicted or (None, None), strict=True)
    )


def _has_overlap(some: list[GoldSpan], others: list[GoldSpan]) -> bool:
    return any(measure_overlap(one, other) for one in some for other in others)
