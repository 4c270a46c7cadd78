"""Tables as CSV that a spreadsheet opens safely and read.py reads back exactly.

Conventions: UTF-8, comma, `"` around a cell only where needed, `\\n` between rows; a missing value is an empty cell,
an empty text a lone apostrophe; text through `spreadsheet.make_safe`; booleans `true` and `false`; a number in as few
digits as give it back (18, 1.5). NUL does not come back; the readers take no document that holds one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from trialsift.labels import Column
from trialsift.spreadsheet import MARK, make_safe
from trialsift.tables import Row

if TYPE_CHECKING:
    import pandas as pd

# The csv module leaves a lone carriage return unquoted, and readers take it for the end of a row.
_NEEDS_QUOTES = re.compile(r'[",\r\n]|^\s|\s$')
_SHORT = 40


@contextmanager
def csv_tables(
    folder: Path, schema: Mapping[str, tuple[Column, ...]]
) -> Iterator[Callable[[str, Iterable[Row]], None]]:
    """A function that writes rows of a table into its file in `folder`; the files are complete when the `with` ends."""
    with ExitStack() as stack:
        files = {
            name: stack.enter_context((folder / f"{name}.csv").open("w", encoding="utf-8", newline=""))
            for name in schema
        }
        names = {name: [column.name for column in columns] for name, columns in schema.items()}
        for name, file in files.items():
            file.write(",".join(names[name]) + "\n")

        def add(table: str, rows: Iterable[Row]) -> None:
            columns = names[table]
            files[table].writelines(_line(map(row.get, columns)) for row in rows)

        yield add


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Writes a typed frame as CSV. Raises OSError when the file can't be written."""
    import pandas as pd

    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(table.columns) + "\n")
        columns = [[None if value is pd.NA else value for value in table[name].tolist()] for name in table.columns]
        file.writelines(map(_line, zip(*columns, strict=True)))


def quoted(text: str) -> str:
    """A text as a cell, in quotes where it needs them."""
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text


def _line(values: Iterable[object]) -> str:
    return ",".join(map(_cell, values)) + "\n"


def _cell(value: object) -> str:
    if isinstance(value, str):
        return _short_text_cell(value) if len(value) < _SHORT else _text_cell(value)
    if value is None:
        return ""
    if value is True or value is False:
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _text_cell(text: str) -> str:
    return quoted(make_safe(text) if text else MARK)  # nothing at all is a missing value


_short_text_cell = lru_cache(maxsize=4096)(_text_cell)  # units, labels, rules: the same few in every row
