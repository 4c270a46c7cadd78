"""Writes a run as one DuckDB file: its tables with types, keys and comments, its documents, and views of them.

Primary keys: `doc_id` in `trials` and `documents`, `doc_id` and number in `regimens` and `regimen_mentions`. The
`doc_id` of every other table refers to `trials`, and that of `trials` to `documents`. Facts have no key: two may have
the same characters.
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
    "regimen_mentions": ("doc_id", "mention"),
    "regimens": ("doc_id", "regimen"),
    "criteria": ("doc_id", "criterion"),
    "patients": ("patient",),
}
_COMMENTS = {
    "documents": "The documents that were read, a row each",
    "trials": "What a document says as a whole, a row a document",
    "regimen_mentions": "Statements of radiotherapy prescriptions: which doses and fraction counts make one",
    "regimens": "Radiotherapy prescriptions, a row for each distinct one of an arm",
    "agreement": "What the text says against what the registry states in fields of its own",
    "criteria": "Eligibility as a formula, a row a criterion: all have to be met, one member of each is enough",
    "unread": "Numbers of criteria and prescriptions that no rule took although they may be facts, a row each",
    "patients": "Patients who were compared with trials, a row each",
    "matches": "Patients × trials: the verdict, what is not met, and what would decide. Not a medical device",
    "judgements": "Patients × criteria: the state, the patient's value, and why. Not a medical device",
}
_FACTS = 'Facts, a row each; substring(documents.text, "start" + 1, "end" - "start") is `text`'
#: DuckDB fetches nothing and opens only this file. 1 GB is enough for texts of many megabytes; a usual run takes half.
#: The rest of the memory and the other cores are left to the run.
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "enable_external_access": False,
    "memory_limit": "1GB",
    "threads": 1,
}


class DuckDBTables:
    """Inserts documents and rows into the tables of an open connection, in chunks."""

    def __init__(self, connection: DuckDBPyConnection, schema: Mapping[str, tuple[Column, ...]]) -> None:
        from trialsift.tables.files.arrow import make_arrow_schema

        first = {"documents": DOCUMENTS, **({"trials": schema["trials"]} if "trials" in schema else {})}
        self._schema = {**first, **schema}  # referenced tables come first
        self._parents = tuple(first)
        self._arrow = {name: make_arrow_schema(columns) for name, columns in self._schema.items()}
        self._connection = connection
        self._chunks = Chunks(self._insert)
        for name, columns in self._schema.items():
            for statement in make_table_sql(name, columns, self._schema):
                connection.execute(statement)

    def add(self, doc_id: str, source: str, text: str, rows: Mapping[str, Iterable[Row]]) -> None:
        """Adds a document and its rows by table."""
        self._chunks.add("documents", [{"doc_id": doc_id, "source": source, "text": text}])
        for name in self._schema:
            self._chunks.add(name, rows.get(name, ()))

    def finish(self) -> None:
        """Writes the remaining rows and makes the views."""
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
    """Opens the tables of a new file, which takes its place at `path` when the `with` ends without an error.

    Raises UserError if DuckDB is not installed or can't write, for lack of disk space or memory.
    """
    advice = "make room, or leave this format out, then --resume"
    with report_lack(path, advice), replace_file(path) as made, closing(connect(made)) as connection:
        tables = DuckDBTables(connection, schema)
        yield tables
        tables.finish()


@contextmanager
def report_lack(path: Path, advice: str) -> Iterator[None]:
    """Raises UserError with this advice where DuckDB can't write a file for lack of disk space or memory."""
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        import duckdb  # installed: `connect` has imported it

        no_room = (duckdb.IOException, duckdb.TransactionException, duckdb.OutOfMemoryException, duckdb.FatalException)
        if not isinstance(error, no_room):
            raise
        reason = str(error).partition("\n")[0]
        raise UserError(f"{path.name}: DuckDB can't write it: {reason}; {advice}") from error


def connect(path: Path, read_only: bool = False) -> DuckDBPyConnection:
    """Connects to a file, without access to anything else.

    Raises UserError if DuckDB is not installed, or the file isn't a DuckDB file or is in use by another program.
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
    """Quotes a name of a table or column, since some are SQL keywords (`end`)."""
    return '"' + name.replace('"', '""') + '"'


def make_table_sql(name: str, columns: tuple[Column, ...], schema: Mapping[str, object]) -> Iterator[str]:
    """Yields the SQL statements that create a table and its comments."""
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
