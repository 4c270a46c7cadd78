"""A run as one DuckDB file: its tables with types, keys and comments, its documents, and views of them.

Keys: `trials` and `documents` by `doc_id`, `regimens` by `doc_id` and number; the `doc_id` of every other table refers
to `trials`, that of `trials` to `documents`. Facts have no key: two may stand on the same characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from trialsift.model.atomic_write import replace_file
from trialsift.model.errors import UserError
from trialsift.model.version import __version__
from trialsift.rules.columns import DOC_ID, Column
from trialsift.tables.files.chunks import Chunks
from trialsift.tables.files.duckdb_views import WITHIN, list_views, quote_literal
from trialsift.tables.files.formats import NO_DUCKDB
from trialsift.tables.rows import Row

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DOCUMENTS: tuple[Column, ...] = (
    DOC_ID,
    Column("source", "string", "what it was read from"),
    Column("text", "string", "all its characters; the offsets of facts and regimens count them from 0"),
)

_TYPES = {"string": "VARCHAR", "boolean": "BOOLEAN", "Int64": "BIGINT", "Float64": "DOUBLE"}
_KEYS: Mapping[str, tuple[str, ...]] = {
    "documents": ("doc_id",),
    "trials": ("doc_id",),
    "regimens": ("doc_id", "regimen"),
}
_COMMENTS = {
    "documents": "The documents that were read, a row each",
    "trials": "What a document says as a whole, a row a document",
    "regimens": "Radiotherapy prescriptions: which doses and fraction counts state one, a row a regimen",
    "agreement": "What the text says against what the registry states in fields of its own",
}
_FACTS = 'Facts, a row each; substring(documents.text, "start" + 1, "end" - "start") is `text`'
#: Nothing is fetched, nothing but the file is opened. 1 GB is for texts of many megabytes: a run of usual ones takes
#: half of that. A run has the rest of the memory, and the other cores.
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "enable_external_access": False,
    "memory_limit": "1GB",
    "threads": 1,
}


class DuckDBTables:
    """Takes documents and rows for the tables of an open connection, in portions."""

    def __init__(self, connection: DuckDBPyConnection, schema: Mapping[str, tuple[Column, ...]]) -> None:
        from trialsift.tables.files.arrow import make_arrow_schema

        first = {"documents": DOCUMENTS, **({"trials": schema["trials"]} if "trials" in schema else {})}
        self._schema = {**first, **schema}  # a row can refer only to one that is there: these go first
        self._parents = tuple(first)
        self._arrow = {name: make_arrow_schema(columns) for name, columns in self._schema.items()}
        self._connection = connection
        self._chunks = Chunks(self._insert)
        for name, columns in self._schema.items():
            for statement in _make_table_sql(name, columns, self._schema):
                connection.execute(statement)

    def add(self, doc_id: str, source: str, text: str, rows: Mapping[str, Iterable[Row]]) -> None:
        """Takes a document and its rows by table."""
        self._chunks.add("documents", [{"doc_id": doc_id, "source": source, "text": text}])
        for name in self._schema:
            self._chunks.add(name, rows.get(name, ()))

    def finish(self) -> None:
        """Writes what has not been written, and makes the views."""
        self._chunks.flush_all()
        self._connection.execute(WITHIN)
        for view in list_views(self._schema):
            for statement in view.make_statements():
                self._connection.execute(statement)

    def _insert(self, name: str, rows: list[Row]) -> None:
        from trialsift.tables.files.arrow import make_arrow_table

        for parent in self._parents[: self._parents.index(name)] if name in self._parents else self._parents:
            self._chunks.flush(parent)
        self._connection.register("portion", make_arrow_table(rows, self._arrow[name]))
        self._connection.execute(f"INSERT INTO {quote_name(name)} SELECT * FROM portion")
        self._connection.unregister("portion")


@contextmanager
def open_duckdb_tables(path: Path, schema: Mapping[str, tuple[Column, ...]]) -> Iterator[DuckDBTables]:
    """What takes the rows of a run for the file `path`, which is there, whole, when the `with` ends without an error.

    Raises UserError where DuckDB is not installed, and where it can't write: a full disk, too little memory.
    """
    try:
        with replace_file(path) as made, closing(connect(made)) as connection:
            tables = DuckDBTables(connection, schema)
            yield tables
            tables.finish()
    except Exception as error:
        import duckdb  # it is there: `connect` has needed it

        no_room = (duckdb.IOException, duckdb.TransactionException, duckdb.OutOfMemoryException, duckdb.FatalException)
        if not isinstance(error, no_room):
            raise
        reason = str(error).partition("\n")[0]
        raise UserError(
            f"{path.name}: DuckDB can't write it: {reason}; make room, or leave this format out, then --resume"
        ) from error


def connect(path: Path, read_only: bool = False) -> DuckDBPyConnection:
    """A connection to a file that reaches nothing else.

    Raises UserError where DuckDB is not installed, and where the file is none of DuckDB or in use by another program.
    """
    try:
        import duckdb
    except ImportError as error:
        raise UserError(f"{path}: {NO_DUCKDB}") from error
    try:
        return duckdb.connect(str(path), read_only=read_only, config=_CONFIG)
    except duckdb.Error as error:
        raise UserError(f"{path}: cannot be opened as a DuckDB file: {error}") from error


def quote_name(name: str) -> str:
    """A name of a table or column, as SQL takes any: `end` is a word of its own there."""
    return '"' + name.replace('"', '""') + '"'


def _make_table_sql(name: str, columns: tuple[Column, ...], schema: Mapping[str, object]) -> Iterator[str]:
    """The SQL that makes a table and says what stands in it."""
    parts = [f"{quote_name(c.name)} {_TYPES[c.dtype]}{' NOT NULL' if c.name == 'doc_id' else ''}" for c in columns]
    if name in _KEYS:
        parts.append(f"PRIMARY KEY ({', '.join(map(quote_name, _KEYS[name]))})")
    parent = "documents" if name == "trials" else "trials"
    if name != "documents" and parent in schema:
        parts.append(f"FOREIGN KEY (doc_id) REFERENCES {parent} (doc_id)")
    yield f"CREATE TABLE {quote_name(name)} ({', '.join(parts)})"
    comment = f"{_COMMENTS.get(name, _FACTS)}. trialsift {__version__}"
    yield f"COMMENT ON TABLE {quote_name(name)} IS {quote_literal(comment)}"
    for column in columns:
        said = column.description if column.unit is None else f"{column.description} (unit: {column.unit})"
        yield f"COMMENT ON COLUMN {quote_name(name)}.{quote_name(column.name)} IS {quote_literal(said)}"
