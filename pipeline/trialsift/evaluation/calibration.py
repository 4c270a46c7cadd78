"""How well confidences are calibrated, and what is caught by reviewing the least sure first.

In: the confidence of each reading, and whether it is right. Out: a `Calibration`. Sources: expected calibration error
over ten equal bins (Guo and others, On Calibration of Modern Neural Networks, 2017); Brier, Monthly Weather Review
78 (1950); risk–coverage curve (El-Yaniv and Wiener, JMLR 11, 2010).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from trialsift.evaluation.errors import ErrorRow
from trialsift.gold import GoldDocument

BINS = 10
#: The confidences at which share and precision are told.
LEVELS = (0.5, 0.8, 0.9, 0.95, 0.98)
#: Shares of the readings that are reviewed, the least sure first.
REVIEWED = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5)


class Bin(NamedTuple):
    """The readings with a confidence from `low` on: how many, their mean confidence, and the share that is right."""

    low: float
    readings: int
    confidence: float
    right: float


class Level(NamedTuple):
    """The readings of a confidence of at least `least`: their share of all, and how many of them are right (None where
    there are none)."""

    least: float
    share: float
    precision: float | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """`error` is the expected calibration error, `brier` the mean squared difference between confidence and right (1 or
    0); `order` tells for the readings, the least sure first, whether each is right."""

    count: int
    wrong: int
    error: float
    brier: float
    bins: tuple[Bin, ...]
    levels: tuple[Level, ...]
    order: tuple[bool, ...]

    def caught(self, share: float) -> int:
        """Returns how many wrong readings are among this share of the readings, the least sure first."""
        return sum(not right for right in self.order[: round(share * self.count)])

    def to_json(self) -> dict[str, Any]:
        """Returns it as in `scores.json`, rounded to 4 digits."""
        return {
            "count": self.count,
            "wrong": self.wrong,
            "expected_calibration_error": round(self.error, 4),
            "brier": round(self.brier, 4),
            "bins": [{k: round(v, 4) for k, v in one._asdict().items()} for one in self.bins],
            "levels": [
                {"least": one.least, "share": round(one.share, 4), "precision": _round(one.precision)}
                for one in self.levels
            ],
            "reviewed": [{"share": share, "caught": self.caught(share)} for share in REVIEWED],
        }


def calibrate(
    gold: Iterable[GoldDocument], predicted: Iterable[GoldDocument], errors: Iterable[ErrorRow]
) -> Calibration | None:
    """Measures the confidence that predictions state for their spans; None if none does. `errors` are those of
    `evaluate` for these documents."""
    by_id, wrong = {document.doc_id: document for document in predicted}, find_wrong(errors)
    rated: list[tuple[float, bool]] = []
    for document in gold:
        answer = by_id.get(document.doc_id)
        confidence = None if answer is None else read_confidence(answer)
        if answer is None or confidence is None:
            continue
        right = list_right(document, answer, wrong)
        rated += [(sure, known) for sure, known in zip(confidence, right, strict=True) if known is not None]
    return measure_calibration(*zip(*rated, strict=True)) if rated else None


def find_wrong(errors: Iterable[ErrorRow]) -> set[tuple[str, int | None]]:
    """Returns the spans that are spurious, or wrong in value or polarity, by document and id."""
    return {
        (error.doc_id, error.predicted_id)
        for error in errors
        if error.error in ("spurious", "wrong_value")
        or (error.error == "wrong_attribute" and "polarity" in error.differs.split(", "))
    }


def list_right(gold: GoldDocument, predicted: GoldDocument, wrong: set[tuple[str, int | None]]) -> list[bool | None]:
    """Returns for each predicted span whether it is right; None where gold doesn't tell."""
    scored = set(gold.scored_labels) if gold.scores_values else set()
    return [(gold.doc_id, span.id) not in wrong if span.label in scored else None for span in predicted.spans]


def read_confidence(document: GoldDocument) -> Sequence[float] | None:
    """Returns what a document states of its spans; None if that is not one number for each."""
    stated = document.extra.get("confidence")
    spans = stated.get("spans") if isinstance(stated, Mapping) else None
    if not isinstance(spans, list) or len(spans) != len(document.spans):
        return None
    return spans if all(isinstance(one, int | float) and 0 <= one <= 1 for one in spans) else None


def measure_calibration(confidence: Sequence[float], right: Sequence[bool]) -> Calibration:
    """Measures readings by their confidence, from 0 to 1; equal ones keep their order."""
    rated = sorted(zip(confidence, right, strict=True), key=lambda one: one[0])
    count = len(rated)
    bins = tuple(_make_bins(rated))
    return Calibration(
        count,
        sum(not r for _, r in rated),
        sum(abs(b.confidence - b.right) * b.readings for b in bins) / count if count else 0.0,
        sum((c - r) ** 2 for c, r in rated) / count if count else 0.0,
        bins,
        tuple(_make_level(rated, least) for least in LEVELS),
        tuple(r for _, r in rated),
    )


def _make_bins(rated: Sequence[tuple[float, bool]]) -> list[Bin]:
    found = []
    for number in range(BINS):
        held = [(c, r) for c, r in rated if min(int(c * BINS), BINS - 1) == number]
        if held:
            mean, share = (sum(values) / len(held) for values in zip(*held, strict=True))
            found.append(Bin(number / BINS, len(held), mean, share))
    return found


def _make_level(rated: Sequence[tuple[float, bool]], least: float) -> Level:
    sure = [r for c, r in rated if c >= least]
    return Level(least, len(sure) / len(rated) if rated else 0.0, sum(sure) / len(sure) if sure else None)


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
