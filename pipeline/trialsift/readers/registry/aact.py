"""AACT's tables of ClinicalTrials.gov: a folder of pipe-delimited files, one row per eligibility, group, outcome …

The tables have gigabytes, each in its own order. They are loaded row by row into a database on disk, and documents come
out in order of NCT numbers, so memory stays constant. The database is an unnamed file in the folder for temporary files
(`TMPDIR`); the system removes it even if the process is killed. Columns are those of
https://aact.ctti-clinicaltrials.org/data_dictionary.
"""

from __future__ import annotations

import csv
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TextIO

from trialsift.model.document import Document, RegistryFields
from trialsift.readers.failures import ReadFailure
from trialsift.readers.inputs import MEGABYTE, Input, ReadOptions, reading
from trialsift.readers.registry.ids import find_other_ids
from trialsift.readers.registry.record import (
    Arm,
    Intervention,
    OutcomeMeasure,
    RegistryRecord,
    compose_document,
    read_healthy_volunteers,
)
from trialsift.readers.registry.values import read_count, read_date

_ELIGIBILITIES = "eligibilities"
#: The columns read from each table, besides nct_id.
_TABLES = {
    _ELIGIBILITIES: ("criteria", "gender", "minimum_age", "maximum_age", "healthy_volunteers"),
    "studies": (
        "official_title",
        "brief_title",
        "phase",
        "study_type",
        "overall_status",
        "enrollment",
        "start_date",
    ),
    "brief_summaries": ("description",),
    "detailed_descriptions": ("description",),
    "design_groups": ("title", "group_type", "description"),
    "interventions": ("intervention_type", "name", "description"),
    "design_group_interventions": ("design_group_id", "intervention_id"),
    "conditions": ("name",),
    "sponsors": ("lead_or_collaborator", "agency_class"),
    "id_information": ("id_value",),
    "design_outcomes": ("measure", "description", "time_frame", "outcome_type"),
}
_OPTIONAL = {
    "id", "gender", "minimum_age", "maximum_age", "healthy_volunteers", "phase", "study_type", "overall_status",
    "enrollment", "start_date", "lead_or_collaborator", "agency_class", "id_value",
}  # fmt: skip
_RANKS = {"primary": 0, "secondary": 1}
_EXPORT = "export the table again, pipe-delimited and with its header"

# AACT's own exports have `~` for a line end; `(~50 Gy` is none.
_LINE_END = re.compile(r"(?<![\s(])~|~(?!\d)")


def is_aact_folder(path: Path) -> bool:
    """Whether a folder holds AACT's tables: an `eligibilities.txt` with the columns nct_id and criteria."""
    table = path / f"{_ELIGIBILITIES}.txt"
    try:
        if not table.is_file():
            return False
        with table.open("rb") as stream:
            header = stream.readline(10_000)
    except OSError:
        return False
    columns = {column.strip('" \r\n') for column in header.decode("utf-8-sig", "replace").split("|")}
    return columns >= {"nct_id", "criteria"}


