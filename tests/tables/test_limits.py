"""The most restrictive of several limits, and what is said where they conflict."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialsift.model.interval import Interval
from trialsift.tables.limits import combine, is_same_age, is_same_amount


def above(value: float, inclusive: bool = True) -> Interval:
    return Interval(value, inclusive)


def below(value: float, inclusive: bool = True) -> Interval:
    return Interval(None, None, value, inclusive)


@pytest.mark.parametrize(
    ("given", "limits", "conflicts"),
    [
        ([], Interval(), []),
        ([above(18)], above(18), []),
        ([above(18), below(70)], Interval(18, True, 70, True), []),
        ([above(18), above(18, False)], above(18, False), []),
        ([below(70), below(70, False)], below(70, False), []),
        ([above(18), above(20)], above(20), ["x: 18 and 20 a as lower limit (20 taken)"]),
        ([below(5), below(4), below(3)], below(3), ["x: 3, 4 and 5 a as upper limit (3 taken)"]),
        (
            [Interval(18, True, 75, True), Interval(20, True, 70, True)],
            Interval(20, True, 70, True),
            ["x: 18 and 20 a as lower limit (20 taken)", "x: 70 and 75 a as upper limit (70 taken)"],
        ),
        (
            [above(n) for n in range(1, 21)],
            above(20),
            ["x: 1, 2, 3, 4, 5, 6, 7, 8, … and 20 a as lower limit (20 taken)"],
        ),
        ([Interval(5, True, 5, True)], Interval(5, True, 5, True), []),
        ([Interval(5, False, 5, True)], Interval(), ["x: > 5 and ≤ 5 a, nobody left"]),
        ([above(18), below(18, False)], Interval(), ["x: ≥ 18 and < 18 a, nobody left"]),
        ([Interval(18, True, 40, True), Interval(50, True, 70, True)], Interval(), ["x: ≥ 50 and ≤ 40 a, nobody left"]),
    ],
)
def test_the_most_restrictive(given: list[Interval], limits: Interval, conflicts: list[str]) -> None:
    for order in (given, given[::-1]):
        found = combine((one, True) for one in order)
        assert (found.limits, found.describe_conflicts("x", "a")) == (limits, conflicts)


@pytest.mark.parametrize(
    ("given", "limits", "differ"),
    [
        ([below(75), below(76, False)], below(75), False),
        ([above(18), above(17, False)], above(18), False),
        ([below(75), below(75, False)], below(75, False), False),
        ([below(75), below(76)], below(75), True),
        ([above(0.5), above(0.5, False)], above(0.5, False), False),
    ],
)
def test_ages_are_compared_in_completed_years(given: list[Interval], limits: Interval, differ: bool) -> None:
    found = combine(((one, True) for one in given), is_same_age)
    assert (found.limits, found.describe_conflicts("age") != []) == (limits, differ)


@pytest.mark.parametrize(
    ("written", "converted", "taken", "differ"),
    [(9, 9.024, 9, False), (9, 8.9, 9, False), (9, 10, 10, True), (100, 75, 100, True)],
)
def test_a_converted_amount_is_the_same_but_for_rounding(
    written: float, converted: float, taken: float, differ: bool
) -> None:
    found = combine([(above(written), True), (above(converted), False)], is_same_amount)
    assert (found.limits.low, found.describe_conflicts("hemoglobin") != []) == (taken, differ)


@given(st.lists(st.tuples(st.none() | st.integers(0, 9), st.none() | st.integers(0, 9)), max_size=5), st.integers(0, 9))
def test_who_is_inside_is_inside_of_each(ends: list[tuple[int | None, int | None]], value: int) -> None:
    intervals = [
        Interval(low, None if low is None else True, high, None if high is None else True) for low, high in ends
    ]
    found = combine((one, True) for one in intervals)

    def inside(one: Interval) -> bool:
        return (one.low is None or value >= one.low) and (one.high is None or value <= one.high)

    if found.nobody is None:
        assert inside(found.limits) is all(inside(one) for one in intervals)
    else:
        assert not all(inside(one) for one in intervals)
        assert found.limits == Interval()
