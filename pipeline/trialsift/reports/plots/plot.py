"""A plot as pages take it: the drawing, what it shows in words, and its numbers, so that nothing is only visual."""

from __future__ import annotations

from dataclasses import dataclass

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class PlotTable:
    """The numbers behind a plot; each row has as many cells as the header. None: there is no such number."""

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot. `svg` goes into a page as it is; title, description and cells are plain text, to be escaped.

    `id` begins every id within the SVG: no two plots of a page may share it. `description` says in a sentence or two
    what is seen, and of how many.
    """

    id: str
    title: str
    description: str
    svg: str
    table: PlotTable
