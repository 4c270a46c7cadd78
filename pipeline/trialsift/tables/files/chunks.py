"""Rows in portions of a fixed number, so that memory does not grow with a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from trialsift.tables.rows import Row

#: A portion is full at so many rows, or characters of text in them. By count and never by time: a Parquet file's
#: bytes depend on where its portions end.
ROWS, CHARACTERS = 10_000, 32_000_000


class Chunks:
    """Collects the rows of tables and hands each portion that is full to `write(table, rows)`."""

    def __init__(self, write: Callable[[str, list[Row]], None]) -> None:
        self._write = write
        self._pending: dict[str, list[Row]] = {}
        self._characters: Counter[str] = Counter()

    def add(self, table: str, rows: Iterable[Row]) -> None:
        """Takes rows of a table."""
        pending = self._pending.setdefault(table, [])
        for row in rows:
            pending.append(row)
            self._characters[table] += sum(len(value) for value in row.values() if isinstance(value, str))
            if len(pending) >= ROWS or self._characters[table] >= CHARACTERS:
                self.flush(table)

    def flush(self, table: str) -> None:
        """Hands on what has been taken of a table so far."""
        if rows := self._pending.get(table):
            self._write(table, rows)
            rows.clear()
            self._characters[table] = 0

    def flush_all(self) -> None:
        """Hands on what has been taken of every table so far."""
        for table in self._pending:
            self.flush(table)
