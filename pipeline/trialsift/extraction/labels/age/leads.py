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
