"""Tables as JSON Lines: an object a row with all its columns in order, null where there is no value."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from trialsift.model.fact import Scalar
from trialsift.rules.columns import Column
from trialsift.tables.rows import Row

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def make_json_formatter(columns: Sequence[Column]) -> Callable[[Iterable[Row]], str]:
    """A function that gives rows of a table with these columns as lines of its file. It raises ValueError for a number
    that JSON does not have."""

    def line(row: Row) -> str:
        return _encode({column.name: _convert(row.get(column.name), column.dtype) for column in columns}) + "\n"

    return lambda rows: "".join(map(line, rows))


def _convert(value: Scalar, dtype: str) -> Scalar:
    """A number of a Float64 column has a point wherever it stands: readers tell the type of a column by its numbers."""
    return float(value) if dtype == "Float64" and value is not None else value
