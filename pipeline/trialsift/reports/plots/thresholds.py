"""Plots laboratory thresholds for inclusion by analyte, in its usual unit and as multiples of the ULN.

Only limits of the whole trial are shown (`is_trial_limit` of trials.py): no exceptions, no subgroups. Implausible
values and units that don't convert are counted and left out.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trialsift.model.display import format_count
from trialsift.model.fact import Annotation, Fact
from trialsift.reports.plots.marks import BLUE, VERMILION, draw_legend, draw_points, draw_size_legend, make_mark
from trialsift.reports.plots.names import format_analyte, format_unit
from trialsift.reports.plots.plot import Plot, PlotTable
from trialsift.reports.plots.svg import new_figure, render_svg, use_style
from trialsift.rules.analytes import Analyte
from trialsift.rules.lab_units import find_lab_factor
from trialsift.rules.plausibility import is_plausible
from trialsift.tables.trials import is_trial_limit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SIDES = (("low", "lower limit", "^", BLUE), ("high", "upper limit", "v", VERMILION))
#: An axis is logarithmic from this ratio of the largest to the smallest value.
_LOGARITHMIC_FROM = 30
_SHIFT = 0.45
_MOST_MARKS = 80
#: Tick labels of the ULN axis, those always within it, and those for wide axes.
_ULN_TICKS = (0.1, 0.2, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 8, 10, 20, 50, 100)
_ALWAYS_ULN = (1, 3)
_FEW_ULN_TICKS = (0.1, 0.3, 1, 3, 10, 30, 100)


@dataclass(slots=True)
class _Thresholds:
    """Counts by analyte: documents for each value of a limit, and documents with any limit."""

    values: dict[str, dict[str, Counter[float]]] = field(
        default_factory=lambda: defaultdict(lambda: {side: Counter() for side, *_ in _SIDES})
    )
    documents: Counter[str] = field(default_factory=Counter)
    left_out: int = 0

    def list_most_frequent(self, number: int) -> list[str]:
        return sorted(self.documents, key=lambda analyte: (-self.documents[analyte], analyte))[:number]


def plot_thresholds(annotations: Sequence[Annotation], analytes: Mapping[str, Analyte], most: int = 12) -> Plot | None:
    """Draws a strip for each of the most frequent analytes in its usual unit; None without thresholds."""
    found = _collect(annotations, analytes, uln=False)
    if not found.documents:
        return None
    names = found.list_most_frequent(most)
    units = {name: format_unit(analytes[name].usual_unit) for name in names}
    title = "Laboratory thresholds for inclusion"
    description = (
        f"Values that {format_count(len(annotations), 'document')} set as limits of inclusion, for "
        f"{_count_analytes(names, found)}, each in its usual unit."
    )
    if found.left_out:
        description += (
            f" {found.left_out:,} of an unknown analyte, without a unit that converts, or with a value that can't be "
            "meant, are left out."
        )
    with use_style():
        figure = new_figure(75 + 58 * len(names))
        unmarked = 0
        for axes, name in zip(figure.subplots(len(names), squeeze=False)[:, 0], names, strict=True):
            unmarked += _draw_strip(axes, found.values[name])
            axes.set_title(_make_heading(name, units[name]), fontsize=12, pad=3)
            axes.set_title(f"n = {found.documents[name]:,}", loc="right", fontsize=11, pad=3)
        description += _describe_unmarked(unmarked)
        _draw_legends(figure, found, names)
        svg = render_svg(figure, "lab-thresholds", title, description)
    return Plot("lab-thresholds", title, description, svg, _tabulate(names, found, units))


def plot_uln_thresholds(
    annotations: Sequence[Annotation], analytes: Mapping[str, Analyte], most: int = 12
) -> Plot | None:
    """Plots thresholds given as multiples of the upper limit of normal (ULN), on one axis; None without any."""
    found = _collect(annotations, analytes, uln=True)
    if not found.documents:
        return None
    names = found.list_most_frequent(most)
    title = "Laboratory thresholds for inclusion, as multiples of the upper limit of normal"
    description = (
        f"Multiples of the upper limit of normal (ULN) that {format_count(len(annotations), 'document')} set as "
        f"limits of inclusion, for {_count_analytes(names, found)}."
    )
    if found.left_out:
        description += f" {found.left_out:,} of an unknown analyte, or with a value that can't be meant, are left out."
    with use_style():
        figure = new_figure(85 + 34 * len(names))
        axes = figure.add_subplot()
        values = [value for name in names for counts in found.values[name].values() for value in counts]
        _set_scale(axes, [*values, *_ALWAYS_ULN], always_logarithmic=True)
        low, high = axes.get_xlim()
        axes.set_xticks([tick for tick in (_ULN_TICKS if high < 30 * low else _FEW_ULN_TICKS) if low <= tick <= high])
        limits = enumerate(found.values[name] for name in names)
        unmarked = sum(_draw_limits(axes, counts, place, -0.22, True) for place, counts in limits)
        description += _describe_unmarked(unmarked)
        axes.set_yticks(range(len(names)), [f"{format_analyte(name)} ({found.documents[name]:,})" for name in names])
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.grid(True)
        axes.set_xlabel("multiple of the ULN")
        _draw_legends(figure, found, names)
        svg = render_svg(figure, "lab-thresholds-uln", title, description)
    return Plot("lab-thresholds-uln", title, description, svg, _tabulate(names, found, dict.fromkeys(names, "× ULN")))


def _collect(annotations: Sequence[Annotation], analytes: Mapping[str, Analyte], uln: bool) -> _Thresholds:
    found = _Thresholds()
    for annotation in annotations:
        ends: set[tuple[str, str, float]] = set()
        for fact in annotation.facts:
            if fact.label != "LAB" or not is_trial_limit(fact) or (fact.attributes.get("unit") == "ULN") is not uln:
                continue
            analyte = analytes.get(str(fact.attributes.get("analyte")))
            converted = None if analyte is None else _convert_ends(fact, analyte)
            if analyte is None or converted is None:
                found.left_out += 1
            else:
                ends |= {(analyte.id, side, value) for side, value in converted.items()}
        for name, side, value in ends:
            found.values[name][side][value] += 1
        found.documents.update({name for name, _, _ in ends})
    return found


def _convert_ends(fact: Fact, analyte: Analyte) -> dict[str, float] | None:
    """Converts the ends of a threshold to the usual unit, or to multiples of the ULN; None if they can't be shown."""
    a = fact.attributes
    unit = a.get("unit")
    factor = None if unit is None else 1.0 if unit == "ULN" else find_lab_factor(analyte, str(unit), analyte.usual_unit)
    if factor is None or not is_plausible(analyte, a.get("low"), a.get("high"), str(unit)):
        return None
    # three digits, so that 1.5 mg/dL and 132.6 µmol/L coincide
    return {side: float(f"{end * factor:.3g}") for side, *_ in _SIDES if isinstance(end := a.get(side), int | float)}


