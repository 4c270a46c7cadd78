"""What operators, signs and words, state; and limits of normal."""

from __future__ import annotations

import pytest

from tests.extraction.quantities.readers import comparators, operators_in, quantities
from trialsift.model.interval import Interval

FORMS = {
    "ge": [
        "≥",
        "⩾",
        "≧",
        "&ge;",
        "&#8805;",
        "â‰¥",
        "³",
        ">=",
        "=>",
        "> =",
        ">/=",
        "=/>",
        "> or =",
        "> or = to",
        "\\>=",
        "\\> or =",
        "&gt;=",
        "≥/=",
        "> or equal to",
        "≥ or =",
        "greater than or equal to",
        "Greater than or equal to",
        "GREATER THAN OR EQUAL TO",
        "greater than or = to",
        "greater than or equal to (≥)",
        "greater than or equal to (>=)",
        "equal to or greater than",
        "at least",
        "At least",
        "no less than",
        "not less than",
        "minimum of",
        "a minimum of",
        "no younger than",
        "not below",
        "no fewer than",
        "equal or above",
        "older than or equal to",
        "⪰",
        "_>",
        "¡Ý",
        "<U+2265>",
        "&amp;ge;",
        "\\>\\=",
        "equal/greater than",
        "equal /greater than",
        "greater than/equal to",
        "greater/equal to",
        "greater than or the same as",
        "at or above",
        "at/above",
        "above or at",
        "never below",
        "at the very least",
        "at a minimum",
        "larger than/equal to",
        "superior or equal to",
        "not inferior to",
        "not smaller than",
        "not fall below",
        "not be lower than",
        "nor less than",
        "not drop under",
        "≥ (greater than or equal to)",
        "equal to or >",
        "greather than or equal to",
        "mayor o igual a",
        "igual o superior a",
        "supérieure ou égale à",
        "maior ou igual a",
        "au moins",
        "pelo menos",
        "al menos",
        "mindestens",
        "> ou igual a",
    ],
    "gt": [
        ">",
        "＞",
        "&gt;",
        "\\>",
        "greater than",
        "more than",
        "over",
        "above",
        "older than",
        "higher than",
        "exceeding",
        "in excess of",
        "greater than (>)",
        "more than (>)",
        "exceeds",
        "greater\nthan",
        "superior to",
        "larger than",
        "≻",
        "mayor de",
        "más de",
        "plus de",
    ],
    "le": [
        "≤",
        "⩽",
        "≦",
        "&le;",
        "&#8804;",
        "â‰¤",
        "£",
        "<=",
        "=<",
        "=/<",
        "</=",
        "< or =",
        "\\<=",
        "\\< or =",
        "&lt;=",
        "< or equal to",
        "≤ or =",
        "less than or equal to",
        "less than or equal to (≤)",
        "up to",
        "Up to",
        "no more than",
        "not more than",
        "no greater than",
        "not exceeding",
        "not to exceed",
        "maximum of",
        "at most",
        "up to and including",
        "equal to or less than",
        "no older than",
        "must not exceed",
        "limited to",
        "¡Ü",
        "<U+2264>",
        "equal/lower than",
        "at or below",
        "below/equal to",
        "lower than or equal",
        "smaller than or equal to",
        "inferior or equal to",
        "equal to or inferior to",
        "not superior to",
        "cannot exceed",
        "not be higher than",
        "not in excess of",
        "at the very most",
        "menor o igual a",
        "inférieure ou égale à",
        "< ou igual a",
    ],
    "lt": [
        "<",
        "＜",
        "&lt;",
        "\\<",
        "less than",
        "lower than",
        "below",
        "under",
        "younger than",
        "fewer than",
        "less than (<)",
        "Less Than",
        "inferior to",
        "smaller than",
        "menor de",
        "moins de",
    ],
    "eq": ["=", "equal to", "exactly"],
}


@pytest.mark.parametrize(
    ("operator", "written"), [pytest.param(o, w, id=f"{o}: {w!r}") for o, forms in FORMS.items() for w in forms]
)
@pytest.mark.parametrize("space", [" ", ""])
def test_operator(operator: str, written: str, space: str) -> None:
    if not space and written[-1].isalpha():
        space = "\n"  # `at least18` is no word; a line break is white space
    assert operators_in(f"It is {written}{space}5 units") == [operator]


