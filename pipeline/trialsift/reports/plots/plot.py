"""A plot for a page: the drawing, a description, and its numbers as a table, so that nothing is only visual."""

from __future__ import annotations

from dataclasses import dataclass

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class PlotTable:
    """The numbers behind a plot; each row has as many cells as the header. None is a missing number."""

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot. `svg` is inserted into a page unchanged; title, description and cells are plain text, to be escaped.

    `id` prefixes every id within the SVG and must be unique on a page. `description` says in a sentence or two what the
    plot shows, and for how many documents.
    """

    id: str
    title: str
    description: str
    svg: str
    table: PlotTable
