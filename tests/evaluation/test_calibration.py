"""Calibration by hand: small numbers that can be checked on paper."""

from __future__ import annotations

import pytest

from trialsift.evaluation.calibration import measure_calibration


def test_error_and_brier() -> None:
    found = measure_calibration([0.95, 0.95, 0.95, 0.95, 0.55, 0.55], [True, True, True, False, True, False])
    assert (found.count, found.wrong) == (6, 2)
    assert found.error == pytest.approx((4 * abs(0.95 - 0.75) + 2 * abs(0.55 - 0.5)) / 6)
    assert found.brier == pytest.approx((3 * 0.05**2 + 0.95**2 + 0.45**2 + 0.55**2) / 6)
    assert [(b.low, b.readings) for b in found.bins] == [(0.5, 2), (0.9, 4)]


def test_levels() -> None:
    found = {one.least: one for one in measure_calibration([0.97, 0.91, 0.6], [True, False, False]).levels}
    assert (found[0.9].share, found[0.9].precision) == (pytest.approx(2 / 3), 0.5)
    assert (found[0.95].share, found[0.95].precision) == (pytest.approx(1 / 3), 1.0)
    assert found[0.98].precision is None


def test_the_least_sure_are_reviewed_first() -> None:
    confidence = [0.99] * 9 + [0.1] * 1
    found = measure_calibration(confidence, [True] * 8 + [False, False])
    assert [found.caught(share) for share in (0, 0.05, 0.1, 0.5, 1)] == [0, 0, 1, 1, 2]


def test_without_readings() -> None:
    found = measure_calibration([], [])
    assert (found.count, found.error, found.brier, found.bins) == (0, 0.0, 0.0, ())
    assert all(level.precision is None for level in found.levels)


@pytest.mark.parametrize("confidence", [0.0, 1.0])
def test_the_ends_have_bins(confidence: float) -> None:
    [only] = measure_calibration([confidence], [True]).bins
    assert only.low == (0.0 if confidence == 0 else 0.9)
