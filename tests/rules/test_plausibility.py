"""Plausible bounds of thresholds: what is doubtful is marked, and what can't be judged is not."""

import pytest

from tests.extraction.labels.cases import facts
from trialsift.extraction.mentions.lexicon import Lexicon
from trialsift.rules.files import PatternError, patterns_dir
from trialsift.rules.plausibility import is_plausible


@pytest.fixture(scope="module")
def analytes():
    return Lexicon(patterns_dir(), {}).analytes


@pytest.mark.parametrize(
    ("analyte", "low", "high", "unit", "plausible"),
    [
        ("platelets", 100000, None, "/uL", True),
        ("platelets", 100, None, "10*9/L", True),
        ("platelets", 100000, None, "/mL", False),  # a hundred per microlitre
        ("platelets", 100000, None, None, True),  # no unit: can't be judged
        ("hemoglobin", 9, None, "g/dL", True),
        ("hemoglobin", 9, None, "mg/dL", False),
        ("hemoglobin", 5.6, None, "mmol/L", True),  # of the monomer: 9 g/dL
        ("creatinine", None, 133, "umol/L", True),
        ("creatinine", None, 133, "mmol/L", False),
        ("creatinine", None, 1.5, "ULN", True),
        ("alt", None, 300, "ULN", False),
        ("hiv_rna", 0, None, "{copies}/mL", True),  # `> 0` is: detectable
        ("creatinine_clearance", 60, None, "mL/min/{1.73_m2}", True),  # doesn't convert: can't be judged
        ("hemoglobin", 9, 110, "g/dL", False),  # either end
    ],
)
def test_is_plausible(analytes, analyte, low, high, unit, plausible):
    assert is_plausible(analytes[analyte], low, high, unit) is plausible


@pytest.mark.parametrize(
    ("text", "written"),
    [("Platelets ≥ 100,000/mm3", None), ("Platelets ≥ 100,000/mL", False), ("Hemoglobin > 9 mg/dL", False)],
)
def test_a_doubtful_threshold_is_kept_and_marked(text, written):
    (fact,) = facts(f"Inclusion Criteria:\n- {text}")
    assert fact.attributes.get("plausible") is written


@pytest.mark.parametrize(
    ("low", "high", "message"),
    [("5", "2", "plausible bounds"), ("5", "", "plausible bounds"), ("low", "5", "plausible_low 'low'")],
)
def test_bad_bounds_are_an_error_with_its_place(tmp_path, low, high, message):
    header = "analyte,aliases,loinc,usual_unit,kinds,molar_mass,plausible_low,plausible_high,bare"
    (tmp_path / "analytes.csv").write_text(f"{header}\nx,x test,,g/dL,mass,,{low},{high},\n", encoding="utf-8")
    with pytest.raises(PatternError, match=rf"analytes\.csv:2: {message}"):
        Lexicon(tmp_path, {})
