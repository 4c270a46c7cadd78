"""Eligibility as resources of FHIR R5: valid by fhir.resources, and with the intervals that let a participant in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.extractors import shared_extractor
from tests.tables.files.builders import CRITERIA, write_run

evidencevariable = pytest.importorskip("fhir.resources.evidencevariable")

IN, EX = "Inclusion Criteria:\n- ", "Exclusion Criteria:\n- "
UCUM = "http://unitsofmeasure.org"


def quantity(value: float, unit: str, comparator: str | None = None) -> dict[str, Any]:
    made = {"value": value, "unit": unit, "system": UCUM, "code": unit}
    return made if comparator is None else {**made, "comparator": comparator}


def define(name: str, value: dict[str, Any], code: str | None = None) -> dict[str, Any]:
    concept: dict[str, Any] = {"text": name}
    if code is not None:
        concept["coding"] = [{"system": "http://loinc.org", "code": code}]
    key = "valueQuantity" if "value" in value else "valueRange"
    return {"definitionByTypeAndValue": {"type": concept, key: value}}


def combine(code: str, *characteristics: dict[str, Any]) -> dict[str, Any]:
    return {"definitionByCombination": {"code": code, "characteristic": list(characteristics)}}


def write(folder: Path, *texts: str) -> list[dict[str, Any]]:
    documents = [(f"t{number}", text, shared_extractor().annotate(text)) for number, text in enumerate(texts)]
    write_run(folder, ["fhir"], documents)
    lines = (folder / "fhir" / "EvidenceVariable.ndjson").read_text(encoding="utf-8").splitlines()
    for line in lines:
        evidencevariable.EvidenceVariable.model_validate_json(line)
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{IN}Age 21 to 70 years", define("age", {"low": quantity(21, "a"), "high": quantity(70, "a")})),
        (f"{IN}Hemoglobin > 9.5 g/dL", define("hemoglobin", quantity(9.5, "g/dL", ">"), "718-7")),
        # the complement of an exclusion lets a participant in
        (f"{EX}Platelets < 90 x 10^9/L", define("platelets", quantity(90, "10*9/L", ">="), "777-3")),
        (f"{IN}ECOG 0-1", define("ECOG", {"low": quantity(0, "{score}"), "high": quantity(1, "{score}")})),
        (
            f"{IN}Creatinine ≤ 1.3 x ULN or creatinine clearance > 55 mL/min",
            combine(
                "any-of",
                define("creatinine", quantity(1.3, "{ULN}", "<="), "2160-0"),
                define("creatinine_clearance", quantity(55, "mL/min", ">")),
            ),
        ),
        (
            f"{IN}Potassium > 3.5 and < 5 mmol/L",
            combine(
                "all-of",
                define("potassium", quantity(3.5, "mmol/L", ">"), "2823-3"),
                define("potassium", quantity(5, "mmol/L", "<"), "2823-3"),
            ),
        ),
    ],
)
def test_a_criterion(tmp_path: Path, text: str, expected: dict[str, Any]) -> None:
    [resource] = write(tmp_path / "run", text)
    [characteristic] = resource["characteristic"]
    assert characteristic == {"linkId": "1", "description": text.partition("- ")[2], **expected}


def test_a_condition_is_met_together_with_its_limit(tmp_path: Path) -> None:
    [resource] = write(tmp_path / "run", f"{IN}AST ≤ 2 x ULN (≤ 4 x ULN if liver metastases)")
    _, exception = resource["characteristic"][0]["definitionByCombination"]["characteristic"]
    both = exception["definitionByCombination"]
    assert both["code"] == "all-of"
    assert both["characteristic"][0] == {"definitionCodeableConcept": {"text": "if liver metastases"}}
    assert both["characteristic"][1]["definitionByTypeAndValue"]["valueQuantity"]["value"] == 4


def test_what_is_open_is_said_in_words(tmp_path: Path) -> None:
    [resource] = write(tmp_path / "run", f"{IN}At least two of the following: CRP > 10 mg/L, ESR > 30 mm/h")
    for characteristic in resource["characteristic"]:
        assert "alternatives of another kind" in characteristic["definitionCodeableConcept"]["text"]


def test_a_document_is_a_line_and_one_without_criteria_none(tmp_path: Path) -> None:
    found = write(tmp_path / "run", CRITERIA, "Nothing is asked here.", f"{IN}ECOG 0-1")
    assert [resource["identifier"] for resource in found] == [[{"value": "t0"}], [{"value": "t2"}]]
