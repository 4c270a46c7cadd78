"""Writes tables as a workbook of Excel: a sheet each, typed cells, a header that stays, filters.

Text of documents is untrusted: every text is written as a text, so that nothing is a formula or a link.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trialsift.model.errors import UserError
from trialsift.model.extras import format_install_command
from trialsift.rules.columns import Column
from trialsift.tables.files.csv_files import iterate_rows

if TYPE_CHECKING:
    import pandas as pd

#: Rows of a sheet, its header included, and characters of a cell: limits of Excel's (Microsoft, "Excel specifications
#: and limits").
MOST_ROWS, MOST_CHARACTERS = 1_048_576, 32_767
NO_EXCEL = f"XlsxWriter is not installed: {format_install_command('excel')}"
_WIDTHS = {"string": 24, "boolean": 8, "Int64": 9, "Float64": 10}
_LONG = ("members", "context", "not_met", "unknown", "reason", "known", "meaning")
_WIDE = 60
#: The colours of states and verdicts, which the cells say in words.
_COLOURS = {
    **dict.fromkeys(("met", "eligible so far"), "#DDF4E1"),
    **dict.fromkeys(("not met", "not eligible"), "#FFDCDC"),
    "unknown": "#FFF2C9",
}
#: No text of a document is taken for a formula, a link or a number.
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@contextmanager
def open_workbook(path: Path) -> Iterator[Callable[[str, Sequence[Column], pd.DataFrame], None]]:
    """Yields a function that adds a frame with these columns to a sheet of a new workbook.

    The workbook is complete when the `with` ends. Raises UserError if XlsxWriter is not installed, and for more rows
    than a sheet has.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise UserError(f"{path}: {NO_EXCEL}") from None
    sheets: dict[str, _Sheet] = {}
    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:

        def add(name: str, columns: Sequence[Column], frame: pd.DataFrame) -> None:
            if name not in sheets:
                sheets[name] = _Sheet(book, path, name, columns)
            sheets[name].add(frame)

        yield add
        for sheet in sheets.values():
            sheet.finish()


class _Sheet:
    def __init__(self, book: Any, path: Path, name: str, columns: Sequence[Column]) -> None:
        self._sheet, self._path, self._columns, self._row = book.add_worksheet(name), path, columns, 1
        self._formats = {words: book.add_format({"bg_color": colour}) for words, colour in _COLOURS.items()}
        bold = book.add_format({"bold": True, "bottom": 1})
        for number, column in enumerate(columns):
            width = _WIDE if column.name in _LONG else max(_WIDTHS[column.dtype], len(column.name) + 4)
            self._sheet.set_column(number, number, width)
            self._sheet.write_string(0, number, column.name, bold)
        self._sheet.freeze_panes(1, 0)

    def add(self, frame: pd.DataFrame) -> None:
        check_rows(self._path, self._row - 1 + len(frame))
        text = [column.dtype == "string" for column in self._columns]
        for row in iterate_rows(frame):
            for number, value in enumerate(row):
                if value is None:
                    continue
                if text[number]:
                    cut = value if len(value) <= MOST_CHARACTERS else value[: MOST_CHARACTERS - 1] + "…"
                    self._sheet.write_string(self._row, number, cut, self._formats.get(cut))
                elif isinstance(value, bool):
                    self._sheet.write_boolean(self._row, number, value)
                else:
                    self._sheet.write_number(self._row, number, value)
            self._row += 1

    def finish(self) -> None:
        self._sheet.autofilter(0, 0, self._row - 1, len(self._columns) - 1)


def check_rows(path: Path, count: int) -> None:
    """Raises UserError for more rows than a sheet has."""
    if count >= MOST_ROWS:
        raise UserError(
            f"{path}: {count:,} rows are more than the {MOST_ROWS - 1:,} below the header of an Excel sheet; name a "
            "file that ends in .parquet or .duckdb, or match fewer patients"
        )
