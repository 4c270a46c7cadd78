"""Patients from files (CSV, JSON, JSON Lines), frames and mappings.

A table has a row for each patient, with the columns `patient`, `age`, `sex`, `ecog`, `kps`, `has`, `has_not`, and one
for each test, by any of its names: `hemoglobin` with cells such as `9.2 g/dL`, or `hemoglobin [g/dL]` with numbers.
`alt uln [U/L]` and `alt lln` are the laboratory's limits. A mapping, or an object of JSON, has the tests in `labs`.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from trialsift.model.errors import UserError
from trialsift.runs.match.patient import FIELDS, Patient, PatientReader

#: What patients may be given as.
Patients = Path | str | pd.DataFrame | Mapping[str, Any] | Iterable[Mapping[str, Any]]
_COLUMN = re.compile(r"\s*(?P<test>.+?)(?:[\s_](?P<end>uln|lln))?(?:\s*\[(?P<unit>.+)\])?\s*", re.IGNORECASE)
_NAMES = {"id": "patient", "patient_id": "patient", "patient": "patient"}


def read_patients(given: Patients, reader: PatientReader) -> list[Patient]:
    """Returns the patients in a file, a frame, a mapping or several mappings.

    Raises UserError, which names file and row, for what can't be read or meant, and for a patient named twice.
    """
    patients: list[Patient] = []
    names: dict[str, str] = {}
    for number, (where, record) in enumerate(_iterate_records(given, reader), 1):
        patient = reader.read(record, where, str(number))
        if patient.name in names:
            raise UserError(
                f"{where}: patient {patient.name!r} is in {names[patient.name]} already; expected each patient once"
            )
        names[patient.name] = where
        patients.append(patient)
    if not patients:
        raise UserError(f"{given if isinstance(given, (str, Path)) else 'patients'}: no patient; expected at least one")
    return patients


def _iterate_records(given: Patients, reader: PatientReader) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Iterates over the records with their places."""
    if isinstance(given, (str, Path)):
        yield from _iterate_file(Path(given), reader)
    elif isinstance(given, pd.DataFrame):
        make = _TableReader([str(name) for name in given.columns], "patients", reader)
        for number, cells in enumerate(given.itertuples(index=False, name=None), 1):
            yield f"patients: row {number}", make.read_row(cells)
    else:
        for number, record in enumerate([given] if isinstance(given, Mapping) else given, 1):
            yield f"patients: {number}", _require_mapping(record, f"patients: {number}")


def _iterate_file(path: Path, reader: PatientReader) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; expected patients as .csv, .json or .jsonl") from None
    except IsADirectoryError:
        raise UserError(f"{path}: is a folder; expected a file of patients, then the folder of a run") from None
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: byte {error.start + 1} is not UTF-8; save it as UTF-8") from None
    ending = path.suffix.lower()
    if ending == ".csv":
        yield from _iterate_csv(path, text, reader)
    elif ending == ".json":
        found = _parse_json(text, str(path))
        for number, record in enumerate(found if isinstance(found, list) else [found], 1):
            yield f"{path}: patient {number}", _require_mapping(record, f"{path}: patient {number}")
    elif ending in (".jsonl", ".ndjson"):
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                yield f"{path}:{number}", _require_mapping(_parse_json(line, f"{path}:{number}"), f"{path}:{number}")
    else:
        raise UserError(f"{path}: expected a file of patients that ends in .csv, .json or .jsonl")


def _iterate_csv(path: Path, text: str, reader: PatientReader) -> Iterator[tuple[str, Mapping[str, Any]]]:
    rows = csv.reader(text.splitlines(keepends=True))
    header = next(rows, [])
    make = _TableReader(header, str(path), reader)
    for number, cells in enumerate(rows, 2):
        if any(cell.strip() for cell in cells):
            if len(cells) != len(header):
                raise UserError(f"{path}: row {number} has {len(cells)} cells; expected {len(header)}, as in row 1")
            yield f"{path}: row {number}", make.read_row(cells)


class _TableReader:
    """Turns the rows of a table into records. Raises UserError for a column that is neither a field nor a test."""

    def __init__(self, header: Iterable[str], where: str, reader: PatientReader) -> None:
        self._columns: list[tuple[str, str | None, str | None]] = []
        for name in header:
            plain = name.strip().lower()
            plain = _NAMES.get(plain, plain)
            found = _COLUMN.fullmatch(name)
            if plain in FIELDS and plain != "labs":
                self._columns.append((plain, None, None))
            elif found is None:
                raise UserError(f"{where}: a column has no name; expected {', '.join(FIELDS[:5])} … or a test")
            else:
                test = reader.name_test(found["test"], f"{where}: column {name!r}")
                self._columns.append((test, (found["end"] or "value").lower(), found["unit"]))
        if twice := {one[:2] for one in self._columns if [two[:2] for two in self._columns].count(one[:2]) > 1}:
            raise UserError(f"{where}: two columns are {sorted(twice, key=str)[0][0]}; expected each once")

    def read_row(self, cells: Iterable[Any]) -> dict[str, Any]:
        """Returns the record of a row."""
        record: dict[str, Any] = {}
        labs: dict[str, Any] = {}
        for (name, part, unit), cell in zip(self._columns, cells, strict=True):
            if cell is None or pd.isna(cell) or not str(cell).strip():
                continue
            if part is None:
                record[name] = cell
            else:
                result = labs.setdefault(name, {})
                amount, *limits = str(cell).split(";") if part == "value" else [str(cell)]
                result[part] = amount if unit is None or not _is_bare(amount) else f"{amount} {unit}"
                for limit in limits:
                    end, _, content = limit.partition("=")
                    result[end.strip().lower()] = content.strip()
        record["labs"] = {name: result for name, result in labs.items() if "value" in result}
        return record


def _is_bare(cell: str) -> bool:
    return not any(sign.isalpha() or sign in "/%" for sign in cell.lower().replace("e", ""))


def _parse_json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise UserError(f"{where}: no JSON: {error}; expected an object for each patient") from None


def _require_mapping(record: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(record, Mapping):
        raise UserError(f"{where} is {record!r:.60}; expected an object with fields such as age, sex, labs")
    return record
