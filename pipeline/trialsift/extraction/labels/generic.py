"""Labels without a syntax of their own: a name, then a bound or range in a unit of the right kind.

Everything is in the label's file: `names` (identifier to aliases; with more than one identifier, or `attribute` given,
the identifier becomes that attribute), `kinds` of unit, `units` where only some of a kind will do, `default_unit`.

A bound belongs to the name right in front of it (`life expectancy of at least 3 months`), right behind it (`> 3 months
life expectancy`), to that of the bound that it goes on from (`> 450 ms in men or > 470 ms in women`), or to that of the
line above, which it opens (`Life expectancy:`, `- At least 12 weeks`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, NamedTuple

from pydantic import Field

from trialsift.extraction.labels.clues import Clue, of_phrases
from trialsift.extraction.mentions.lexicon import Names
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.quantities.units import KINDS
from trialsift.extraction.structure.passage import Note, Passage, bounds
from trialsift.model.fact import Fact, Scalar
from trialsift.model.interval import Interval
from trialsift.rules.columns import INTERVAL
from trialsift.rules.files import Where
from trialsift.rules.label_file import LabelFile
from trialsift.rules.labels import LabelTable
from trialsift.rules.validation import Phrase, read_as

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


class Name(NamedTuple):
    """A name in a text, and the identifier of what it names."""

    start: int
    end: int
    identifier: str


class GenericFile(LabelFile, extra="forbid"):
    """What the file of a label holds that names this engine."""

    names: Annotated[dict[str, list[Phrase]], Field(min_length=1)]
    kinds: list[str]
    units: list[str] = Field(default_factory=list)
    default_unit: str | None = None
    attribute: str | None = None


class Generic:
    """The engine of one such label. Raises PatternError for a file with unknown or missing keys."""

    def __init__(self, label: LabelTable) -> None:
        rules = read_as(GenericFile, label.path)
        unknown = sorted(set(rules.kinds) - KINDS)
        if unknown:
            reason = f"unknown kind of unit {unknown[0]!r}; known are {', '.join(sorted(KINDS))}"
            raise Where(label.path, ("kinds",), "kinds").error(reason)
        self._label, self._rule = label.label, label.rules[0].id
        self._names = Names()
        for identifier, aliases in rules.names.items():
            for alias in aliases:
                where = Where(label.path, ("names", identifier), f"[names] {identifier}", alias)
                self._names.add(alias, ("generic", identifier), where)
        self._pattern = re.compile(self._names.regex())
        self._kinds, self._units = frozenset(rules.kinds), frozenset(rules.units)
        self._default_unit = rules.default_unit
        self._attribute = rules.attribute
        columns = {column.name for column in label.columns} - {column.name for column in INTERVAL} - {"unit", "ucum"}
        if self._attribute is not None and self._attribute not in columns:
            expected = f"a column of its own, of {', '.join(sorted(columns)) or 'which there is none'}"
            raise Where(label.path, ("attribute",)).error(f"attribute is {self._attribute!r}; expected {expected}")

    @property
    def clues(self) -> tuple[Clue, ...]:
        """One of its names, in the sentence or in the line above."""
        words = (of_phrases(self._names.phrases()),)
        return Clue(words), Clue(words, above=True)

    def find(self, passage: Passage) -> list[Fact]:
        """Facts of the label; their quantities are claimed."""
        facts: list[Fact] = []
        names = self.named(passage)
        over = None if passage.above is None else over_line(passage, self._in(passage.text, *passage.above))
        if not names and over is None:
            return facts
        before: tuple[int, Name] | None = None
        for index, quantity in passage.open_quantities():
            if not self._fits(quantity):
                continue
            name = in_front(passage, quantity, names) or goes_on(passage, quantity, before)
            name = name or behind(passage, quantity, names) or (over if opens(passage, quantity) else None)
            interval = None if name is None else limit(passage, quantity, name)
            if name is None or interval is None:
                continue
            before = quantity.end, name
            extra: dict[str, Scalar] = {self._attribute: name.identifier} if self._attribute else {}
            passage.notes.append(Note(quantity.start, "name", (name.start, name.end), name.identifier))
            unit = quantity.unit.ucum if quantity.unit else self._default_unit
            facts.append(
                passage.fact(
                    self._label,
                    self._rule,
                    quantity.start,
                    quantity.end,
                    **extra,
                    **bounds(interval),
                    unit=unit,
                )
            )
            passage.claimed.add(index)
        return facts

    def named(self, passage: Passage) -> list[Name]:
        """The names in a sentence."""
        return list(self._in(passage.text, passage.start, passage.end))

    def _in(self, text: str, start: int, end: int) -> Iterator[Name]:
        for match in self._pattern.finditer(text, start, end):
            concept = self._names.get(match.group())
            if concept is not None:
                yield Name(*match.span(), concept[1])

    def _fits(self, quantity: Quantity) -> bool:
        if quantity.unit is None:
            return self._default_unit is not None
        return quantity.kind in self._kinds and (not self._units or quantity.unit.ucum in self._units)


def in_front(passage: Passage, quantity: Quantity, names: Sequence[Name]) -> Name | None:
    """The name that a quantity follows, with nothing but filler between them."""
    name = next((name for name in reversed(names) if name.end <= quantity.start), None)
    return name if name is not None and _GAP.fullmatch(passage.text[name.end : quantity.start]) else None


def inside(quantity: Quantity, names: Sequence[Name]) -> Name | None:
    """The name between the two ends of a quantity: `45 < DBP < 100 mmHg`."""
    return next((name for name in names if quantity.number_start < name.start and name.end <= quantity.end), None)


def behind(passage: Passage, quantity: Quantity, names: Sequence[Name]) -> Name | None:
    """The name right behind a quantity, unless that one has a quantity of its own there."""
    name = next((name for name in names if name.start >= quantity.end), None)
    if name is None or not _BEHIND.fullmatch(passage.text, quantity.end, name.start):
        return None
    later = (other for other in passage.quantities if other.start >= name.end)
    follows = next((other for other in later if other.operator is not None or other.ranged), None)
    between = "and" if follows is None else passage.text[name.end : follows.start]
    return None if _GAP.fullmatch(between) and not _AND.search(between) else name


def goes_on(passage: Passage, quantity: Quantity, before: tuple[int, Name] | None) -> Name | None:
    """The name of the quantity before, where this one goes on from its end."""
    if before is None or quantity.start < before[0]:
        return None
    return before[1] if _GOES_ON.fullmatch(passage.text, before[0], quantity.start) else None


def limit(passage: Passage, quantity: Quantity, name: Name) -> Interval | None:
    """The interval of a bound or range, also of one that is said in front of the name: `a minimum life expectancy of 12
    weeks`. None for a bare number, and for one behind `=`, which is what scraping leaves of `≥` or `≤`."""
    if bounded(quantity):
        return quantity.interval
    in_front_of_it, value = passage.left(name.start, 40), quantity.values[0]
    if name.end <= quantity.start and _LEAST.search(in_front_of_it):
        return Interval(value, True, None, None)
    return Interval(None, None, value, True) if name.end <= quantity.start and _MOST.search(in_front_of_it) else None


def bounded(quantity: Quantity) -> bool:
    """Whether a quantity states a bound or a range by itself: `=` states none."""
    return quantity.ranged or quantity.operator not in (None, "eq")


def opens(passage: Passage, quantity: Quantity) -> bool:
    """Whether nothing stands in front of a quantity in its line."""
    return _BULLET.fullmatch(passage.text, passage.line_start, quantity.start) is not None


def over_line(passage: Passage, names: Iterator[Name]) -> Name | None:
    """The name that ends the line above, but for a colon."""
    last = max(names, key=lambda name: name.end, default=None)
    if last is None or passage.above is None:
        return None
    return last if passage.text[last.end : passage.above[1]].strip() in ("", ":", "is", "is:") else None


def joined(passage: Passage, names: Sequence[Name], last: Name) -> list[Name]:
    """The names that end with `last` and share what follows: `FEV1 and DLCO ≥ 50 %`."""
    found = [last]
    for name in reversed(names[: names.index(last)]):
        between = passage.text[name.end : found[-1].start]
        if not _JOINED.fullmatch(between) or len(found) == _MOST_JOINED:
            break
        found.append(name)
    return found[::-1]
