"""Intervals by resampling documents."""

from __future__ import annotations

import numpy as np
import pytest

from trialsift.evaluation.bootstrap import Bootstrap
from trialsift.evaluation.counts import ScoreCounts

TALLIES = [ScoreCounts(5, 1, 0), ScoreCounts(0, 3, 4), ScoreCounts(7, 0, 2), ScoreCounts(1, 1, 1), ScoreCounts(9, 2, 6)]


def test_same_seed_same_intervals_other_seed_others() -> None:
    assert Bootstrap(5, 400, seed=3).compute_intervals(TALLIES) == Bootstrap(5, 400, seed=3).compute_intervals(TALLIES)
    assert Bootstrap(5, 400, seed=3).compute_intervals(TALLIES) != Bootstrap(5, 400, seed=4).compute_intervals(TALLIES)


def test_agrees_with_a_loop_over_resamples() -> None:
    generator = np.random.default_rng(11)
    recalls = []
    for _ in range(4000):
        drawn = sum((TALLIES[i] for i in generator.integers(0, 5, size=5)), ScoreCounts())
        assert drawn.recall is not None
        recalls.append(drawn.recall)
    found = Bootstrap(5, 4000, seed=1).compute_intervals(TALLIES)["recall"]
    assert found == pytest.approx(np.percentile(recalls, [2.5, 97.5]), abs=0.03)


def test_the_rate_lies_within() -> None:
    total = sum(TALLIES, ScoreCounts())
    for name, interval in Bootstrap(5, 1000).compute_intervals(TALLIES).items():
        assert interval is not None
        assert interval[0] <= getattr(total, name) <= interval[1]


def test_documents_without_counts_leave_resamples_out() -> None:
    tallies = [ScoreCounts(3, 0, 1), ScoreCounts(), ScoreCounts(), ScoreCounts()]
    assert Bootstrap(4, 500).compute_intervals(tallies)["recall"] == (0.75, 0.75)


def test_nothing_to_resample() -> None:
    nothing = {"precision": None, "recall": None, "f1": None}
    assert Bootstrap(0, 1000).compute_intervals([]) == nothing
    assert Bootstrap(2, 0).compute_intervals(TALLIES[:2]) == nothing
    assert Bootstrap(2, 100).compute_intervals([ScoreCounts(), ScoreCounts()]) == nothing
    only_missed = {"precision": None, "recall": (0, 0), "f1": (0, 0)}
    assert Bootstrap(2, 100).compute_intervals([ScoreCounts(fn=2)] * 2) == only_missed
    assert Bootstrap(1, 100).compute_intervals([ScoreCounts(3)]) == nothing, "one document tells nothing about others"


def test_differences_are_those_of_the_same_resamples() -> None:
    """Against a loop over the resamples: the second document decides, and is left out of a quarter of them."""
    before = [ScoreCounts(3, 1, 0), ScoreCounts(1, 0, 3), ScoreCounts(2, 2, 2)]
    after = [ScoreCounts(3, 1, 0), ScoreCounts(4, 0, 0), ScoreCounts(2, 2, 2)]
    bootstrap = Bootstrap(3, 400, seed=7)
    moved, ahead = [], 0.0
    for draw in np.random.default_rng(7).multinomial(3, np.full(3, 1 / 3), size=400):
        one = sum((t for t, n in zip(before, draw, strict=True) for _ in range(n)), ScoreCounts())
        other = sum((t for t, n in zip(after, draw, strict=True) for _ in range(n)), ScoreCounts())
        assert one.f1 is not None
        assert other.f1 is not None
        moved.append(other.f1 - one.f1)
        ahead += 1 if moved[-1] > 0 else 0.5 if moved[-1] == 0 else 0
    found = bootstrap.compute_differences(before, after)["f1"]
    assert found is not None
    assert found[0] == pytest.approx(tuple(np.percentile(moved, [2.5, 97.5])))
    assert found[1] == pytest.approx(ahead / 400)
    assert 0.5 < found[1] < 1


def test_a_difference_with_nothing_is_none() -> None:
    assert Bootstrap(1, 10).compute_differences([ScoreCounts()], [ScoreCounts(1)]) == {
        "precision": None,
        "recall": None,
        "f1": None,
    }
    assert Bootstrap(1, 0).compute_differences([ScoreCounts(1)], [ScoreCounts(1)])["f1"] is None
