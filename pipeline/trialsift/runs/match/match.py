"""`match_patients`: patients × trials, with a verdict each and the reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from trialsift.model.errors import UserError
from trialsift.rules.files import find_patterns
from trialsift.rules.layers import Folder
from trialsift.runs.match.formula import Flags, Formula, Ints, compile_formula
from trialsift.runs.match.judge import MET, NOT_MET, UNKNOWN, Judged, judge
from trialsift.runs.match.judgements import JudgementMaker
from trialsift.runs.match.patient import Patient, PatientReader
from trialsift.runs.match.read import Patients, read_patients
from trialsift.runs.match.values import Value, find_value
from trialsift.runs.read import read_run_json, select_run_labels
from trialsift.tables.files.read import read_tables
from trialsift.tables.schema import MATCHES, table_columns

NOT_ELIGIBLE, ELIGIBLE = "not eligible", "eligible so far"
#: What every reader of a verdict has to know.
NOTICE = (
    "Not a medical device. Only criteria with numbers are judged (ages, sex where a registry states it, performance "
    "status, laboratory tests), as trialsift read them; diagnoses, treatments, consent and all else are not."
)
_NEEDED = ("criteria", "trials")


def match_patients(
    run: Path | str | Mapping[str, pd.DataFrame], patients: Patients, patterns: Path | str | None = None
) -> pd.DataFrame:
    """Returns a row for each patient and trial: the verdict, the criteria that are not met, and what would decide.

    `run` is the folder of a run, or its tables (`read_run`, `extract`, a mapping with `criteria` and `trials`).
    `patients` are a file (CSV, JSON, JSON Lines), a frame, a mapping or several, as docs/how-to/match.md describes.
    A patient's trials are sorted: eligible ones first, then by criteria met and by how few are unknown. The columns are
    described in tables/schema.py. `patterns` is the folder of rules of the run, if it had its own.

    Raises UserError for patients or a run that can't be read. Not a medical device.
    """
    return pd.concat([found.rows for found in iterate_matches(run, patients, patterns)], ignore_index=True)


def judge_criteria(
    run: Path | str | Mapping[str, pd.DataFrame], patients: Patients, patterns: Path | str | None = None
) -> pd.DataFrame:
    """Returns a row for each patient and criterion: its state, what the patient has for it, and why it is so.

    It takes and raises what `match_patients` does, and its trials are in the same order. The columns are described in
    tables/schema.py. Not a medical device.
    """
    found = iterate_matches(run, patients, patterns)
    return pd.concat([one.judgements for one in found], ignore_index=True)


class PatientMatches:
    """One of `n_patients` patients with the rows of `match_patients`, and those of `judge_criteria`."""

    def __init__(
        self, patient: Patient, n_patients: int, rows: pd.DataFrame, judge: Callable[[], pd.DataFrame]
    ) -> None:
        self.patient, self.n_patients, self.rows, self._judge = patient, n_patients, rows, judge

    @cached_property
    def judgements(self) -> pd.DataFrame:
        """The rows of `judge_criteria`, made when they are asked for."""
        return self._judge()


def iterate_matches(
    run: Path | str | Mapping[str, pd.DataFrame], patients: Patients, patterns: Path | str | None = None
) -> Iterator[PatientMatches]:
    """Iterates over what `match_patients` returns, patient by patient."""
    folder = find_patterns(patterns)
    tables = _read_run_tables(Path(run), folder) if isinstance(run, (str, Path)) else run
    for name in _NEEDED:
        if name not in tables:
            raise UserError(f"the run has no table {name!r}; expected the tables of this version: extract again")
    criteria, trials = (tables[name] for name in _NEEDED)
    formula = compile_formula(criteria, trials)
    matcher = _Matcher(formula, criteria, folder)
    known = read_patients(patients, PatientReader(folder, formula.tests))
    for patient in known:
        yield matcher.match(patient, len(known))


def _read_run_tables(folder: Path, patterns: Folder) -> dict[str, pd.DataFrame]:
    run = read_run_json(folder)
    schema = table_columns(select_run_labels(run, patterns))  # `trials` counts the facts of each
    version = run.get("versions", {}).get("trialsift")
    return read_tables(folder, {name: schema[name] for name in _NEEDED}, version)


class _Matcher:
    """Makes the rows of a patient, for all trials of a run."""

    def __init__(self, formula: Formula, criteria: pd.DataFrame, folder: Folder) -> None:
        self._formula, self._folder = formula, folder
        self._words = np.array([*formula.words, ""], dtype=object)[:-1]
        count = len(formula.open)
        self._bounds = np.append(formula.first, count)
        self._open = np.logical_and.reduceat(formula.open, formula.first) if count else np.zeros(0, bool)
        self._trial_of_member = np.repeat(formula.trial, np.diff(self._bounds))
        self._totals = np.bincount(formula.trial, minlength=len(formula.doc_ids))
        self._places = {
            name: [*criteria[name].astype(object).where(criteria[name].notna(), None), None]  # -1: a registry's field
            for name in ("criterion", "start", "end", "context")
        }
        self._judgements = JudgementMaker(formula, criteria, self._open)

    def match(self, patient: Patient, n_patients: int) -> PatientMatches:
        """Returns the rows of one of so many patients, in the order of `match_patients`."""
        formula = self._formula
        values = [find_value(patient, category, self._folder) for category in formula.categories]
        judged = judge(formula, patient, values)
        states = judged.criteria
        unknown, is_open = (states == UNKNOWN) & ~self._open, (states == UNKNOWN) & self._open
        first = np.full(len(formula.doc_ids), -1)
        failing = np.flatnonzero(states == NOT_MET)
        first[formula.trial[failing][::-1]] = failing[::-1]
        counts = {
            "n_criteria": self._totals,
            "n_met": self._count(states == MET),
            "n_not_met": self._count(states == NOT_MET),
            "n_unknown": self._count(unknown),
            "n_open": self._count(is_open),
        }
        columns: dict[str, Any] = {
            "patient": [patient.name] * len(formula.doc_ids),
            "doc_id": formula.doc_ids,
            "nct_id": formula.nct_ids,
            "verdict": np.where(counts["n_not_met"] > 0, NOT_ELIGIBLE, ELIGIBLE),
            **counts,
            "not_met": self._join(states == NOT_MET),
            "unknown": self._join(unknown),
            "patient_value": self._describe_values(failing, values),
            "converted": self._describe_converted(judged, values),
            **self._find_places(first),
        }
        frame = pd.DataFrame({column.name: pd.Series(columns[column.name], dtype=column.dtype) for column in MATCHES})
        order = np.lexsort((counts["n_open"], counts["n_unknown"], -counts["n_met"], counts["n_not_met"] > 0))
        judge_all = partial(self._judgements.make, patient, values, judged, order)
        return PatientMatches(patient, n_patients, frame.iloc[order], judge_all)

    def _count(self, chosen: Flags) -> Ints:
        return np.bincount(self._formula.trial[chosen], minlength=len(self._formula.doc_ids))

    def _join(self, chosen: Flags) -> list[str | None]:
        """Joins the words of the chosen criteria of each trial; what a text repeats is there once."""
        words = self._words[chosen].tolist()
        joined: list[str | None] = []
        at = 0
        for number in self._count(chosen).tolist():
            joined.append("; ".join(dict.fromkeys(words[at : at + number])) if number else None)
            at += number
        return joined

    def _find_places(self, first: Ints) -> dict[str, list[Any]]:
        """Returns number, place and text of the criteria."""
        sources = np.append(self._formula.source, -1)[first].tolist()
        return {name: [given[source] for source in sources] for name, given in self._places.items()}

    def _describe_values(self, failing: Ints, values: list[Value | None]) -> list[str | None]:
        """Describes what the patient has where criteria are not met."""
        category, bounds = self._formula.limits.category, self._bounds
        found: list[dict[str, None]] = [{} for _ in self._formula.doc_ids]
        for criterion, trial in zip(failing.tolist(), self._formula.trial[failing].tolist(), strict=True):
            for number in category[bounds[criterion] : bounds[criterion + 1]].tolist():
                value = values[number]
                if value is not None:
                    found[trial][value.written] = None
        return ["; ".join(words) or None for words in found]

    def _describe_converted(self, judged: Judged, values: list[Value | None]) -> list[str | None]:
        found: list[str | None] = [None] * len(self._formula.doc_ids)
        for member in np.flatnonzero(judged.converted).tolist():
            value, trial = values[self._formula.limits.category[member]], self._trial_of_member[member]
            words = "" if value is None or value.converted is None else value.converted
            before = found[trial]
            if before is None:
                found[trial] = words
            elif words not in before:
                found[trial] = f"{before}; {words}"
        return found
