"""Colours, sizes of marks and legends that several plots share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from trialsift.reports.plots.svg import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

# Colours safe for colour vision deficiency: Okabe and Ito, Color Universal Design (2008). These three, with a lighter
# blue than theirs, have a contrast of 3 or more on white and on a dark page.
BLUE, VERMILION, GREEN = "#2B8CC4", "#D55E00", "#009E73"

#: The least number of documents, the diameter of its mark, and its text in a legend.
SIZES: tuple[tuple[int, float, str], ...] = (
    (1, 4.0, "1"),
    (2, 5.5, "2–4"),
    (5, 7.5, "5–19"),
    (20, 10.0, "20–99"),
    (100, 13.0, "≥ 100"),
)
Point = tuple[float, float, int]


def draw_points(axes: Axes, points: Iterable[Point], marker: str, colour: str) -> None:
    """Draws marks at (x, y) sized by the number of documents, the third value; large ones below small ones."""
    listed = sorted(points)
    bounds = [at_least for at_least, _, _ in SIZES[1:]]
    for place in range(len(SIZES) - 1, -1, -1):
        of_size = [(x, y) for x, y, documents in listed if sum(documents >= bound for bound in bounds) == place]
        if of_size:
            axes.plot(*zip(*of_size, strict=True), **_choose_style(marker, colour, SIZES[place][1]))


def make_mark(marker: str, colour: str, label: str, size: float = 8) -> Line2D:
    """Makes a legend entry: a mark as `draw_points` draws it."""
    from matplotlib.lines import Line2D

    return Line2D([], [], label=label, **_choose_style(marker, colour, size))


def draw_size_legend(figure: Figure, largest: int, marker: str = "o") -> None:
    """Draws a legend of the sizes below the plot, up to a mark of `largest` documents."""
    from matplotlib.lines import Line2D

    sizes = [make_mark(marker, INK, label, size) for at_least, size, label in SIZES if at_least <= largest]
    draw_legend(figure, [Line2D([], [], linestyle="", label="documents:"), *sizes], "outside lower left")


def draw_legend(
    figure: Figure,
    handles: Sequence[Line2D],
    place: Literal["outside upper left", "outside lower left"] = "outside upper left",
) -> None:
    """Draws a legend in one row, above or below the axes."""
    figure.legend(
        handles=handles,
        loc=place,
        ncols=len(handles),
        handlelength=1.3,
        handletextpad=0.3,
        columnspacing=0.9,
        borderaxespad=0.2,
    )


def _choose_style(marker: str, colour: str, size: float) -> dict[str, Any]:
    return {
        "linestyle": "",
        "marker": marker,
        "markersize": size,
        "color": colour,
        "markerfacecolor": colour,
        "markeredgewidth": 0.8,
        "alpha": 0.85,
    }
