import pytest

from trialsift.lab_units import lab_factor
from trialsift.lexicon import Lexicon
from trialsift.resources import patterns_dir


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
    found = lab_factor(analytes[analyte], from_unit, to_unit)
    assert found == (None if expected is None else pytest.approx(expected, rel=1e-4))
