"""What a quantity that is part of no fact is, by its unit and by the words around it: a duration, a change, a score.

In: a passage and its quantity. Out: a code; docs/how-to/unread.md lists them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from trialsift.extraction.explain.forms import look_around
from trialsift.extraction.explain.words import UnreadWords
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window

#: Codes by the kind of the unit, where no words tell more.
_BY_KIND = {"time": "duration", "length": "size", "area": "size", "volume": "size", "percent": "percentage"}
#: Codes of numbers of which nothing tells what they are: these may be facts.
OPEN = frozenset({"duration", "size", "percentage", "quantity", "bound", "bare"})


def read_sense(passage: Passage, quantity: Quantity, why: str, words: UnreadWords) -> str:
    """Returns the code of what a quantity is; `why` is the reason that engines gave.

    Where nothing tells it: `duration`, `size` or `percentage` by the unit, `quantity` for other units, `bound` for a
    number with a comparator, and `bare` for a mere number.
    """
    place = _Place(passage, quantity.start, quantity.start + len(_written(passage, quantity)))
    code = _read_any(place, quantity, words)
    if code is None and quantity.unit is None:
        code = _read_bare(place, quantity, words)
    if code is None and why and not words.unsettled.search(why) and quantity.kind != "time":
        code = "settled"
    if code is not None:
        return code
    if quantity.unit is not None:
        return _BY_KIND.get(quantity.kind, "quantity")
    return "bare" if quantity.operator is None else "bound"


class _Place(NamedTuple):
    """A place in a passage."""

    passage: Passage
    start: int
    end: int

    def behind(self, expression: re.Pattern[str]) -> bool:
        """Whether the expression matches right in front of the place."""
        before = self.passage.left_start(self.start, Window.STATEMENT)
        return expression.search(self.passage.text, before, self.start) is not None

    def before(self, expression: re.Pattern[str]) -> bool:
        """Whether the expression matches right behind the place."""
        return expression.match(self.passage.text, self.end, self.passage.end) is not None

    def within(self, expression: re.Pattern[str]) -> bool:
        """Whether the place lies in what the expression matches."""
        return look_around(expression, self.passage.text, self.start, self.end) is not None


def _written(passage: Passage, quantity: Quantity) -> str:
    return passage.text[quantity.start : quantity.end].rstrip()


def _read_any(place: _Place, quantity: Quantity, words: UnreadWords) -> str | None:
    """What words tell of a number with a unit or without one."""
    if place.within(words.clock):
        return "date"
    if place.within(words.ratio):
        return "ratio"
    if quantity.spread is not None or place.within(words.spread):
        return "result"
    if place.behind(words.every) or place.before(words.often):
        return "frequency"
    if place.behind(words.change_before) or place.before(words.change_behind):
        return "change"
    return "method" if place.behind(words.method) else None


def _read_bare(place: _Place, quantity: Quantity, words: UnreadWords) -> str | None:
    """What words tell of a number without a unit."""
    if place.behind(words.graded):
        return "grade"
    if place.behind(words.numbered):
        return "numbered"
    if place.behind(words.scored) or place.before(words.points):
        return "score"
    worded = place.passage.text[quantity.number_start].isalpha()
    one = quantity.values == (1,)
    counts = place.before(words.counts) or place.behind(words.counted_before)
    return "count" if worded or counts or (one and place.before(words.counts_one)) else None
