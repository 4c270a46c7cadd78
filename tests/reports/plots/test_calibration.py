"""Plots of confidence: their numbers are those of the table beside them."""

from __future__ import annotations

import pytest

from trialsift.evaluation.calibration import measure_calibration
from trialsift.reports.plots import plot_reliability, plot_reviewed

pytest.importorskip("matplotlib")
CALIBRATION = measure_calibration([0.95] * 8 + [0.4] * 2, [True] * 7 + [False, True, False]).to_json()


def test_reliability() -> None:
    plot = plot_reliability(CALIBRATION)
    assert plot is not None
    assert plot.table.rows == ((0.4, 2, 0.4, 0.5), (0.9, 8, 0.95, 0.875))
    assert "10 facts in 2 bins" in plot.description
    assert plot.svg.startswith("<svg")


def test_reviewed() -> None:
    plot = plot_reviewed(CALIBRATION)
    assert plot is not None
    assert {share: caught for share, caught, _ in plot.table.rows}[0.2] == 1
    assert "2 wrong facts" in plot.description


def test_without_facts() -> None:
    nothing = measure_calibration([], []).to_json()
    assert plot_reliability(nothing) is None
    assert plot_reviewed(nothing) is None
