"""Counts for each rule how much of what it read is right, and how much of gold it finds.

In: the pairs and predictions of a label in a document. Out: counts by label and rule, which add up over documents. The
`right` of all rules of a label sum to the true positives of its value score, so their recalls sum to its recall.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from trialsift.evaluation.counts import compute_rate
from trialsift.evaluation.pairing import Pair
from trialsift.gold import GoldSpan

#: By (label, rule); predictions without a rule have an empty one.
Rules = dict[tuple[str, str], "RuleCounts"]


@dataclass(frozen=True, slots=True)
class RuleCounts:
    """Facts that a rule read, those that overlap a gold fact, and those with the right value."""

    predicted: int = 0
    detected: int = 0
    right: int = 0

    def __add__(self, other: RuleCounts) -> RuleCounts:
        return RuleCounts(self.predicted + other.predicted, self.detected + other.detected, self.right + other.right)

    def to_json(self, gold: int) -> dict[str, Any]:
        """Returns counts, `precision`, and `recall`: the share of the label's `gold` facts that this rule has right."""
        return {
            "predicted": self.predicted,
            "detected": self.detected,
            "right": self.right,
            "precision": compute_rate(self.right, self.predicted),
            "recall": compute_rate(self.right, gold),
        }


def count_by_rule(label: str, predicted: Iterable[GoldSpan], pairs: Iterable[Pair]) -> Rules:
    """Counts one label in one document whose values are gold."""
    made = Counter(span.rule or "" for span in predicted)
    pairs = list(pairs)
    detected = Counter(pair.predicted.rule or "" for pair in pairs)
    right = Counter(pair.predicted.rule or "" for pair in pairs if pair.value_equal)
    return {(label, rule): RuleCounts(made[rule], detected[rule], right[rule]) for rule in made}


def add_rule_counts(some: Iterable[Rules]) -> Rules:
    """Sums counts over documents, sorted by label and rule."""
    result: Rules = {}
    for rules in some:
        for key, counts in rules.items():
            result[key] = result.get(key, RuleCounts()) + counts
    return dict(sorted(result.items()))
