"""Plots F1 with its interval: of one run at three levels, and the difference of two runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trialsift.model.display import format_count, format_rate
from trialsift.reports.plots.marks import BLUE, GREEN, VERMILION
from trialsift.reports.plots.plot import Cell, Plot, PlotTable
from trialsift.reports.plots.svg import INK, clean, new_figure, render_svg, use_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

RateInterval = tuple[float, float]
#: The levels, with hatches that distinguish the bars without colour.
_LEVELS = (("detection", "", BLUE), ("value", "////", VERMILION), ("exact", "....", GREEN))
_LABEL_LIMIT = 24


@dataclass(frozen=True, slots=True)
class Score:
    """An F1 from 0 to 1 and its 95 % interval."""

    f1: float
    interval: RateInterval | None = None


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """The scores of a label at each level; None where nothing was scored."""

    label: str
    detection: Score | None = None
    value: Score | None = None
    exact: Score | None = None


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """The change of a label's F1 from the first run to the second, with its 95 % interval."""

    label: str
    difference: float | None = None
    interval: RateInterval | None = None


def plot_scores(rows: Sequence[ScoreRow], plot_id: str = "scores", title: str = "F1 by label and level") -> Plot | None:
    """Draws F1 of each row and level as a bar with its interval and value; None if no row has a score.

    The axis runs from 0 to 1, since bars that don't begin at 0 exaggerate differences.
    """
    scores = [s for row in rows for s in _list_levels(row) if s is not None]
    if not scores:
        return None
    description = (
        f"F1 at the levels detection, value and exact for {format_count(len(rows), 'row')}, each with its 95 % "
        f"interval where there is one. The values of F1 run from {format_rate(min(s.f1 for s in scores))} to "
        f"{format_rate(max(s.f1 for s in scores))}."
    )
    with use_style():
        figure = new_figure(80 + 58 * len(rows))
        _draw_scores(figure, rows)
        svg = render_svg(figure, plot_id, title, description)
    header = ("label", *(f"{name} {what}" for name, _, _ in _LEVELS for what in ("F1", "95 % low", "95 % high")))
    cells = [(row.label, *(cell for score in _list_levels(row) for cell in _make_cells(score))) for row in rows]
    return Plot(plot_id, title, description, svg, PlotTable(header, tuple(cells)))


def _draw_scores(figure: Figure, rows: Sequence[ScoreRow]) -> None:
    axes = figure.add_subplot()
    for place, row in enumerate(rows):
        for (_, hatch, colour), score, shift in zip(_LEVELS, _list_levels(row), (-0.28, 0, 0.28), strict=True):
            if score is None:
                axes.text(0, place + shift, " no score", va="center", fontsize=10, alpha=0.7)
                continue
            axes.barh(place + shift, score.f1, height=0.25, **_choose_style(colour, hatch))
            _draw_interval(axes, score.interval, place + shift, INK)
            axes.text(1.02, place + shift, format_rate(score.f1), va="center", fontsize=10, clip_on=False)
    _label_rows(axes, [row.label for row in rows])
    axes.set_xlim(0, 1)
    axes.locator_params(axis="x", nbins=6)
    axes.set_xlabel("F1 with 95 % interval")
    axes.grid(axis="x")
    from matplotlib.patches import Patch

    figure.legend(
        handles=[Patch(label=name, **_choose_style(colour, hatch)) for name, hatch, colour in _LEVELS],
        loc="outside upper left",
        ncols=3,
        borderaxespad=0.2,
    )


def plot_differences(
    rows: Sequence[DifferenceRow],
    plot_id: str = "differences",
    title: str = "Difference in F1 between two runs",
    first: str = "first run",
    second: str = "second run",
) -> Plot | None:
    """Draws F1 of the second run minus F1 of the first as bars; None if no row has a difference."""
    known = [row for row in rows if row.difference is not None]
    if not known:
        return None
    description = (
        f"F1 of {clean(second)} less F1 of {clean(first)} for {format_count(len(rows), 'row')}; "
        f"to the right of zero {clean(second)} is better."
    )
    intervals = [row.interval for row in known if row.interval is not None]
    if intervals:
        clear = sum(low > 0 or high < 0 for low, high in intervals)
        description += f" In {clear} of {len(intervals)} the 95 % interval lies wholly on one side of zero."
    with use_style():
        figure = new_figure(95 + 30 * len(rows))
        _draw_differences(figure, rows, first, second)
        svg = render_svg(figure, plot_id, title, description)
    cells = [(row.label, row.difference, *(row.interval or (None, None))) for row in rows]
    return Plot(
        plot_id, title, description, svg, PlotTable(("label", "difference", "95 % low", "95 % high"), tuple(cells))
    )


def _draw_differences(figure: Figure, rows: Sequence[DifferenceRow], first: str, second: str) -> None:
    from matplotlib.patches import Patch

    # colour and hatch repeat what the side of zero says
    looks = {True: _choose_style(BLUE, ""), False: _choose_style(VERMILION, "////")}
    axes = figure.add_subplot()
    for place, row in enumerate(rows):
        if row.difference is None:
            axes.text(0, place, " no score", va="center", fontsize=11, alpha=0.7)
            continue
        axes.barh(place, row.difference, height=0.55, **looks[row.difference >= 0])
        _draw_interval(axes, row.interval, place, INK)
    axes.axvline(0, color=INK, linewidth=1)
    _label_rows(axes, [row.label for row in rows])
    known = [row for row in rows if row.difference is not None]
    ends = [end for row in known for end in (row.difference, *(row.interval or ())) if end is not None]
    reach = max(0.005, 1.08 * max(abs(end) for end in ends))
    axes.set_xlim(-reach, reach)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:+.3g}".replace("-", "−") if abs(value) > 1e-9 else "0")
    axes.locator_params(axis="x", nbins=6)
    axes.set_xlabel("difference in F1 with 95 % interval")
    axes.grid(axis="x")
    better = [Patch(label=f"{clean(run, 30)} better", **looks[i == 1]) for i, run in enumerate((first, second))]
    figure.legend(handles=better, loc="outside upper left", ncols=1, borderaxespad=0.2)


def _list_levels(row: ScoreRow) -> tuple[Score | None, Score | None, Score | None]:
    return row.detection, row.value, row.exact


def _choose_style(colour: str, hatch: str) -> dict[str, Any]:
    return {"facecolor": colour, "hatch": hatch, "alpha": 0.9, "edgecolor": INK, "linewidth": 0}


def _draw_interval(axes: Axes, interval: RateInterval | None, height: float, colour: str) -> None:
    """Draws a line with a cap at either end; a percentile interval may not contain the value itself."""
    if interval is not None:
        axes.plot(interval, (height, height), "|-", color=colour, linewidth=1.8, markersize=9, clip_on=False)


def _label_rows(axes: Axes, labels: Sequence[str]) -> None:
    axes.set_yticks(range(len(labels)), [clean(label, _LABEL_LIMIT) for label in labels])
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _make_cells(score: Score | None) -> tuple[Cell, Cell, Cell]:
    return (None, None, None) if score is None else (score.f1, *(score.interval or (None, None)))
