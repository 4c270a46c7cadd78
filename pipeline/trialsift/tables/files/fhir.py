"""Writes eligibility as resources `EvidenceVariable` of FHIR R5, one a document, as lines of JSON (NDJSON).

A criterion is a characteristic that a participant has: the interval that lets a participant in, so `exclude` is never
needed. Alternatives are combined by `any-of`, a limit and its condition by `all-of`. What can't be judged (`open` in
the table `criteria`) is stated in words. Units are UCUM, multiples of a normal limit `{ULN}` and `{LLN}`; laboratory
tests have their LOINC code where `labs` has one. Offsets, rules and facts that limit nobody have no place in FHIR.

Source: https://hl7.org/fhir/R5/evidencevariable.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from trialsift.model.fact import Scalar
from trialsift.tables.files.formats import EVIDENCE_VARIABLES
from trialsift.tables.rows import Row

_UCUM, _LOINC = "http://unitsofmeasure.org", "http://loinc.org"
_NAMES = {"AGE": "age"}
_SCORE = "{score}"
_Resource = dict[str, Any]
#: LOINC codes by test and unit.
_Codes = Mapping[tuple[Scalar, Scalar], Scalar]


class EvidenceVariables:
    """Writes the resources to a file."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def add(self, doc_id: str, source: str, text: str, rows: Mapping[str, Iterable[Row]]) -> None:
        """Adds the resource of a document; one without criteria has none."""
        criteria = list(rows.get("criteria", ()))
        if not criteria:
            return
        title = next((row.get("title") for row in rows.get("trials", ())), None)
        codes = {(row["analyte"], row.get("unit")): row.get("loinc") for row in rows.get("labs", ())}
        resource = make_evidence_variable(doc_id, criteria, codes, None if title is None else str(title))
        self._file.write(json.dumps(resource, ensure_ascii=False) + "\n")


@contextmanager
def open_evidence_variables(folder: Path) -> Iterator[EvidenceVariables]:
    """Opens the file in `folder`, which is complete when the `with` ends."""
    path = folder / EVIDENCE_VARIABLES
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        yield EvidenceVariables(file)


def make_evidence_variable(doc_id: str, criteria: Iterable[Row], codes: _Codes, title: str | None = None) -> _Resource:
    """Makes the resource of a document of its rows of `criteria`; `codes` are LOINC codes by analyte and unit."""
    resource: _Resource = {
        "resourceType": "EvidenceVariable",
        "identifier": [{"value": doc_id}],
        "status": "unknown",
        "actual": False,
        "characteristic": [_make_characteristic(row, codes) for row in criteria],
    }
    return resource if title is None else {**resource, "title": title}


def _make_characteristic(row: Row, codes: _Codes) -> _Resource:
    context = str(row["context"])
    members = [_make_member(member, context, codes) for member in json.loads(str(row["formula"]))]
    made = members[0] if len(members) == 1 else _combine("any-of", members)
    return {"linkId": str(row["criterion"]), "description": context, **made}


def _make_member(member: Mapping[str, Any], context: str, codes: _Codes) -> _Resource:
    if "open" in member:
        return {"definitionCodeableConcept": {"text": f"{_find_name(member)}, {member['open']}: {context}"}}
    limit = _make_limit(member, codes)
    condition = member.get("condition")
    if condition is None:
        return limit
    return _combine("all-of", [{"definitionCodeableConcept": {"text": condition["text"]}}, limit])


def _make_limit(member: Mapping[str, Any], codes: _Codes) -> _Resource:
    """Makes the characteristic of an interval: a range has both ends, strict ends have comparators of their own."""
    low, high = member.get("low"), member.get("high")
    above, below = member.get("low_inclusive") is False, member.get("high_inclusive") is False
    if low is not None and high is not None and not (above or below):
        ends = {"low": _make_quantity(member, low), "high": _make_quantity(member, high)}
        return _define(member, {"valueRange": ends}, codes)
    quantities = []
    if low is not None:
        quantities.append({**_make_quantity(member, low), "comparator": ">" if above else ">="})
    if high is not None:
        quantities.append({**_make_quantity(member, high), "comparator": "<" if below else "<="})
    made = [_define(member, {"valueQuantity": quantity}, codes) for quantity in quantities]
    return made[0] if len(made) == 1 else _combine("all-of", made)


def _define(member: Mapping[str, Any], value: _Resource, codes: _Codes) -> _Resource:
    concept: _Resource = {"text": _find_name(member)}
    code = codes.get((member.get("name"), member.get("unit")))
    if code is not None and member["label"] == "LAB":
        concept = {"coding": [{"system": _LOINC, "code": str(code)}], **concept}
    return {"definitionByTypeAndValue": {"type": concept, **value}}


def _make_quantity(member: Mapping[str, Any], value: float) -> _Resource:
    value = int(value) if value == int(value) else value  # a decimal of FHIR says how precise it is
    unit = _SCORE if member["label"] == "PERFORMANCE_STATUS" else member.get("unit")
    if unit is None:
        return {"value": value}
    unit = f"{{{unit}}}" if unit in ("ULN", "LLN") else unit
    return {"value": value, "unit": unit, "system": _UCUM, "code": unit}


def _combine(code: str, characteristics: list[_Resource]) -> _Resource:
    return {"definitionByCombination": {"code": code, "characteristic": characteristics}}


def _find_name(member: Mapping[str, Any]) -> str:
    return str(member.get("name") or _NAMES.get(member["label"], member["label"]))
