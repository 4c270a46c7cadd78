"""Tables as JSON Lines: an object a row with all its columns in order, null where there is no value."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from trialsift.facts import Scalar
from trialsift.labels import Column
from trialsift.tables import Row


@contextmanager
def json_lines_tables(
    folder: Path, schema: Mapping[str, tuple[Column, ...]]
) -> Iterator[Callable[[str, Iterable[Row]], None]]:
    """A function that writes rows of a table into its file in `folder`; the files are complete when the `with` ends.

    It raises ValueError for a number that JSON does not have.
    """
    with ExitStack() as stack:
        files = {
            name: stack.enter_context((folder / f"{name}.jsonl").open("w", encoding="utf-8", newline="\n"))
            for name in schema
        }

        def add(table: str, rows: Iterable[Row]) -> None:
            files[table].writelines(_line(row, schema[table]) for row in rows)

        yield add


def _line(row: Row, columns: Iterable[Column]) -> str:
    record = {column.name: _value(row.get(column.name), column.dtype) for column in columns}
    return json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n"


def _value(value: Scalar, dtype: str) -> Scalar:
    """A number of a Float64 column has a point wherever it stands: readers tell the type of a column by its numbers."""
    return float(value) if dtype == "Float64" and value is not None else value
