"""Plots total dose against number of fractions, with lines of equal effect (EQD2)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from trialsift.model.display import format_count
from trialsift.model.fact import Annotation, Bounds
from trialsift.reports.plots.marks import BLUE, VERMILION, draw_legend, draw_points, draw_size_legend, make_mark
from trialsift.reports.plots.plot import Plot, PlotTable
from trialsift.reports.plots.svg import INK, new_figure, render_svg, use_style
from trialsift.tables.linear_quadratic import TUMOUR_ALPHA_BETA, eqd2, total_dose_at_eqd2
from trialsift.tables.regimens import find_distinct, find_mentions

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Beyond these no mark is drawn: such a course is an error of the text or of extraction.
_MOST_FRACTIONS, _MOST_GRAY = 60, 120
#: With more marks than these, doses are rounded to the first of the steps (Gy) that leaves no more.
_MOST_MARKS = 1500
_STEPS = (0.5, 1, 2, 5, 10)
_TICKS = (1, 2, 3, 5, 8, 10, 15, 20, 25, 30, 35, 40, 50, 60)


class Course(NamedTuple):
    """A course with one number of fractions and one total dose, in Gy."""

    fractions: int
    total_dose: float
    boost: bool


def plot_fractionation(annotations: Sequence[Annotation], alpha_beta: float = TUMOUR_ALPHA_BETA) -> Plot | None:
    """Plots in how many documents each course is prescribed; None if there is none.

    Only the trial's own that the text doesn't deny are counted. Lines join courses of equal EQD2 at this α/β (Gy).
    Raises ValueError for an α/β that isn't above 0.
    """
    eqd2(1, 2, alpha_beta)  # raises for an unusable ratio even if nothing is drawn
    courses, ranges = _count_courses(annotations)
    drawn = Counter({c: n for c, n in courses.items() if c.fractions <= _MOST_FRACTIONS and c.total_dose <= _MOST_GRAY})
    if not drawn:
        return None
    title = "Total dose and number of fractions"
    description = _describe(courses, drawn, ranges, len(annotations), alpha_beta)
    with use_style():
        figure = new_figure(400)
        _draw(figure, drawn, alpha_beta)
        svg = render_svg(figure, "fractionation", title, description)
    return Plot("fractionation", title, description, svg, _tabulate(courses, alpha_beta))


def _count_courses(annotations: Sequence[Annotation]) -> tuple[Counter[Course], int]:
    """Counts the documents that prescribe each course, and the regimens that don't make a course."""
    courses: Counter[Course] = Counter()
    ranges = 0
    for annotation in annotations:
        own = [one for one in find_distinct(find_mentions(annotation)) if one.is_given]
        distinct = {(one.regimen.fractions, one.regimen.total_dose, one.fullest.boost) for one in own}
        found = {course for course in (_make_course(*one) for one in distinct) if course is not None}
        ranges += sum(_make_course(*one) is None for one in distinct)
        courses.update(found)
    return courses, ranges


def _describe(courses: Counter[Course], drawn: Counter[Course], ranges: int, documents: int, alpha_beta: float) -> str:
    commonest, most = max(courses.items(), key=lambda item: (item[1], item[0]))
    description = (
        f"{format_count(courses.total(), 'course')} of radiotherapy, each counted once a document, in "
        f"{format_count(documents, 'document')}; most often {commonest.total_dose:g} Gy in "
        f"{format_count(commonest.fractions, 'fraction')} ({most:,}). "
        f"Lines join courses of equal effect: EQD2 at α/β = {alpha_beta:g} Gy, as for many tumours, but not for all, "
        "nor for late effects. Phases and boosts have marks of their own and are not added up."
    )
    if ranges:
        description += (
            f" {ranges:,} courses with a range, or without a number of fractions or a total dose, have no mark."
        )
    if len(drawn) < len(courses):
        beyond = sum(n for course, n in courses.items() if course not in drawn)
        description += (
            f" {beyond:,} with more than {_MOST_FRACTIONS} fractions or {_MOST_GRAY} Gy are in the table only."
        )
    return description


