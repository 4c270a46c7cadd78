"""From operators, numbers and units to one interval; the span is the whole value expression."""

from __future__ import annotations

import pytest

from tests.extraction.quantities.readers import quantities
from trialsift.model.interval import Interval

# (text, its one quantity: low, low inclusive, high, high inclusive, unit)
Expected = tuple[float | None, bool | None, float | None, bool | None, str | None]
RANGES: list[tuple[str, Expected]] = [
    ("18-75 years", (18, True, 75, True, "a")),
    ("18 - 75 years", (18, True, 75, True, "a")),
    ("18–75 years", (18, True, 75, True, "a")),
    ("18—75 years", (18, True, 75, True, "a")),
    ("18−75 years", (18, True, 75, True, "a")),
    ("18 to 75 years", (18, True, 75, True, "a")),
    ("18 through 75 years", (18, True, 75, True, "a")),
    ("18~75 years", (18, True, 75, True, "a")),
    ("18 years to 75 years", (18, True, 75, True, "a")),
    ("18 Years to 100 Years", (18, True, 100, True, "a")),
    ("eighteen to seventy years", (18, True, 70, True, "a")),
    ("50.4-54 Gy", (50.4, True, 54, True, "Gy")),
    ("1,500-3,000 /uL", (1500, True, 3000, True, "/uL")),
    ("0,15-0,3 mg/dL", (0.15, True, 0.3, True, "mg/dL")),
    ("7.0% to 10.5%", (7, True, 10.5, True, "%")),
    ("between 18 and 75 years", (18, True, 75, True, "a")),
    ("between 18 to 75 years", (18, True, 75, True, "a")),
    ("Between 7.0 and 10.5 %", (7, True, 10.5, True, "%")),
    ("from 18 to 75 years", (18, True, 75, True, "a")),
    ("from 18 years up to 75 years", (18, True, 75, True, "a")),
    ("≥ 18 and ≤ 75 years", (18, True, 75, True, "a")),
    ("≥18 years and ≤75 years", (18, True, 75, True, "a")),
    (">= 18 and <= 75 years", (18, True, 75, True, "a")),
    ("> 18 and < 65 years", (18, False, 65, False, "a")),
    ("≥ 18 and < 65 years", (18, True, 65, False, "a")),
    ("≥ 18 but < 65 years", (18, True, 65, False, "a")),
    ("> 18, < 65 years", (18, False, 65, False, "a")),
    ("≥ 18 to ≤ 75 years", (18, True, 75, True, "a")),
    ("≥ 18 - < 75 years", (18, True, 75, False, "a")),
    ("at least 18 and no more than 75 years", (18, True, 75, True, "a")),
    ("at least 18 years but less than 75 years", (18, True, 75, False, "a")),
    ("older than 18 and younger than 65 years", (18, False, 65, False, "a")),
    ("18 to < 65 years", (18, True, 65, False, "a")),
    ("18 - ≤ 65 years", (18, True, 65, True, "a")),
    ("> 1.5 to 3 mg/dL", (1.5, False, 3, True, "mg/dL")),
    ("between 18 (incl.) and 70 years (excl.)", (18, True, 70, False, "a")),
    ("18-75 years inclusive", (18, True, 75, True, "a")),
    ("18 to 75 years, inclusive", (18, True, 75, True, "a")),
    ("18-75 years (inclusive)", (18, True, 75, True, "a")),
    ("18-75 years, exclusive", (18, False, 75, False, "a")),
    ("6 months to 5 years", (6, True, 60, True, "mo")),
    ("28 days to 18 years", (28, True, 6574.5, True, "d")),
    ("100.000-200.000/mm3", (100_000, True, 200_000, True, "/uL")),
    ("2 to 3 x ULN", (2, True, 3, True, "ULN")),
    ("1.5-3.0 x upper limit of normal", (1.5, True, 3, True, "ULN")),
    ("> ULN but ≤ 2.5 x ULN", (1, False, 2.5, True, "ULN")),
    ("> ULN to 1.5 x ULN", (1, False, 1.5, True, "ULN")),
    ("> ULN - 1.5 x ULN", (1, False, 1.5, True, "ULN")),
    ("> 1.5 x ULN but ≤ 3 x ULN", (1.5, False, 3, True, "ULN")),
    ("> 1.5 - 3.0 x ULN", (1.5, False, 3, True, "ULN")),
    ("over 21 years and less than 65 years", (21, False, 65, False, "a")),
    ("over 21 and under 65 years", (21, False, 65, False, "a")),
    ("6 weeks up to and including 4 months", (6, True, 17.392857, True, "wk")),
    ("between 8 (so that blood can be drawn) and 60 years", (8, True, 60, True, "a")),
    ("=20 and =65 years", (20, True, 65, True, "a")),
    ("=20 and <65 years", (20, True, 65, False, "a")),
    ("= 20 to = 65 years", (20, True, 65, True, "a")),
    ("20 years and < 55 years", (20, True, 55, False, "a")),
    ("20 = age < 80 years", (20, True, 80, False, "a")),
    ("20 = age = 80 years", (20, True, 80, True, "a")),
    ("entre 30 y 75 años", (30, True, 75, True, "a")),
    ("20 à 65 ans", (20, True, 65, True, "a")),
    ("20‒75 years", (20, True, 75, True, "a")),
    ("20 ∼ 75 years", (20, True, 75, True, "a")),
    ("20÷75 years", (20, True, 75, True, "a")),
    ("50-to-65-year", (50, True, 65, True, "a")),
    ("100-150% of ULN", (1, True, 1.5, True, "ULN")),
    ("10 mg/week or greater but 20 mg/week or less", (10, True, 20, True, "mg/wk")),
    ("4.0–2.4 mg/m2", (2.4, True, 4, True, "mg/m2")),
]
SINGLES: list[tuple[str, Expected]] = [
    ("18 years", (18, True, 18, True, "a")),
    ("eighteen (18) years", (18, True, 18, True, "a")),
    ("at least eighteen (18) years", (18, True, None, None, "a")),
    ("≥ 100.000/mm3", (100_000, True, None, None, "/uL")),
    ("≥ 1.500 /µL", (1500, True, None, None, "/uL")),
    ("≥ 1.500 g/dL", (1.5, True, None, None, "g/dL")),
    ("> 0,15 g/dL", (0.15, False, None, None, "g/dL")),
    ("≥ 100 000/µL", (100_000, True, None, None, "/uL")),
    ("≥ 100\u00a0000/µL", (100_000, True, None, None, "/uL")),
    ("≥ 75,000/mcL", (75_000, True, None, None, "/uL")),
    ("> l500/µl", (1500, False, None, None, "/uL")),
    ("> 10^4 IU/mL", (10_000, False, None, None, "[IU]/mL")),
    ("≥ 3 x 10^5 copies/mL", (300_000, True, None, None, "{copies}/mL")),
    ("≥ 1.5 x 109/L", (1.5, True, None, None, "10*9/L")),
    ("≤ 150 % of ULN", (None, None, 1.5, True, "ULN")),
    ("≤ ULN x 2.5", (None, None, 2.5, True, "ULN")),
    ("> ULN + 4 seconds", (4, False, None, None, "s")),
    ("< 1.5 (×ULN)", (None, None, 1.5, False, "ULN")),
    ("> 5 times greater than the ULN", (5, False, None, None, "ULN")),
    ("9 g/dL (or higher)", (9, True, None, None, "g/dL")),
    ("100 U/L (maximum)", (None, None, 100, True, "U/L")),
    ("50-year-old or older", (50, True, None, None, "a")),
    ("18 years onward", (18, True, None, None, "a")),
    ("less tha 2 mg//day", (None, None, 2, False, "mg/d")),
    ("≥ 1.5 × 10⁹/L", (1.5, True, None, None, "10*9/L")),
    ("≥ 100 x 10 9/L", (100, True, None, None, "10*9/L")),
    ("≥ 9 g/dL", (9, True, None, None, "g/dL")),
    ("≥9g/dL", (9, True, None, None, "g/dL")),
    ("≥ 9&nbsp;g/dL", (9, True, None, None, "g/dL")),
    ("≥ 9\ng/dL", (9, True, None, None, "g/dL")),
    ("≥\n9 g/dL", (9, True, None, None, "g/dL")),
    ("up to 66 Gy", (None, None, 66, True, "Gy")),
    ("up to 60-66 Gy", (None, None, 66, True, "Gy")),
    ("no more than 325 mg/day", (None, None, 325, True, "mg/d")),
    ("minimum of 70%", (70, True, None, None, "%")),
    ("≤ 2.5 x ULN", (None, None, 2.5, True, "ULN")),
    ("≤2.5×ULN", (None, None, 2.5, True, "ULN")),
    ("≤ 2.5xULN", (None, None, 2.5, True, "ULN")),
    ("≤ 2.5 ULN", (None, None, 2.5, True, "ULN")),
    ("≤ 2.5 times ULN", (None, None, 2.5, True, "ULN")),
    ("≤ 2.5-fold ULN", (None, None, 2.5, True, "ULN")),
    ("≤ 2.5 X institutional upper limit of normal", (None, None, 2.5, True, "ULN")),
    ("3x < ULN", (None, None, 3, False, "ULN")),
    ("3 x ≤ ULN", (None, None, 3, True, "ULN")),
    ("less than three times the upper limit of normal", (None, None, 3, False, "ULN")),
    ("less than twice the upper limit of normal", (None, None, 2, False, "ULN")),
    ("≤ twice ULN", (None, None, 2, True, "ULN")),
    ("≤ ULN", (None, None, 1, True, "ULN")),
    ("< ULN", (None, None, 1, False, "ULN")),
    ("> ULN", (1, False, None, None, "ULN")),
    ("≥ LLN", (1, True, None, None, "LLN")),
    ("within the upper limit of normal", (None, None, 1, True, "ULN")),
    ("above the normal range", (1, False, None, None, "ULN")),
    ("above the upper limit of normal", (1, False, None, None, "ULN")),
    ("below the lower limit of normal", (None, None, 1, False, "LLN")),
    ("below the normal range", (None, None, 1, False, "LLN")),
    ("≤ 1.5 x control", (None, None, 1.5, True, "1")),
    ("≥ 0.8 x LLN", (0.8, True, None, None, "LLN")),
    ("≤ 1.5 x the upper limit of normal", (None, None, 1.5, True, "ULN")),
]


