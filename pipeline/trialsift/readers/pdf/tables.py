"""Tables of a page, laid out by their cells.

A row is one line, its cells between bars, empty ones too. Where the cells of a row hold lists, each is written below
its heading: that of its row, or that of its column.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from trialsift.readers.pdf.grids import Grid
from trialsift.readers.pdf.line import Line, Paragraph
from trialsift.readers.pdf.lines import Joiner, find_leading
from trialsift.readers.pdf.rules import Rule

#: In points: how far text may end from the border of its cell; in letters: how long the heading of a row may be.
_PADDING, _LONGEST_LABEL = 7.0, 90
_SAME_WIDTH = 4.0
_CRITERIA = re.compile(r"inclusion|exclusion|eligib", re.I)
_EXCLUSION = re.compile(r"exclusion|ineligib|non-?inclusion", re.I)


@dataclass(slots=True)
class Cells:
    """A table of a page: its lines by row and column. `edges` are how far right the columns reach."""

    xs: tuple[float, ...]
    edges: list[float]
    lines: dict[tuple[int, int], list[Line]] = field(default_factory=dict)

    def continues(self, before: Cells) -> bool:
        """Whether it may be the rest of a table on the page before: its columns stand in the same places."""
        return len(self.xs) == len(before.xs) and all(
            abs(one - other) <= _SAME_WIDTH for one, other in zip(self.xs, before.xs, strict=True)
        )


def place_tables(lines: Sequence[Line], grids: Sequence[Grid]) -> list[Line | Cells]:
    """Returns the lines of a page, those of each table gathered where its first one stands."""
    inside = {index: grid for index, line in enumerate(lines) if (grid := _find_grid(line, grids)) is not None}
    tables = {
        id(grid): _make_cells(grid, [line for index, line in enumerate(lines) if inside.get(index) is grid])
        for grid in grids
    }
    found: list[Line | Cells] = []
    written = set()
    for index, line in enumerate(lines):
        grid = inside.get(index)
        table = tables[id(grid)] if grid is not None else None
        if table is None:
            found.append(line)
        elif id(grid) not in written:
            written.add(id(grid))
            found.append(table)
    return found


def find_sided(lines: Sequence[Line], grids: Sequence[Grid]) -> list[Grid]:
    """Returns the tables without borders on a page that have criteria for inclusion and exclusion side by side: from a
    row with a heading of either kind down to what stands across both columns. `grids` are those with borders."""
    found: list[Grid] = []
    for line in lines:
        heads = line.text.split(" | ")
        if (
            line.turn
            or len(heads) != 2
            or len(line.cells) != 2
            or len(line.text) > _LONGEST_LABEL
            or _find_grid(line, grids)
        ):
            continue
        kinds = {bool(_EXCLUSION.search(head)) for head in heads if _CRITERIA.search(head)}
        if len(kinds) != 2:
            continue
        below = sorted((other for other in lines if other.base < line.base - 1), key=lambda other: -other.base)
        division = _find_division(line, below)
        floor = next((other.base + other.size for other in below if _ends(other, division, line)), 0.0)
        left, right = min(line.page[0], line.left), max(line.page[1], line.right)
        upper, lower = line.base + line.size, line.base - 0.4 * line.size
        if lower > floor:
            borders = (Rule(True, lower, left, right), Rule(False, division, floor, upper))
            found.append(Grid((left, division, right), (upper, lower, floor), borders, bordered=False))
    return found


def _find_division(head: Line, below: Sequence[Line]) -> float:
    """Returns where the second column begins: the commonest place of lines between the headings, or its heading."""
    first, second = head.cells[0][0], head.cells[1][0]
    pieces = [piece for line in below for piece in _split(line)]
    lefts = Counter(round(piece.left) for piece in pieces if first + 3 * head.size < piece.left <= second + 1)
    return min(lefts.most_common(1)[0][0] if lefts else second, second) - 2.0


def _ends(line: Line, division: float, head: Line) -> bool:
    """Whether a line below the headings ends their table: a larger one, or one across both columns."""
    return line.size > 1.06 * head.size or any(
        piece.left < division - 2 and piece.right > division + 2 for piece in _split(line)
    )


def _find_grid(line: Line, grids: Sequence[Grid]) -> Grid | None:
    x, y = _find_middle(line)
    return None if line.turn else next((grid for grid in grids if grid.find_cell(x, y) is not None), None)


def _find_middle(line: Line) -> tuple[float, float]:
    return (line.left + min(line.right, line.left + 2 * line.size)) / 2, line.base + 0.25 * line.size


def _make_cells(grid: Grid, lines: Sequence[Line]) -> Cells | None:
    """Returns the cells of a table; None if it has one column."""
    if len(grid.xs) == 2:
        return _make_open_cells(grid, lines)
    cells = Cells(grid.xs, [x - _PADDING for x in grid.xs[1:]])
    for piece in (piece for line in lines for piece in _split_at(line, grid.xs)):
        place = grid.find_cell(*_find_middle(piece))
        if place is not None:
            _add_piece(cells.lines.setdefault(place, []), piece)
    if not grid.bordered:
        cells.edges = [
            max((line.right for (_, at), found in cells.lines.items() if at == column for line in found), default=edge)
            for column, edge in enumerate(cells.edges)
        ]
    return cells


def _split_at(line: Line, xs: Sequence[float]) -> Iterator[Line]:
    """Iterates over the pieces of a line in the columns of a table."""
    if any(line.left + 1 < x < line.right - 1 for x in xs):
        yield from _split(line)
    else:
        yield replace(line, text=line.text.replace(" | ", " "), cells=())


def _add_piece(lines: list[Line], piece: Line) -> None:
    """Adds a line to those of a cell, or to the last of them if it stands beside it."""
    if lines and abs(lines[-1].base - piece.base) < 1 and lines[-1].right <= piece.left:
        lines[-1] = replace(lines[-1], text=f"{lines[-1].text} {piece.text}", right=piece.right)
    else:
        lines.append(piece)


def _make_open_cells(grid: Grid, lines: Sequence[Line]) -> Cells | None:
    """Returns the cells of a table with level rules only. Its columns are where no letter stands in any line."""
    pieces = [piece for line in lines for piece in _split(line)]
    columns: list[tuple[float, float]] = []
    for left, right in sorted((piece.left, piece.right) for piece in pieces):
        if columns and left <= columns[-1][1] + 1:
            columns[-1] = (columns[-1][0], max(right, columns[-1][1]))
        else:
            columns.append((left, right))
    if len(columns) < 2:
        return None
    cells = Cells((*(left for left, _ in columns), grid.xs[1]), [right for _, right in columns])
    row = 0
    for _, band in groupby(sorted(pieces, key=lambda piece: (-piece.base, piece.left)), lambda p: _find_band(grid, p)):
        places = [(_find_column(columns, piece), piece) for piece in band]
        starts = _find_starts(places)
        for column, piece in places:
            here = row + max((n for n, base in enumerate(starts) if piece.base <= base + 1), default=0)
            cells.lines.setdefault((here, column), []).append(piece)
        row += len(starts)
    return cells


def _split(line: Line) -> Iterator[Line]:
    """Iterates over the cells of a line, as lines."""
    for text, (left, right) in zip(line.text.split(" | "), line.cells or ((line.left, line.right),), strict=False):
        word = (right - left) * len(text.split()[0]) / len(text)
        yield replace(line, text=text, left=left, right=right, first_word=word, cells=())


def _find_band(grid: Grid, line: Line) -> int:
    y = line.base + 0.25 * line.size
    return sum(place > y for place in grid.ys)


def _find_column(columns: Sequence[tuple[float, float]], piece: Line) -> int:
    return next(number for number, (left, right) in enumerate(columns) if left <= piece.left <= right)


def _find_starts(places: Sequence[tuple[int, Line]]) -> list[float]:
    """Returns the baselines at which rows begin between two rules: one, unless as many cells begin at others too."""
    by_base = {base: list(group) for base, group in groupby(places, lambda place: round(place[1].base))}
    most = len(next(iter(by_base.values()), []))
    full = [base for base, group in by_base.items() if len(group) >= most]
    return [float(base) for base in (by_base if len(full) > 1 else list(by_base)[:1])]


def lay_out(cells: Cells, known: set[str], without: Cells | None) -> list[Paragraph]:
    """Returns the paragraphs of a table; the headings of one that it continues, `without`, are left out."""
    rows = [
        [_join_cell(cells, (row, column), known) for column in range(len(cells.xs) - 1)]
        for row in sorted({row for row, _ in cells.lines})
    ]
    if without is not None and rows and len(rows) > 1:
        first = min(row for row, _ in without.lines)
        heads = [_join_cell(without, (first, column), known) for column in range(len(cells.xs) - 1)]
        rows = rows[1:] if rows[0] == heads else rows
    if len(rows) > 1 and any(sum(len(cell) > 1 for cell in row) > 1 for row in rows[1:]):
        return list(_write_columns(rows))
    return [paragraph for row in rows for paragraph in _write_row(row)]


def _join_cell(cells: Cells, place: tuple[int, int], known: set[str]) -> list[Paragraph]:
    """Returns the paragraphs of a cell."""
    lines = cells.lines.get(place, [])
    joiner = Joiner(known)
    joiner.leading = find_leading([lines])
    edge = max([cells.edges[place[1]], *(line.right for line in lines)])
    for line in lines:
        joiner.add(line, edge)
    return joiner.close()


def _write_columns(rows: Sequence[Sequence[Sequence[Paragraph]]]) -> Iterator[Paragraph]:
    """Iterates over the cells of each column below its heading."""
    for column in range(len(rows[0])):
        for number, row in enumerate(rows):
            for place, paragraph in enumerate(row[column]):
                yield replace(paragraph, apart=not number and not place)


def _write_row(row: Sequence[Sequence[Paragraph]]) -> Iterator[Paragraph]:
    """Iterates over one line for a row, or over a list below the heading of its row."""
    texts = [" ".join(paragraph.text for paragraph in cell) for cell in row]
    size = max((paragraph.size for cell in row for paragraph in cell), default=0.0)
    label = texts[0] if len(row) == 2 and len(texts[0]) <= _LONGEST_LABEL else ""
    if label and len(row[1]) > 1:
        yield Paragraph(label, size, apart=True, label=label)
        for paragraph in row[1]:
            yield replace(paragraph, apart=False, label=label)
        return
    yield Paragraph(f"| {' | '.join(texts)} |", size, label=label, row=True)
