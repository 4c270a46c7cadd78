"""CSV, also with tabs, semicolons or bars: each row is a document, the header names the columns.

Files are read row by row, in constant memory. Quoting follows RFC 4180: a quoted field may hold delimiters, line ends
and doubled quotes.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock

from trialsift.model.document import Document
from trialsift.readers.failures import ReadFailure
from trialsift.readers.inputs import Input, ReadOptions, report_too_large
from trialsift.readers.tables.lines import TextLines
from trialsift.readers.tables.records import make_document, merge_failures, report_no_column

DELIMITERS = ",\t;|"
_FIELD_LIMIT = Lock()
#: After this many unclosed quotes the rest of a table is given up, since each costs a pass over it.
_RETURNS = 20


def read_csv(item: Input, options: ReadOptions) -> Iterator[Document | ReadFailure]:
    """Iterates over the documents of a table. Raises ReadFailure if it has no rows, or no columns for text and id."""
    yield from merge_failures(item, _read(item, options), "a row of this table")


def _read(item: Input, options: ReadOptions) -> Iterator[Document | ReadFailure]:
    with TextLines(item, options) as lines:
        rows = Rows(item, lines, options.max_document)
        header = rows.header([column for column, _ in options.columns])
        for column, option in options.columns:
            if column not in header:
                raise report_no_column(item, column, option, header)
            if header.count(column) > 1:
                message = f"has {header.count(column)} columns {column!r}"
                raise item.failure("wrong_schema", message, f"rename all but one, or state another with {option}")
        places = {column: header.index(column) for column, _ in options.columns}
        found = 0
        for where, row in rows:
            found += 1
            if isinstance(row, ReadFailure):
                yield row
            elif len(row) != len(header):
                message = f"has {len(row)} fields; expected {len(header)}, as in the header"
                advice = 'put fields that hold delimiters or line ends in "quotes"'
                yield item.failure("malformed", message, advice, where)
            else:
                fields = {column: row[place] for column, place in places.items()}
                yield make_document(item, where, fields, options, lines.notes)
        if not found:
            raise item.failure("empty", "holds no rows but the header", "fill it or leave it out")


class Rows:
    """The rows of a table after its header, with their places."""

    def __init__(self, item: Input, lines: TextLines, limit: int) -> None:
        self._item, self._lines, self._limit = item, lines, limit
        self._delimiter = ","

    def header(self, wanted: Sequence[str]) -> list[str]:
        """Returns the names of the columns. The delimiter is the one that yields most of `wanted`."""
        line = "\n"
        while not line.strip():
            found = self._lines.next()
            if isinstance(found, ReadFailure):
                raise found
            if found is None:
                raise self._item.failure("empty", "holds no rows", "fill it or leave it out")
            line = found
        headers = {}
        for delimiter in DELIMITERS:
            try:
                names = [name.strip() for name in next(csv.reader([line], delimiter=delimiter, strict=True))]
            except csv.Error:
                continue
            headers[delimiter] = names
        if not headers:
            message = "has a header that is no row of a table"
            raise self._item.failure("malformed", message, "export it again", self._lines.where)
        self._delimiter = max(headers, key=lambda d: (sum(name in headers[d] for name in wanted), len(headers[d])))
        return headers[self._delimiter]

    def __iter__(self) -> Iterator[tuple[str, list[str] | ReadFailure]]:
        record = _Record(self._item, self._lines, self._limit)
        reader = csv.reader(record, delimiter=self._delimiter, strict=True)
        while True:
            record.begin()
            try:
                with _allow_long_fields(self._limit):
                    row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield record.where, record.broken(str(error))
            except _TooLong:
                yield record.where, record.broken("")
            else:
                if record.failure or row:
                    yield record.where, record.failure or row


class _TooLong(Exception):
    """A row exceeds the limit."""


class _Record:
    """Feeds a csv.reader with lines, and tracks which of them belong to the current row. `failure` is what is wrong
    with the characters of one of them."""

    def __init__(self, item: Input, lines: TextLines, limit: int) -> None:
        self._item, self._lines, self._limit = item, lines, limit
        self._ended, self._returns = False, 0
        self.begin()

    def begin(self) -> None:
        """Makes the next line the first of a row."""
        self.first, self._size, self._quotes = self._lines.number + 1, 0, 0
        self.failure: ReadFailure | None = None

    @property
    def where(self) -> str:
        """The lines of the row."""
        last = self._lines.number
        return f"line {self.first}" if last <= self.first else f"lines {self.first} to {last}"

    def broken(self, error: str) -> ReadFailure:
        """Returns the failure of a row that is too long or, given an `error`, quotes wrongly. Skips to its end: quotes
        come in pairs, so the lines up to the one that closes the last pair are no rows."""
        while self._quotes % 2 and not self._ended:
            self._line()
        if self._ended and self._returns < _RETURNS:  # an unpaired quote: the lines after its own are rows
            self._ended, self._returns = False, self._returns + 1
            self._lines.back_to(self.first)
            return self._malformed("opens a quote that is never closed")
        if self.failure:
            return self.failure
        if not error:
            return report_too_large(self._item, self._limit, self.where)
        return self._malformed(f"breaks the rules of quoting: {error}")

    def _malformed(self, message: str) -> ReadFailure:
        advice = 'double the quotes inside of "a ""quoted"" field"'
        return self._item.failure("malformed", message, advice, self.where)

    def __iter__(self) -> _Record:
        return self

    def __next__(self) -> str:
        line = self._line()
        if line is None:
            raise StopIteration
        if self._size > self._limit:
            raise _TooLong
        return line

    def _line(self) -> str | None:
        line = self._lines.next()
        self._ended = line is None
        if isinstance(line, ReadFailure):
            if line.code == "too_large":
                self._size = self._limit + 1
            else:
                self.failure = self.failure or line
            line = self._lines.spoilt
        if line is not None:
            self._size += len(line)
            self._quotes += line.count('"')
        return line


@contextmanager
def _allow_long_fields(limit: int) -> Iterator[None]:
    """Raises the field limit of the module `csv`, which is global, for one row."""
    with _FIELD_LIMIT:
        before = csv.field_size_limit(limit)
        try:
            yield
        finally:
            csv.field_size_limit(before)
