"""Thresholds that point in an unusual direction are marked."""

from __future__ import annotations

import pytest

from tests.support.extractors import shared_extractor


def _find_unusual(text: str) -> list[str]:
    facts = shared_extractor().annotate(text).facts
    return [fact.text for fact in facts if fact.attributes.get("unusual_direction")]


@pytest.mark.parametrize(
    ("text", "unusual"),
    [
        ("Inclusion Criteria:\n- Platelets < 100 x 10^9/L", ["< 100 x 10^9/L"]),
        ("Inclusion Criteria:\n- Platelets ≥ 100 x 10^9/L", []),
        ("Inclusion Criteria:\n- ALT ≥ 1.5 x ULN is required", ["≥ 1.5 x ULN"]),
        ("Exclusion Criteria:\n- Platelets < 100 x 10^9/L", []),
        ("Exclusion Criteria:\n- Platelets > 100 x 10^9/L", ["> 100 x 10^9/L"]),
        ("Exclusion Criteria:\n- ALT > 3 x ULN", []),
        ("Inclusion Criteria:\n- No ALT > 3 x ULN", []),
        # what the trial is about
        ("A trial in chemotherapy-induced anaemia\n\nInclusion Criteria:\n- Hemoglobin < 10 g/dL", []),
        ("Inclusion Criteria:\n- Anaemia with Hb < 10 g/dL", []),
        ("A trial in breast cancer\n\nInclusion Criteria:\n- Hemoglobin < 10 g/dL", ["< 10 g/dL"]),
        # ranges, conditions, alternatives, exceptions, percentages
        ("Inclusion Criteria:\n- eGFR ≥ 30 mL/min and eGFR < 90 mL/min", []),
        ("Exclusion Criteria:\n- Neutrophils < 1500/mm3 or neutrophils > 11,000/mm3", []),
        ("Inclusion Criteria:\n- Creatinine > 2 mg/dL or platelets ≥ 100,000/mm3", []),
        ("Inclusion Criteria:\n- Prothrombin time > 50 %", []),
        # tests that trials limit on either side
        ("Inclusion Criteria:\n- HbA1c > 7 %", []),
        ("Platelets < 100 x 10^9/L were seen in 5 patients.", []),
    ],
)
def test_thresholds_in_an_unusual_direction(text: str, unusual: list[str]) -> None:
    assert _find_unusual(text) == unusual


def test_a_mark_changes_nothing_else() -> None:
    text = "Inclusion Criteria:\n- Hemoglobin < 10 g/dL"
    (fact,) = shared_extractor().annotate(text).facts
    attributes = {name: value for name, value in fact.attributes.items() if name != "unusual_direction"}
    assert attributes == {
        "analyte": "hemoglobin",
        "low": None,
        "low_inclusive": None,
        "high": 10,
        "high_inclusive": False,
        "unit": "g/dL",
        "polarity": "inclusion",
    }
