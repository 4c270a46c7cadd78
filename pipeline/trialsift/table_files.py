"""Tables as files: CSV that a spreadsheet opens safely and `read_table` reads back exactly, and Parquet.

CSV conventions: UTF-8, comma, `"` around a cell only where needed, `\\n` between rows; a missing value is an empty
cell, an empty text a lone apostrophe; text through `spreadsheet.make_safe`; booleans `true` and `false`; a number in
as few digits as give it back (18, 1.5). NUL does not come back; the readers take no document that holds one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, TextIO

import pandas as pd

from trialsift.errors import UserError
from trialsift.labels import ERRORS, Column, LabelTable, table_columns
from trialsift.spreadsheet import make_safe, restore
from trialsift.tables import Row, frame

Format = Literal["csv", "parquet"]
FORMATS: tuple[Format, ...] = ("csv", "parquet")

# The csv module leaves a lone carriage return unquoted, and readers take it for the end of a row.
_NEEDS_QUOTES = re.compile(r'[",\r\n]|^\s|\s$')
_EMPTY_TEXT = "'"
_FLUSH_ROWS = 20_000
_SHORT = 40


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Writes a typed frame as CSV. Raises OSError when the file can't be written."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(_header(table.columns))
        _append(file, [table[name].tolist() for name in table.columns])  # tolist: Python's own types, or pd.NA


def read_table(path: Path | str, labels: tuple[LabelTable, ...] | None = None) -> pd.DataFrame:
    """A table that trialsift wrote, `.csv` or `.parquet`, with its dtypes and its texts as they were.

    The table is known by its columns, so the file may have been renamed. Raises UserError when it is none of ours.
    """
    path = Path(path)
    if not path.is_file():
        raise UserError(f"{path}: no such file")
    try:
        if path.suffix == ".parquet":
            raw = pd.read_parquet(path)
        else:
            raw = pd.read_csv(path, dtype="str", na_filter=False, encoding="utf-8", skip_blank_lines=False)
    except (ValueError, OSError) as error:
        raise UserError(f"{path}: cannot be read as a table: {error}") from error
    columns = next(
        (c for c in (*table_columns(labels).values(), ERRORS) if [column.name for column in c] == list(raw.columns)),
        None,
    )
    if columns is None:
        raise UserError(
            f"{path}: these are not the columns of a table of trialsift {_version()}; "
            "expected a file of tables/ as `trialsift extract` writes it"
        )
    if path.suffix == ".parquet":
        return raw.astype({column.name: column.dtype for column in columns})
    try:
        return pd.DataFrame(
            {
                column.name: pd.Series([_value(cell, column.dtype) for cell in raw[column.name]], dtype=column.dtype)
                for column in columns
            }
        )
    except (ValueError, TypeError, KeyError) as error:
        raise UserError(f"{path}: a cell does not fit its column: {error}; was the file edited by hand?") from error


class TableWriter:
    """Writes the tables of a run to `folder` while it goes on, so that memory does not grow with the corpus.

    Use it in a `with`; the files are complete when that ends. Every table gets a file, an empty one too.
    """

    def __init__(self, folder: Path, schema: Mapping[str, tuple[Column, ...]], formats: Sequence[Format]) -> None:
        self.folder, self.schema, self.formats = folder, schema, tuple(formats)
        self._pending: dict[str, list[Row]] = {name: [] for name in schema}
        self._csv: dict[str, TextIO] = {}
        self._parquet: dict[str, Any] = {}
        self._stack = ExitStack()

    def __enter__(self) -> TableWriter:
        self.folder.mkdir(parents=True, exist_ok=True)
        for name, columns in self.schema.items():
            if "csv" in self.formats:
                path = self.folder / f"{name}.csv"
                self._csv[name] = self._stack.enter_context(path.open("w", encoding="utf-8", newline=""))
                self._csv[name].write(_header([column.name for column in columns]))
            if "parquet" in self.formats:
                self._parquet[name] = self._stack.enter_context(_parquet_writer(self.folder, name, columns))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._stack:
            if kind is None:
                self.flush()

    def add(self, rows: Mapping[str, Sequence[Row]]) -> None:
        """Takes the rows of a document, by table."""
        for name, more in rows.items():
            self._pending[name].extend(more)
        if sum(map(len, self._pending.values())) >= _FLUSH_ROWS:
            self.flush()

    def flush(self) -> None:
        """Writes what has been taken so far."""
        for name, rows in self._pending.items():
            if not rows:
                continue
            columns = self.schema[name]
            if name in self._csv:
                _append(self._csv[name], [[row.get(column.name) for row in rows] for column in columns])
            if name in self._parquet:
                self._parquet[name].write_table(_arrow(frame(rows, columns)))
            rows.clear()


def _arrow(table: pd.DataFrame) -> Any:
    import pyarrow as pa  # half a second to import, and only Parquet needs it

    return pa.Table.from_pandas(table, preserve_index=False)


def _parquet_writer(folder: Path, name: str, columns: tuple[Column, ...]) -> Any:
    import pyarrow.parquet as pq

    return pq.ParquetWriter(folder / f"{name}.parquet", _arrow(frame([], columns)).schema)


def _header(names: Sequence[str] | pd.Index[str]) -> str:
    return ",".join(names) + "\n"


def _append(file: TextIO, columns: Sequence[Sequence[object]]) -> None:
    cells = [[_cell(value) for value in column] for column in columns]
    file.writelines(",".join(row) + "\n" for row in zip(*cells, strict=True))


def _cell(value: object) -> str:
    if isinstance(value, str):
        return _short_text_cell(value) if len(value) < _SHORT else _text_cell(value)
    if value is None or value is pd.NA:
        return ""
    if value is True or value is False:
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _text_cell(text: str) -> str:
    safe = make_safe(text) if text else _EMPTY_TEXT
    return '"' + safe.replace('"', '""') + '"' if _NEEDS_QUOTES.search(safe) else safe


_short_text_cell = lru_cache(maxsize=4096)(_text_cell)  # units, labels, rules: the same few in every row


def _value(cell: str, dtype: str) -> object:
    """The inverse of `_cell`. Raises ValueError or KeyError for a cell of another type."""
    if not cell:
        return pd.NA
    if dtype == "string":
        return "" if cell == _EMPTY_TEXT else restore(cell)
    if dtype == "boolean":
        return {"true": True, "false": False}[cell.lower()]
    return int(cell) if dtype == "Int64" else float(cell)


def _version() -> str:
    from trialsift import __version__

    return __version__
