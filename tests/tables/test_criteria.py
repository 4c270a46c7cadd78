"""Eligibility as a formula: which criteria, with which members, and what can't be judged."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.extractors import extractor_of_all_labels
from trialsift.extraction.extractor import Extractor
from trialsift.gold import parse_document
from trialsift.model.fact import annotation_record
from trialsift.tables.criteria import make_criteria_record
from trialsift.tables.rows import make_document_rows

INCLUDED, EXCLUDED = "Inclusion Criteria:\n", "Exclusion Criteria:\n"


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


def _read(extractor: Extractor, text: str) -> list[dict[str, Any]]:
    return [dict(row) for row in make_document_rows("doc", text, extractor.annotate(text))["criteria"]]


class TestMembers:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (f"{INCLUDED}- Age 21 to 70 years", ["age 21–70 years"]),
            (f"{INCLUDED}- ECOG 0-1 or Karnofsky ≥ 80", ["ECOG 0–1 or KPS 80–100"]),
            (
                f"{INCLUDED}- Creatinine ≤ 1.3 x ULN or creatinine clearance ≥ 55 mL/min",
                ["creatinine ≤ 1.3 ULN or creatinine_clearance ≥ 55 mL/min"],
            ),
            (
                f"{INCLUDED}- AST ≤ 2 x ULN (≤ 4 x ULN if liver metastases)",
                ["ast ≤ 2 ULN or ast ≤ 4 ULN (if liver metastases)"],
            ),
            (
                f"{INCLUDED}- Hemoglobin ≥ 12 g/dL for men, ≥ 11 g/dL for women",
                ["hemoglobin ≥ 12 g/dL (for men) or hemoglobin ≥ 11 g/dL (for women)"],
            ),
            (f"{EXCLUDED}- Platelets < 90 x 10^9/L", ["platelets ≥ 90 10*9/L"]),
            (f"{EXCLUDED}- Platelets < 90 x 10^9/L or INR > 1.7", ["platelets ≥ 90 10*9/L", "inr ≤ 1.7"]),
            (
                f"{EXCLUDED}- ALT > 4 x ULN and total bilirubin > 2 x ULN",
                ["alt ≤ 4 ULN or bilirubin_total ≤ 2 ULN"],
            ),
        ],
    )
    def test_what_meets_a_criterion(self, extractor: Extractor, text: str, expected: list[str]) -> None:
        assert [row["members"] for row in _read(extractor, text)] == expected

    def test_text_and_place(self, extractor: Extractor) -> None:
        text = f"{INCLUDED}- Age ≥ 18 years\n- Creatinine ≤ 1.3 x ULN   or creatinine clearance ≥ 55 mL/min"
        row = _read(extractor, text)[1]
        assert (row["criterion"], row["polarity"], row["n_members"], row["any_of"]) == (2, "inclusion", 2, 1)
        assert row["context"].split() == text[row["start"] : row["end"]].removeprefix("- ").split()
        assert row["context"].endswith("Creatinine ≤ 1.3 x ULN or creatinine clearance ≥ 55 mL/min")

    def test_limits_in_a_condition(self, extractor: Extractor) -> None:
        [row] = _read(extractor, f"{INCLUDED}- Creatinine clearance ≥ 55 mL/min if creatinine > 1.4 mg/dL")
        [member] = json.loads(row["formula"])
        assert member["condition"] == {
            "text": "if creatinine > 1.4 mg/dL",
            "when": [{"label": "LAB", "name": "creatinine", "low": 1.4, "low_inclusive": False, "unit": "mg/dL"}],
        }


class TestOpen:
    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            (f"{EXCLUDED}- HbA1c 6.5-8 %", "outside"),
            (f"{EXCLUDED}- ECOG 0-2", "implausible"),
            (f"{INCLUDED}- Hemoglobin ≥ 900 g/dL", "implausible"),
        ],
    )
    def test_what_cannot_be_judged(self, extractor: Extractor, text: str, reason: str) -> None:
        assert [row["open"] for row in _read(extractor, text)] == [reason]

    def test_at_least_two_of(self, extractor: Extractor) -> None:
        text = f"{INCLUDED}- At least two of the following: LDH > 250 U/L, CRP > 10 mg/L, ferritin > 300 ng/mL"
        rows = _read(extractor, text)
        assert {row["open"] for row in rows} == {"alternatives of another kind"}

    def test_measurements_are_criteria_that_nobody_judges(self) -> None:
        text = f"{INCLUDED}- Hemoglobin ≥ 9 g/dL\n- Weight at least 50 kg (110 pounds)"
        reader = extractor_of_all_labels()
        rows = make_document_rows("doc", text, reader.annotate(text), reader.engines.labels)
        assert [(row["open"], row["n_members"]) for row in rows["criteria"]] == [(None, 1), ("measurement", 2)]
        assert [row["criterion"] for row in rows["measurements"]] == [2, 2]

    def test_criteria_that_nobody_can_meet_together(self, extractor: Extractor) -> None:
        text = f"{INCLUDED}- Age ≥ 65 years\n- ECOG 0-2\n{INCLUDED}- Age ≤ 17 years"
        opened = {row["members"]: row["open"] for row in _read(extractor, text)}
        assert opened == {"AGE (contradiction)": "contradiction", "ECOG 0–2": None}

    def test_the_same_limit_twice_is_no_contradiction(self, extractor: Extractor) -> None:
        text = f"{INCLUDED}- Hemoglobin > 9 g/dL\n- Age ≥ 18 years\n- Hemoglobin > 90 g/L"
        assert [row["open"] for row in _read(extractor, text)] == [None] * 3


@pytest.mark.parametrize(
    "text",
    [
        "Background:\nPatients had hemoglobin ≥ 9 g/dL.",
        f"{INCLUDED}- Stratified by age < 60 versus ≥ 60 years",
    ],
)
def test_no_criteria(extractor: Extractor, text: str) -> None:
    assert _read(extractor, text) == []


def test_annotations_have_the_same_and_are_read_back(extractor: Extractor) -> None:
    text = f"{INCLUDED}- Age ≥ 18 years\n- ALT or AST ≤ 3 x ULN"
    annotation = extractor.annotate(text)
    rows = make_document_rows("doc", text, annotation)["criteria"]
    record = {**annotation_record("doc", text, annotation), "criteria": json.loads(make_criteria_record(rows))}
    document = parse_document(record, "here")
    assert [one["criterion"] for one in document.extra["criteria"]] == [1, 2]
    assert document.to_record() == record
    assert [json.loads(str(row["formula"])) for row in rows] == [one["any_of"] for one in record["criteria"]]
