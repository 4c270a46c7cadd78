"""Counts that add up, and the rates derived from their sums.

Rates are never averaged over documents: summed counts are the same for one file and for its halves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

#: A true positive needs an overlap, then also the same value, then also the same offsets.
LEVELS = ("detection", "value", "exact")


@dataclass(frozen=True, slots=True)
class ScoreCounts:
    """True positives, false positives and false negatives. A rate of 0/0 is None."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def __add__(self, other: ScoreCounts) -> ScoreCounts:
        return ScoreCounts(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn)

    @classmethod
    def of(cls, right: int, gold: int, predicted: int) -> ScoreCounts:
        """Makes counts from the numbers of right, gold and predicted items."""
        return cls(right, predicted - right, gold - right)

    @property
    def precision(self) -> float | None:
        return compute_rate(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> float | None:
        return compute_rate(self.tp, self.tp + self.fn)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall, as 2·tp / (2·tp + fp + fn), defined even where one of them is not."""
        return compute_rate(2 * self.tp, 2 * self.tp + self.fp + self.fn)

    def to_json(self) -> dict[str, Any]:
        return {
            "tp": self.tp,
            "fp": self.fp,
            "fn": self.fn,
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
        }


@dataclass(frozen=True, slots=True)
class LabelCounts:
    """All counts of one label, over one document or many.

    A document in which only spans and labels are gold adds to `detection` alone, so `correct` and `wrong_value` (pairs
    whose values were compared) may add up to less than `detection.tp`.
    """

    detection: ScoreCounts = field(default_factory=ScoreCounts)
    value: ScoreCounts = field(default_factory=ScoreCounts)
    exact: ScoreCounts = field(default_factory=ScoreCounts)
    wrong_value: int = 0

    def __add__(self, other: LabelCounts) -> LabelCounts:
        return LabelCounts(
            self.detection + other.detection,
            self.value + other.value,
            self.exact + other.exact,
            self.wrong_value + other.wrong_value,
        )

    def level(self, name: str) -> ScoreCounts:
        """Returns the counts of one of `LEVELS`."""
        return {"detection": self.detection, "value": self.value, "exact": self.exact}[name]

    @property
    def gold(self) -> int:
        return self.detection.tp + self.detection.fn

    @property
    def predicted(self) -> int:
        return self.detection.tp + self.detection.fp

    @property
    def correct(self) -> int:
        return self.value.tp

    @property
    def missed(self) -> int:
        return self.detection.fn

    @property
    def spurious(self) -> int:
        return self.detection.fp

    def to_json(self) -> dict[str, Any]:
        return {
            "gold": self.gold,
            "predicted": self.predicted,
            "correct": self.correct,
            "wrong_value": self.wrong_value,
            "missed": self.missed,
            "spurious": self.spurious,
            **{name: self.level(name).to_json() for name in LEVELS},
        }


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How many of `total` were right."""

    right: int = 0
    total: int = 0

    def __add__(self, other: Accuracy) -> Accuracy:
        return Accuracy(self.right + other.right, self.total + other.total)

    @property
    def rate(self) -> float | None:
        return compute_rate(self.right, self.total)

    def to_json(self) -> dict[str, Any]:
        return {"right": self.right, "total": self.total, "accuracy": self.rate}


def compute_rate(part: int, whole: int) -> float | None:
    """Returns a share; None for 0/0."""
    return part / whole if whole else None
