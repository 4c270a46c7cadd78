"""Key attributes: what is the same value and what is not."""

from __future__ import annotations

from typing import Any

import pytest

from trialsift.evaluation.equality import find_differing, read_key_attributes
from trialsift.gold import DEFAULT_LABELS


def at_least(low: float | None, unit: str | None = None, inclusive: bool = True, **more: Any) -> dict[str, Any]:
    """An interval that is open above."""
    flag = None if low is None else inclusive
    return {"low": low, "low_inclusive": flag, "high": None, "high_inclusive": None, "unit": unit, **more}


def at_most(high: float | None, unit: str | None = None, inclusive: bool = True, **more: Any) -> dict[str, Any]:
    """An interval that is open below."""
    flag = None if high is None else inclusive
    return {"low": None, "low_inclusive": None, "high": high, "high_inclusive": flag, "unit": unit, **more}


def between(low: float | None, high: float | None, unit: str | None = None, **more: Any) -> dict[str, Any]:
    """A closed interval without flags."""
    return {"low": low, "high": high, **({} if unit is None else {"unit": unit}), **more}


@pytest.mark.parametrize(
    ("label", "gold", "predicted", "expected"),
    [
        # AGE: interval and unit, after conversion
        ("AGE", at_least(18, "a"), at_least(18, "a"), ()),
        ("AGE", at_least(18, "a"), at_least(216, "mo"), ()),
        ("AGE", at_least(18, "a"), at_least(18, "mo"), ("low",)),
        ("AGE", at_least(18, "a"), at_least(18, "a", inclusive=False), ("low_inclusive",)),
        ("AGE", at_least(18, "a"), at_least(18, None), ("unit",)),
        ("AGE", at_least(18, "a"), at_most(18, "a"), ("low", "high")),
        ("AGE", at_least(18, "a", polarity="inclusion"), at_least(18, "a", polarity="exclusion"), ()),
        ("AGE", at_most(17, "a"), between(0, 17, "a"), ()),
        ("AGE", at_most(17, "a"), at_most(17, "a") | {"low": 0, "low_inclusive": False}, ("low",)),
        ("AGE", between(18, 75, "a"), between(18, 70, "a"), ("high",)),
        # a flag that is missing beside a number is true
        ("AGE", at_least(18, "a"), {"low": 18, "unit": "a"}, ()),
        ("AGE", at_least(18, "a", inclusive=False), {"low": 18, "unit": "a"}, ("low_inclusive",)),
        # PERFORMANCE_STATUS: scale and ends; flags don't count; an open end is the end of the scale
        ("PERFORMANCE_STATUS", between(0, 2, scale="ECOG"), between(0, 2, scale="ECOG"), ()),
        ("PERFORMANCE_STATUS", between(0, 2, scale="ECOG"), between(1, 2, scale="ECOG"), ("low",)),
        ("PERFORMANCE_STATUS", between(0, 2, scale="ECOG"), between(0, 2, scale="KPS"), ("scale",)),
        ("PERFORMANCE_STATUS", between(0, 2, scale="ECOG", scale_as_written="WHO"), between(0, 2, scale="ECOG"), ()),
        ("PERFORMANCE_STATUS", between(0, 2, scale="ECOG"), at_most(2, scale="ECOG", inclusive=False), ()),
        ("PERFORMANCE_STATUS", between(70, 100, scale="KPS"), at_least(70, scale="KPS"), ()),
        ("PERFORMANCE_STATUS", between(2, 5, scale="ECOG"), at_least(2, scale="ECOG"), ()),
        ("PERFORMANCE_STATUS", between(0, 0, scale="ECOG"), at_most(None, scale="ECOG"), ("high",)),
        ("PERFORMANCE_STATUS", between(0, 0, scale="ECOG"), between(1, 1, scale="ECOG"), ("low", "high")),
        # LAB: analyte, interval, unit after conversion; a missing unit is any unit, numbers then as written
        ("LAB", at_least(1500, "/uL", analyte="neutrophils"), at_least(1.5, "10*9/L", analyte="neutrophils"), ()),
        ("LAB", at_least(100000, "/uL", analyte="platelets"), at_least(100, "10*3/uL", analyte="platelets"), ()),
        ("LAB", at_most(2.5, "ULN", analyte="alt"), at_most(2.5, "ULN", analyte="ast"), ("analyte",)),
        ("LAB", at_most(40, "U/L", analyte="alt"), at_most(40, "[IU]/L", analyte="alt"), ()),
        (
            "LAB",
            at_most(100, "umol/L", analyte="creatinine"),
            at_most(1.13, "mg/dL", analyte="creatinine"),
            ("unit", "high"),
        ),
        ("LAB", at_most(5, "ULN", analyte="alt"), at_most(5, "U/L", analyte="alt"), ("unit",)),
        ("LAB", at_least(5, "mmol/L", analyte="potassium"), at_least(5, "meq/L", analyte="potassium"), ("unit",)),
        ("LAB", at_least(5.0, None, analyte="potassium"), at_least(5, "mmol/L", analyte="potassium"), ()),
        ("LAB", at_least(1500, "/uL", analyte="neutrophils"), at_least(1.5, None, analyte="neutrophils"), ("low",)),
        ("LAB", at_least(1500, None, analyte="neutrophils"), at_least(1500, None, analyte="neutrophils"), ()),
        ("LAB", at_most(3, "mg/dL", analyte="crp"), between(0, 3, "mg/dL", analyte="crp"), ()),
        ("LAB", at_least(0.3, "g/(24.h)", analyte="urine_protein"), at_least(300, "mg/d", analyte="urine_protein"), ()),
        ("LAB", at_least(0.1 + 0.2, "g/L", analyte="iron"), at_least(0.3, "g/L", analyte="iron"), ()),
        ("LAB", at_least(9, "g/dL", analyte="hemoglobin"), at_least(9.0001, "g/dL", analyte="hemoglobin"), ("low",)),
        # DOSE: modality, interval, unit; role for radiation only
        (
            "DOSE",
            between(50, 50, "Gy", modality="radiation", role="total"),
            between(5000, 5000, "cGy", modality="radiation", role="total"),
            (),
        ),
        (
            "DOSE",
            between(50, 50, "Gy", modality="radiation", role="total"),
            between(50, 50, "Gy", modality="radiation", role="other"),
            ("role",),
        ),
        (
            "DOSE",
            between(50, 50, "Gy", modality="radiation", role="total"),
            between(50, 50, "Gy", modality="radiation"),
            ("role",),
        ),
        ("DOSE", between(40, 40, "mg", modality="drug"), between(40, 40, "mg", modality="drug", role="other"), ()),
        (
            "DOSE",
            between(40, 40, "mg", modality="drug", agent="a"),
            between(40, 40, "mg", modality="drug", agent="b"),
            (),
        ),
        ("DOSE", between(40, 40, "mg", modality="drug"), between(40, 40, "mg/d", modality="drug"), ("unit",)),
        ("DOSE", between(40, 40, "mg", modality="drug"), between(40, 40, None, modality="drug"), ("unit",)),
        ("DOSE", between(7.4, 7.4, "GBq", modality="drug"), between(7400, 7400, "MBq", modality="drug"), ()),
        (
            "DOSE",
            at_most(66, "Gy", modality="radiation", role="total"),
            between(0, 66, "Gy", modality="radiation", role="total"),
            (),
        ),
        (
            "DOSE",
            between(2, 2, "Gy", modality="drug"),
            between(2, 2, "Gy", modality="radiation", role="total"),
            ("modality", "role"),
        ),
        # FRACTIONS: the interval alone
        ("FRACTIONS", between(25, 25), between(25, 25, "1"), ()),
        ("FRACTIONS", between(15, 20), at_most(20, inclusive=False), ("low",)),
        # optional labels, and one that nobody has heard of
        ("MEASUREMENT", at_least(30, "kg/m2", measure="bmi"), at_least(30, None, measure="bmi"), ()),
        ("MEASUREMENT", at_least(30, "kg", measure="bmi"), at_least(30, "kg", measure="weight"), ("measure",)),
        ("LIFE_EXPECTANCY", at_least(3, "mo"), at_least(0.25, "a"), ()),
        ("TUMOUR_SIZE", at_least(3, "cm"), at_least(30, "mm"), ()),
        ("TUMOUR_SIZE", at_least(3, "cm", measure="node"), at_least(3, "cm"), ("measure",)),
        ("TUMOUR_SIZE", at_least(3, "cm"), at_least(3, None), ("unit",)),
    ],
)
def test_key_attributes(label: str, gold: dict[str, Any], predicted: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert find_differing(label, gold, predicted) == expected
    assert find_differing(label, predicted, gold) == expected, "not symmetric"


def test_role_can_be_left_out() -> None:
    gold = between(50, 50, "Gy", modality="radiation")
    predicted = between(50, 50, "Gy", modality="radiation", role="total")
    assert find_differing("DOSE", gold, predicted) == ("role",)
    assert find_differing("DOSE", gold, predicted, compare_role=False) == ()


def test_every_default_label_has_its_key_attributes() -> None:
    assert set(DEFAULT_LABELS) <= set(read_key_attributes())
