"""Which number of a prescription a fact states."""

from __future__ import annotations

from dataclasses import fields

import pytest

from trialsift.model.fact import Regimen, Scalar
from trialsift.model.prescription import NUMBERS, find_stated_number


@pytest.mark.parametrize(
    ("label", "attributes", "expected"),
    [
        ("FRACTIONS", {"low": 25}, "fractions"),
        ("DOSE", {"modality": "radiation", "role": "per_fraction"}, "dose_per_fraction"),
        ("DOSE", {"modality": "radiation", "role": "total"}, "total_dose"),
        ("DOSE", {"modality": "radiation", "role": "other"}, None),
        ("DOSE", {"modality": "drug"}, None),
        ("LAB", {"role": "total"}, None),
    ],
)
def test_stated_number(label: str, attributes: dict[str, Scalar], expected: str | None) -> None:
    assert find_stated_number(label, attributes) == expected


def test_the_numbers_are_fields_of_a_regimen() -> None:
    assert ("facts", *NUMBERS) == tuple(field.name for field in fields(Regimen))
