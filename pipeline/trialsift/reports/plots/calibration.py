"""Plots how well confidence is calibrated, and what is caught by reviewing the least sure facts first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trialsift.model.display import format_count, format_rate
from trialsift.reports.plots.marks import BLUE, VERMILION
from trialsift.reports.plots.plot import Plot, PlotTable
from trialsift.reports.plots.svg import INK, new_figure, render_svg, use_style

_HEIGHT = 300
_LARGEST = 300  # of a point, in square points


def plot_reliability(calibration: Mapping[str, Any], plot_id: str = "reliability") -> Plot | None:
    """Draws the share of right facts over the mean confidence of each of ten bins; None without facts.

    `calibration` is that of `scores.json`. The area of a point is the number of its facts.
    """
    bins = calibration["bins"]
    if not bins:
        return None
    title = "How many facts are right at each confidence"
    error = format_rate(calibration["expected_calibration_error"])
    description = (
        f"The share of right facts over their mean confidence, for {format_count(calibration['count'], 'fact')} in "
        f"{format_count(len(bins), 'bin')}; on the dashed line both are equal. The expected calibration error is "
        f"{error}, the Brier score {format_rate(calibration['brier'])}."
    )
    with use_style():
        figure = new_figure(_HEIGHT)
        axes = figure.add_subplot()
        axes.plot((0, 1), (0, 1), "--", color=INK, linewidth=1, alpha=0.7)
        most = max(one["readings"] for one in bins)
        areas = [max(20.0, _LARGEST * one["readings"] / most) for one in bins]
        means, shares = [one["confidence"] for one in bins], [one["right"] for one in bins]
        axes.scatter(means, shares, s=areas, color=BLUE, alpha=0.85, edgecolors=INK, clip_on=False)
        axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="mean confidence", ylabel="share that is right")
        axes.grid()
        svg = render_svg(figure, plot_id, title, description)
    cells = tuple((one["low"], one["readings"], one["confidence"], one["right"]) for one in bins)
    return Plot(plot_id, title, description, svg, PlotTable(("confidence from", "facts", "mean", "right"), cells))


def plot_reviewed(calibration: Mapping[str, Any], plot_id: str = "reviewed") -> Plot | None:
    """Draws the share of wrong facts that is found over the share of facts that is reviewed, the least sure first; None
    where no fact is wrong."""
    wrong = calibration["wrong"]
    if not wrong:
        return None
    title = "Wrong facts found by reviewing the least sure first"
    description = (
        f"The share of {format_count(wrong, 'wrong fact')} among the least sure of "
        f"{format_count(calibration['count'], 'fact')}; the dashed line is reviewing in any order. Missed facts are "
        "not among them."
    )
    found = [(0.0, 0.0), *((one["share"], one["caught"] / wrong) for one in calibration["reviewed"]), (1.0, 1.0)]
    with use_style():
        figure = new_figure(_HEIGHT)
        axes = figure.add_subplot()
        axes.plot((0, 1), (0, 1), "--", color=INK, linewidth=1, alpha=0.7)
        axes.plot(*zip(*found, strict=True), "o-", color=VERMILION, clip_on=False)
        axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="share of facts reviewed", ylabel="share of wrong ones found")
        axes.grid()
        svg = render_svg(figure, plot_id, title, description)
    cells = tuple((one["share"], one["caught"], one["caught"] / wrong) for one in calibration["reviewed"])
    return Plot(plot_id, title, description, svg, PlotTable(("reviewed", "wrong facts found", "share"), cells))
