"""Which name a bound belongs to, by where it stands, and what the bound states.

It belongs to the name right in front of it (`life expectancy of at least 3 months`), right behind it (`> 3 months life
expectancy`), to that of the bound that it goes on from (`> 450 ms in men or > 470 ms in women`), or to that of the line
above, which it opens (`Life expectancy:`, `- At least 12 weeks`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.model.interval import Interval

_GAP = re.compile(
    r"(?:[\s:=,\[\]|-]++|\([^()\d]{0,40}\)|[()]|\b(?:of|is|are|was|be|must|should|the|a|an|at|for|to|in|with|level|"
    r"levels|value|values|score|"
    r"measured|measurements?|screening|baseline|resting|rest|estimated|expected|and|that|has|have|by|either|on|ratio|"
    r"range|within|between|duration|both|corrected|adjusted|ha?emoglobin)\b)*+",
    re.I,
)
_BEHIND = re.compile(r"[\s(]*+(?:(?:of|in|for|a|an|the|estimated|expected|anticipated|predicted|minimum)\s++)*+", re.I)
_GROUP = (
    r"[\s(]*+(?:(?:for|in|if)\s++)?+(?:the\s++)?+(?:(?:adult|all)\s++)?+(?:females?|males?|women|woman|men|man|boys|girls)"
    r"(?:\s++(?:patients|subjects|participants))?+[\s):]*+"
)
#: From one bound to the next on the same thing.
_GOES_ON = re.compile(rf"[\s)]*+(?:{_GROUP})?+[\s,;/]*+(?:and/or|or|and)?+[\s,]*+(?:{_GROUP})?+[\s,(:]*+", re.I)
_BULLET = re.compile(r"[\s\-–•*·o▪◦‣>]*+(?:\(?\w{1,3}[.)]\s*+)?+")
_JOINED = re.compile(r"[\s,/&)]*+(?:\([^()\d]{0,40}\)\s*+)?+(?:and/or|and|or)?+[\s(/]*+", re.I)
_AND = re.compile(r"\b(?:and|or)\b|,", re.I)
_LEAST = re.compile(
    r"\b(?:minimum|minimal|min\.?|at\s+least)(?:\s+(?:of|an?|estimated|expected|anticipated|predicted))*\s*$", re.I
)
_MOST = re.compile(r"\b(?:maximum|maximal|max\.?|at\s+most)(?:\s+(?:of|an?))*\s*$", re.I)
_MOST_JOINED = 4
NO_BOUND = "no bound: it has no operator, is no range, and no `minimum` or `maximum` stands in front of the name"


class Name(NamedTuple):
    """A name in a text, and the identifier of what it names."""

    start: int
    end: int
    identifier: str


def find_in_front(passage: Passage, quantity: Quantity, names: Sequence[Name]) -> Name | None:
    """The name that a quantity follows, with nothing but filler between them."""
    name = next((name for name in reversed(names) if name.end <= quantity.start), None)
    return name if name is not None and _GAP.fullmatch(passage.text[name.end : quantity.start]) else None


def find_inside(quantity: Quantity, names: Sequence[Name]) -> Name | None:
    """The name between the two ends of a quantity: `45 < DBP < 100 mmHg`."""
    return next((name for name in names if quantity.number_start < name.start and name.end <= quantity.end), None)


def find_behind(passage: Passage, quantity: Quantity, names: Sequence[Name]) -> Name | None:
    """The name right behind a quantity, unless that one has a quantity of its own there."""
    name = next((name for name in names if name.start >= quantity.end), None)
    if name is None or not _BEHIND.fullmatch(passage.text, quantity.end, name.start):
        return None
    later = (other for other in passage.quantities if other.start >= name.end)
    follows = next((other for other in later if other.operator is not None or other.ranged), None)
    between = "and" if follows is None else passage.text[name.end : follows.start]
    return None if _GAP.fullmatch(between) and not _AND.search(between) else name


def find_before(passage: Passage, quantity: Quantity, before: tuple[int, Name] | None) -> Name | None:
    """The name of the quantity before, where this one goes on from its end."""
    if before is None or quantity.start < before[0]:
        return None
    return before[1] if _GOES_ON.fullmatch(passage.text, before[0], quantity.start) else None


def read_limit(passage: Passage, quantity: Quantity, name: Name) -> Interval | None:
    """The interval of a bound or range, also of one that is said in front of the name: `a minimum life expectancy of 12
    weeks`. None for a bare number, and for one behind `=`, which is what scraping leaves of `≥` or `≤`."""
    if is_bounded(quantity):
        return quantity.interval
    in_front_of_it, value = passage.left(name.start, Window.CLAUSE), quantity.values[0]
    if name.end <= quantity.start and _LEAST.search(in_front_of_it):
        return Interval(value, True, None, None)
    return Interval(None, None, value, True) if name.end <= quantity.start and _MOST.search(in_front_of_it) else None


def is_bounded(quantity: Quantity) -> bool:
    """Whether a quantity states a bound or a range by itself: `=` states none."""
    return quantity.ranged or quantity.operator not in (None, "eq")


def opens_line(passage: Passage, quantity: Quantity) -> bool:
    """Whether nothing stands in front of a quantity in its line."""
    return _BULLET.fullmatch(passage.text, passage.line_start, quantity.start) is not None


def find_above(passage: Passage, names: Iterator[Name]) -> Name | None:
    """The name that ends the line above, but for a colon."""
    last = max(names, key=lambda name: name.end, default=None)
    if last is None or passage.above is None:
        return None
    return last if passage.text[last.end : passage.above[1]].strip() in ("", ":", "is", "is:") else None


def list_joined(passage: Passage, names: Sequence[Name], last: Name) -> list[Name]:
    """The names that end with `last` and share what follows: `FEV1 and DLCO ≥ 50 %`."""
    found = [last]
    for name in reversed(names[: names.index(last)]):
        between = passage.text[name.end : found[-1].start]
        if not _JOINED.fullmatch(between) or len(found) == _MOST_JOINED:
            break
        found.append(name)
    return found[::-1]
