"""Rates come from sums of counts; 0/0 is nobody's success and nobody's failure."""

from __future__ import annotations

import pytest

from trialsift.evaluation.counts import Accuracy, LabelCounts, ScoreCounts


def test_rates() -> None:
    tally = ScoreCounts(tp=6, fp=2, fn=3)
    assert tally.precision == 6 / 8
    assert tally.recall == 6 / 9
    assert tally.f1 == pytest.approx(2 * (6 / 8) * (6 / 9) / (6 / 8 + 6 / 9))
    assert ScoreCounts.of(right=6, gold=9, predicted=8) == tally


@pytest.mark.parametrize(
    ("tally", "rates"),
    [
        (ScoreCounts(), (None, None, None)),
        (ScoreCounts(fn=3), (None, 0, 0)),
        (ScoreCounts(fp=3), (0, None, 0)),
        (ScoreCounts(fp=3, fn=4), (0, 0, 0)),
        (ScoreCounts(tp=5), (1, 1, 1)),
    ],
)
def test_zero_over_zero_is_none(tally: ScoreCounts, rates: tuple[float | None, ...]) -> None:
    assert (tally.precision, tally.recall, tally.f1) == rates


def test_sums_before_rates() -> None:
    total = sum([ScoreCounts(1, 0, 0), ScoreCounts(0, 9, 0)], ScoreCounts())
    assert total == ScoreCounts(1, 9, 0)
    assert total.precision == 0.1, "the mean of the two precisions would be 0.5"


def test_counts_add_field_by_field() -> None:
    total = LabelCounts(ScoreCounts(4, 2, 1), ScoreCounts(3, 3, 2), ScoreCounts(2, 4, 3), 1) + LabelCounts(
        ScoreCounts(10, 20, 30)
    )
    assert total == LabelCounts(ScoreCounts(14, 22, 31), ScoreCounts(3, 3, 2), ScoreCounts(2, 4, 3), 1)
    assert (total.gold, total.predicted) == (45, 36)
    assert (total.correct, total.wrong_value, total.missed, total.spurious) == (3, 1, 31, 22)


def test_accuracy() -> None:
    assert Accuracy().rate is None
    assert (Accuracy(2, 3) + Accuracy(0, 4)).rate == 2 / 7
