"""The ways of writing a number."""

from __future__ import annotations

import pytest
from benchmarks.language.numbers import FORMS, spell, write_number


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "zero"),
        (12, "twelve"),
        (40, "forty"),
        (54, "fifty-four"),
        (300, "three hundred"),
        (999, "nine hundred ninety-nine"),
        (100_000, "one hundred thousand"),
    ],
)
def test_spell(number: int, said: str) -> None:
    assert spell(number) == said


def test_spell_with_a_conjunction() -> None:
    assert spell(120, conjunction="and ") == "one hundred and twenty"


@pytest.mark.parametrize(
    ("form", "number", "text"),
    [
        ("54", 1.5, "1.5"),
        ("54.0", 9, "9.0"),
        ("100,000", 100_000, "100,000"),
        ("100.000", 1500, "1.500"),
        ("100 000 (thin space)", 75_000, "75\u2009000"),
        ("1,00,000", 150_000, "1,50,000"),
        ("1 lakh", 150_000, "1.5 lakh"),
        ("100K", 75_000, "75K"),
        ("1,5", 2.5, "2,5"),
        ("1·5", 2.5, "2·5"),
        (".8", 0.8, ".8"),
        ("1½", 2.5, "2½"),
        ("1 1/2", 8.5, "8 1/2"),
        ("one and a half", 2.5, "two and a half"),
        ("fifty-four (54)", 21, "twenty-one (21)"),
        ("fifteen hundred", 1500, "fifteen hundred"),
    ],
)
def test_write_number(form: str, number: float, text: str) -> None:
    assert write_number(number, form) == text


@pytest.mark.parametrize(
    ("form", "number"),
    [
        ("100,000", 999),
        ("1,5", 9),
        ("1½", 0.5),
        ("1½", 1.2),
        (".8", 1.8),
        ("fifty-four", 1.5),
        ("1 lakh", 1500),
        ("one and a half", 2),
    ],
)
def test_a_form_that_does_not_suit_a_number(form: str, number: float) -> None:
    assert write_number(number, form) is None


@pytest.mark.parametrize("form", FORMS)
def test_each_form_suits_some_number(form: str) -> None:
    numbers = [0.8, 1.5, 9, 54, 120, 1500, 100_000]
    assert any(write_number(number, form) for number in numbers)
