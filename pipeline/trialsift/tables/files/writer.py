"""Writes documents one by one into all requested formats."""

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
from trialsift.tables.files.fhir import open_evidence_variables
from trialsift.tables.files.formats import DUCKDB, FILE_A_TABLE, TABLES, XLSX, check_formats
from trialsift.tables.files.json_lines import make_json_formatter
from trialsift.tables.files.omop import open_omop_notes
from trialsift.tables.files.parquet_files import open_parquet_tables
from trialsift.tables.files.run_workbook import WorkbookTables, open_run_workbook
from trialsift.tables.rows import Row

Schema = Mapping[str, tuple[Column, ...]]
_Rows = Mapping[str, Sequence[Row]]
_LINES: Mapping[str, Callable[[tuple[Column, ...]], Callable[[Iterable[Row]], str]]] = {
    "csv": make_csv_formatter,
    "jsonl": make_json_formatter,
}
_BUFFER = 1 << 16


class Encoded(NamedTuple):
    """The rows of a document, ready to be written: the lines for each file, and the rows where a format needs them."""

    lines: Mapping[str, bytes]
    rows: _Rows | None


class Encoder:
    """Encodes rows for the files of a run in `formats`, if need be in another process than the writer's."""

    def __init__(self, schema: Schema, formats: Collection[str]) -> None:
        self._lines = {
            name: [(f"{name}.{ending}", make(columns)) for ending, make in _LINES.items() if ending in formats]
            for name, columns in schema.items()
        }
        self._rows = not set(formats) <= set(_LINES)

    def __call__(self, rows: _Rows) -> Encoded:
        """Encodes the rows of a document by table. Raises ValueError for a value that a format can't hold."""
        lines = {file: lines(rows[name]).encode() for name in rows if rows[name] for file, lines in self._lines[name]}
        return Encoded(lines, rows if self._rows else None)


class DocumentWriter(Protocol):
    """A format that holds all tables in one, some of them the documents too."""

    def add(self, doc_id: str, source: str, text: str, rows: Mapping[str, Iterable[Row]]) -> None:
        """Adds a document and its rows by table."""


class _Writer(ABC):
    """Opens files on entering a `with`; they are complete when it ends."""

    def __init__(self) -> None:
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:  # closes those opened already if a later one fails
            self._open(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    @abstractmethod
    def _open(self, stack: ExitStack) -> None:
        """Opens the files and registers them with `stack`."""


class TableWriter(_Writer):
    """Writes tables into `folder`, one file each, in bounded memory.

    Use it in a `with`; the files are complete when it ends without an error. Empty tables get a file too. `formats` may
    be csv, parquet and jsonl; raises KeyError for others.
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
        """Adds the rows of a document by table."""
        self.add_encoded(self._encode(rows))

    def add_encoded(self, encoded: Encoded) -> None:
        """Adds the rows of a document from an `Encoder` of the same tables and formats."""
        for name, lines in encoded.lines.items():
            self._files[name].write(lines)
        if self._parquet and encoded.rows is not None:
            for table, rows in encoded.rows.items():
                self._parquet(table, rows)


class RunWriter(_Writer):
    """Writes the files of a run in these formats into its `folder` (see `list_run_files`), document by document.

    `schema` has the columns of each table (`table_columns`); `run_date` is the date for OMOP and the
    workbook. Use it in a `with`; the
    files are complete when it ends without an error. Raises UserError as `check_formats` does.
    """

    def __init__(self, folder: Path, schema: Schema, formats: Collection[str], run_date: date) -> None:
        super().__init__()
        check_formats(formats)
        self._folder, self._schema, self._formats, self._date = folder, schema, formats, run_date
        self._encode = Encoder(schema, formats)
        self._tables = TableWriter(folder / TABLES, schema, [name for name in FILE_A_TABLE if name in formats])
        self._documents: list[DocumentWriter] = []
        self._workbook: WorkbookTables | None = None

    def _open(self, stack: ExitStack) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if set(FILE_A_TABLE) & set(self._formats):
            stack.enter_context(self._tables)
        if "duckdb" in self._formats:
            self._documents.append(stack.enter_context(open_duckdb_tables(self._folder / DUCKDB, self._schema)))
        if "xlsx" in self._formats:
            self._workbook = stack.enter_context(open_run_workbook(self._folder / XLSX, self._schema, self._date))
            self._documents.append(self._workbook)
        if "omop" in self._formats:
            self._documents.append(stack.enter_context(open_omop_notes(self._folder, self._schema, self._date)))
        if "fhir" in self._formats:
            self._documents.append(stack.enter_context(open_evidence_variables(self._folder)))

    @property
    def cut_cells(self) -> Mapping[str, int]:
        """The number of cells of the workbook that were cut at Excel's limit, by table and column."""
        return {} if self._workbook is None else dict(self._workbook.cut_cells)

    def write(self, doc_id: str, source: str, text: str, rows: _Rows) -> None:
        """Writes a document, its source, and its rows by table as `make_document_rows` makes them."""
        self.write_encoded(doc_id, source, text, self._encode(rows))

    def write_encoded(self, doc_id: str, source: str, text: str, encoded: Encoded) -> None:
        """Writes a document whose rows were encoded by an `Encoder` of the same tables and formats."""
        self._tables.add_encoded(encoded)
        if encoded.rows is not None:
            for writer in self._documents:
                writer.add(doc_id, source, text, encoded.rows)