def read_aact(item: Input, options: ReadOptions) -> Iterator[Document | ReadFailure]:
    """Iterates over the documents of the trials in `eligibilities.txt` of a folder (`item.path`), in order of NCT
    numbers; before them, over a ReadFailure for each unusable row.

    Raises ReadFailure if the folder is not AACT's, or a table cannot be read or lacks a column.
    """
    if item.path is None or not is_aact_folder(item.path):
        message = "is no folder of AACT's tables; expected an eligibilities.txt with the columns nct_id and criteria"
        raise item.failure("wrong_schema", message, "name the folder that the tables were unpacked into")
    with _reporting_disk_errors(item), closing(sqlite3.connect("", isolation_level=None)) as database:
        database.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;"
            "CREATE TABLE failures (place TEXT, code TEXT, message TEXT, record TEXT)"
        )
        with _allow_long_fields(options.max_document):
            for name, columns in _TABLES.items():
                path = item.path / f"{name}.txt"
                table = replace(item, place=f"{item.place}/{path.name}", path=path)
                database.execute(
                    f"CREATE TABLE {name} (line INTEGER PRIMARY KEY, nct_id, id INTEGER, {', '.join(columns)})"
                )
                if path.exists():
                    _load(table, name, path, database, options.max_document)
                database.execute(f"CREATE INDEX {name}_nct_id ON {name} (nct_id)")
        for place, code, message, record in database.execute("SELECT place, code, message, record FROM failures"):
            yield ReadFailure(place, code, message, _EXPORT, record)
        yield from _Folder(item, database, options.max_document, _has_marked_line_ends(database)).documents()


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder whose tables are in a database. `marked`: `~` stands for a line end."""

    item: Input
    database: sqlite3.Connection
    max_document: int
    marked: bool

    def documents(self) -> Iterator[Document | ReadFailure]:
        before = None
        for nct_id, line in self.database.execute(f"SELECT nct_id, line FROM {_ELIGIBILITIES} ORDER BY nct_id, line"):
            where = nct_id or f"{_ELIGIBILITIES}.txt, line {line}"
            try:
                if nct_id and nct_id == before:
                    message = f"has a second row in {_ELIGIBILITIES}.txt, line {line}"
                    raise self.item.failure("duplicate_id", message, "remove one of them", where)
                before = nct_id
                document = compose_document(_Trial(self, nct_id, where).record(line), self.item, where)
            except ReadFailure as failure:
                yield failure
            else:
                yield replace(document, notes={"line_breaks": "~"}) if self.marked else document


@dataclass(slots=True)
class _Trial:
    """A trial in such a folder. `size`: bytes of its fields read so far."""

    folder: _Folder
    nct_id: str | None
    where: str
    size: int = 0

    def record(self, line: int) -> RegistryRecord:
        """Returns the whole record; its eligibilities are in `line`. Raises ReadFailure if it is larger than a document
        may be."""
        criteria, gender, minimum_age, maximum_age, volunteers = next(self._rows(_ELIGIBILITIES, "line", line))
        official_title, brief_title, *design = self._read_row("studies")
        (brief_summary,) = self._read_row("brief_summaries")
        (detailed_description,) = self._read_row("detailed_descriptions")
        outcomes = sorted(
            self._rows("design_outcomes"), key=lambda row: _RANKS.get((row[3] or "").lower(), len(_RANKS))
        )
        return RegistryRecord(
            RegistryFields(
                self.nct_id,
                minimum_age,
                maximum_age,
                gender,
                read_healthy_volunteers(volunteers),
                tuple(name for (name,) in self._rows("conditions") if name),
                brief_title or official_title,
                **self._read_more(*design),
            ),
            official_title,
            brief_title,
            brief_summary,
            detailed_description,
            tuple(Arm(label, kind, description) for label, kind, description in self._rows("design_groups")),
            tuple(
                Intervention(kind, name, description, arms)
                for (kind, name, description), arms in zip(self._rows("interventions"), self._read_arms(), strict=True)
            ),
            tuple(OutcomeMeasure(measure, description, time_frame) for measure, description, time_frame, _ in outcomes),
            criteria,
        )

    def _read_more(
        self, phase: str | None, kind: str | None, status: str | None, enrolment: str | None, start: str | None
    ) -> dict[str, Any]:
        """Returns the fields that only tables show."""
        leads = (each for role, each in self._rows("sponsors") if (role or "").lower() == "lead")
        return {
            "phase": phase,
            "study_type": kind,
            "status": status,
            "enrolment": read_count(enrolment),
            "start_date": read_date(start),
            "sponsor_class": next(leads, None),
            "registry": "ClinicalTrials.gov",
            "other_ids": find_other_ids(self.nct_id or "", [value for (value,) in self._rows("id_information")]),
        }

    def _read_arms(self) -> Iterator[tuple[str, ...]]:
        """Iterates over the titles of the groups that get each intervention, in the order of `interventions`."""
        execute = self.folder.database.execute
        query = (
            "SELECT title FROM design_groups JOIN design_group_interventions AS pair "
            "ON design_groups.id = pair.design_group_id "
            "WHERE pair.nct_id = ?1 AND design_groups.nct_id = ?1 AND pair.intervention_id = ?2 ORDER BY pair.line"
        )
        for (number,) in execute("SELECT id FROM interventions WHERE nct_id = ? ORDER BY id, line", (self.nct_id,)):
            yield tuple(title for (title,) in execute(query, (self.nct_id, str(number))) if title)

    def _read_row(self, table: str) -> tuple[str | None, ...]:
        """Returns the row of a table that has one per trial."""
        rows = self._rows(table)
        row = next(rows, (None,) * len(_TABLES[table]))
        if next(rows, None) is not None:
            message = f"has more than one row in {table}.txt"
            raise self.folder.item.failure("duplicate_id", message, "remove the others", self.where)
        return row

    def _rows(
        self, table: str, key: str = "nct_id", value: str | int | None = None
    ) -> Iterator[tuple[str | None, ...]]:
        query = f"SELECT {', '.join(_TABLES[table])} FROM {table} WHERE {key} = ? ORDER BY id, line"
        for row in self.folder.database.execute(query, (self.nct_id if value is None else value,)):
            self.size += sum(len(field.encode()) for field in row if field)
            if self.size > self.folder.max_document:
                message = f"holds more than {self.folder.max_document / MEGABYTE:,.0f} MB of text"
                advice = "leave it out, or raise --max-document-mb"
                raise self.folder.item.failure("too_large", message, advice, self.where)
            yield tuple(field and _LINE_END.sub("\n", field) for field in row) if self.folder.marked else row


def _load(table: Input, name: str, path: Path, database: sqlite3.Connection, limit: int) -> None:
    """Loads the rows of a file into a table of the database, unusable ones into its table of failures."""
    if not path.is_file():
        raise table.failure("not_a_file", "is no file but a folder, a pipe or a device", "remove it or rename it")
    with reading(table), path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
        lines = _Lines(stream, limit)
        rows = csv.reader(lines, delimiter="|", strict=True)
        columns = ("nct_id", "id", *_TABLES[name])
        places: list[int | None] | None = None
        width = 0
        insert = f"INSERT INTO {name} (line, {', '.join(columns)}) VALUES (?{', ?' * len(columns)})"
        database.execute("BEGIN")
        while True:
            problem = None
            try:
                row = next(rows)
                if places is None:
                    places, width = _find_places(table, columns, row), len(row)
                elif len(row) == width:
                    fields = [None if place is None else row[place] or None for place in places]
                    database.execute(insert, (lines.number, *fields))
                elif row:  # not a blank line
                    problem = "malformed", f"has {len(row)} fields; expected {width}, as in the header"
            except StopIteration:
                break
            except csv.Error as error:
                problem = "malformed", f"breaks the rules of quoting: {error}"
            except _LongLine:
                problem = "too_large", f"is a line of more than {limit / MEGABYTE:,.0f} MB"
            except UnicodeEncodeError:
                problem = "encoding", "is not UTF-8"
            if problem:
                database.execute(
                    "INSERT INTO failures VALUES (?, ?, ?, ?)", (table.place, *problem, f"line {lines.number}")
                )
        database.execute("COMMIT")
    if places is None:
        raise table.failure("empty", "holds nothing, not even a header", _EXPORT)


def _find_places(table: Input, columns: Sequence[str], header: Sequence[str]) -> list[int | None]:
    """Returns the position of each of `columns` in a row; None for one that some exports lack. Raises ReadFailure for
    others."""
    missing = [column for column in columns if column not in header and column not in _OPTIONAL]
    if missing:
        message = f"has no column {', '.join(missing)}; its header is {'|'.join(header)[:200]!r}"
        raise table.failure("wrong_schema", message, _EXPORT)
    return [header.index(column) if column in header else None for column in columns]


@dataclass(slots=True)
class _Lines:
    """The lines of a file. Raises `_LongLine` for one that is longer than a row may be, and continues with the next."""

    stream: TextIO
    limit: int
    number: int = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = piece = self.stream.readline(self.limit + 1)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) <= self.limit:
            return line
        while piece and not piece.endswith(("\n", "\r")):
            piece = self.stream.readline(self.limit + 1)
        raise _LongLine


class _LongLine(Exception):
    pass


def _has_marked_line_ends(database: sqlite3.Connection) -> bool:
    """Whether `~` stands for a line end: no criteria contain a line end, and in some a `~` precedes the start of a
    line."""
    broken, begun = (
        database.execute(f"SELECT EXISTS (SELECT 1 FROM {_ELIGIBILITIES} WHERE {condition})").fetchone()[0]
        for condition in (
            "instr(criteria, char(10)) OR instr(criteria, char(13))",
            "criteria GLOB '*~[A-Z*-]*' OR criteria GLOB '*~[0-9].*'",
        )
    )
    return bool(begun and not broken)


@contextmanager
def _allow_long_fields(limit: int) -> Iterator[None]:
    """Temporarily raises the field limit of the module `csv`, which is global."""
    before = csv.field_size_limit(limit)
    try:
        yield
    finally:
        csv.field_size_limit(before)


@contextmanager
def _reporting_disk_errors(item: Input) -> Iterator[None]:
    """Turns errors of the database into a ReadFailure of `item`."""
    try:
        yield
    except sqlite3.Error as error:
        message = f"cannot be joined in a temporary database: {error}"
        raise item.failure("unreadable", message, "name a folder with more room in TMPDIR") from error
