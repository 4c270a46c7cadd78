"""Writes tables as JSON Lines: one object per row with all columns in order, null for missing values."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from trialsift.model.fact import Scalar
from trialsift.rules.columns import Column
from trialsift.tables.rows import Row

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def make_json_formatter(columns: Sequence[Column]) -> Callable[[Iterable[Row]], str]:
    """Returns a function that formats rows of a table with these columns as lines of its file.

    It raises ValueError for a number that JSON can't hold.
    """

    def format_line(row: Row) -> str:
        return _encode({column.name: _convert(row.get(column.name), column.dtype) for column in columns}) + "\n"

    return lambda rows: "".join(map(format_line, rows))


def _convert(value: Scalar, dtype: str) -> Scalar:
    """Writes every number of a Float64 column with a point, by which readers infer the column's type."""
    return float(value) if dtype == "Float64" and value is not None else value
