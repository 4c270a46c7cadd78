"""Combines several limits on one quantity: the most restrictive of them, and where they conflict.

In: intervals that all apply to a participant. Out: `Combined`, their intersection and any conflicts. Where the
intersection is empty (two cohorts on a page, an error of the document) no limit is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from trialsift.model.display import describe_interval, format_scalar
from trialsift.model.interval import Interval

_MOST_LISTED = 8  # values of an end: a table of numbers read as criteria has hundreds


class End(NamedTuple):
    """One end of an interval. `written`: whether it is in the unit of the text, not converted."""

    value: float
    inclusive: bool
    written: bool = True


#: Whether two ends state the same limit; the flag is true for lower ends.
Same = Callable[[End, End, bool], bool]


class Combined(NamedTuple):
    """The most restrictive combination of some limits.

    `lows` and `highs` are the distinct values of each end, ascending. `nobody` describes the interval, in words, where
    no participant can fulfil it.
    """

    limits: Interval = Interval()
    lows: tuple[float, ...] = ()
    highs: tuple[float, ...] = ()
    nobody: str | None = None

    def describe_conflicts(self, name: str, unit: str | None = None) -> list[str]:
        """Describes the conflicts: `age: 18 and 20 as lower limit (20 taken)`, `age: ≥ 18 and < 18, nobody left`."""
        suffix = "" if unit is None else f" {unit}"
        if self.nobody is not None:
            return [f"{name}: {self.nobody}{suffix}, nobody left"]
        sides = (("lower", self.lows, self.limits.low), ("upper", self.highs, self.limits.high))
        return [
            f"{name}: {_enumerate(values)}{suffix} as {side} limit ({format_scalar(taken)} taken)"
            for side, values, taken in sides
            if len(values) > 1
        ]


def is_same_value(a: End, b: End, low: bool) -> bool:
    """Whether the values are equal, inclusive or not."""
    return abs(a.value - b.value) <= 1e-9 * max(abs(a.value), abs(b.value))


def is_same_age(a: End, b: End, low: bool) -> bool:
    """Whether two ages are equal in completed years: above 17 means from 18, and below 76 means up to 75."""
    return is_same_value(a, b, low) or _complete(a, low) == _complete(b, low)


def is_same_amount(a: End, b: End, low: bool) -> bool:
    """Whether the values are equal, up to rounding if one was converted: `9 g/dL (5.6 mmol/L)` is one limit."""
    if a.written and b.written:
        return is_same_value(a, b, low)
    return abs(a.value - b.value) <= 0.03 * max(abs(a.value), abs(b.value))


def combine(intervals: Iterable[tuple[Interval, bool]], same: Same = is_same_value) -> Combined:
    """Returns the intersection of intervals, each paired with whether it is in the unit as written.

    Of two ends that state the same limit, the one as written counts, then the more restrictive one.
    """
    given = list(intervals)
    if not given:
        return Combined()
    low, lows = _find_end(
        [End(i.low, i.low_inclusive is not False, w) for i, w in given if i.low is not None], same, True
    )
    high, highs = _find_end(
        [End(i.high, i.high_inclusive is not False, w) for i, w in given if i.high is not None], same, False
    )
    if low is not None and high is not None:
        empty = low.value > high.value or (low.value == high.value and not (low.inclusive and high.inclusive))
        if empty:
            lower = describe_interval({"low": low.value, "low_inclusive": low.inclusive})
            upper = describe_interval({"high": high.value, "high_inclusive": high.inclusive})
            return Combined(Interval(), lows, highs, f"{lower} and {upper}")
    limits = Interval(
        None if low is None else low.value,
        None if low is None else low.inclusive,
        None if high is None else high.value,
        None if high is None else high.inclusive,
    )
    return Combined(limits, lows, highs)


def _find_end(ends: list[End], same: Same, low: bool) -> tuple[End | None, tuple[float, ...]]:
    """Returns the most restrictive end and the distinct values."""
    if len(ends) < 2:
        return (ends[0], (ends[0].value,)) if ends else (None, ())
    sign = -1 if low else 1
    ordered = sorted(ends, key=lambda end: (sign * end.value, end.inclusive))
    alike = [end for end in ordered if same(end, ordered[0], low)]
    taken = next((end for end in alike if end.written), ordered[0])
    differing = [taken]
    for end in ordered:  # sorted, so comparing with the last one is enough
        if not same(end, differing[-1], low) and not same(end, taken, low):
            differing.append(end)
    return taken, tuple(sorted(end.value for end in differing))


def _complete(end: End, low: bool) -> float:
    """Returns the limit in completed years: 18 for `> 17`, 75 for `< 76`."""
    if end.inclusive or not float(end.value).is_integer():
        return end.value
    return end.value + (1 if low else -1)


def _enumerate(values: tuple[float, ...]) -> str:
    *most, last = (format_scalar(value) for value in values)
    shown = most if len(most) <= _MOST_LISTED else [*most[:_MOST_LISTED], "…"]
    return f"{', '.join(shown)} and {last}"