@pytest.mark.parametrize(("text", "expected"), [pytest.param(t, e, id=repr(t)) for t, e in RANGES + SINGLES])
def test_one_quantity(text: str, expected: Expected) -> None:
    found = quantities(text)
    assert len(found) == 1, [text[q.start : q.end] for q in found]
    quantity = found[0]
    *ends, unit = expected
    assert quantity.interval == Interval(*ends)  # type: ignore[arg-type]
    assert (quantity.unit.ucum if quantity.unit else None) == unit
    assert text[quantity.start : quantity.end] in (
        text,
        text.removeprefix("between ").removeprefix("Between ").removeprefix("from "),
    )


def test_a_range_joined_by_up_to() -> None:
    assert [q.interval for q in quantities("18 up to 75 years")] == [Interval(18, True, 75, True)]


@pytest.mark.parametrize(("text", "expected"), RANGES)
def test_a_range_says_that_it_has_two_ends(text: str, expected: Expected) -> None:
    assert quantities(text)[0].ranged
    assert expected[0] is not None
    assert expected[2] is not None


@pytest.mark.parametrize(
    "text", ["75-18 years", "5 to 2 Gy", "10–3 mg", "between 75 and 18 years", "≥ 75 and ≤ 18 years"]
)
def test_a_descending_pair_is_no_range(text: str) -> None:
    for quantity in quantities(text):
        assert not quantity.ranged
        low, high = quantity.interval.low, quantity.interval.high
        assert low is None or high is None or low <= high


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("≥ 9 g/dL or ≤ 5 g/dL", [(9.0,), (5.0,)]),
        ("< 130 mmol/L or > 150 mmol/L", [(130.0,), (150.0,)]),
        ("≤ 2.5 x ULN (≤ 5 x ULN if liver metastases)", [(2.5,), (5.0,)]),
        ("81 or 325 mg", [(81.0,), (325.0,)]),
        ("75 mg/m2 and 5 mg", [(75.0,), (5.0,)]),
        ("60 Gy in 30 fractions", [(60.0,), (30.0,)]),
        ("≥ 18 years, ECOG 0", [(18.0,), (0.0,)]),
    ],
)
def test_two_quantities_stay_two(text: str, values: list[tuple[float, ...]]) -> None:
    assert [q.values for q in quantities(text)] == values


@pytest.mark.parametrize(
    "text", ["", "no number here", "HbA1c", "NCT01234567", "normal values", "within normal limits", "CA125 was normal"]
)
def test_nothing(text: str) -> None:
    assert quantities(text) == []


@pytest.mark.parametrize("text", ["≥ 3 x 10^5", "2 x 10^6 spores"])
def test_a_mantissa_is_no_value(text: str) -> None:
    assert [q for q in quantities(text) if q.values[0] in (1.5, 2, 3) and q.unit is None] == []


def test_offsets_are_those_of_the_whole_text() -> None:
    text = "Hemoglobin of at least 9 g/dL, platelets > 100 x 109/L."
    assert [text[q.start : q.end] for q in quantities(text)] == ["at least 9 g/dL", "> 100 x 109/L"]


def test_zero_is_a_value() -> None:
    [quantity] = quantities("≤ 0 mmol/L")
    assert (quantity.interval.high, quantity.interval.low) == (0, None)


@pytest.mark.parametrize("text", ["0,150,150 mg", "0,151.5 g/dL"])
def test_a_malformed_number_does_not_stop_the_reading(text: str) -> None:
    assert len(quantities(text)) <= 1
