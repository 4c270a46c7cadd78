"""Plausible bounds of thresholds: what is doubtful is marked, and what can't be judged is not."""

import pytest

from tests.extraction.labels.cases import facts
from tests.support.doubles import fact_in
from tests.support.extractors import shared_extractor
from trialsift.extraction.mentions.lexicon import Lexicon
from trialsift.rules.analytes import ANALYTE_COLUMNS, read_analytes
from trialsift.rules.files import PatternError, patterns_dir
from trialsift.rules.plausibility import is_plausible, read_label_doses, read_plausibility


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
    header = ",".join(ANALYTE_COLUMNS)
    (tmp_path / "analytes.csv").write_text(f"{header}\nx,x test,,g/dL,mass,,{low},{high},,,\n", encoding="utf-8")
    with pytest.raises(PatternError, match=rf"analytes\.csv:2: {message}"):
        Lexicon(tmp_path, {})


@pytest.mark.parametrize(
    ("label", "attributes", "doubt"),
    [
        ("LAB", {"analyte": "hemoglobin", "low": 9, "unit": "mg/dL"}, "9 mg/dL, below 3000 mg/dL"),
        ("LAB", {"analyte": "alt", "high": 300, "unit": "ULN"}, "300 ULN, above 100 ULN"),
        ("LAB", {"analyte": "no_such_test", "high": 300, "unit": "ULN"}, None),
        ("AGE", {"low": 18, "high": 75, "unit": "a"}, None),
        ("AGE", {"low": 180, "unit": "a"}, "180 years, above 120 years"),
        ("AGE", {"high": 1500, "unit": "mo"}, "1500 months, above 120 years"),
        ("AGE", {"low": 70, "high": 18, "unit": "a"}, "from 70 to 18 years, the wrong way round"),
        ("AGE", {"low": 18, "high": 65, "unit": "mo"}, "18 to 65 months: perhaps years"),
        ("AGE", {"low": 18, "high": 72, "unit": "mo"}, None),
        ("AGE", {"low": 6, "high": 65, "unit": "mo"}, None),
        ("AGE", {"low": 18, "high": 80, "unit": "d"}, "18 to 80 days: perhaps years"),
        ("PERFORMANCE_STATUS", {"scale": "ECOG", "low": 0, "high": 2}, None),
        ("PERFORMANCE_STATUS", {"scale": "ECOG", "low": 0, "high": 7}, "ECOG 0–7, outside 0 to 5"),
        ("PERFORMANCE_STATUS", {"scale": "KPS", "low": 70, "high": 60}, "KPS 70–60, the wrong way round"),
        ("PERFORMANCE_STATUS", {"scale": "ECOG", "low": 2, "high": 5}, "ECOG 2–5 is asked for: perhaps upside down"),
        ("PERFORMANCE_STATUS", {"scale": "ECOG", "low": 2, "high": 3}, None),
        ("PERFORMANCE_STATUS", {"scale": "ECOG", "low": 2, "high": 5, "any_of": 1}, None),
        ("PERFORMANCE_STATUS", {"scale": "ECOG", "low": 2, "high": 5, "negated": True}, None),
        ("PERFORMANCE_STATUS", {"scale": "ECOG", "low": 2, "high": 5, "polarity": "exclusion"}, None),
        ("PERFORMANCE_STATUS", {"scale": "ECOG", "low": 2, "high": 5, "polarity": "none"}, None),
        (
            "PERFORMANCE_STATUS",
            {"scale": "KPS", "low": 70, "high": 100, "polarity": "exclusion"},
            "KPS 70–100 is excluded: perhaps upside down",
        ),
        ("PERFORMANCE_STATUS", {"scale": "KPS", "low": 0, "high": 60}, "KPS 0–60 is asked for: perhaps upside down"),
        ("DOSE", {"modality": "drug", "agent": "docetaxel", "low": 75, "high": 75, "unit": "mg/m2"}, None),
        (
            "DOSE",
            {"modality": "drug", "agent": "docetaxel", "low": 750, "high": 750, "unit": "mg/m2"},
            "750 mg/m2 of docetaxel, above 500 mg/m2: 5 times the largest dose of Taxotere USPI, section 2",
        ),
        (
            "DOSE",
            {"modality": "drug", "agent": "capecitabine", "low": 20, "high": 20, "unit": "g/m2/d"},
            "20 g/m2/d of capecitabine, above 12.5 g/m2/d: 5 times the largest dose of Xeloda USPI, section 2 (1250 "
            "mg/m2 twice daily)",
        ),
        ("DOSE", {"modality": "drug", "agent": "docetaxel", "low": 750, "high": 750, "unit": "mg"}, None),
        ("DOSE", {"modality": "drug", "agent": "docetaxel", "low": 750, "high": 750, "unit": "mg/m2/h"}, None),
        ("DOSE", {"modality": "drug", "agent": "doxorubicin", "low": 550, "high": 550, "unit": "mg/m2"}, None),
        ("DOSE", {"modality": "drug", "agent": "docetaxel", "low": 675, "unit": "mg/m2"}, None),
        (
            "DOSE",
            {
                "modality": "drug",
                "agent": "docetaxel",
                "low": 675,
                "high": 675,
                "unit": "mg/m2",
                "polarity": "exclusion",
            },
            None,
        ),
        (
            "DOSE",
            {"modality": "radiation", "role": "total", "low": 5000, "high": 5000, "unit": "Gy"},
            "5000 Gy: perhaps centigray written as gray, or a range without its dash",
        ),
        ("FRACTIONS", {"low": 500, "high": 500}, None),
    ],
)
def test_doubts_have_a_reason(label, attributes, doubt):
    fact = fact_in("7", "7", label, **({"polarity": "none"} if label == "DOSE" else {}) | attributes)
    assert read_plausibility(patterns_dir()).find_doubt(fact) == doubt


