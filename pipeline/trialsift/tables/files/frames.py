"""Writes typed frames, one after another, as one table of CSV, JSON Lines or Parquet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from trialsift.rules.columns import Column
from trialsift.tables.files.chunks import ROWS
from trialsift.tables.files.csv_files import format_csv_header, format_csv_rows, iterate_rows
from trialsift.tables.files.json_lines import make_json_formatter

if TYPE_CHECKING:
    import pandas as pd

#: The formats of one table, by the ending of its file.
ENDINGS = (".csv", ".jsonl", ".parquet")
Add = Callable[["pd.DataFrame"], None]


@contextmanager
def open_frame_file(path: Path, columns: tuple[Column, ...]) -> Iterator[Add]:
    """Yields a function that adds a frame with these columns to a new file, which is complete when the `with` ends.

    Raises KeyError for an ending that isn't one of `ENDINGS`.
    """
    if path.suffix.lower() == ".parquet":
        import pyarrow.parquet as pq  # takes half a second

        from trialsift.tables.files.arrow import convert_frame, make_arrow_schema

        with pq.ParquetWriter(path, make_arrow_schema(columns)) as writer:
            yield lambda frame: writer.write_table(convert_frame(frame, columns), row_group_size=ROWS)
        return
    format_lines = {".csv": format_csv_rows, ".jsonl": _make_json_lines(columns)}[path.suffix.lower()]
    with path.open("w", encoding="utf-8", newline="") as file:
        if path.suffix.lower() == ".csv":
            file.write(format_csv_header(columns))
        yield lambda frame: file.writelines(format_lines(frame))


def _make_json_lines(columns: tuple[Column, ...]) -> Callable[[pd.DataFrame], Iterator[str]]:
    names, make_lines = [column.name for column in columns], make_json_formatter(columns)
    return lambda frame: (make_lines([dict(zip(names, row, strict=True))]) for row in iterate_rows(frame))
