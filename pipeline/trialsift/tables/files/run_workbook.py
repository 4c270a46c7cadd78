"""Writes the tables of a run as one workbook of Excel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from trialsift.model.atomic_write import replace_file
from trialsift.rules.columns import Column
from trialsift.tables.files.workbook import Workbook, open_workbook
from trialsift.tables.rows import Row

_ADVICE = "leave this format out, then --resume"
_NOTES = {"tables": "a sheet each; what its columns mean stands below, and in docs/columns.md"}


class WorkbookTables:
    """Adds the rows of documents to a workbook. `cut_cells` counts cells that were cut, by table and column."""

    def __init__(self, workbook: Workbook, schema: Mapping[str, tuple[Column, ...]]) -> None:
        self._workbook, self._schema = workbook, schema
        for name, columns in schema.items():
            workbook.add(name, columns)

    @property
    def cut_cells(self) -> Mapping[str, int]:
        """The number of cells that were cut at Excel's limit, by table and column."""
        return self._workbook.cut_cells

    def add(self, doc_id: str, source: str, text: str, rows: Mapping[str, Iterable[Row]]) -> None:
        """Adds the rows of a document by table."""
        for name, added in rows.items():
            columns = self._schema[name]
            self._workbook.add(name, columns, ([row.get(column.name) for column in columns] for row in added))


@contextmanager
def open_run_workbook(path: Path, schema: Mapping[str, tuple[Column, ...]], run_date: date) -> Iterator[WorkbookTables]:
    """Opens the tables of a new workbook, which takes its place at `path` when the `with` ends without an error.

    Raises UserError as `open_workbook` does.
    """
    with replace_file(path) as made, open_workbook(made, _ADVICE, run_date) as workbook:
        yield WorkbookTables(workbook, schema)
        workbook.add_about(_NOTES, schema)
