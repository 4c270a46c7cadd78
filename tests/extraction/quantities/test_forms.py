"""Numbers and units in the forms of registries and journals: each with its one quantity, value and UCUM unit."""

from __future__ import annotations

import pytest

from tests.extraction.quantities.readers import quantities

NUMBERS = [
    ("1½ x ULN", 1.5, "ULN"),
    ("1 ½ x ULN", 1.5, "ULN"),
    ("½ x ULN", 0.5, "ULN"),
    ("1 1/2 x ULN", 1.5, "ULN"),
    ("10 1/2 mg/dL", 10.5, "mg/dL"),
    ("2-1/2 x ULN", 2.5, "ULN"),
    ("2 and 1/2 x ULN", 2.5, "ULN"),
    ("3 and a half x ULN", 3.5, "ULN"),
    ("one and a half times ULN", 1.5, "ULN"),
    ("six and a half years", 6.5, "a"),
    ("fifty-four Gy", 54, "Gy"),
    ("fifty four Gy", 54, "Gy"),
    ("one hundred twenty-six mg/dL", 126, "mg/dL"),
    ("one hundred and forty mg/dL", 140, "mg/dL"),
    ("nine hundred ninety-nine mg", 999, "mg"),
    ("one hundred thousand/mm3", 100_000, "/uL"),
    ("18 (eighteen) years", 18, "a"),
    ("double the ULN", 2, "ULN"),
    ("threefold the upper limit of normal", 3, "ULN"),
    ("1e5/µL", 1e5, "/uL"),
    ("2.0e11/L", 2e11, "/L"),
    ("1.5E9/L", 1.5e9, "/L"),
    ("1e4 copies/mL", 1e4, "{copies}/mL"),
    ("10^11/L", 1e11, "/L"),
    ("10⁵/µL", 1e5, "/uL"),
    ("2 x 10^5/mm3", 2e5, "/uL"),
    ("1.0 × 10⁵/µL", 1e5, "/uL"),
    ("1 × 10(5)/mm3", 1e5, "/uL"),
    ("10×10⁴/mm3", 1e5, "/uL"),
    ("3 x 105/mm3", 3e5, "/uL"),
    ("80·10⁹/L", 80, "10*9/L"),
    ("75·109/L", 75, "10*9/L"),
    ("3·10³/µL", 3, "10*3/uL"),
    ("1·5 g/dL", 1.5, "g/dL"),
    ("3·5 × 109 cells L−1", 3.5, "10*9/L"),
    ("1.5 lakh/mm3", 150_000, "/uL"),
    ("2 lakhs/cumm", 200_000, "/uL"),
    ("1,50,000/cumm", 150_000, "/uL"),
    ("1.000.000/mm3", 1e6, "/uL"),
    ("1.234,5 IU/mL", 1234.5, "[IU]/mL"),
    ("2 000 ng/mL", 2000, "ng/mL"),
    ("20 000 IU/mL", 20_000, "[IU]/mL"),
    ("3.5 x 1,000/µL", 3.5, "10*3/uL"),
]
UNITS = [
    ("8 g dL-1", 8, "g/dL"),
    ("10 g·dL⁻¹", 10, "g/dL"),
    ("100 g l−1", 100, "g/L"),
    ("28 g·L⁻¹", 28, "g/L"),
    ("100 x 10^9 L-1", 100, "10*9/L"),
    ("3.5 × 109 l−1", 3.5, "10*9/L"),
    ("200 mm−3", 200, "/uL"),
    ("200 cells mm-3", 200, "/uL"),
    ("1500 μl−1", 1500, "/uL"),
    ("100 000 μl−1", 100_000, "/uL"),
    ("34 µmol.L-1", 34, "umol/L"),
    ("34 µmol l(-1)", 34, "umol/L"),
    ("60 mL·min⁻¹·1.73 m⁻²", 60, "mL/min/{1.73_m2}"),
    ("60 ml min−1 1.73 m−2", 60, "mL/min/{1.73_m2}"),
    ("60 mL/min/{1.73_m2}", 60, "mL/min/{1.73_m2}"),
    ("60 mL/min × 1.73 m2", 60, "mL/min/{1.73_m2}"),
    ("60 mL/(min·1.73 m2)", 60, "mL/min/{1.73_m2}"),
    ("60 mL/min/1·73 m²", 60, "mL/min/{1.73_m2}"),
    ("60 mL/min/1.73 m2 BSA", 60, "mL/min/{1.73_m2}"),
    ("60 mL/1.73 m2/min", 60, "mL/min/{1.73_m2}"),
    ("300 mg·g⁻¹", 300, "mg/g"),
    ("5 m[IU]/L", 5, "m[IU]/L"),
    ("10 [IU]", 10, "[IU]"),
    ("75 mg\n         m−2", 75, "mg/m2"),
    ("75 mg m-2", 75, "mg/m2"),
    ("75 mg m(-2)", 75, "mg/m2"),
    ("75 mg/m-2", 75, "mg/m2"),
    ("75 mg m^-2", 75, "mg/m2"),
    ("75 mg m2", 75, "mg/m2"),
    ("75mg/M", 75, "mg/m2"),
    ("1 mg kg⁻¹ day⁻¹", 1, "mg/kg/d"),
    ("350 mg m−2 per day", 350, "mg/m2/d"),
    ("1200 mg/ (m2·d)", 1200, "mg/m2/d"),
    ("12 mg kg–1", 12, "mg/kg"),
    ("8 mg/kg of body weight", 8, "mg/kg"),
    ("8 mg/kg body weight/day", 8, "mg/kg/d"),
    ("20 mg a day", 20, "mg/d"),
    ("20 mg day−1", 20, "mg/d"),
    ("5 mg/mL·min", 5, "AUC"),
    ("3 x 10^9 l", 3, "10*9/L"),
    ("10 g dl", 10, "g/dL"),
    ("75 ml min", 75, "mL/min"),
    ("1.5 ´ 10 9/L", 1.5, "10*9/L"),
    ("4.0^109/l", 4, "10*9/L"),
    ("30 kg.m-2", 30, "kg/m2"),
    ("200 I.U/L", 200, "[IU]/L"),
    ("25 ppb", 25, "[ppb]"),
    ("100 Rads", 100, "cGy"),
    ("0.9 g/cm2", 0.9, "g/cm2"),
    ("50 µg/m3", 50, "ug/m3"),
    ("1 G/DAY", 1, "g/d"),
    ("500 MG PER DAY", 500, "mg/d"),
    ("2 (I)U/kg/day", 2, "[IU]/kg/d"),
    ("5 ng kg body weight-1 min-1", 5, "ng/kg/min"),
    ("250 asexual parasites/μL", 250, "/uL"),
    ("100,000 platelets per microliter", 100_000, "/uL"),
    ("30 mg/g creatinine", 30, "mg/g"),
    ("25 ¬µmol/l", 25, "umol/L"),
    ("4.5 mm/1st hour", 4.5, "mm/h"),
]