@pytest.mark.parametrize(
    ("operator", "written"),
    [pytest.param(o, w, id=f"{o}: {w!r}") for o, forms in FORMS.items() if o != "eq" for w in forms],
)
def test_interval_and_span_of_an_operator(operator: str, written: str) -> None:
    [quantity] = quantities(f"It is {written} 5 g/dL")
    assert quantity.operator == operator
    assert quantity.interval == Interval.of(operator, 5)
    assert (quantity.start, quantity.end) == (6, len(f"It is {written} 5 g/dL"))


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("ge", Interval(5, True, None, None)),
        ("gt", Interval(5, False, None, None)),
        ("le", Interval(None, None, 5, True)),
        ("lt", Interval(None, None, 5, False)),
        ("within", Interval(None, None, 5, True)),
        ("eq", Interval(5, True, 5, True)),
        (None, Interval(5, True, 5, True)),
    ],
)
def test_interval_of(operator: str | None, expected: Interval) -> None:
    assert Interval.of(operator, 5) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("not > 2.5 x ULN", Interval(None, None, 2.5, True)),
        ("not ≥ 2.5 x ULN", Interval(None, None, 2.5, False)),
        ("not < 9 g/dL", Interval(9, True, None, None)),
        ("no > 2 x ULN", Interval(None, None, 2, True)),
        ("not ≤ 9 g/dL", Interval(9, False, None, None)),
    ],
)
def test_a_denied_sign_points_the_other_way(text: str, expected: Interval) -> None:
    [quantity] = quantities(f"It is {text}")
    assert quantity.interval == expected
    assert quantity.start == 6


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18 years or older", Interval(18, True, None, None)),
        ("18 and over", Interval(18, True, None, None)),
        ("18 years of age and older", Interval(18, True, None, None)),
        ("70 or greater", Interval(70, True, None, None)),
        ("18+ years", Interval(18, True, None, None)),
        ("18 years +", Interval(18, True, None, None)),
        ("75 years or younger", Interval(None, None, 75, True)),
        ("2 or less", Interval(None, None, 2, True)),
        ("12 years and under", Interval(None, None, 12, True)),
        ("18 years and up", Interval(18, True, None, None)),
        ("2 or fewer", Interval(None, None, 2, True)),
        ("18 years or above", Interval(18, True, None, None)),
        ("18 years and upwards", Interval(18, True, None, None)),
        ("18 years at a minimum", Interval(18, True, None, None)),
        ("18 years as a minimum", Interval(18, True, None, None)),
        ("9 g/dL or better", Interval(9, True, None, None)),
        ("9 g/dL at the most", Interval(None, None, 9, True)),
        ("18 años o más", Interval(18, True, None, None)),
    ],
)
def test_operator_behind(text: str, expected: Interval) -> None:
    [quantity] = quantities(text)
    assert quantity.interval == expected
    assert (quantity.start, quantity.end) == (0, len(text))


@pytest.mark.parametrize("text", ["-> 5", "--> 5", "pay £ for it", "over the age", "³ of them", "m³ of space"])
def test_no_operator_in_front_of_a_quantity(text: str) -> None:
    assert [q for q in quantities(text) if q.operator is not None] == []


@pytest.mark.parametrize("written", ["<>", "><", "≥≤"])
def test_a_contradiction_states_nothing(written: str) -> None:
    assert comparators().read_operator(written) is None


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("ULN", "ULN"),
        ("uln", "ULN"),
        ("upper limit of normal", "ULN"),
        ("Upper Limit of Normal", "ULN"),
        ("upper limits of normal", "ULN"),
        ("institutional ULN", "ULN"),
        ("the institutional upper limit of normal", "ULN"),
        ("the upper normal limit", "ULN"),
        ("UNL", "ULN"),
        ("IULN", "ULN"),
        ("normal", "ULN"),
        ("the normal range", "ULN"),
        ("upper limit of the normal range", "ULN"),
        ("upper\nlimit of normal", "ULN"),
        ("LLN", "LLN"),
        ("the lower limit of normal", "LLN"),
        ("control", "1"),
        ("baseline", "1"),
        ("local laboratory upper limit of normal", "ULN"),
        ("upper limit of normal (ULN)", "ULN"),
    ],
)
@pytest.mark.parametrize("times", ["x", "×", "times", "*", "X"])
def test_multiple_of_a_limit(written: str, code: str, times: str) -> None:
    [quantity] = quantities(f"≤ 2.5 {times} {written}")
    assert quantity.unit is not None
    assert (quantity.unit.ucum, quantity.kind, quantity.interval) == (code, "limit", Interval(None, None, 2.5, True))


@pytest.mark.parametrize(
    ("written", "operator"),
    [("glucose greater 150 mg/dL", "gt"), ("glucose less 70 mg/dL", "lt"), ("two or more tablets", None)],
)
def test_a_comparative_that_has_lost_its_than(written: str, operator: str | None) -> None:
    assert [q.operator for q in quantities(written)] == [operator] or operator is None


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("upper level of normal", "ULN"),
        ("upper bound of the laboratory's normal range", "ULN"),
        ("institution's upper limit of normal", "ULN"),
        ("lower bound of the institutional normal range", "LLN"),
        ("lower limit of institutional normal", "LLN"),
    ],
)
def test_limit_of_normal_put_together(written: str, code: str) -> None:
    [quantity] = quantities(f"≥ 2 x {written}")
    assert quantity.unit is not None
    assert (quantity.unit.ucum, quantity.kind) == (code, "limit")