def _draw(figure: Figure, drawn: Counter[Course], alpha_beta: float) -> None:
    axes = figure.add_subplot()
    most_fractions = max([10, *(c.fractions for c in drawn)]) + 1
    top = 10 * math.ceil(max([20, *(c.total_dose for c in drawn)]) * 1.03 / 10)
    # a square root spreads courses of few fractions but, unlike a logarithm, keeps 25, 28 and 30 apart
    axes.set_xscale("function", functions=(_take_root, _square))
    axes.set_xlim(0.6, most_fractions)
    axes.set_ylim(0, top)
    _draw_equal_effect(axes, most_fractions, top, alpha_beta)
    points = _merge(drawn)
    for boost, marker, colour in ((False, "o", BLUE), (True, "^", VERMILION)):
        draw_points(
            axes, [(c.fractions, c.total_dose, n) for c, n in points.items() if c.boost is boost], marker, colour
        )
    ticks = [tick for tick in _TICKS if tick <= most_fractions]
    axes.set_xticks(ticks, [str(tick) for tick in ticks], minor=False)
    axes.set_xlabel("number of fractions (square-root scale)")
    axes.set_ylabel("total dose, Gy")
    axes.grid(True)
    kinds = [make_mark("o", BLUE, "course")] + (
        [make_mark("^", VERMILION, "boost")] if any(c.boost for c in drawn) else []
    )
    draw_legend(figure, kinds)
    draw_size_legend(figure, max(points.values(), default=1))


def _tabulate(courses: Counter[Course], alpha_beta: float) -> PlotTable:
    header = (
        "fractions",
        "dose per fraction, Gy",
        "total dose, Gy",
        f"EQD2 (α/β {alpha_beta:g} Gy), Gy",
        "boost",
        "documents",
    )
    rows = []
    for course in sorted(courses):
        per_fraction = course.total_dose / course.fractions
        # the effect of a boost depends on the course that it adds to
        equivalent = None if course.boost else round(eqd2(course.fractions, per_fraction, alpha_beta), 1)
        boost = "yes" if course.boost else "no"
        rows.append((course.fractions, round(per_fraction, 2), course.total_dose, equivalent, boost, courses[course]))
    return PlotTable(header, tuple(rows))


def _make_course(fractions: Bounds | None, total_dose: Bounds | None, boost: bool) -> Course | None:
    """Makes a course; None for a range, and where a number is unknown or impossible."""
    number, dose = _find_exact(fractions), _find_exact(total_dose)
    if number is None or dose is None or number < 1 or number != int(number) or dose <= 0:
        return None
    return Course(int(number), round(dose, 2), boost)


def _find_exact(bounds: Bounds | None) -> float | None:
    return bounds[0] if bounds is not None and bounds[0] == bounds[1] else None


def _merge(courses: Counter[Course]) -> Counter[Course]:
    """Merges courses at the same place of a plot with very many marks."""
    merged = courses
    for step in _STEPS:
        if len(merged) <= _MOST_MARKS:
            break
        merged = Counter()
        for course, documents in courses.items():
            merged[course._replace(total_dose=round(course.total_dose / step) * step)] += documents
    return merged


def _draw_equal_effect(axes: Axes, most_fractions: int, top: float, alpha_beta: float) -> None:
    """Draws a line for each round EQD2 that reaches the right edge, and its value there."""
    numbers = [1 + step * (most_fractions - 1) / 60 for step in range(61)]
    for equivalent in range(20, 200, 20):
        line = [total_dose_at_eqd2(equivalent, n, alpha_beta) for n in numbers]
        if line[-1] > top:
            break
        axes.plot(numbers, line, color=INK, alpha=0.55, linewidth=1, linestyle=(0, (4, 3)))
        axes.annotate(
            f"EQD2\n{equivalent} Gy",
            (numbers[-1], line[-1]),
            (5, 0),
            textcoords="offset points",
            va="center",
            fontsize=11,
            annotation_clip=False,
        )


def _take_root(values: Any) -> Any:
    import numpy as np

    return np.sqrt(np.maximum(values, 0))


def _square(values: Any) -> Any:
    import numpy as np

    return np.square(values)
