"""Plots eligibility by age and by ECOG performance status: limits of whole trials, as in the table `trials`."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from trialsift.model.display import format_count
from trialsift.model.interval import Interval
from trialsift.reports.plots.marks import BLUE, VERMILION
from trialsift.reports.plots.plot import Plot, PlotTable
from trialsift.reports.plots.svg import new_figure, render_svg, use_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Years beyond which no age limit is drawn; ClinicalTrials.gov records often say 120.
_OLDEST = 120
#: How many of the commonest limits are named at their bars, and their minimum distance in years.
_NAMED, _APART = 4, 6


def plot_ages(limits: Sequence[Interval]) -> Plot | None:
    """Plots lower and upper age limits of documents in whole years; None if no document has one."""
    lower = _count_by_year(limit.low for limit in limits)
    upper = _count_by_year(limit.high for limit in limits)
    if not lower and not upper:
        return None
    title = "Age limits of trials"
    description = (
        f"Age limits of the whole trial, in completed years: one lower limit in {lower.total():,} and one upper limit "
        f"in {upper.total():,} of {format_count(len(limits), 'document')}{_describe_commonest(lower, upper)}."
    )
    beyond = sum(n for counts in (lower, upper) for year, n in counts.items() if year > _OLDEST)
    if beyond:
        description += f" {beyond:,} above {_OLDEST} years are in the table only."
    panels = [
        (f"{name} limit (n = {c.total():,})", c, colour)
        for name, c, colour in (("Lower", lower, BLUE), ("Upper", upper, VERMILION))
        if c
    ]
    with use_style():
        figure = new_figure(45 + 130 * len(panels))
        axes = figure.subplots(len(panels), sharex=True, squeeze=False)[:, 0]
        for ax, (heading, counts, colour) in zip(axes, panels, strict=True):
            drawn = {year: n for year, n in sorted(counts.items()) if year <= _OLDEST}
            ax.bar(list(drawn), list(drawn.values()), width=0.9, color=colour)
            ax.set_title(heading)
            ax.set_ylabel("documents")
            ax.locator_params(axis="y", nbins=4, integer=True)
            ax.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
            ax.grid(axis="y")
            _name_commonest(ax, drawn)
        last = max([year for c in (lower, upper) for year in c if year <= _OLDEST], default=0)
        axes[-1].set_xlim(-1, 10 * math.ceil(max(last, 20) / 10) + 1)
        axes[-1].locator_params(axis="x", nbins=13, steps=[1, 2, 5, 10])
        axes[-1].set_xlabel("age limit, years")
        svg = render_svg(figure, "age-limits", title, description)
    rows = tuple((year, lower[year], upper[year]) for year in sorted(lower | upper))
    header = ("age limit, completed years", "documents with this lower limit", "documents with this upper limit")
    return Plot("age-limits", title, description, svg, PlotTable(header, rows))


def plot_ecog(limits: Sequence[Interval]) -> Plot | None:
    """Plots how many documents allow each range of ECOG performance status; None if none states both ends."""
    ranges = Counter(
        (int(limit.low), int(limit.high)) for limit in limits if limit.low is not None and limit.high is not None
    )
    if not ranges:
        return None
    title = "ECOG performance status allowed"
    shown = [(_format_range(ends), ranges[ends]) for ends in sorted(ranges)]
    name, most = max(shown, key=lambda row: row[1])
    description = (
        f"The range of ECOG performance status that the whole trial allows, in {ranges.total():,} of "
        f"{format_count(len(limits), 'document')}; most often {name} ({most:,})."
    )
    with use_style():
        figure = new_figure(60 + 26 * len(shown))
        axes = figure.add_subplot()
        axes.bar_label(
            axes.barh([n for n, _ in shown], [n for _, n in shown], height=0.65, color=BLUE), fmt="{:,.0f}", padding=4
        )
        axes.set_ylim(len(shown) - 0.4, -0.6)
        axes.margins(x=0.1)
        axes.tick_params(axis="y", length=0)
        axes.locator_params(axis="x", nbins=6, integer=True)
        axes.set_ylabel("ECOG", labelpad=8)
        axes.set_xlabel(f"documents (n = {ranges.total():,})")
        axes.grid(axis="x")
        svg = render_svg(figure, "ecog-ranges", title, description)
    return Plot("ecog-ranges", title, description, svg, PlotTable(("ECOG range", "documents"), tuple(shown)))


def _count_by_year(ages: Iterable[float | None]) -> Counter[int]:
    # a limit of 17.99… years comes from a conversion, of 215.9… months
    return Counter(math.floor(age + 1e-9) for age in ages if age is not None)


def _describe_commonest(lower: Counter[int], upper: Counter[int]) -> str:
    said = []
    for name, counts in (("lower", lower), ("upper", upper)):
        if counts:
            year = max(sorted(counts), key=lambda age: counts[age])
            said.append(f"{name} {format_count(year, 'year')} ({counts[year]:,})")
    return f"; the commonest: {', '.join(said)}"


def _name_commonest(axes: Axes, counts: dict[int, int]) -> None:
    named: list[int] = []
    for year in sorted(counts, key=lambda y: (-counts[y], y)):
        if len(named) < _NAMED and all(abs(year - other) >= _APART for other in named):
            named.append(year)
            axes.annotate(str(year), (year, counts[year]), (0, 2), textcoords="offset points", ha="center", fontsize=11)
    axes.margins(y=0.18)


def _format_range(ends: tuple[int, int]) -> str:
    return str(ends[0]) if ends[0] == ends[1] else f"{ends[0]}–{ends[1]}"
