"""Which characters a quantity was read from, as it keeps them."""

from __future__ import annotations

import pytest

from tests.extraction.quantities.readers import quantities


def pieces(text: str) -> list[str]:
    """The pieces of the quantities of a text, in its order, a string each: `number 18 = 18.0`."""
    found = [piece for quantity in quantities(text) for piece in sorted(quantity.pieces, key=lambda piece: piece[1])]
    return [f"{kind} {text[start:end].strip()} = {meaning}" for kind, start, end, meaning in found]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("18", ["number 18 = 18.0"]),
        ("≥ 18 years", ["comparator ≥ = ge", "number 18 = 18.0", "unit years = a"]),
        ("18-70 years", ["number 18 = 18.0", "range - = None", "number 70 = 70.0", "unit years = a"]),
        ("18 or older", ["number 18 = 18.0", "comparator or older = ge"]),
        ("18+ years", ["number 18 = 18.0", "comparator + = ge", "unit years = a"]),
        ("18 ≤ age ≤ 75", ["number 18 = 18.0", "comparator ≤ = ge", "comparator ≤ = le", "number 75 = 75.0"]),
        ("not > 2 mg", ["comparator not > = le", "number 2 = 2.0", "unit mg = mg"]),
        (
            "< 25% and ≥ 5%",
            [
                *("comparator < = lt", "number 25 = 25.0", "unit % = %"),
                *("comparator ≥ = ge", "number 5 = 5.0", "unit % = %"),
            ],
        ),
        ("3x < ULN", ["number 3 = 3.0", "unit x < ULN = ULN", "comparator < = lt"]),
        ("above the normal range", ["comparator above = gt", "unit normal range = ULN"]),
        (
            "> ULN but ≤ 2.5 x ULN",
            ["comparator > = gt", "unit ULN = ULN", "comparator ≤ = le", "number 2.5 = 2.5", "unit x ULN = ULN"],
        ),
        (
            "6 weeks to 17 years",
            ["number 6 = 6.0", "unit weeks = wk", "range to = None", "number 17 = 17.0", "unit years = a"],
        ),
        (
            "18 (incl.) to 75 (excl.)",
            [
                *("number 18 = 18.0", "comparator incl = ge", "range to = None"),
                *("number 75 = 75.0", "comparator excl = lt"),
            ],
        ),
        (
            "18 to 75 years, inclusive",
            [
                *("number 18 = 18.0", "range to = None", "number 75 = 75.0"),
                *("unit years = a", "comparator inclusive = inclusive"),
            ],
        ),
    ],
)
def test_pieces(text: str, told: list[str]) -> None:
    assert pieces(text) == told


def test_a_comparator_that_bounds_nothing_is_no_piece() -> None:
    """`over 5-10 Gy` is in the course of them; `between` needs two numbers."""
    assert pieces("over 5-10 Gy")[0] == "number 5 = 5.0"
    assert pieces("between 5 mg") == ["number 5 = 5.0", "unit mg = mg"]


def test_what_joins_two_numbers_of_an_upper_bound_is_no_range() -> None:
    assert pieces("up to 60-66 Gy") == ["comparator up to = le", "number 60 = 60.0", "number 66 = 66.0", "unit Gy = Gy"]


@pytest.mark.parametrize(
    "text",
    ["< 4 or > 30 x 109/L", "≤ 2.5 x ULN (≤ 5 times if liver metastases)"],
    ids=["unit behind", "limit in front"],
)
def test_a_unit_that_a_neighbour_says_is_a_piece_of_both(text: str) -> None:
    first, second = ([piece for piece in quantity.pieces if piece[0] == "unit"] for quantity in quantities(text))
    assert first == second != []


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("< 4 or > 30 x 109/L and < 5 or > 6", ["10*9/L", "10*9/L", None, None]),
        ("≤ 3 x ULN, ≤ 5 times, ≤ 10 times.", ["ULN", "ULN", "ULN"]),
    ],
)
def test_neighbours_are_read_in_order(text: str, units: list[str | None]) -> None:
    assert [quantity.unit and quantity.unit.ucum for quantity in quantities(text)] == units
