"""Buffers rows and passes them on in chunks of a fixed size, so that memory does not grow with a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from trialsift.tables.rows import Row

#: A chunk is full at this many rows, or characters in them. Never by time: the bytes of a Parquet file depend on where
#: its chunks end.
ROWS, CHARACTERS = 10_000, 32_000_000


class Chunks:
    """Collects the rows of tables and passes each full chunk to `write(table, rows)`."""

    def __init__(self, write: Callable[[str, list[Row]], None]) -> None:
        self._write = write
        self._pending: dict[str, list[Row]] = {}
        self._characters: Counter[str] = Counter()

    def add(self, table: str, rows: Iterable[Row]) -> None:
        """Adds rows of a table."""
        pending = self._pending.setdefault(table, [])
        for row in rows:
            pending.append(row)
            self._characters[table] += sum(len(value) for value in row.values() if isinstance(value, str))
            if len(pending) >= ROWS or self._characters[table] >= CHARACTERS:
                self.flush(table)

    def flush(self, table: str) -> None:
        """Writes the buffered rows of a table."""
        if rows := self._pending.get(table):
            self._write(table, rows)
            rows.clear()
            self._characters[table] = 0

    def flush_all(self) -> None:
        """Writes the buffered rows of all tables."""
        for table in self._pending:
            self.flush(table)
