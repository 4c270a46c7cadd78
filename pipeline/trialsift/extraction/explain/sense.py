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
_BESIDE = "is named beside it"
#: Kinds of unit that say little of what a number is of.
_VAGUE = frozenset({"", "percent"})
#: Units of time of what is measured, such as a QT interval.
_SHORT = frozenset({"s", "ms"})
_MOST_ITEMS = 100
_IDENTIFIER = re.compile(r"(?!\d+000$)\d{6,}")
_FIGURES, _MANY = re.compile(r"\d+(?:[.,·]\d+)*"), 6
#: Codes of numbers of which nothing tells what they are: these may be facts.
OPEN = frozenset({"duration", "age", "size", "percentage", "quantity", "bound", "bare"})


def read_sense(passage: Passage, quantity: Quantity, why: str, words: UnreadWords) -> str:
    """Returns the code of what a quantity is; `why` is the reason that engines gave.

    Where nothing tells it: `duration`, `age`, `size` or `percentage` by the unit, `quantity` for other units, `bound`
    for a number with a comparator, and `bare` for a mere number, or `table` for one among many others.
    """
    written = passage.text[quantity.start : quantity.end].rstrip()
    place = _Place(passage, quantity.start, quantity.number_start, quantity.start + len(written))
    bare = quantity.unit is None
    code = _read_bare(place, quantity, words) if bare else None
    code = code or _read_any(place, quantity, words)
    if code is None and bare:
        code = "table" if place.stands_among_figures() else _read_count(place, quantity, words)
    code = code or _read_reason(quantity, why, words)
    if code is not None:
        return code
    if quantity.kind == "time" and (place.behind(words.aged_before) or place.before(words.aged_behind)):
        return "age"
    if quantity.unit is not None:
        return _BY_KIND.get(quantity.kind, "quantity")
    return "bare" if quantity.operator is None else "bound"


class _Place(NamedTuple):
    """A place in a passage; `number` is where its number starts, behind a comparator."""

    passage: Passage
    start: int
    number: int
    end: int

    def behind(self, expression: re.Pattern[str], *, inside: bool = False) -> bool:
        """Whether the expression matches right in front of the place; `inside`: right in front of its number."""
        before = self.passage.left_start(self.start, Window.STATEMENT)
        return expression.search(self.passage.text, before, self.number if inside else self.start) is not None

    def before(self, expression: re.Pattern[str]) -> bool:
        """Whether the expression matches right behind the place."""
        return expression.match(self.passage.text, self.end, self.passage.end) is not None

    def stands_among_figures(self) -> bool:
        """Whether many other numbers stand around it, as in a table that became text."""
        around = self.passage.text[max(0, self.start - Window.PHRASE) : self.end + Window.PHRASE]
        return len(_FIGURES.findall(around)) >= _MANY

    def within(self, expression: re.Pattern[str]) -> bool:
        """Whether the place lies in what the expression matches."""
        return look_around(expression, self.passage.text, self.number, self.number + 1) is not None


def _read_bare(place: _Place, quantity: Quantity, words: UnreadWords) -> str | None:
    """What words tell of a number without a unit, whatever else they may tell."""
    if place.before(words.graded_behind):
        return "grade"
    if quantity.operator is not None:
        return "grade" if place.behind(words.graded) else None
    whole, mere = _is_whole(quantity), not quantity.ranged and quantity.values[0] < _MOST_ITEMS
    if whole and mere and place.behind(words.item_before) and place.before(words.item_behind):
        return "list_item"
    if place.before(words.hyphened):
        return "word"
    if _IDENTIFIER.fullmatch(place.passage.text, place.number, place.end):
        return "identifier"
    if place.behind(words.unit_before):
        return "unit"
    if place.behind(words.cited):
        return "reference"
    if quantity.spread is not None and not whole:
        return "result"
    if place.behind(words.graded):
        return "grade"
    if place.behind(words.numbered):
        return "numbered"
    if place.before(words.times):
        return "duration"
    alone = whole and mere and place.behind(words.item_alone) and place.before(words.goes_on)
    return "list_item" if alone else None


def _read_any(place: _Place, quantity: Quantity, words: UnreadWords) -> str | None:
    """What words tell of a number with a unit or without one."""
    if place.behind(words.labelled):
        return "numbered"
    if place.within(words.clock):
        return "date"
    if place.within(words.ratio):
        return "ratio"
    statistic = place.behind(words.statistic, inside=True)
    if quantity.spread is not None or statistic or place.within(words.spread):
        return "result"
    if place.before(words.formula):
        return "formula"
    if place.behind(words.every) or place.before(words.often):
        return "frequency"
    if quantity.kind != "time" and (place.behind(words.change_before) or place.before(words.change_behind)):
        return "change"
    if quantity.kind == "percent" and place.before(words.of_people):
        return "share"
    return "method" if quantity.kind != "time" and place.behind(words.method) else None


def _read_reason(quantity: Quantity, why: str, words: UnreadWords) -> str | None:
    """What an engine told of a number that it gave up."""
    beside = why.startswith("`") and _BESIDE in why
    if why.startswith("a frequency"):
        return "frequency"
    if quantity.kind == "time":
        short = quantity.unit is not None and quantity.unit.ucum in _SHORT
        return "other_measure" if beside and short else None
    if beside:
        return "other_measure" if quantity.operator is not None or quantity.kind not in _VAGUE else None
    return "settled" if why and not words.unsettled.search(why) else None


def _read_count(place: _Place, quantity: Quantity, words: UnreadWords) -> str | None:
    """Whether a number without a unit is a score, or counts something."""
    if place.behind(words.scored) or place.before(words.points):
        return "score"
    worded = place.passage.text[quantity.number_start].isalpha()
    counts = place.before(words.counts) or place.behind(words.counted_before)
    one = quantity.interval.low == 1 and place.before(words.counts_one)
    return "count" if worded or (_is_whole(quantity) and (counts or one)) else None


def _is_whole(quantity: Quantity) -> bool:
    """Whether all its numbers are whole ones."""
    return all(value == int(value) for value in quantity.values)
