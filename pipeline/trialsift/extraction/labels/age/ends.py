"""Both ends of an age that the numbers state apart: `18 and 65 years of age`, `= 18 and = 75 years`, `20 = age < 80`.

quantities/ reads the ranges that words or signs join. Here are those that only an age can have: signs that were lost
from both ends, ends that stand side by side, and a lower end without a comparator.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from trialsift.extraction.labels.age.words import AgeExpressions
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.quantities.ranges import DAYS
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.model.interval import Interval

_AGE_WORDS = r"(?:\s*-?\s*(?:years?|yrs?|months?|days?|weeks?)?\s*(?:old|olds|of\s+age)?(?:\s*\(incl\w*\.?\))?)?"
#: What can be nothing but a lost sign: `18 55 years`, and `= 18, = 75` or `=18 =75`.
_BESIDE = re.compile(r"\s{1,3}")
_MOST_JOINED = 4
_LEAST_BESIDE = 10  # `cohort 1 18 years of age` has but one age
_LOST = "eq"


class Ends(NamedTuple):
    """A quantity made of two, which both give their characters to it. `inferred`: signs were lost, or nothing says
    that the two numbers are the ends of one range."""

    quantity: Quantity
    inferred: bool


def join_ends(passage: Passage, index: int, words: AgeExpressions) -> Ends | None:
    """The quantity at an index with the next one as its other end; None where they aren't the ends of one age."""
    if index + 1 >= len(passage.quantities) or index + 1 in passage.claimed:
        return None
    first, second = passage.quantities[index], passage.quantities[index + 1]
    if not _may_be_ends(first, second):
        return _join_doubled(passage, first, second, words)
    between = passage.text[first.end : second.start]
    if words.around.fullmatch(between):
        lower = "gt" if "<" in between else "ge"
        if first.operator is not None or second.operator not in ("le", "lt", "eq"):
            return None
        return _make(passage, first, second, lower, "=" in between)
    said = words.between.search(passage.left(first.start, Window.PHRASE))
    lost = _LOST in (first.operator, second.operator)
    if first.operator not in (None, "eq", "ge", "gt") or second.operator not in (None, "eq", "le", "lt"):
        return None
    if lost and passage.polarity == "exclusion" and not said:
        return None  # `age = 18 or = 75` excludes what lies outside
    if first.operator in ("ge", "gt") and not (lost or said or second.operator is not None):
        return None
    joined = words.and_.fullmatch(between) or (lost and second.operator is not None and words.beside.fullmatch(between))
    reaches = first.operator is None and words.up_to.match(passage.text, second.start, second.number_start) is not None
    beside = _stand_beside(passage, first, second) or reaches
    if not joined and not (beside and _BESIDE.fullmatch(between)):
        return None
    if (
        joined
        and first.operator is second.operator is None
        and words.at.search(passage.left(first.start, Window.ADJOINING))
    ):
        return None  # `seen at 6 weeks and 6 months of age`
    told = said or reaches or words.to.search(between) is not None
    bare = first.operator is None and (first.unit is not None or second.operator is not None)
    ends = _make(passage, first, second, first.operator or "ge", lost or not (joined or reaches) or (bare and not told))
    if ends is None or said is None:
        return ends
    start = first.start - len(said.group())
    return ends._replace(quantity=ends.quantity._replace(start=start))


def _join_doubled(passage: Passage, first: Quantity, second: Quantity, words: AgeExpressions) -> Ends | None:
    """`> 12 months and 12 months and < 22 years`, as scraping doubles a lower end: the whole with its first sign."""
    same = first.unit == second.unit and first.values[0] == second.values[0] and second.ranged and not first.ranged
    if (
        not same
        or first.operator not in ("ge", "gt")
        or not words.and_.fullmatch(passage.text, first.end, second.start)
    ):
        return None
    interval = second.interval._replace(low_inclusive=first.operator == "ge")
    pieces = (*first.pieces, *second.pieces)
    return Ends(second._replace(start=first.start, interval=interval, operator=first.operator, pieces=pieces), False)


def _may_be_ends(first: Quantity, second: Quantity) -> bool:
    """Whether two quantities are single numbers in units that fit, and not two means."""
    single = not first.ranged and not second.ranged and len(first.values) == 1
    return single and _fit_units(first, second) and first.spread is None and second.spread is None


def restore_over(passage: Passage, quantity: Quantity, words: AgeExpressions) -> Quantity:
    """`over 18 and under 65 years`: its first comparator, which in front of a range means in the course of."""
    bounded = quantity.ranged and quantity.operator is None and any(p[3] in ("lt", "le") for p in quantity.pieces)
    over = words.over.search(passage.left(quantity.start, Window.ADJOINING)) if bounded else None
    if over is None:
        return quantity
    interval = quantity.interval._replace(low_inclusive=False)
    return quantity._replace(start=quantity.start - len(over.group()), interval=interval)


def _stand_beside(passage: Passage, first: Quantity, second: Quantity) -> bool:
    """Whether two bare numbers can be the ends of an age with nothing between them: as a criterion, in years."""
    bare = first.operator is None and second.operator is None
    return bare and passage.polarity is not None and second.unit is not None and first.values[0] >= _LEAST_BESIDE


def _fit_units(first: Quantity, second: Quantity) -> bool:
    """Whether two quantities can be the ends of one age by their units: the second, or both, or none in one of time."""
    if second.unit is None:
        return first.unit is None and min(*first.values, *second.values) >= _LEAST_BESIDE
    return second.unit.ucum in DAYS and (first.unit is None or first.unit.ucum in DAYS)


def _make(passage: Passage, first: Quantity, second: Quantity, lower: str, inferred: bool) -> Ends | None:
    """One quantity of two, in the unit of the first."""
    unit = first.unit or second.unit
    low, high = first.values[0], second.values[0]
    if unit is not None and second.unit is not None:
        high = high * DAYS[second.unit.ucum] / DAYS[unit.ucum]
    if not 0 <= low < high:
        return None
    if first.unit is None and passage.text[first.number_start].isalpha() and low < _LEAST_BESIDE:
        return None  # a number in a word without a unit counts something
    interval = Interval(low, lower != "gt", round(high, 6), second.operator != "lt")
    pieces = (*first.pieces, *second.pieces)
    quantity = Quantity(
        first.start, second.end, interval, unit, None, first.number_start, (low, round(high, 6)), True, pieces
    )
    return Ends(quantity, inferred)


def find_next(passage: Passage, index: int, words: AgeExpressions) -> Quantity | None:
    """The quantity that goes on right behind the one at an index, with a unit of time of its own: `< 18 or > 75 years`,
    `8-10 weeks (56-70 days)`; None where there is none."""
    for later in range(index + 1, min(index + _MOST_JOINED, len(passage.quantities))):
        first, second = passage.quantities[later - 1], passage.quantities[later]
        stated = second.operator is not None or second.ranged
        if not stated or later in passage.claimed or not words.next.fullmatch(passage.text, first.end, second.start):
            return None
        if second.unit is not None:
            return second if second.unit.ucum in DAYS else None
    return None