@pytest.mark.parametrize(("written", "value", "code"), NUMBERS + UNITS)
def test_value_and_unit(written: str, value: float, code: str) -> None:
    [quantity] = quantities(f"It is ≥ {written}, or so")
    assert quantity.unit is not None
    assert (quantity.values, quantity.unit.ucum) == ((value,), code)
    assert quantity.end == len(f"It is ≥ {written}"), "the whole of the unit, and nothing behind it"


@pytest.mark.parametrize(
    ("written", "value", "code"),
    [
        ("20 mg day-1, day-8 and day-15", 20, "mg"),
        ("75 mg/m2 day-1 and day-8", 75, "mg/m2"),
        ("100 mg L-carnitine", 100, "mg"),
        ("5 g L. plantarum", 5, "g"),
        ("3.5 mEq/L. 24-hour recording", 3.5, "meq/L"),
        ("2 mg. L-1 is a vertebra", 2, "mg"),
    ],
)
def test_what_is_no_part_of_a_unit(written: str, value: float, code: str) -> None:
    quantity = quantities(written)[0]
    assert quantity.unit is not None
    assert (quantity.values, quantity.unit.ucum) == ((value,), code)


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("grade 1/2 and 10*3 Gy", [(1,), (2,), (10,), (3,)]),
        ("Level 1 100 mg, Level 2 200 mg", [(1,), (100,), (2,), (200,)]),
        ("10 mL-15 mL", [(10, 15)]),
        ("ALT from 2 to 105 U/L", [(2, 105)]),
        ("≤ 100 IU/L", [(100,)]),
        ("≥ 4 mg/L (and < 30 mg/L for part B)", [(4,), (30,)]),
        ("≥ 21 years (and < 65 years)", [(21, 65)]),
        ("> 2.5 x ULN and no more than 3 metastases", [(2.5,), (3,)]),
        ("> 2.5 x ULN and no more than 5 within a week", [(2.5, 5)]),
    ],
)
def test_numbers_that_are_not_one(written: str, values: list[tuple[float, ...]]) -> None:
    assert [quantity.values for quantity in quantities(written)] == values


@pytest.mark.parametrize("written", ["10 ± 2 g/dL", "10±2 g/dL", "10 +/- 2 g/dL", "10 g/dL ± 2 g/dL"])
def test_a_spread_is_no_number_of_its_own(written: str) -> None:
    [quantity] = quantities(f"hemoglobin {written}, or so")
    assert quantity.unit is not None
    assert (quantity.values, quantity.spread, quantity.unit.ucum) == ((10,), 2, "g/dL")
    assert not quantity.ranged
