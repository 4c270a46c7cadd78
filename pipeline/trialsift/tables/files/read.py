"""Reads tables back from their files, with the same types and texts from every format."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trialsift.model.errors import UserError
from trialsift.model.version import __version__
from trialsift.rules.columns import Column
from trialsift.rules.labels import LabelTable
from trialsift.tables.files.duckdb_file import connect, quote_name
from trialsift.tables.files.formats import DUCKDB, TABLES, Format, list_run_files
from trialsift.tables.schema import ERRORS, JUDGEMENTS, MATCHES, table_columns

if TYPE_CHECKING:
    import pandas as pd

_ROWS = 10_000
#: The formats that tables are read from, fastest first.
_READABLE: tuple[Format, ...] = ("parquet", "csv", "jsonl", "duckdb")


def read_table(path: Path | str, labels: tuple[LabelTable, ...] | None = None) -> pd.DataFrame:
    """Reads a table that trialsift wrote, `.csv`, `.parquet` or `.jsonl`, with its dtypes and its original texts.

    The table is recognised by its columns, so the file may have been renamed; `labels` are those of your own patterns.
    Raises UserError for a file that trialsift didn't write, and for empty JSON Lines, which name no columns.
    """
    path = Path(path)
    if not path.is_file():
        raise UserError(f"{path}: no such file")
    with _name_file_in_errors(path):
        names = _read_names(path)
    columns = next(
        (
            c
            for c in (*table_columns(labels, unread=True).values(), MATCHES, JUDGEMENTS, ERRORS)
            if [one.name for one in c] == names
        ),
        None,
    )
    if columns is None:
        raise UserError(
            f"{path}: these are not the columns of a table of trialsift {__version__}; "
            "expected a file of tables/ as `trialsift extract` writes it, or one of `trialsift match`"
        )
    return _read_typed(path, columns)


def read_tables(
    folder: Path, schema: Mapping[str, tuple[Column, ...]], written_by: str | None = None
) -> dict[str, pd.DataFrame]:
    """Reads the tables of a run by name, from the first format in which all of them exist.

    Raises UserError if there is none, or the columns of a table differ from `schema`; the message names `written_by`,
    the version of the run.
    """
    present = [name for name in _READABLE if any((folder / f).is_file() for f in list_run_files(schema, [name]))]
    missing = {name: [f for f in list_run_files(schema, [name]) if not (folder / f).is_file()] for name in present}
    whole = [name for name in present if not missing[name]]
    if not whole and present:
        raise UserError(f"{folder / missing[present[0]][0]}: no such file; {_describe_versions(written_by)}")
    if not whole:
        choice = ", ".join(_READABLE)
        raise UserError(f"{folder}: holds no tables; expected a run with one of the formats {choice}")
    if whole[0] == "duckdb":
        return _read_duckdb(folder / DUCKDB, schema, written_by)
    paths = {name: folder / TABLES / f"{name}.{whole[0]}" for name in schema}
    return {name: read_as(path, schema[name], written_by) for name, path in paths.items()}


def read_as(path: Path, columns: Sequence[Column], written_by: str | None = None) -> pd.DataFrame:
    """Reads a file with these columns. Raises UserError if it has others; the message names `written_by`."""
    with _name_file_in_errors(path):
        names = _read_names(path)
    if names is not None:
        _check_columns(str(path), names, columns, written_by)
    return _read_typed(path, columns)


@contextmanager
def _name_file_in_errors(place: Path | str, means: str = "cannot be read as a table: {}") -> Iterator[None]:
    """Turns errors while a file is read into a UserError that names it."""
    try:
        yield
    except (ValueError, TypeError, OSError) as error:
        raise UserError(f"{place}: {means.format(error)}") from error


def _read_names(path: Path) -> list[str] | None:
    """Returns the columns of a file; None for empty JSON Lines."""
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        return list(pq.read_schema(path).names)
    if path.suffix == ".jsonl":
        first = next(_iterate_objects(path), None)
        return None if first is None else list(first)
    import pandas as pd

    return list(pd.read_csv(path, dtype="str", na_filter=False, encoding="utf-8", nrows=0).columns)


def _read_typed(path: Path, columns: Sequence[Column]) -> pd.DataFrame:
    from trialsift.tables.files.arrow import make_typed_frame, parse_cells

    if path.suffix == ".csv":
        import pandas as pd

        with _name_file_in_errors(path):
            cells = pd.read_csv(path, dtype="str", na_filter=False, encoding="utf-8", skip_blank_lines=False)
    with _name_file_in_errors(path, "a cell does not fit its column: {}; was the file edited by hand?"):
        if path.suffix == ".parquet":
            import pyarrow.parquet as pq

            return make_typed_frame(pq.read_table(path), columns)
        if path.suffix == ".jsonl":
            return make_typed_frame(_read_objects(path, columns), columns)
        return parse_cells(cells, columns)


def _read_objects(path: Path, columns: Sequence[Column]) -> Any:
    import pyarrow as pa

    from trialsift.tables.files.arrow import make_arrow_schema, make_arrow_table

    schema, expected = make_arrow_schema(columns), [column.name for column in columns]
    objects, portions = _iterate_objects(path), []
    while rows := list(islice(objects, _ROWS)):
        if any(list(row) != expected for row in rows):
            raise ValueError("not every line has the keys of the first")
        portions.append(make_arrow_table(rows, schema))
    return pa.concat_tables(portions) if portions else schema.empty_table()


def _iterate_objects(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(
        "rb"
    ) as file:  # lines end at \n only: texts contain other characters that Python takes for line ends
        for line in file:
            record = json.loads(line)
            if not isinstance(record, dict):
                raise ValueError(f"{line[:40]!r} is no object")
            yield record


def _read_duckdb(
    path: Path, schema: Mapping[str, tuple[Column, ...]], written_by: str | None
) -> dict[str, pd.DataFrame]:
    from trialsift.tables.files.arrow import make_typed_frame

    tables = {}
    with closing(connect(path, read_only=True)) as connection:
        for name, columns in schema.items():
            given = connection.execute(
                "SELECT column_name FROM duckdb_columns() WHERE NOT internal AND table_name = ? ORDER BY column_index",
                [name],
            ).fetchall()
            _check_columns(f"{path}: table {name}", [column for (column,) in given], columns, written_by)
            with _name_file_in_errors(path, f"table {name} cannot be read: {{}}"):
                table = connection.sql(f"SELECT * FROM {quote_name(name)}").to_arrow_table()
                tables[name] = make_typed_frame(table, columns)
    return tables


def _check_columns(place: str, names: Sequence[str], columns: Sequence[Column], written_by: str | None) -> None:
    expected = [column.name for column in columns]
    if list(names) == expected:
        return
    lacking = [name for name in expected if name not in names]
    unknown = [name for name in names if name not in expected]
    said = [
        *([f"lacks {', '.join(lacking)}"] if lacking else []),
        *([f"has {', '.join(unknown)}, which no table of that name has"] if unknown else []),
    ]
    raise UserError(
        f"{place}: {' and '.join(said) or 'has its columns in another order'}; {_describe_versions(written_by)}"
    )


def _describe_versions(written_by: str | None) -> str:
    return (
        f"the run was written by trialsift {written_by or '(unknown version)'}, this is {__version__}; extract again, "
        "or name the folder of patterns that the run was made with"
    )
