"""Converts rows to Arrow, for Parquet and DuckDB, and Arrow to frames with the dtypes of their columns."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from trialsift.model.version import __version__
from trialsift.rules.columns import Column
from trialsift.tables.files.spreadsheet import MARK
from trialsift.tables.rows import Row, make_frame

_TYPES = {"string": pa.large_string(), "boolean": pa.bool_(), "Int64": pa.int64(), "Float64": pa.float64()}
_DTYPES: dict[Any, Any] = {
    pa.large_string(): pd.StringDtype(),
    pa.bool_(): pd.BooleanDtype(),
    pa.int64(): pd.Int64Dtype(),
    pa.float64(): pd.Float64Dtype(),
}


@cache
def make_arrow_schema(columns: tuple[Column, ...]) -> Any:
    """Makes the Arrow schema of a table.

    Its metadata holds each column's description and unit, trialsift's version, and the dtypes for pandas.
    """
    fields = [pa.field(column.name, _TYPES[column.dtype], metadata=_make_metadata(column)) for column in columns]
    for_pandas = pa.Schema.from_pandas(make_frame([], columns), preserve_index=False).metadata
    return pa.schema(fields, metadata={**for_pandas, b"trialsift_version": __version__.encode()})


def _make_metadata(column: Column) -> dict[str, str]:
    return {"description": column.description, **({} if column.unit is None else {"unit": column.unit})}


def make_arrow_table(rows: Sequence[Row], schema: Any) -> Any:
    """Makes an Arrow table of rows; missing values are null. Raises ValueError or TypeError if a value does not fit."""
    return pa.Table.from_arrays([pa.array([row.get(f.name) for row in rows], f.type) for f in schema], schema=schema)


def convert_frame(frame: pd.DataFrame, columns: tuple[Column, ...]) -> Any:
    """Converts a typed frame with these columns to Arrow."""
    return pa.Table.from_pandas(frame, make_arrow_schema(columns), preserve_index=False)


def make_typed_frame(table: Any, columns: Sequence[Column]) -> pd.DataFrame:
    """Converts an Arrow table to a frame with exactly these columns and their nullable dtypes; a null is `pd.NA`.

    Raises ValueError if a column can't be converted to its type.
    """
    arrays = [table.column(column.name).cast(_TYPES[column.dtype]) for column in columns]
    named = pa.Table.from_arrays(arrays, names=[column.name for column in columns])
    typed: pd.DataFrame = named.to_pandas(types_mapper=_DTYPES.get)
    return typed


def parse_cells(cells: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """Converts the text cells of a CSV to a typed frame: the inverse of csv_files.py.

    Raises ValueError, naming the column, if a cell is of another type.
    """
    arrays = []
    for column in columns:
        texts = pa.chunked_array([pa.Array.from_pandas(cells[column.name], type=pa.large_string())])
        texts = pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.large_string()), texts)
        if column.dtype == "string":
            arrays.append(pc.if_else(pc.starts_with(texts, MARK), pc.utf8_slice_codeunits(texts, len(MARK)), texts))
            continue
        try:
            arrays.append(texts.cast(_TYPES[column.dtype]))
        except pa.ArrowInvalid as error:
            raise ValueError(f"column {column.name}: {error}") from error
    return make_typed_frame(pa.Table.from_arrays(arrays, names=[column.name for column in columns]), columns)
