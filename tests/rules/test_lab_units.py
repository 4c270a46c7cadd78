import pytest

from trialsift.extraction.mentions.lexicon import Lexicon
from trialsift.model.ucum import is_known
from trialsift.model.unit_codes import _PLAIN, find_ucum_code
from trialsift.rules.files import patterns_dir
from trialsift.rules.lab_units import convert_to_usual, find_lab_factor


@pytest.fixture(scope="module")
def analytes():
    return Lexicon(patterns_dir(), {}).analytes


@pytest.mark.parametrize(
    ("analyte", "from_unit", "to_unit", "expected"),
    [
        ("platelets", "/uL", "10*3/uL", 0.001),
        ("creatinine", "mg/dL", "umol/L", 88.402),  # 10 mg/L / 113.12 g/mol
        ("creatinine", "umol/L", "mg/dL", 0.0113120),
        ("glucose", "mmol/L", "mg/dL", 18.016),
        ("hemoglobin", "mmol/L", "g/dL", 1.6114),
        ("creatinine", "ULN", "mg/dL", None),
        ("albumin", "g/L", "umol/L", None),  # no molar mass is given
        ("platelets", "g/L", "10*3/uL", None),
    ],
)
def test_lab_factor(analytes, analyte, from_unit, to_unit, expected):
    found = find_lab_factor(analytes[analyte], from_unit, to_unit)
    assert found == (None if expected is None else pytest.approx(expected, rel=1e-4))


@pytest.mark.parametrize(
    ("analyte", "unit", "factor", "source"),
    [
        ("platelets", "/uL", 0.001, "unit"),
        ("platelets", "10*9/L", 1, "unit"),
        ("hemoglobin", "g/L", 0.1, "unit"),
        ("creatinine", "umol/L", 0.011312, "molar mass 113.12 g/mol"),
        ("hemoglobin", "mmol/L", 1.6114, "molar mass 16114 g/mol"),
        ("urea", "mmol/L", 2.801, "molar mass 28.01 g/mol"),  # of urea nitrogen
        ("potassium", "meq/L", 1, "charge 1"),
        ("calcium", "meq/L", 2.004, "charge 2, molar mass 40.08 g/mol"),
    ],
)
def test_to_the_usual_unit(analytes, analyte, unit, factor, source):
    found = convert_to_usual(analytes[analyte], unit)
    assert (found.factor, found.unit, found.source) == (pytest.approx(factor), analytes[analyte].usual_unit, source)


@pytest.mark.parametrize(
    ("analyte", "unit"),
    [
        ("creatinine", "ULN"),
        ("platelets", "LLN"),
        ("hba1c", "mmol/mol"),  # a straight line, no factor
        ("creatinine", "meq/L"),
        ("neutrophils", "%"),
        ("hiv_rna", "[IU]/mL"),
    ],
)
def test_what_has_no_factor(analytes, analyte, unit):
    assert convert_to_usual(analytes[analyte], unit) is None


@pytest.mark.parametrize(
    ("unit", "code"),
    [
        ("ULN", "{ULN}"),
        ("LLN", "{LLN}"),
        ("AUC", "mg.min/mL"),
        ("mg/dL", "mg/dL"),
        ("mL/min/{1.73_m2}", "mL/min/{1.73_m2}"),
        ("mg/(24.h)", "mg/(24.h)"),
        ("[pH]", "[pH]"),
        ("{copies}/mL", "{copies}/mL"),
        ("a", "a"),
        ("nonsense", None),
    ],
)
def test_the_code_of_a_unit(unit, code):
    assert find_ucum_code(unit) == code


def test_what_is_plain_is_ucum():
    assert [unit for unit in _PLAIN if not is_known(unit)] == []
