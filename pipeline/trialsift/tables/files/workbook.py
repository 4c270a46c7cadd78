"""Writes tables as a workbook of Excel: a sheet each, typed cells, a header that stays, filters.

Text of documents is untrusted: every text is written as a text, so that nothing is a formula or a link.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any

from trialsift.model.errors import UserError
from trialsift.model.version import __version__
from trialsift.rules.columns import Column
from trialsift.tables.files.formats import NO_EXCEL

#: Rows of a sheet, its header included, characters of a cell (in UTF-16) and of a sheet's name: limits of Excel's
#: (Microsoft, "Excel specifications and limits").
MOST_ROWS, MOST_CHARACTERS, MOST_OF_NAME = 1_048_576, 32_767, 31
#: Excel keeps this name of a sheet for itself.
_RESERVED = "history"
#: Widths of columns in characters; the button of the filter covers the end of a header.
_NARROWEST, _WIDEST, _BUTTON = 8, 60, 3
#: No text of a document is taken for a formula, a link or a number.
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_ABOUT = (Column("about", "string", ""), Column("meaning", "string", ""))
#: The rows of a sheet: values in the order of its columns, None where one is missing.
_Rows = Iterable[Sequence[Any]]


class Workbook:
    """A workbook that is being written. `cut_cells` counts cells whose text was too long for Excel, by table and
    column."""

    def __init__(self, book: Any, path: Path, advice: str, colours: Mapping[str, str]) -> None:
        self._book, self._path, self._advice = book, path, advice
        self._bold = book.add_format({"bold": True, "bottom": 1})
        self._plain = book.add_format()
        self._colours = {words: book.add_format({"bg_color": colour}) for words, colour in colours.items()}
        self._sheets: dict[str, _Sheet] = {}
        self.cut_cells: Counter[str] = Counter()

    def add(self, table: str, columns: Sequence[Column], rows: _Rows = ()) -> None:
        """Adds rows to the sheet of a table, which is made if it isn't there.

        Raises UserError for more rows than a sheet has.
        """
        if table not in self._sheets:
            sheet = self._book.add_worksheet(self._choose_name(table))
            self._sheets[table] = _Sheet(sheet, columns, self._bold, self._write_text)
        sheet = self._sheets[table]
        for row in rows:
            if sheet.rows == MOST_ROWS:
                raise UserError(
                    f"{self._path.name}: {table} has more rows than the {MOST_ROWS - 1:,} below the header of an Excel "
                    f"sheet; {self._advice}"
                )
            for name in sheet.add(row):
                self.cut_cells[f"{table}.{name}"] += 1

    def add_about(self, notes: Mapping[str, str], schema: Mapping[str, Sequence[Column]]) -> None:
        """Adds a sheet that tells the version, these notes, what was cut, and what the columns mean."""
        short = {each.name: table for table, each in self._sheets.items() if each.name != table}
        rows = {
            "trialsift": __version__,
            **notes,
            **{name: f"the table {table}" for name, table in short.items()},
            **{name: f"{describe_cut(number)}, marked by … at the end" for name, number in self.cut_cells.items()},
            **{f"{table}.{one.name}": one.description for table, columns in schema.items() for one in columns},
        }
        self.add("about", _ABOUT, rows.items())

    def finish(self) -> None:
        """Sets filters and widths."""
        for sheet in self._sheets.values():
            sheet.finish()

    def _choose_name(self, table: str) -> str:
        taken = {sheet.name.lower() for sheet in self._sheets.values()} | {_RESERVED}
        names = (f"{table[: MOST_OF_NAME - len(end)]}{end}" for end in map("~{}".format, count(2)))
        if len(table) <= MOST_OF_NAME and table.lower() not in taken:
            return table
        return next(name for name in names if name.lower() not in taken)

    def _write_text(self, sheet: Any, row: int, column: int, text: str) -> None:
        colour = self._colours.get(text)
        if text.startswith("<r>") and text.endswith("</r>"):  # XlsxWriter takes it for formatted text of its own
            sheet.write_rich_string(row, column, text[:1], self._plain, text[1:])
        else:
            sheet.write_string(row, column, text, colour)


class _Sheet:
    def __init__(
        self, sheet: Any, columns: Sequence[Column], bold: Any, write_text: Callable[[Any, int, int, str], None]
    ) -> None:
        self._sheet, self._columns, self._write_text = sheet, columns, write_text
        self._text = [column.dtype == "string" for column in columns]
        self._widths = [max(_NARROWEST, len(column.name) + _BUTTON) for column in columns]
        self.name, self.rows = sheet.get_name(), 1
        for number, column in enumerate(columns):
            sheet.write_string(0, number, column.name, bold)
        sheet.freeze_panes(1, 0)

    def add(self, row: Sequence[Any]) -> list[str]:
        """Writes a row. Returns the columns whose text had to be cut."""
        cut = []
        for number, value in enumerate(row):
            if value is None:
                continue
            if self._text[number]:
                text = cut_text(value)
                self._write_text(self._sheet, self.rows, number, text)
                self._widths[number] = max(self._widths[number], min(len(text) + 1, _WIDEST))
                if text != value:
                    cut.append(self._columns[number].name)
            elif isinstance(value, bool):
                self._sheet.write_boolean(self.rows, number, value)
            else:
                self._sheet.write_number(self.rows, number, value)
        self.rows += 1
        return cut

    def finish(self) -> None:
        self._sheet.autofilter(0, 0, self.rows - 1, len(self._columns) - 1)
        for number, width in enumerate(self._widths):
            self._sheet.set_column(number, number, width)


@contextmanager
def open_workbook(
    path: Path, advice: str, created: date | None = None, colours: Mapping[str, str] | None = None
) -> Iterator[Workbook]:
    """Opens a new workbook, which is complete when the `with` ends; it needs as little memory for many rows as for few.

    `advice` says what to do where a sheet or the disk is full. `created` is written into its properties, by default the
    present time; cells with one of the texts in `colours` are coloured so (`#RRGGBB`).

    Raises UserError if XlsxWriter is not installed, for more rows than a sheet has, and for a file that can't be
    written.
    """
    try:
        import xlsxwriter
        from xlsxwriter.exceptions import FileCreateError
    except ImportError:
        raise UserError(f"{path}: {NO_EXCEL}") from None
    try:
        with xlsxwriter.Workbook(str(path), {**_OPTIONS, "tmpdir": str(path.parent)}) as book:
            if created is not None:
                book.set_properties({"created": datetime.combine(created, datetime.min.time())})
            workbook = Workbook(book, path, advice, colours or {})
            yield workbook
            workbook.finish()
    except FileCreateError as error:
        raise UserError(f"{path.name}: can't be written: {error}; make room, or {advice}") from None


def cut_text(text: str) -> str:
    """Returns a text as a cell can hold it: cut at Excel's limit, which is marked by `…`."""
    if len(text) <= MOST_CHARACTERS // 2:
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * MOST_CHARACTERS:
        return text
    return units[: 2 * (MOST_CHARACTERS - 1)].decode("utf-16-le", "ignore") + "…"


def describe_cut(number: int) -> str:
    """Says how many cells were cut."""
    cells = "1 cell was" if number == 1 else f"{number:,} cells were"
    return f"{cells} cut at the {MOST_CHARACTERS:,} characters that Excel allows"