def _draw_strip(axes: Axes, values: Mapping[str, Counter[float]]) -> int:
    """Draws the strip of an analyte; returns how many of its limits have no mark."""
    logarithmic = _set_scale(axes, [value for counts in values.values() for value in counts])
    unmarked = _draw_limits(axes, values, 0, _SHIFT, logarithmic)
    axes.set_ylim(-1, 1)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="x", labelsize=11, pad=2)
    axes.grid(axis="x")
    return unmarked


def _draw_limits(
    axes: Axes, values: Mapping[str, Counter[float]], height: float, shift: float, logarithmic: bool
) -> int:
    """Draws the marks of an analyte; if it has both, lower and upper limits are shifted apart.

    Returns how many limits have no mark because a logarithmic axis has no 0.
    """
    unmarked = 0
    both = all(values.values())
    for (side, _, marker, colour), sign in zip(_SIDES, (1, -1), strict=True):
        at = height + (sign * shift if both else 0)
        shown = {value: n for value, n in values[side].items() if value > 0 or not logarithmic}
        draw_points(axes, [(value, at, n) for value, n in _merge(shown, logarithmic).items()], marker, colour)
        unmarked += values[side].total() - sum(shown.values())
    return unmarked


def _merge(values: Mapping[float, int], logarithmic: bool) -> Mapping[float, int]:
    """Merges very many values that fall into the same of `_MOST_MARKS` steps of the axis."""
    if len(values) <= _MOST_MARKS:
        return values
    at = math.log if logarithmic else float
    start, step = at(min(values)), (at(max(values)) - at(min(values))) / (_MOST_MARKS - 1)
    merged: dict[int, list[float]] = defaultdict(list)
    for value in sorted(values):
        merged[round((at(value) - start) / step)].append(value)
    return {max(group, key=lambda value: values[value]): sum(values[v] for v in group) for group in merged.values()}


def _set_scale(axes: Axes, values: Sequence[float], always_logarithmic: bool = False) -> bool:
    """Sets the scale of the x axis for the values; returns whether it is logarithmic."""
    from matplotlib.ticker import LogLocator, NullLocator

    positive = [value for value in values if value > 0]
    logarithmic = bool(positive) and (always_logarithmic or max(positive) >= _LOGARITHMIC_FROM * min(positive))
    if logarithmic:
        axes.set_xscale("log")
        axes.set_xlim(min(positive) / 1.2, max(positive) * 1.2)
        few = max(positive) >= 2000 * min(positive)
        axes.xaxis.set_major_locator(LogLocator(subs=(1,) if few else (1, 2, 5), numticks=20))
        axes.xaxis.set_minor_locator(NullLocator())
    else:
        low, high = min(values), max(values)
        margin = max(0.06 * (high - low), 0.04 * abs(high)) or 0.1
        axes.set_xlim(low - margin, high + margin)
        axes.locator_params(axis="x", nbins=7, steps=[1, 2, 5, 10])
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.6g}")
    return logarithmic


def _describe_unmarked(limits: int) -> str:
    return f" {format_count(limits, 'limit')} of 0 or less: no mark on a logarithmic axis." if limits else ""


def _draw_legends(figure: Figure, found: _Thresholds, names: Sequence[str]) -> None:
    used = [
        make_mark(m, colour, label) for side, label, m, colour in _SIDES if any(found.values[n][side] for n in names)
    ]
    largest = max(n for name in names for counts in found.values[name].values() for n in counts.values())
    draw_legend(figure, used)
    draw_size_legend(figure, largest)


def _tabulate(names: Sequence[str], found: _Thresholds, units: Mapping[str, str]) -> PlotTable:
    rows = tuple(
        (format_analyte(name), label, value, units[name], found.values[name][side][value])
        for name in names
        for side, label, *_ in _SIDES
        for value in sorted(found.values[name][side])
    )
    return PlotTable(("analyte", "limit", "value", "unit", "documents"), rows)


def _count_analytes(names: Sequence[str], found: _Thresholds) -> str:
    if len(names) < len(found.documents):
        return f"the {len(names)} most frequent of {len(found.documents)} analytes"
    return format_analyte(names[0]) if len(names) == 1 else f"{len(names)} analytes"


def _make_heading(name: str, unit: str) -> str:
    return format_analyte(name) if unit == "1" else f"{format_analyte(name)}, {unit}"
