"""The most restrictive of several limits, and what is said where they conflict."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialsift.model.interval import Interval
from trialsift.tables.limits import Limit, combine, is_same_age, is_same_test_limit, unite


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
        ([above(18), below(18, False)], Interval(), ["x: ≥ 18 and < 18 a exclude each other (none taken)"]),
        (
            [Interval(18, True, 40, True), Interval(50, True, 70, True)],
            Interval(18, True, 70, True),
            ["x: ≥ 50 and ≤ 40 a exclude each other (18–70 taken)"],
        ),
        (
            [above(18), Interval(20, True, 30, True), below(12)],
            Interval(),
            ["x: ≥ 20 and ≤ 12 a exclude each other (none taken)"],
        ),
    ],
)
def test_the_most_restrictive(given: list[Interval], limits: Interval, conflicts: list[str]) -> None:
    for order in (given, given[::-1]):
        found = combine(Limit(one) for one in order)
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
    found = combine((Limit(one) for one in given), is_same_age)
    assert (found.limits, found.describe_conflicts("age") != []) == (limits, differ)


@pytest.mark.parametrize(
    ("written", "converted", "taken", "differ"),
    [(9, 9.024, 9, False), (9, 8.9, 9, False), (9, 10, 10, True), (100, 75, 100, True)],
)
def test_a_converted_amount_is_the_same_but_for_rounding(
    written: float, converted: float, taken: float, differ: bool
) -> None:
    found = combine([Limit(above(written)), Limit(above(converted), written=False)], is_same_test_limit)
    assert (found.limits.low, found.describe_conflicts("hemoglobin") != []) == (taken, differ)


@pytest.mark.parametrize(
    ("asked", "out", "limits", "conflict"),
    [
        ([above(18)], [below(70)], Interval(18, True, 70, True), None),
        ([above(70)], [below(65, False)], Interval(), "x: ≥ 70 and < 65, nobody left"),
        ([above(18), below(75)], [above(80)], Interval(), "x: ≥ 80 and ≤ 75, nobody left"),
        # cohorts: what is excluded holds for their union
        (
            [below(12), Interval(20, True, 60, True)],
            [below(50)],
            below(50),
            "x: ≥ 20 and ≤ 12 exclude each other (≤ 50 taken)",
        ),
        ([above(18)], [below(10), above(30)], above(18), "x: ≥ 30 and ≤ 10 exclude each other (≥ 18 taken)"),
        ([], [below(10), above(30)], Interval(), "x: ≥ 30 and ≤ 10 exclude each other (none taken)"),
    ],
)
def test_nobody_is_left_only_by_exclusion(
    asked: list[Interval], out: list[Interval], limits: Interval, conflict: str | None
) -> None:
    found = combine([*map(Limit, asked), *(Limit(one, excludes=True) for one in out)])
    assert (found.limits, found.describe_conflicts("x")) == (limits, [conflict] if conflict else [])


@pytest.mark.parametrize(
    ("given", "union"),
    [
        ([], Interval()),
        ([above(18)], above(18)),
        ([Interval(9, True, 12, True), Interval(20, True, 55, False)], Interval(9, True, 55, False)),
        ([above(18), Interval(12, True, 17, True)], above(12)),
        ([above(18), below(40)], Interval()),
        ([above(18, False), above(18)], above(18)),
        ([below(5, False), below(5)], below(5)),
    ],
)
def test_a_union_holds_all(given: list[Interval], union: Interval) -> None:
    assert unite(given) == unite(given[::-1]) == union


@given(st.lists(st.tuples(st.none() | st.integers(0, 9), st.none() | st.integers(0, 9)), max_size=5), st.integers(0, 9))
def test_who_is_inside_is_inside_of_each(ends: list[tuple[int | None, int | None]], value: int) -> None:
    intervals = [
        Interval(low, None if low is None else True, high, None if high is None else True) for low, high in ends
    ]
    found = combine(Limit(one) for one in intervals)

    def inside(one: Interval) -> bool:
        return (one.low is None or value >= one.low) and (one.high is None or value <= one.high)

    if found.clash is None:
        assert inside(found.limits) is all(inside(one) for one in intervals)
    else:
        assert not all(inside(one) for one in intervals)
        assert inside(found.limits) or not any(inside(one) for one in intervals)
