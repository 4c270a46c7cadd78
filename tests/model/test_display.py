"""Values and regimens in words."""

from __future__ import annotations

import pytest

from trialsift.model.display import describe_fact, describe_regimen, describe_value, format_regimen_equation
from trialsift.model.fact import Bounds, Fact, Regimen, Scalar


@pytest.mark.parametrize(
    ("attributes", "text"),
    [
        ({"analyte": "hemoglobin", "low": 9.5, "low_inclusive": False, "unit": "g/dL"}, "hemoglobin > 9.5 g/dL"),
        ({"scale": "ECOG", "low": 0, "high": 2}, "ECOG 0–2"),
        ({"scale": "ECOG", "low": 0, "high": 0}, "ECOG 0"),
        (
            {"modality": "radiation", "role": "total", "low": None, "high": 66, "high_inclusive": True, "unit": "Gy"},
            "radiation total ≤ 66 Gy",
        ),
        ({"low": 18, "low_inclusive": True, "high": 75, "high_inclusive": False, "unit": "a"}, "≥ 18 and < 75 a"),
        ({"analyte": "platelets", "low": 1500000000, "unit": None}, "platelets ≥ 1500000000"),
        ({}, "any"),
    ],
)
def test_values_in_words(attributes: dict[str, Scalar], text: str) -> None:
    assert describe_value(attributes) == text


@pytest.mark.parametrize(
    ("label", "attributes", "text"),
    [
        ("AGE", {"low": 18, "low_inclusive": True, "unit": "a", "scope": "subgroup"}, "age ≥ 18 years; subgroup"),
        ("LIFE_EXPECTANCY", {"low": 12, "low_inclusive": False, "unit": "wk"}, "life expectancy > 12 weeks"),
        ("FRACTIONS", {"low": 25, "high": 25}, "fractions 25"),
        (
            "DOSE",
            {"modality": "drug", "agent": "aspirin", "low": 81, "high": 81, "unit": "mg/d", "historical": True},
            "drug 81 mg/d (aspirin); historical",
        ),
        (
            "LAB",
            {"analyte": "alt", "high": 5, "unit": "ULN", "condition": "if liver\n metastases", "plausible": False},
            "alt ≤ 5 ULN; if liver metastases; implausible",
        ),
        ("LAB", {"analyte": "alt", "high": 5, "unit": "ULN", "conditional": False}, "alt ≤ 5 ULN"),
        ("PERFORMANCE_STATUS", {"scale": "ECOG", "low": 0, "high": 0, "negated": True}, "ECOG 0; negated"),
    ],
)
def test_facts_in_words(label: str, attributes: dict[str, Scalar], text: str) -> None:
    assert describe_fact(Fact(label, 0, 1, "x", "test", attributes)) == text


def test_regimens_in_words() -> None:
    assert format_regimen_equation(Regimen((0,), (25, 25), (2, 2), (50, 50))) == "25 × 2 Gy = 50 Gy"
    assert format_regimen_equation(Regimen((0,), (15, 20), None, (None, 66))) == "15–20 × ? Gy = ?–66 Gy"


@pytest.mark.parametrize(
    ("fractions", "dose", "total", "words"),
    [
        ((5, 5), (5, 5), (25, 25), "5 × 5 Gy = 25 Gy"),
        ((15, 20), (3, 3), (45, 60), "15–20 × 3 Gy = 45–60 Gy"),
        ((3, 4), (8, 15), (24, 60), "3–4 × 8–15 Gy = 24–60 Gy"),
        ((28, 28), (1.8, 1.8), (50.4, 50.4), "28 × 1.8 Gy = 50.4 Gy"),
        ((7, 7), (60 / 7, 60 / 7), (60, 60), "7 × 8.57 Gy = 60 Gy"),
        ((25, 25), (2, 2), None, "25 × 2 Gy"),
        ((25, 25), None, (50, 50), "50 Gy in 25 fractions"),
        ((1, 1), None, (8, 8), "8 Gy in 1 fraction"),
        ((1, 1), (8, 8), (8, 8), "8 Gy in 1 fraction"),
        ((1, 1), (8, 8), None, "8 Gy in 1 fraction"),
        (None, (2, 2), (50, 50), "50 Gy in fractions of 2 Gy"),
        (None, None, (60, 66), "60–66 Gy"),
        (None, None, (None, 66), "up to 66 Gy"),
        (None, None, (50, None), "at least 50 Gy"),
        (None, (2, 2), None, "2 Gy per fraction"),
        ((25, 25), None, None, "25 fractions"),
        ((10, 10), (100, 100), None, "10 × 100 Gy"),
        (None, None, None, ""),
        ((None, None), None, None, ""),
    ],
)
def test_regimen_words(fractions: Bounds | None, dose: Bounds | None, total: Bounds | None, words: str) -> None:
    assert describe_regimen(Regimen((), fractions, dose, total)) == words
