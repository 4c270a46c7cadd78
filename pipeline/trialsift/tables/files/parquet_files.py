"""Writes tables as Parquet, with the description of each column in its metadata."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from trialsift.rules.columns import Column
from trialsift.tables.files.chunks import Chunks
from trialsift.tables.rows import Row


@contextmanager
def open_parquet_tables(
    folder: Path, schema: Mapping[str, tuple[Column, ...]]
) -> Iterator[Callable[[str, Iterable[Row]], None]]:
    """Yields a function that adds rows to a table's file in `folder`; the files are complete when the `with` ends."""
    import pyarrow.parquet as pq  # takes half a second, and most runs write CSV

    from trialsift.tables.files.arrow import make_arrow_schema, make_arrow_table

    schemas = {name: make_arrow_schema(columns) for name, columns in schema.items()}
    with ExitStack() as stack:
        files = {
            name: stack.enter_context(pq.ParquetWriter(folder / f"{name}.parquet", arrow))
            for name, arrow in schemas.items()
        }
        chunks = Chunks(lambda name, rows: files[name].write_table(make_arrow_table(rows, schemas[name])))
        yield chunks.add
        chunks.flush_all()
