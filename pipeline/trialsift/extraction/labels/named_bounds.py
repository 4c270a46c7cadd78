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
from trialsift.rules.layers import Folder
from trialsift.rules.wording import read_wordings

_BULLET = re.compile(r"[\s\-–•*·o▪◦‣>]*+(?:\(?\w{1,3}[.)]\s*+)?+")
_MOST_JOINED = 4
NO_BOUND = "no bound: it has no operator, is no range, and no `minimum` or `maximum` stands in front of the name"


class BoundWords(NamedTuple):
    """Words between names and bounds (`patterns/wording/measurement.toml`)."""

    gap: re.Pattern[str]
    behind: re.Pattern[str]
    goes_on: re.Pattern[str]
    joined: re.Pattern[str]
    another: re.Pattern[str]
    least: re.Pattern[str]
    most: re.Pattern[str]
    heading_end: re.Pattern[str]


class Name(NamedTuple):
    """A name in a text, and the identifier of what it names."""

    start: int
    end: int
    identifier: str


class NamedBounds:
    """Tells which name a bound belongs to."""

    def __init__(self, folder: Folder) -> None:
        self._words = read_wordings(folder).fill(BoundWords, "bound")

    def find_in_front(self, passage: Passage, quantity: Quantity, names: Sequence[Name]) -> Name | None:
        """The name that a quantity follows, with nothing but filler between them."""
        name = next((name for name in reversed(names) if name.end <= quantity.start), None)
        return name if name is not None and self._words.gap.fullmatch(passage.text[name.end : quantity.start]) else None

    def find_behind(self, passage: Passage, quantity: Quantity, names: Sequence[Name]) -> Name | None:
        """The name right behind a quantity, unless that one has a quantity of its own there."""
        name = next((name for name in names if name.start >= quantity.end), None)
        if name is None or not self._words.behind.fullmatch(passage.text, quantity.end, name.start):
            return None
        later = (other for other in passage.quantities if other.start >= name.end)
        follows = next((other for other in later if other.operator is not None or other.ranged), None)
        between = "and" if follows is None else passage.text[name.end : follows.start]
        return None if self._words.gap.fullmatch(between) and not self._words.another.search(between) else name

    def find_before(self, passage: Passage, quantity: Quantity, before: tuple[int, Name] | None) -> Name | None:
        """The name of the quantity before, where this one goes on from its end."""
        if before is None or quantity.start < before[0]:
            return None
        return before[1] if self._words.goes_on.fullmatch(passage.text, before[0], quantity.start) else None

    def read_limit(self, passage: Passage, quantity: Quantity, name: Name) -> Interval | None:
        """The interval of a bound or range, also of one that is said in front of the name: `a minimum life expectancy
        of 12 weeks`. None for a bare number, and for one behind `=`, which is what scraping leaves of `≥` or `≤`."""
        if is_bounded(quantity):
            return quantity.interval
        if name.end > quantity.start:
            return None
        in_front_of_it, value = passage.left(name.start, Window.CLAUSE), quantity.values[0]
        if self._words.least.search(in_front_of_it):
            return Interval(value, True, None, None)
        return Interval(None, None, value, True) if self._words.most.search(in_front_of_it) else None

    def find_above(self, passage: Passage, names: Iterator[Name]) -> Name | None:
        """The name that ends the line above, but for a colon."""
        last = max(names, key=lambda name: name.end, default=None)
        if last is None or passage.above is None:
            return None
        return last if self._words.heading_end.fullmatch(passage.text, last.end, passage.above[1]) else None

    def list_joined(self, passage: Passage, names: Sequence[Name], last: Name) -> list[Name]:
        """The names that end with `last` and share what follows: `FEV1 and DLCO ≥ 50 %`."""
        found = [last]
        for name in reversed(names[: names.index(last)]):
            between = passage.text[name.end : found[-1].start]
            if not self._words.joined.fullmatch(between) or len(found) == _MOST_JOINED:
                break
            if _leaves_bracket(passage, name, between):
                break
            found.append(name)
        return found[::-1]


def _leaves_bracket(passage: Passage, name: Name, between: str) -> bool:
    """Whether a bracket closes behind a name that it does not begin with: `(SVC is slow VC) and FEV1`."""
    closed = between.partition("(")[0].count(")")
    return closed > 0 and "(" not in passage.text[max(passage.start, name.start - 1) : name.end]


def find_inside(quantity: Quantity, names: Sequence[Name]) -> Name | None:
    """The name between the two ends of a quantity: `45 < DBP < 100 mmHg`."""
    return next((name for name in names if quantity.number_start < name.start and name.end <= quantity.end), None)


def is_bounded(quantity: Quantity) -> bool:
    """Whether a quantity states a bound or a range by itself: `=` states none."""
    return quantity.ranged or quantity.operator not in (None, "eq")


def opens_line(passage: Passage, quantity: Quantity) -> bool:
    """Whether nothing stands in front of a quantity in its line."""
    return _BULLET.fullmatch(passage.text, passage.line_start, quantity.start) is not None
