"""The formats of tables, and the files of a run in each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from importlib.util import find_spec
from typing import Literal, get_args

from trialsift.model.errors import UserError
from trialsift.model.extras import format_install_command

Format = Literal["csv", "parquet", "jsonl", "xlsx", "duckdb", "omop", "fhir"]
FORMATS: tuple[Format, ...] = get_args(Format)
#: The formats with one file per table; its ending is the format's name.
FILE_A_TABLE: tuple[Format, ...] = ("csv", "parquet", "jsonl")

TABLES = "tables"
DUCKDB = "trialsift.duckdb"
XLSX = "trialsift.xlsx"
NOTE, NOTE_NLP = "omop/note.csv", "omop/note_nlp.csv"
EVIDENCE_VARIABLES = "fhir/EvidenceVariable.ndjson"

NO_DUCKDB = f"DuckDB is not installed: {format_install_command('duckdb')}"
NO_EXCEL = f"XlsxWriter is not installed: {format_install_command('excel')}"
#: The library that a format needs, and what is said where it is missing.
_NEEDED: dict[Format, tuple[str, str]] = {"duckdb": ("duckdb", NO_DUCKDB), "xlsx": ("xlsxwriter", NO_EXCEL)}


def list_run_files(tables: Collection[str], formats: Iterable[str] = FORMATS) -> list[str]:
    """Lists the files of a run with these tables and formats, relative to its folder; by default of all formats."""
    files: list[str] = []
    for name in formats:
        if name == "duckdb":
            files.append(DUCKDB)
        elif name == "xlsx":
            files.append(XLSX)
        elif name == "omop":
            files += [NOTE, NOTE_NLP]
        elif name == "fhir":
            files.append(EVIDENCE_VARIABLES)
        else:
            files += [f"{TABLES}/{table}.{name}" for table in tables]
    return files


def check_formats(formats: Collection[str]) -> None:
    """Raises UserError for an unknown format, for an empty list, and for a format whose library is not installed."""
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        choice = f"{', '.join(FORMATS[:-1])} or {FORMATS[-1]}"
        raise UserError(f"{unknown[0] if unknown else 'none'}: no format of tables; choose {choice}")
    for name, (library, message) in _NEEDED.items():
        if name in formats and find_spec(library) is None:
            raise UserError(f"{message}, or choose another format than {name}")
