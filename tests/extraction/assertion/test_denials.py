"""Denials by what a value defines, by whole lists, and straight in front of a test."""

from __future__ import annotations

import pytest

from tests.support.extractors import shared_extractor

EXTRACTOR = shared_extractor()


def read_denied(line: str, heading: str = "Inclusion Criteria:") -> list[bool]:
    facts = EXTRACTOR.annotate(f"{heading}\n- {line}").facts
    return [fact.attributes.get("negated") is True for fact in facts]


@pytest.mark.parametrize(
    "line",
    [
        "Without anemia (Hb < 8 g/dL)",
        "Patients without severe renal impairment (creatinine > 2 mg/dL)",
        "Absence of anemia, defined as hemoglobin < 8 g/dL",
        "Lack of anemia (hemoglobin < 8 g/dL)",
        "Free of hyperkalemia (potassium > 5.5 mmol/L)",
        "Not anemic (hemoglobin < 10 g/dL)",
        "Never had a platelet count < 50 x 10^9/L",
        "Not ECOG 3 or 4",
        "No ECOG 3-4",
        "Does not have an ECOG > 2",
        "No history of:\n  - HbA1c > 9 %",
    ],
)
def test_one_denied(line: str) -> None:
    assert read_denied(line) == [True]


@pytest.mark.parametrize(
    "line",
    [
        "None of the following: platelets < 100 x 10^9/L, creatinine > 2 mg/dL",
        "No evidence of any of the following: platelets < 100 x 10^9/L; creatinine > 2 mg/dL",
        "None of the following:\n  - platelets < 100 x 10^9/L\n  - creatinine > 2 mg/dL",
        "Patients must not have any of the following:\n  - platelets < 100 x 10^9/L\n  - creatinine > 2 mg/dL",
        "No severe organ dysfunction:\n  1. bilirubin > 3 x ULN\n  2. creatinine > 2 mg/dL",
        "Neither hemoglobin < 9 g/dL nor platelets < 100 x 10^9/L",
    ],
)
def test_a_list_denied(line: str) -> None:
    assert read_denied(line) == [True, True]
    assert read_denied(f"{line}\n- ALT ≤ 3 x ULN") == [True, True, False]


@pytest.mark.parametrize(
    "line",
    [
        "Without liver metastases, ALT ≤ 3 x ULN",
        "Patients without liver metastases:\n  - ALT ≤ 3 x ULN",
        "Hemoglobin ≥ 9 g/dL without transfusion, platelets ≥ 100 x 10^9/L",
        "Non-diabetic (HbA1c < 6.5 %)",
        "Without diabetes (HbA1c < 6.5 %)",
        "Without lymphopenia (lymphocytes > 1500 /uL)",
        "No contraindication:\n  - platelets ≥ 100 x 10^9/L",
        "No leukemia as shown by:\n  - potassium > 5 mmol/L",
        "Myeloma without measurable disease (M-protein ≥ 1 g/dL)",
        "Not on dialysis, ECOG 0-2",
    ],
)
def test_what_is_asked_for_is_not_denied(line: str) -> None:
    assert True not in read_denied(line)


def test_exclusion_criteria_are_left_to_their_polarity() -> None:
    assert read_denied("Without adequate function: platelets < 100 x 10^9/L", "Exclusion Criteria:") == [False]