@pytest.mark.parametrize(
    ("text", "plausible"),
    [
        ("Inclusion Criteria:\n- Age ≥ 180 years", False),
        ("Inclusion Criteria:\n- Aged 18 to 65 months", False),
        ("Inclusion Criteria:\n- Aged 6 to 59 months", None),
        ("Inclusion Criteria:\n- ECOG performance status ≥ 2", False),
        ("Inclusion Criteria:\n- ECOG performance status 0-1, ECOG ≥ 2 if due to the tumour", None),
        ("Exclusion Criteria:\n- ECOG performance status ≥ 2", None),
        ("Patients receive docetaxel 750 mg/m2 on day 1", False),
        ("Patients receive docetaxel 75 mg/m2 on day 1", None),
        ("Radiotherapy with a total dose of 4550 Gy", False),
        ("Radiotherapy in fractions of 180 Gy", False),
        ("Radioembolisation with 300 Gy to the tumour", None),
    ],
)
def test_what_is_doubtful_is_marked(text, plausible):
    found = shared_extractor().annotate(text).facts
    assert found
    assert {fact.attributes.get("plausible") for fact in found} == {plausible}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("x,,0,mg,label", "highest '0'"),
        ("x,,much,mg,label", "highest 'much'"),
        ("x,,5,g,label", "unit 'g'"),
        ("x,,5,mg,", "expected the label"),
        ("X,,5,mg,label", "name 'X'"),
        ("x,x,5,mg,label", "name 'x'"),
    ],
)
def test_bad_doses_are_an_error_with_their_place(tmp_path, row, message):
    (tmp_path / "drug_doses.csv").write_text(f"drug,aliases,highest,unit,source\n{row}\n", encoding="utf-8")
    with pytest.raises(PatternError, match=rf"drug_doses\.csv:2: {message}"):
        read_label_doses(tmp_path)


@pytest.mark.parametrize(
    ("side", "message"), [("low", "usual_side 'low'; expected `at least`"), ("at most", None), ("", None)]
)
def test_the_usual_side_of_an_analyte_is_one_of_two(tmp_path, side, message):
    header = ",".join(ANALYTE_COLUMNS)
    (tmp_path / "analytes.csv").write_text(f"{header}\nx,x test,,g/dL,mass,,,,,{side},\n", encoding="utf-8")
    if message is None:
        assert read_analytes(tmp_path)["x"].usual_side == (side or None)
    else:
        with pytest.raises(PatternError, match=message):
            read_analytes(tmp_path)
