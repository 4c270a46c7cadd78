"""Writes matches into files, patient by patient: tables, a workbook, a DuckDB file, a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from trialsift.model.atomic_write import replace_file
from trialsift.model.errors import UserError
from trialsift.reports.matches import MatchPage
from trialsift.rules.columns import Column
from trialsift.runs.match.match import NOTICE, PatientMatches
from trialsift.runs.match.patient import Patient
from trialsift.runs.match.values import describe_patient
from trialsift.tables.derived import PER_YEAR
from trialsift.tables.files.csv_files import iterate_rows
from trialsift.tables.files.formats import NO_DUCKDB, NO_EXCEL
from trialsift.tables.files.frames import ENDINGS, open_frame_file
from trialsift.tables.files.match_tables import open_match_tables
from trialsift.tables.files.workbook import MOST_ROWS, open_workbook
from trialsift.tables.rows import make_frame
from trialsift.tables.schema import JUDGEMENTS, MATCHES, PATIENTS

_Add = Callable[[PatientMatches], None]
_NEEDED = {".xlsx": ("xlsxwriter", NO_EXCEL), ".duckdb": ("duckdb", NO_DUCKDB)}
_INSTEAD = "name a file that ends in .parquet or .duckdb, or match fewer patients"
#: The colours of states and verdicts, which the cells say in words.
_COLOURS = {
    **dict.fromkeys(("met", "eligible so far"), "#DDF4E1"),
    **dict.fromkeys(("not met", "not eligible"), "#FFDCDC"),
    "unknown": "#FFF2C9",
}


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
    notes = {"notice": NOTICE}
    with replace_file(path) as made, open_workbook(made, _INSTEAD, colours=_COLOURS) as book:

        def add_all(one: PatientMatches) -> None:
            _check_rows(path, len(one.rows) * one.n_patients)
            book.add("matches", MATCHES, iterate_rows(one.rows))
            if (rows := len(one.judgements) * one.n_patients) < MOST_ROWS:
                book.add("judgements", JUDGEMENTS, iterate_rows(one.judgements))
            else:
                notes["judgements"] = f"left out: {rows:,} rows are more than a sheet holds; --judgements writes them"
            book.add("patients", PATIENTS, iterate_rows(_make_patient_frame(one.patient)))

        yield add_all
        book.add_about(notes, {"matches": MATCHES, "judgements": JUDGEMENTS, "patients": PATIENTS})


def _check_rows(path: Path, count: int) -> None:
    """Raises UserError for more rows than a sheet has, before any of them is judged."""
    if count >= MOST_ROWS:
        raise UserError(
            f"{path}: {count:,} rows are more than the {MOST_ROWS - 1:,} below the header of an Excel sheet; {_INSTEAD}"
        )


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
