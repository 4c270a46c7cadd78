"""Intervals by resampling documents."""

from __future__ import annotations

import numpy as np
import pytest

from trialsift.evaluation.bootstrap import Bootstrap
from trialsift.evaluation.counts import Tally

TALLIES = [Tally(5, 1, 0), Tally(0, 3, 4), Tally(7, 0, 2), Tally(1, 1, 1), Tally(9, 2, 6)]


def test_same_seed_same_intervals_other_seed_others() -> None:
    assert Bootstrap(5, 400, seed=3).intervals(TALLIES) == Bootstrap(5, 400, seed=3).intervals(TALLIES)
    assert Bootstrap(5, 400, seed=3).intervals(TALLIES) != Bootstrap(5, 400, seed=4).intervals(TALLIES)


def test_agrees_with_a_loop_over_resamples() -> None:
    generator = np.random.default_rng(11)
    recalls = []
    for _ in range(4000):
        drawn = sum((TALLIES[i] for i in generator.integers(0, 5, size=5)), Tally())
        assert drawn.recall is not None
        recalls.append(drawn.recall)
    found = Bootstrap(5, 4000, seed=1).intervals(TALLIES)["recall"]
    assert found == pytest.approx(np.percentile(recalls, [2.5, 97.5]), abs=0.03)


def test_the_rate_lies_within() -> None:
    total = sum(TALLIES, Tally())
    for name, interval in Bootstrap(5, 1000).intervals(TALLIES).items():
        assert interval is not None
        assert interval[0] <= getattr(total, name) <= interval[1]


def test_documents_without_counts_leave_resamples_out() -> None:
    tallies = [Tally(3, 0, 1), Tally(), Tally(), Tally()]
    assert Bootstrap(4, 500).intervals(tallies)["recall"] == (0.75, 0.75)


def test_nothing_to_resample() -> None:
    nothing = {"precision": None, "recall": None, "f1": None}
    assert Bootstrap(0, 1000).intervals([]) == nothing
    assert Bootstrap(2, 0).intervals(TALLIES[:2]) == nothing
    assert Bootstrap(2, 100).intervals([Tally(), Tally()]) == nothing
    assert Bootstrap(1, 100).intervals([Tally(fn=2)]) == {"precision": None, "recall": (0, 0), "f1": (0, 0)}
