"""Documents, one after another, into all the formats that a run is asked for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple, Protocol, Self

from trialsift.rules.columns import Column
from trialsift.tables.files.csv_files import format_csv_header, make_csv_formatter
from trialsift.tables.files.duckdb_file import open_duckdb_tables
from trialsift.tables.files.formats import DUCKDB, FILE_A_TABLE, TABLES, check_formats
from trialsift.tables.files.json_lines import make_json_formatter
from trialsift.tables.files.omop import open_omop_notes
from trialsift.tables.files.parquet_files import open_parquet_tables
from trialsift.tables.rows import Row

Schema = Mapping[str, tuple[Column, ...]]
_Rows = Mapping[str, Sequence[Row]]
_LINES: Mapping[str, Callable[[tuple[Column, ...]], Callable[[Iterable[Row]], str]]] = {
    "csv": make_csv_formatter,
    "jsonl": make_json_formatter,
}
_BUFFER = 1 << 16


class Encoded(NamedTuple):
    """The rows of a document, ready to be written: what goes to the end of which file, and the rows themselves where a
    format takes those."""

    lines: Mapping[str, bytes]
    rows: _Rows | None


class Encoder:
    """Makes rows ready for the files of a run in `formats`; that can be done in another process than writing them."""

    def __init__(self, schema: Schema, formats: Collection[str]) -> None:
        self._lines = {
            name: [(f"{name}.{ending}", make(columns)) for ending, make in _LINES.items() if ending in formats]
            for name, columns in schema.items()
        }
        self._rows = not set(formats) <= set(_LINES)

    def __call__(self, rows: _Rows) -> Encoded:
        """The rows of a document, by table. Raises ValueError for what a format can't hold."""
        lines = {file: lines(rows[name]).encode() for name in rows if rows[name] for file, lines in self._lines[name]}
        return Encoded(lines, rows if self._rows else None)


class TakesDocuments(Protocol):
    """A format that holds documents too."""

    def add(self, doc_id: str, source: str, text: str, rows: Mapping[str, Iterable[Row]]) -> None:
        """Takes a document and its rows by table."""


class _Writer(ABC):
    """What the two writers share: they are used in a `with`, and the files are complete when that ends."""

    def __init__(self) -> None:
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:  # closes what is open where a later one fails
            self._open(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    @abstractmethod
    def _open(self, stack: ExitStack) -> None:
        """Opens the files, to be closed with `stack`."""


class TableWriter(_Writer):
    """Writes tables into `folder`, a file each, while a run goes on: memory does not grow with its documents.

    Use it in a `with`; the files are complete when that ends without an error. Every table gets one, an empty one too.
    `formats` are of csv, parquet and jsonl. Raises KeyError for another.
    """

    def __init__(self, folder: Path, schema: Schema, formats: Iterable[str]) -> None:
        super().__init__()
        self._folder, self._schema, self._formats = folder, schema, list(formats)
        for name in self._formats:
            if name not in FILE_A_TABLE:
                raise KeyError(name)
        self._encode = Encoder(schema, self._formats)
        self._files: dict[str, BinaryIO] = {}
        self._parquet: Callable[[str, Iterable[Row]], None] | None = None

    def _open(self, stack: ExitStack) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for ending in self._formats:
            if ending == "parquet":
                self._parquet = stack.enter_context(open_parquet_tables(self._folder, self._schema))
                continue
            for table, columns in self._schema.items():
                name = f"{table}.{ending}"
                file = stack.enter_context((self._folder / name).open("wb", buffering=_BUFFER))
                self._files[name] = file
                if ending == "csv":
                    file.write(format_csv_header(columns).encode())

    def add(self, rows: _Rows) -> None:
        """Takes the rows of a document, by table."""
        self.add_encoded(self._encode(rows))

    def add_encoded(self, encoded: Encoded) -> None:
        """Takes what an `Encoder` of the same tables and formats has made of the rows of a document."""
        for name, lines in encoded.lines.items():
            self._files[name].write(lines)
        if self._parquet and encoded.rows is not None:
            for table, rows in encoded.rows.items():
                self._parquet(table, rows)


class RunWriter(_Writer):
    """Writes all that a run has in these formats into its `folder` (see `run_files`), one document after another.

    `schema` are the tables by name, in `labels.table_columns()`; `run_date` is the date that OMOP asks for. Use it in a
    `with`; the files are complete when that ends without an error. Raises UserError where `check_formats` does.
    """

    def __init__(self, folder: Path, schema: Schema, formats: Collection[str], run_date: date) -> None:
        super().__init__()
        check_formats(formats)
        self._folder, self._schema, self._formats, self._date = folder, schema, formats, run_date
        self._encode = Encoder(schema, formats)
        self._tables = TableWriter(folder / TABLES, schema, [name for name in FILE_A_TABLE if name in formats])
        self._documents: list[TakesDocuments] = []

    def _open(self, stack: ExitStack) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if set(FILE_A_TABLE) & set(self._formats):
            stack.enter_context(self._tables)
        if "duckdb" in self._formats:
            self._documents.append(stack.enter_context(open_duckdb_tables(self._folder / DUCKDB, self._schema)))
        if "omop" in self._formats:
            self._documents.append(stack.enter_context(open_omop_notes(self._folder, self._schema, self._date)))

    def write(self, doc_id: str, source: str, text: str, rows: _Rows) -> None:
        """Takes a document, what it was read from, and its rows by table, as `make_document_rows` makes them."""
        self.write_encoded(doc_id, source, text, self._encode(rows))

    def write_encoded(self, doc_id: str, source: str, text: str, encoded: Encoded) -> None:
        """Takes a document whose rows an `Encoder` of the same tables and formats has made ready."""
        self._tables.add_encoded(encoded)
        if encoded.rows is not None:
            for takes in self._documents:
                takes.add(doc_id, source, text, encoded.rows)
