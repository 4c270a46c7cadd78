"""Scores alternatives: which pairs of limits gold and prediction put in one group (`any_of`).

In: the pairs of one document, of all labels. Out: counts of pairs of limits. A pair of limits whose values both match
is right when both sides group them, spurious when only the prediction does, and missed when only gold does. Groups of
another kind (`any_of: 0`) are none. Source: annotation guidelines, "Alternatives".
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from trialsift.evaluation.counts import ScoreCounts
from trialsift.evaluation.pairing import Pair
from trialsift.gold import GoldSpan


def score_alternatives(pairs: Sequence[Pair]) -> ScoreCounts:
    """Counts the pairs of limits that are grouped; only pairs with equal values are looked at."""
    grouped = [pair for pair in pairs if pair.value_equal and (_find_group(pair.gold) or _find_group(pair.predicted))]
    counts = ScoreCounts()
    for one, other in combinations(grouped, 2):
        gold = _are_grouped(one.gold, other.gold)
        predicted = _are_grouped(one.predicted, other.predicted)
        counts += ScoreCounts(int(gold and predicted), int(predicted and not gold), int(gold and not predicted))
    return counts


def _are_grouped(one: GoldSpan, other: GoldSpan) -> bool:
    return _find_group(one) is not None and _find_group(one) == _find_group(other)


def _find_group(span: GoldSpan) -> object:
    """Returns the number of a span's group, None if it is in none or in one of another kind."""
    return span.attributes.get("any_of") or None
