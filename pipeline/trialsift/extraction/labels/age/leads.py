"""Words in front of an age that say which side it limits: `from birth to 18 years`, `before age 50`.

The comparators of other quantities stand beside the number; these have the word for age in them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.model.interval import Interval

_OF_AGE = r"\s+(?:the\s+)?ages?\s*(?:of\s+)?(?:about\s+)?$"
#: What leads to a number by itself, and the bound that it makes of it.
_LEADS = (
    ("le", re.compile(r"\bN/?A\s+to\s+$", re.I)),
    ("lt", re.compile(rf"\b(?:before|prior\s+to|earlier\s+than|not\s+yet){_OF_AGE}", re.I)),
    ("le", re.compile(rf"\b(?:by|within){_OF_AGE}", re.I)),
    ("gt", re.compile(rf"\b(?:after|beyond|past){_OF_AGE}", re.I)),
    ("ge", re.compile(rf"\b(?:from|starting\s+at|starting\s+from|at\s+or\s+after){_OF_AGE}", re.I)),
    (
        "ge",
        re.compile(
            r"\b(?:minimum|minimal|lowest|lower|youngest)\s+(?:\w+\s+)?age(?:\s+limit)?\b(?:\s+(?!and\b|or\b)[a-z-]+){0,7}\s+(?:is|be|was|of|at|being|patients|subjects|participants|inclusion|entry|enrol?ment|study|trial)\s+$",
            re.I,
        ),
    ),
    (
        "le",
        re.compile(
            r"\b(?:maximum|maximal|highest|upper|oldest)\s+(?:\w+\s+)?age(?:\s+limit)?\b(?:\s+(?!and\b|or\b)[a-z-]+){0,7}\s+(?:is|be|was|of|at|being|patients|subjects|participants|inclusion|entry|enrol?ment|study|trial)\s+$",
            re.I,
        ),
    ),
)
_BIRTH = re.compile(
    r"\b(?:from\s+)?(?:the\s+)?(?:birth|newborns?|neonates?)\s*(?:up\s+to|to|through|until|and|-|–)\s*(?:(?:the\s+)?age\s+of\s*)?$",
    re.I,
)
#: `from 18 years of age`
_FROM = re.compile(r"\b(?:starting\s+)?from\s+(?:the\s+age\s+of\s+)?$", re.I)
_OLD = re.compile(r"\s*(?:of\s+age|old)\b(?!\s*(?:to|until|up|through|-|–))", re.I)
#: `50-year-old or older`
_TRAIL = re.compile(
    r"[-\s]*olds?\s+(?:or|and)\s+(?:(?P<up>older|over|above|more|up|upwards?)|(?:younger|under|below|less))\b", re.I
)
_WITHIN = re.compile(rf"within{_OF_AGE}", re.I)
_FIELD = re.compile(r"N/?A|m[ai][nx]i|low|high|upper|young|old", re.I)
_BEGINS = ("age", "old", "birth", "n/a", "na", "newborn", "neonate")


#: Without eligibility criteria, ages before and after which something happens limit nobody, but for these.
_HAPPENED = re.compile(r"\b(?:diagnos\w+|onset|began|started)\b[^.;]{0,20}$", re.I)


class Lead(NamedTuple):
    """Where the words begin, the limit that they make of the number beside them, whether they speak of birth, and
    where they end if they stand behind it."""

    start: int
    interval: Interval
    birth: bool = False
    end: int | None = None


def read_lead(passage: Passage, quantity: Quantity) -> Lead | None:
    """What the words in front of a quantity make of it; None where they are none of these."""
    if quantity.ranged or not any(word in passage.plain for word in _BEGINS):
        return None
    left, value = passage.left(quantity.start, Window.STATEMENT), quantity.values[0]
    from_birth = _BIRTH.search(left)
    if from_birth:
        closed = quantity.operator != "lt"
        return Lead(quantity.start - len(from_birth.group()), Interval(0, True, value, closed), birth=True)
    if quantity.operator == "within":  # `within the age of 1 year`
        told = passage.text[quantity.start : quantity.number_start]
        if not _WITHIN.fullmatch(told) or not (passage.polarity or _HAPPENED.search(left)):
            return None
        return Lead(quantity.start, Interval.of("le", value))
    if quantity.operator is not None:
        return None
    trail = _TRAIL.match(passage.text, quantity.end, passage.end)
    if trail and quantity.unit is not None:
        return Lead(quantity.start, Interval.of("ge" if trail["up"] else "le", value), end=trail.end())
    from_age = _FROM.search(left) if passage.polarity else None
    if from_age and _OLD.match(passage.text, quantity.end, passage.end):
        return Lead(quantity.start - len(from_age.group()), Interval.of("ge", value))
    for operator, expression in _LEADS:
        found = expression.search(left)
        if found and (passage.polarity or _FIELD.match(found.group()) or _HAPPENED.search(left[: found.start()])):
            return Lead(quantity.start - len(found.group()), Interval.of(operator, value))
    return None
