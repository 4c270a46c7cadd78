"""Cells of tables whose tests are named in the first row, with the cells that name them.

    | Platelets      | Neutrophils    | Albumin  |
    | ≥ 100 × 10^9/L | ≥ 1.5 × 10^9/L | ≥ 28 g/L |

In: a row of a table. Out: its cells that hold a number and a comparator, each with the heading of its column; nothing
where a test is named in the row itself, or fewer than two headings name one.
"""

from __future__ import annotations

from collections.abc import Iterator

from trialsift.extraction.structure.scanner import Scanner

Place = tuple[int, int]

#: In rows and characters: how far above a row its headings may stand.
_MOST_ROWS, _FARTHEST = 40, 4000
_FEWEST = 2


def find_headed_cells(scanner: Scanner, at: int) -> list[tuple[Place, Place]]:
    """Returns the cells of the row that holds the offset `at`, each with its heading."""
    text = scanner.text
    start = text.rfind("\n", 0, at) + 1
    if not text.startswith("|", start):
        return []
    first = _find_first_row(text, start)
    if first == start:
        return []
    cells, heads = list(_split(text, start)), list(_split(text, first))
    if len(cells) != len(heads) or any(_names_test(scanner, cell) for cell in cells):
        return []
    named = [_names_test(scanner, head) for head in heads]
    if sum(named) < _FEWEST:
        return []
    return [
        (cell, head)
        for cell, head, told in zip(cells, heads, named, strict=True)
        if told and any(token.kind == "op" for token in scanner.find_tokens(*cell))
    ]


def _find_first_row(text: str, start: int) -> int:
    """Returns where the first row of the table begins, or `start` if it is too far away."""
    row = start
    for _ in range(_MOST_ROWS):
        above = text.rfind("\n", 0, max(0, row - 1)) + 1
        if row == 0 or not text.startswith("|", above):
            return row
        row = above
        if start - row > _FARTHEST:
            break
    return start


def _split(text: str, start: int) -> Iterator[Place]:
    """Iterates over the cells of a row."""
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    bar = start
    while (closed := text.find("|", bar + 1, end)) >= 0:
        yield bar + 1, closed
        bar = closed


def _names_test(scanner: Scanner, cell: Place) -> bool:
    return any(isinstance(token.value, tuple) and token.value[0] == "analyte" for token in scanner.find_tokens(*cell))
