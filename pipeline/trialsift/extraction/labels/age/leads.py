"""Words in front of an age that say which side it limits: `from birth to 18 years`, `before age 50`.

The comparators of other quantities stand beside the number; these have the word for age in them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from trialsift.extraction.labels.age.words import AgeExpressions
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.model.interval import Interval
from trialsift.rules.guarded import Guarded, plain

#: Years: a smaller number without a unit may be one of visits or days.
_LEAST_FROM = 16


class Lead(NamedTuple):
    """Where the words begin, the limit that they make of the number beside them, whether they speak of birth, and
    where they end if they stand behind it."""

    start: int
    interval: Interval
    birth: bool = False
    end: int | None = None


def read_lead(passage: Passage, quantity: Quantity, words: AgeExpressions) -> Lead | None:
    """What the words in front of a quantity make of it; None where they are none of these."""
    if quantity.ranged:
        return None
    left, value = passage.left(quantity.start, Window.STATEMENT), quantity.values[0]
    near = plain(left)
    from_birth = words.birth.search(left, near)
    if from_birth:
        closed = quantity.operator != "lt"
        return Lead(quantity.start - len(from_birth.group()), Interval(0, True, value, closed), birth=True)
    if quantity.operator == "within":  # `within the age of 1 year`
        told = passage.text[quantity.start : quantity.number_start]
        if not words.within_age.fullmatch(told) or not (passage.polarity or words.happened.search(left)):
            return None
        return Lead(quantity.start, Interval.of("le", value))
    if quantity.operator is not None:
        return None
    right = passage.right(quantity.end, Window.PHRASE)
    trail = words.or_older.match(right, plain(right)) if quantity.unit is not None else None
    if trail:
        operator = "ge" if trail["up"] else "le"
        return Lead(quantity.start, Interval.of(operator, value), end=quantity.end + trail.end())
    onward = _read_onward(passage, quantity, words, left, right)
    if onward is not None:
        return onward
    from_age = words.from_.search(left, near) if passage.polarity else None
    if from_age and words.years_of_age.match(passage.text, quantity.end, passage.end):
        return Lead(quantity.start - len(from_age.group()), Interval.of("ge", value))
    for operator, expression in _list_leads(words):
        found = expression.search(left, near)
        if found is None:
            continue
        happened = words.happened.search(left[: found.start()])
        if passage.polarity or happened or words.limit_words.match(found.group()):
            return Lead(quantity.start - len(found.group()), Interval.of(operator, value))
    return None


def _read_onward(passage: Passage, quantity: Quantity, words: AgeExpressions, left: str, right: str) -> Lead | None:
    """`from 70 on`, `age 18 up`, `age from 80 years`, `once they have turned 18`."""
    near, value, number = plain(left), quantity.values[0], quantity.start
    lowest = Interval.of("ge", value)
    timed = quantity.unit is not None and quantity.kind == "time"
    if words.other_unit.match(right) or not (timed or 12 <= value <= 100):
        return None
    turned = words.turned.search(left, near)
    if turned:
        asked = passage.polarity is not None or words.planned.search(passage.text, passage.start, passage.end)
        limit = Interval.of("lt", value) if turned["not"] else lowest
        start = number - len(turned["turned"]) - len(turned["not"] or "")
        return Lead(start, limit) if asked or words.who_have.search(left) else None
    onward, led = words.onward.match(right), words.from_age.search(left)
    if onward and led and (led["plain"] is None or _are_people_from(passage, quantity, words)):
        return Lead(number - len(led["plain"] or led["lead"]), lowest, end=quantity.end + onward.end())
    from_age = words.age_from.search(left) if passage.polarity else None
    return None if from_age is None else Lead(number - len(from_age["lead"]), lowest)


def _are_people_from(passage: Passage, quantity: Quantity, words: AgeExpressions) -> bool:
    """Whether `from … on` is told right behind people (`women from 50 on`): else it is when something begins."""
    behind_people = words.people_from.search(passage.left(quantity.start, Window.STATEMENT))
    return behind_people is not None and (quantity.unit is not None or quantity.values[0] >= _LEAST_FROM)


def _list_leads(words: AgeExpressions) -> Iterator[tuple[str, Guarded]]:
    """What leads to a number by itself, with the bound that it makes of it."""
    yield "le", words.lead_na
    yield "lt", words.lead_before
    yield "le", words.lead_by
    yield "gt", words.lead_after
    yield "ge", words.lead_from
    yield "ge", words.lead_lowest_limit
    yield "le", words.lead_highest_limit
    yield "ge", words.lead_lowest
    yield "le", words.lead_highest
