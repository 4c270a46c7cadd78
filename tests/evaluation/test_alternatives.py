"""Pairs of alternatives: grouped by gold, by the prediction, or by both."""

from __future__ import annotations

import pytest

from tests.evaluation.builders import document, lab
from trialsift.evaluation.counts import ScoreCounts
from trialsift.evaluation.evaluate import evaluate

ANALYTES = ("alt", "ast", "alp", "ggt")


def grouped(*numbers: int | None, high: float = 3) -> list:
    """A threshold for each number, which is its group."""
    return [
        lab(10 * i, 10 * i + 5, ANALYTES[i], high=high, **({} if number is None else {"any_of": number}))
        for i, number in enumerate(numbers)
    ]


@pytest.mark.parametrize(
    ("gold", "predicted", "counts"),
    [
        ((1, 1), (1, 1), ScoreCounts(1, 0, 0)),
        ((1, 1), (7, 7), ScoreCounts(1, 0, 0)),
        ((1, 1, 1), (1, 1, 1), ScoreCounts(3, 0, 0)),
        ((1, 1, 2, 2), (1, 1, 1, 1), ScoreCounts(2, 4, 0)),
        ((1, 1, 1, None), (1, 1, None, None), ScoreCounts(1, 0, 2)),
        ((None, None), (1, 1), ScoreCounts(0, 1, 0)),
        ((1, 1), (None, None), ScoreCounts(0, 0, 1)),
        ((0, 0), (0, 0), ScoreCounts()),
        ((0, 0), (1, 1), ScoreCounts(0, 1, 0)),
        ((None, None), (None, None), ScoreCounts()),
    ],
)
def test_pairs(gold: tuple[int | None, ...], predicted: tuple[int | None, ...], counts: ScoreCounts) -> None:
    scored = evaluate([document("d", *grouped(*gold))], [document("d", *grouped(*predicted))])
    assert scored.groups["alternatives"] == counts


def test_only_right_values_count() -> None:
    gold, predicted = document("d", *grouped(1, 1)), document("d", *grouped(1, 1, high=5))
    assert evaluate([gold], [predicted]).groups["alternatives"] == ScoreCounts()


def test_not_where_context_is_not_gold() -> None:
    gold = document("d", *grouped(1, 1), complete_attributes="value_without_role")
    assert "alternatives" not in evaluate([gold], [document("d", *grouped(1, 1))]).documents[0].groups
