"""Pairs predictions with gold spans: a one-to-one assignment within one document and one label.

In: the gold and the predicted spans of one document and label. Out: the pairs; unpaired spans are missed or spurious. A
pair shares at least one character. The best assignment has the most pairs of equal value, then the most characters in
common, the most pairs, the most equal offsets, the most identical attributes. The last three only break ties, so that
the counts don't depend on the order of the files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from trialsift.evaluation.assignment import find_best_assignment
from trialsift.gold import GoldSpan

Differing = Callable[[GoldSpan, GoldSpan], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Pair:
    """A gold span, its prediction, and the key attributes in which they differ."""

    gold: GoldSpan
    predicted: GoldSpan
    differs: tuple[str, ...]

    @property
    def value_equal(self) -> bool:
        return not self.differs

    @property
    def same_offsets(self) -> bool:
        return (self.gold.start, self.gold.end) == (self.predicted.start, self.predicted.end)


def measure_overlap(one: GoldSpan, other: GoldSpan) -> int:
    """Returns how many characters two spans have in common."""
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def align(gold: Sequence[GoldSpan], predicted: Sequence[GoldSpan], differing: Differing) -> list[Pair]:
    """Finds the best pairs between spans of one document and one label, in the order of the text.

    `differing(gold, predicted)` returns the key attributes that differ; empty for equal values.
    """
    pairs: list[Pair] = []
    for some_gold, some_predicted in _find_clusters(gold, predicted):
        pairs.extend(_assign(some_gold, some_predicted, differing))
    return sorted(pairs, key=lambda p: _make_sort_key(p.gold))


def _make_sort_key(span: GoldSpan) -> tuple[int, int, int]:
    return span.start, span.end, span.id


def _find_clusters(
    gold: Sequence[GoldSpan], predicted: Sequence[GoldSpan]
) -> list[tuple[list[GoldSpan], list[GoldSpan]]]:
    """Groups spans so that none overlaps a span of another group; small groups keep the assignment cheap."""
    tagged = sorted(
        [(s, True) for s in gold] + [(s, False) for s in predicted], key=lambda t: (*_make_sort_key(t[0]), t[1])
    )
    clusters: list[tuple[list[GoldSpan], list[GoldSpan]]] = []
    reach = -1
    for span, is_gold in tagged:
        if span.start >= reach:
            clusters.append(([], []))
        clusters[-1][0 if is_gold else 1].append(span)
        reach = max(reach, span.end)
    return [c for c in clusters if c[0] and c[1]]


def _assign(gold: list[GoldSpan], predicted: list[GoldSpan], differing: Differing) -> list[Pair]:
    candidates = {
        (i, j): Pair(g, p, differing(g, p))
        for i, g in enumerate(gold)
        for j, p in enumerate(predicted)
        if measure_overlap(g, p)
    }
    if len(gold) == len(predicted) == 1:
        return list(candidates.values())
    # One weight per pair whose digits are the criteria: each base exceeds the sum of all smaller digits.
    most = min(len(gold), len(predicted)) + 1
    most_overlap = most * max((measure_overlap(p.gold, p.predicted) for p in candidates.values()), default=0) + 1
    weights = np.zeros((len(gold), len(predicted)))
    for (i, j), pair in candidates.items():
        weight = float(pair.value_equal)
        weight = weight * most_overlap + measure_overlap(pair.gold, pair.predicted)
        weight = weight * most + 1
        weight = weight * most + pair.same_offsets
        weight = weight * most + (dict(pair.gold.attributes) == dict(pair.predicted.attributes))
        weights[i, j] = weight
    return [candidates[i, j] for i, j in find_best_assignment(weights)]
