"""Writes matches into files, patient by patient: tables, a workbook, a DuckDB file, a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from trialsift.model.atomic_write import replace_file
from trialsift.model.errors import UserError
from trialsift.model.version import __version__
from trialsift.reports.matches import MatchPage
from trialsift.rules.columns import Column
from trialsift.runs.match.match import NOTICE, PatientMatches
from trialsift.runs.match.patient import Patient
from trialsift.runs.match.values import describe_patient
from trialsift.tables.derived import PER_YEAR
from trialsift.tables.files.formats import NO_DUCKDB
from trialsift.tables.files.frames import ENDINGS, open_frame_file
from trialsift.tables.files.match_tables import open_match_tables
from trialsift.tables.files.workbook import MOST_ROWS, NO_EXCEL, check_rows, open_workbook
from trialsift.tables.rows import make_frame
from trialsift.tables.schema import JUDGEMENTS, MATCHES, PATIENTS

_Add = Callable[[PatientMatches], None]
_ABOUT = (Column("about", "string", ""), Column("meaning", "string", ""))
_NEEDED = {".xlsx": ("xlsxwriter", NO_EXCEL), ".duckdb": ("duckdb", NO_DUCKDB)}


def write_matches(
    found: Iterable[PatientMatches],
    files: Sequence[Path],
    judgements: Path | None = None,
    *,
    title: str = "",
    most: int | None = None,
) -> tuple[int, int]:
    """Writes what `iterate_matches` gives into files by their endings; returns the numbers of patients and of trials.

    `files` may end in .csv, .jsonl and .parquet, which hold the rows of `match_patients`; in .xlsx and .duckdb, which
    hold those of `judge_criteria` too; and in .html: a page with this title, and up to `most` trials of each verdict
    for a patient. `judgements` is a table with the rows of `judge_criteria`. Files take their places when they are
    complete; their folders have to exist. Raises UserError where a library for an ending isn't installed, and for more
    rows than a format holds; OSError as the system does.
    """
    for path in (*files, *([] if judgements is None else [judgements])):
        library, message = _NEEDED.get(path.suffix.lower(), ("", ""))
        if library and find_spec(library) is None:
            raise UserError(f"{path}: {message}")
        if not path.parent.is_dir():
            raise FileNotFoundError(2, "no such folder", str(path.parent))
    n_patients = n_trials = 0
    with ExitStack() as stack:
        outputs = [stack.enter_context(_open_output(path, title, most)) for path in files]
        if judgements is not None:
            outputs.append(stack.enter_context(_open_table(judgements, JUDGEMENTS)))
        for one in found:
            for add in outputs:
                add(one)
            n_patients, n_trials = one.n_patients, len(one.rows)
    return n_patients, n_trials


def _open_output(path: Path, title: str, most: int | None) -> AbstractContextManager[_Add]:
    ending = path.suffix.lower()
    if ending in ENDINGS:
        return _open_table(path, MATCHES)
    if ending == ".html":
        return _open_page(path, title, most)
    return {".xlsx": _open_workbook, ".duckdb": _open_duckdb}[ending](path)


@contextmanager
def _open_table(path: Path, columns: tuple[Column, ...]) -> Iterator[_Add]:
    with replace_file(path) as made, open_frame_file(made, columns) as add:
        yield lambda one: add(one.rows if columns is MATCHES else one.judgements)


@contextmanager
def _open_duckdb(path: Path) -> Iterator[_Add]:
    with replace_file(path) as made, open_match_tables(made) as add:

        def add_all(one: PatientMatches) -> None:
            add("patients", _make_patient_frame(one.patient))
            add("matches", one.rows)
            add("judgements", one.judgements)

        yield add_all


@contextmanager
def _open_workbook(path: Path) -> Iterator[_Add]:
    notes = {"trialsift": __version__, "notice": NOTICE}
    with replace_file(path) as made, open_workbook(made) as add:

        def add_all(one: PatientMatches) -> None:
            check_rows(path, len(one.rows) * one.n_patients)
            add("matches", MATCHES, one.rows)
            if (rows := len(one.judgements) * one.n_patients) < MOST_ROWS:
                add("judgements", JUDGEMENTS, one.judgements)
            else:
                notes["judgements"] = f"left out: {rows:,} rows are more than a sheet holds; --judgements writes them"
            add("patients", PATIENTS, _make_patient_frame(one.patient))

        yield add_all
        tables = {"matches": MATCHES, "judgements": JUDGEMENTS, "patients": PATIENTS}
        meanings = {f"{name}.{one.name}": one.description for name, columns in tables.items() for one in columns}
        add("about", _ABOUT, pd.DataFrame({**notes, **meanings}.items(), dtype="string"))


@contextmanager
def _open_page(path: Path, title: str, most: int | None) -> Iterator[_Add]:
    page = MatchPage(title, NOTICE, most)
    yield lambda one: page.add(
        one.patient.name, describe_patient(one.patient), one.rows, one.judgements, one.n_patients
    )
    with replace_file(path) as made:
        made.write_text(page.render(), encoding="utf-8", newline="\n")


def _make_patient_frame(patient: Patient) -> pd.DataFrame:
    years = None if patient.age is None else patient.age[0] / PER_YEAR[patient.age[1]]
    row = {"age": years, "sex": patient.sex, "ecog": patient.ecog, "kps": patient.kps}
    return make_frame([{"patient": patient.name, **row, "known": describe_patient(patient) or None}], PATIENTS)
