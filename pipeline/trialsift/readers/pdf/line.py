"""What is read from a page of a PDF: its lines, and the borders of its tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trialsift.readers.pdf.grids import Grid


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line. Places and sizes are in points from the left and the bottom of the page.

    `size` is the height of its letters, `first_word` the width of its first word, `turn` its rotation in quarter turns,
    `page` where the page begins and ends in its direction. ` | ` separates the cells of a table, `cells` are their
    left and right ends.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    first_word: float
    turn: int = 0
    page: tuple[float, float] = (0.0, 0.0)
    cells: tuple[tuple[float, float], ...] = ()

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table."""
        return " | " in self.text


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page in the order in which they are drawn, its tables from above to below, and where dots are
    drawn in front of lines."""

    lines: Sequence[Line]
    grids: Sequence[Grid] = ()
    dots: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, list item, heading or table row as one line of text.

    `size` is the height of its letters in points, `apart` whether space separates it from what is above. `label` is
    the first cell of the row of a table of two columns that it is, or stands in; `row`: whether it is a row.
    """

    text: str
    size: float = 0.0
    apart: bool = False
    label: str = ""
    row: bool = False
