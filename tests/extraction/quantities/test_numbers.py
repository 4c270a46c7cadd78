"""Surfaces of numbers: thousands, decimals, words; and where a number may begin."""

from __future__ import annotations

import re

import pytest

from tests.extraction.quantities.readers import quantities
from trialsift.extraction.quantities import numbers
from trialsift.model.interval import tidy


@pytest.mark.parametrize(
    ("surface", "expected"),
    [
        ("18", 18),
        ("0", 0),
        ("1.5", 1.5),
        (".5", 0.5),
        ("0.500", 0.5),
        ("1,500", 1500),
        ("100,000", 100_000),
        ("1,000,000", 1_000_000),
        ("10,000.5", 10_000.5),
        ("1,5", 1.5),
        ("0,15", 0.15),
        ("12,25", 12.25),
        ("0,125", 0.125),
        ("1'500", 1500),
        ("1’500", 1500),
        ("1·5", 1.5),
        ("l500", 1500),
        ("100.000", 100),
        ("2.125", 2.125),
        ("eighteen", 18),
        ("Eighteen", 18),
        ("TWENTY-ONE", 21),
        ("single", 1),
        ("twice", 2),
        ("thrice", 3),
        (" ten ", 10),
    ],
)
def test_value(surface: str, expected: float) -> None:
    assert numbers.read_value(surface) == expected


@pytest.mark.parametrize(
    ("surface", "expected"),
    [
        ("100.000", 100_000),
        ("1.500", 1500),
        ("1.500.000", 1_500_000),
        ("0.500", 0.5),
        ("1.5", 1.5),
        ("1.5000", 1.5),
        ("1,500", 1500),
    ],
)
def test_a_full_stop_groups_where_told(surface: str, expected: float) -> None:
    assert numbers.read_value(surface, grouping_dot=True) == expected


@pytest.mark.parametrize("surface", ["", "abc", "1.2.3", "-", "eleventy"])
def test_no_number(surface: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        numbers.read_value(surface)


@pytest.mark.parametrize(("number", "expected"), [(18.0, 18), (0.0, 0), (0.1 + 0.2, 0.3), (1.5, 1.5), (-2.0, -2)])
def test_tidy(number: float, expected: float) -> None:
    tidied = tidy(number)
    assert tidied == expected
    assert isinstance(tidied, int) == (expected == int(expected))


def test_tidy_leaves_what_an_int_would_pretend_to_know() -> None:
    assert isinstance(tidy(1e20), float)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5x5 Gy", ["5", "5"]),
        ("x5", ["5"]),
        ("3 x 2.5", ["3", "2.5"]),
        ("≥18", ["18"]),
        ("18-75", ["18", "75"]),
        ("equal to7.0%", ["7.0"]),
        ("persons aged18", ["18"]),
        ("> l500/µl", ["l500"]),
        ("(0,15)", ["0,15"]),
        ("1,500 and 100,000", ["1,500", "100,000"]),
        ("Gy/30", ["30"]),
        ("HbA1c", []),
        ("NCT01234567", []),
        ("CA125", []),
        ("version v2", []),
        ("COVID19", []),
        ("B12", []),
        ("l50", []),
    ],
)
def test_where_a_number_may_stand(text: str, expected: list[str]) -> None:
    assert [m.group().strip() for m in re.finditer(numbers.NUMBER, text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("eighteen years", ["eighteen"]),
        ("Twenty-five Gy", ["Twenty-five"]),
        ("someone often lends tenfold weight", []),
    ],
)
def test_number_words_are_whole_words(text: str, expected: list[str]) -> None:
    assert [m.group() for m in re.finditer(numbers.NUMBER_WORD, text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        f"≥ {'7' * 400} mg",
        f"≥ {'7' * 30},{'7' * 400} mg",
        f"≥ 1{',000' * 200} mg",
        f"≥ 100{' 000' * 200}/mm3",
        f"at least eighteen ({'7' * 400}) years",
    ],
)
def test_what_is_too_long_for_a_number_is_never_infinite(text: str) -> None:
    assert all(value < 1e30 for quantity in quantities(text) for value in quantity.values)


def test_a_chain_of_numbers_is_a_serial_number_and_no_range() -> None:
    assert [q.values for q in quantities("1-2-3-4-5-6-7-8 and 2-3 mg")] == [(2, 3)]
