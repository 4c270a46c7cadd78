"""Parquet: each row is a document. Reads only the columns of text and id, in batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from trialsift.model.document import Document
from trialsift.readers.failures import ReadFailure
from trialsift.readers.inputs import Input, ReadOptions
from trialsift.readers.streams import open_seekable
from trialsift.readers.tables.records import make_document, report_no_column

_ROWS = 64


def read_parquet(
    item: Input, options: ReadOptions, groups: Sequence[int] | None = None, before: int = 0
) -> Iterator[Document | ReadFailure]:
    """Iterates over the documents of a Parquet file, or of some of its row groups, preceded by `before` rows.

    Raises ReadFailure if the file is damaged, has no rows, or lacks the columns of text and id.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    with open_seekable(item, options) as stream:
        try:
            file = pq.ParquetFile(stream)
            columns = [column for column, _ in options.columns]
            for column, option in options.columns:
                if column not in file.schema_arrow.names:
                    raise report_no_column(item, column, option, file.schema_arrow.names)
            if not file.metadata.num_rows:
                raise item.failure("empty", "holds no rows", "fill it or leave it out")
            texts = [c for c in options.text_columns if pa.types.is_string(file.schema_arrow.field(c).type)]
            if texts:
                # Repeated texts stay one text in memory: a small file may hold a large one a million times.
                file = pq.ParquetFile(stream, metadata=file.metadata, read_dictionary=texts)
            number = before
            for batch in _iter_batches(file, groups, columns):
                for row in zip(*(batch.column(batch.schema.names.index(column)) for column in columns), strict=True):
                    number += 1
                    yield _document(item, number, dict(zip(columns, row, strict=True)), options)
        except (pa.ArrowException, OSError, ValueError, MemoryError, OverflowError) as error:
            reason = (str(error) or "there is not enough memory for it").splitlines()[0][:200]
            message = f"can't be read as Parquet ({reason})"
            raise item.failure("damaged", message, "write the file again") from error


def _iter_batches(file: Any, groups: Sequence[int] | None, columns: list[str]) -> Iterator[Any]:
    """Iterates over batches, one row group after another, so that everything before a damaged one is read, wherever
    reading begins."""
    for group in range(file.metadata.num_row_groups) if groups is None else groups:
        yield from file.iter_batches(_ROWS, [group], columns=columns)


def _document(item: Input, number: int, row: dict[str, Any], options: ReadOptions) -> Document | ReadFailure:
    where = f"row {number}"
    with suppress(UnicodeDecodeError):
        return make_document(item, where, {column: value.as_py() for column, value in row.items()}, options, {})
    return item.failure("encoding", "holds bytes that are no UTF-8", "write the table again", where)
