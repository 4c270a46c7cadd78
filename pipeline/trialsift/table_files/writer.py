"""Documents, one after another, into all the formats that a run is asked for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractContextManager, ExitStack
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from trialsift.labels import Column
from trialsift.table_files.csv_files import csv_tables
from trialsift.table_files.duckdb_file import duckdb_tables
from trialsift.table_files.formats import DUCKDB, FILE_A_TABLE, TABLES, check_formats
from trialsift.table_files.json_lines import json_lines_tables
from trialsift.table_files.omop import omop_notes
from trialsift.table_files.parquet_files import parquet_tables
from trialsift.tables import Row

Schema = Mapping[str, tuple[Column, ...]]
_Add = Callable[[str, Iterable[Row]], None]
_FILE_A_TABLE: Mapping[str, Callable[[Path, Schema], AbstractContextManager[_Add]]] = {
    "csv": csv_tables,
    "parquet": parquet_tables,
    "jsonl": json_lines_tables,
}


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
        self._folder, self._schema = folder, schema
        self._of = [_FILE_A_TABLE[name] for name in formats]
        self._adders: list[_Add] = []

    def _open(self, stack: ExitStack) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._adders = [stack.enter_context(tables(self._folder, self._schema)) for tables in self._of]

    def add(self, rows: Mapping[str, Iterable[Row]]) -> None:
        """Takes the rows of a document, by table."""
        for add in self._adders:
            for name, of_table in rows.items():
                add(name, of_table)


class RunWriter(_Writer):
    """Writes all that a run has in these formats into its `folder` (see `run_files`), one document after another.

    `schema` are the tables by name, in `labels.table_columns()`; `run_date` is the date that OMOP asks for. Use it in a
    `with`; the files are complete when that ends without an error. Raises UserError where `check_formats` does.
    """

    def __init__(self, folder: Path, schema: Schema, formats: Collection[str], run_date: date) -> None:
        super().__init__()
        check_formats(formats)
        self._folder, self._schema, self._formats, self._date = folder, schema, formats, run_date
        self._tables = TableWriter(folder / TABLES, schema, [name for name in FILE_A_TABLE if name in formats])
        self._documents: list[TakesDocuments] = []

    def _open(self, stack: ExitStack) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if set(FILE_A_TABLE) & set(self._formats):
            stack.enter_context(self._tables)
        if "duckdb" in self._formats:
            self._documents.append(stack.enter_context(duckdb_tables(self._folder / DUCKDB, self._schema)))
        if "omop" in self._formats:
            self._documents.append(stack.enter_context(omop_notes(self._folder, self._schema, self._date)))

    def document(self, doc_id: str, source: str, text: str, rows: Mapping[str, Iterable[Row]]) -> None:
        """Takes a document, what it was read from, and its rows by table, as `tables.document_rows` gives them."""
        self._tables.add(rows)
        for takes in self._documents:
            takes.add(doc_id, source, text, rows)
