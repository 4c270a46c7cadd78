"""Combines several limits on one quantity: the most restrictive of them, and where they conflict.

In: limits that all apply to a participant, alternatives among them united. Out: `Combined`, their intersection and any
conflicts. Inclusion criteria that exclude each other (`children of 9–12 years`, further down `adults of 20–55 years`)
are of different groups of participants: they limit by their union. Nobody is left only where exclusion criteria leave
nothing of what the inclusion criteria ask for; no limit is given then.
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


class Limit(NamedTuple):
    """Who is eligible by a criterion. `written`: it is in the unit of the text, not converted; `excludes`: it comes
    from an exclusion criterion."""

    interval: Interval
    written: bool = True
    excludes: bool = False


class Combined(NamedTuple):
    """The most restrictive combination of some limits.

    `lows` and `highs` are the distinct values of each end, ascending. `clash` has two ends that exclude each other;
    `nobody`: it leaves no participant, while otherwise the ends are of different groups, and `limits` unites them.
    """

    limits: Interval = Interval()
    lows: tuple[float, ...] = ()
    highs: tuple[float, ...] = ()
    clash: Interval | None = None
    nobody: bool = False

    def describe_conflicts(self, name: str, unit: str | None = None) -> list[str]:
        """Describes the conflicts: `age: 18 and 20 as lower limit (20 taken)`, `age: ≥ 18 and < 18, nobody left`."""
        suffix = "" if unit is None else f" {unit}"
        if self.clash is not None:
            return [f"{name}: {self.describe_clash(suffix)}"]
        sides = (("lower", self.lows, self.limits.low), ("upper", self.highs, self.limits.high))
        return [
            f"{name}: {_enumerate(values)}{suffix} as {side} limit ({format_scalar(taken)} taken)"
            for side, values, taken in sides
            if len(values) > 1
        ]

    def describe_clash(self, suffix: str = "") -> str:
        """Describes the ends that exclude each other, as in `≥ 18 and < 18, nobody left`; empty if none do."""
        if self.clash is None:
            return ""
        low, high = self.clash._replace(high=None), self.clash._replace(low=None)
        words = f"{describe_interval(low._asdict())} and {describe_interval(high._asdict())}{suffix}"
        if self.nobody:
            return f"{words}, nobody left"
        taken = "none" if self.limits == Interval() else describe_interval(self.limits._asdict())
        return f"{words} exclude each other ({taken} taken)"

    def round(self) -> Combined:
        """Returns it with all numbers rounded as those of a converted quantity."""
        lows, highs = (tuple(map(round_converted, values)) for values in (self.lows, self.highs))
        clash = None if self.clash is None else round_interval(self.clash)
        return Combined(round_interval(self.limits), lows, highs, clash, self.nobody)


def round_converted(number: float) -> float:
    """Rounds a converted number to four digits, since no document states more."""
    return float(f"{number:.4g}")


def round_interval(interval: Interval) -> Interval:
    """Returns an interval with its ends rounded as converted ones."""
    low, high = (None if end is None else round_converted(end) for end in (interval.low, interval.high))
    return interval._replace(low=low, high=high)


def is_same_value(a: End, b: End, low: bool) -> bool:
    """Whether the values are equal, inclusive or not."""
    return abs(a.value - b.value) <= 1e-9 * max(abs(a.value), abs(b.value))


def is_same_age(a: End, b: End, low: bool) -> bool:
    """Whether two ages are equal in completed years: above 17 means from 18, and below 76 means up to 75."""
    return is_same_value(a, b, low) or _complete(a, low) == _complete(b, low)


def is_same_test_limit(a: End, b: End, low: bool) -> bool:
    """Whether the values are equal, up to rounding if one was converted: `9 g/dL (5.6 mmol/L)` is one limit."""
    if a.written and b.written:
        return is_same_value(a, b, low)
    return is_same_amount(a.value, b.value)


def is_same_amount(a: float, b: float) -> bool:
    """Whether two amounts are equal up to the rounding of one that was converted."""
    return abs(a - b) <= 0.03 * max(abs(a), abs(b))


def unite(intervals: Iterable[Interval]) -> Interval:
    """Returns the smallest interval that holds all of these; an end that is open in one of them is open."""
    given = list(intervals)
    lows = [(one.low, one.low_inclusive is False) for one in given if one.low is not None]
    highs = [(one.high, one.high_inclusive is not False) for one in given if one.high is not None]
    low, exclusive = min(lows) if given and len(lows) == len(given) else (None, None)
    high, inclusive = max(highs) if given and len(highs) == len(given) else (None, None)
    return Interval(low, None if exclusive is None else not exclusive, high, inclusive)


def combine(limits: Iterable[Limit], same: Same = is_same_value) -> Combined:
    """Returns the intersection of limits; see the module's docstring for those that exclude each other.

    Of two ends that state the same limit, the one as written counts, then the more restrictive one.
    """
    given = list(limits)
    found, clash = _intersect(given, same)
    if clash is None:
        return found
    asked, out = ([limit for limit in given if limit.excludes is excludes] for excludes in (False, True))
    for some in (asked, out):
        _, apart = _intersect(some, same)
        if apart is not None:
            united = Limit(unite(limit.interval for limit in some))
            rest, still = _intersect([united, *(out if some is asked else asked)], same)
            return found._replace(limits=Interval() if still else rest.limits, clash=apart)
    return found._replace(clash=clash, nobody=True)


def _intersect(given: list[Limit], same: Same) -> tuple[Combined, Interval | None]:
    """Returns the intersection, or none and the two ends that leave nothing."""
    if not given:
        return Combined(), None
    low, lows = _find_end(
        [End(i.low, i.low_inclusive is not False, w) for i, w, _ in given if i.low is not None], same, True
    )
    high, highs = _find_end(
        [End(i.high, i.high_inclusive is not False, w) for i, w, _ in given if i.high is not None], same, False
    )
    limits = Interval(
        None if low is None else low.value,
        None if low is None else low.inclusive,
        None if high is None else high.value,
        None if high is None else high.inclusive,
    )
    if low is None or high is None or low.value < high.value:
        return Combined(limits, lows, highs), None
    if low.value == high.value and low.inclusive and high.inclusive:
        return Combined(limits, lows, highs), None
    return Combined(Interval(), lows, highs), limits


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
