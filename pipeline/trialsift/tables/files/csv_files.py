"""Writes tables as CSV that a spreadsheet opens safely and read.py reads back exactly.

Conventions: UTF-8, comma, `"` around a cell only where needed, `\\n` between rows; a missing value is an empty cell,
an empty text a lone apostrophe; text goes through `spreadsheet.make_safe`; booleans are `true` and `false`; a number
has as few digits as restore it (18, 1.5). NUL can't be restored; the readers refuse documents that contain it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trialsift.rules.columns import Column
from trialsift.tables.files.spreadsheet import MARK, make_safe
from trialsift.tables.rows import Row

if TYPE_CHECKING:
    import pandas as pd

_SHORT = 40


def format_csv_header(columns: Sequence[Column]) -> str:
    """Returns the first line of a table's file."""
    return ",".join(column.name for column in columns) + "\n"


def make_csv_formatter(columns: Sequence[Column]) -> Callable[[Iterable[Row]], str]:
    """Returns a function that formats rows of a table with these columns as lines of its file."""
    cells = [(column.name, _CELLS[column.dtype]) for column in columns]

    def format_lines(rows: Iterable[Row]) -> str:
        written = []
        for row in rows:
            get = row.get
            written.append(",".join(["" if (value := get(name)) is None else cell(value) for name, cell in cells]))
        return "\n".join([*written, ""])

    return format_lines


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Writes a typed frame as CSV. Raises OSError if the file can't be written."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(table.columns) + "\n")
        file.writelines(format_csv_rows(table))


def format_csv_rows(table: pd.DataFrame) -> Iterator[str]:
    """Formats the rows of a typed frame as lines of CSV."""
    return map(_format_line, iterate_rows(table))


def iterate_rows(table: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Iterates over the rows of a typed frame; a missing value is None."""
    frame: Any = table  # the stubs know no None for what is missing
    return zip(*(cells.to_numpy(dtype=object, na_value=None).tolist() for _, cells in frame.items()), strict=True)


def quote_cell(text: str) -> str:
    """Returns a text as a cell, in quotes where necessary."""
    # The csv module leaves a lone carriage return unquoted, which readers take for the end of a row.
    if "," in text or '"' in text or "\n" in text or "\r" in text or text[:1].isspace() or text[-1:].isspace():
        return '"' + text.replace('"', '""') + '"'
    return text


def _format_line(values: Iterable[object]) -> str:
    return ",".join(map(_format_cell, values)) + "\n"


def _format_cell(value: object) -> str:
    if isinstance(value, str):
        return _format_short_text(value) if len(value) < _SHORT else _format_text(value)
    if value is None:
        return ""
    if value is True or value is False:
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _format_text(text: str) -> str:
    return quote_cell(make_safe(text) if text else MARK)  # an empty cell is a missing value


_format_short_text = lru_cache(maxsize=4096)(_format_text)  # units, labels and rules recur in every row


def _format_string(value: object) -> str:
    if type(value) is str:
        return _format_short_text(value) if len(value) < _SHORT else _format_text(value)
    return _format_cell(value)


def _format_boolean(value: object) -> str:
    return "true" if value is True else "false" if value is False else _format_cell(value)


#: How a present value is formatted, by the type of its column.
_CELLS: Mapping[str, Callable[[object], str]] = {
    "string": _format_string,
    "boolean": _format_boolean,
    "Int64": _format_cell,
    "Float64": _format_cell,
}
