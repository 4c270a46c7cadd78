"""Labels without a syntax of their own: a name, then a bound or range in a unit of the right kind.

Everything is in the label's file: `names` (identifier to aliases; with more than one identifier, or `attribute` given,
the identifier becomes that attribute), `kinds` of unit, `units` where only some of a kind will do, `default_unit`.
Which name a bound belongs to is told by named_bounds.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from trialsift.extraction.labels.clues import Clue, of_phrases
from trialsift.extraction.labels.named_bounds import NO_BOUND, Name, NamedBounds, opens_line
from trialsift.extraction.mentions.lexicon import Names
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.quantities.unit_kinds import KINDS
from trialsift.extraction.structure.passage import Passage, write_bounds
from trialsift.model.fact import Fact, Scalar
from trialsift.model.interval import Interval
from trialsift.rules.columns import INTERVAL
from trialsift.rules.files import Where
from trialsift.rules.label_file import LabelFile
from trialsift.rules.labels import LabelTable
from trialsift.rules.layers import Folder
from trialsift.rules.validation import Phrase, read_as

_NOT_NAMED = "other words stand between it and what the sentence or the line above names"


class GenericFile(LabelFile, extra="forbid"):
    """What the file of a label holds that names this engine."""

    names: Annotated[dict[str, list[Phrase]], Field(min_length=1)]
    kinds: list[str]
    units: list[str] = Field(default_factory=list)
    default_unit: str | None = None
    attribute: str | None = None


class Generic:
    """The engine of one such label. Raises PatternError for a file with unknown or missing keys."""

    def __init__(self, label: LabelTable, folder: Folder) -> None:
        rules = read_as(GenericFile, label.path)
        unknown = sorted(set(rules.kinds) - KINDS)
        if unknown:
            reason = f"unknown kind of unit {unknown[0]!r}; known are {', '.join(sorted(KINDS))}"
            raise Where(label.path, ("kinds",), "kinds").error(reason)
        self._label, self._rule = label.label, label.rules[0].id
        self._names, self._bounds = Names(), NamedBounds(folder)
        for identifier, aliases in rules.names.items():
            for alias in aliases:
                where = Where(label.path, ("names", identifier), f"[names] {identifier}", alias)
                self._names.add(alias, ("generic", identifier), where)
        self._pattern = re.compile(self._names.build_regex())
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
        words = (of_phrases(self._names.iter_phrases()),)
        return Clue(words), Clue(words, above=True)

    def find(self, passage: Passage) -> list[Fact]:
        """Facts of the label; their quantities are claimed."""
        facts: list[Fact] = []
        names = self.find_names(passage)
        above = (
            None
            if passage.above is None
            else self._bounds.find_above(passage, self._find_in(passage.text, *passage.above))
        )
        if not names and above is None:
            return facts
        before: tuple[int, Name] | None = None
        for index, quantity in passage.open_quantities():
            if not self._fits(quantity):
                if passage.explaining and self._bounds.find_in_front(passage, quantity, names):
                    passage.decline(quantity, self._label, self._rule, "its unit is none of what is named before it")
                continue
            name = self._bounds.find_in_front(passage, quantity, names) or self._bounds.find_before(
                passage, quantity, before
            )
            name = (
                name
                or self._bounds.find_behind(passage, quantity, names)
                or (above if opens_line(passage, quantity) else None)
            )
            interval = None if name is None else self._bounds.read_limit(passage, quantity, name)
            if name is None or interval is None:
                passage.decline(quantity, self._label, self._rule, _NOT_NAMED if name is None else NO_BOUND)
                continue
            before = quantity.end, name
            facts.append(self._make_fact(passage, quantity, name, interval))
            passage.claimed.add(index)
        return facts

    def _make_fact(self, passage: Passage, quantity: Quantity, name: Name, interval: Interval) -> Fact:
        extra: dict[str, Scalar] = {self._attribute: name.identifier} if self._attribute else {}
        passage.note(quantity.start, "name", (name.start, name.end), name.identifier)
        unit = quantity.unit.ucum if quantity.unit else self._default_unit
        return passage.fact(
            self._label, self._rule, quantity.start, quantity.end, **extra, **write_bounds(interval), unit=unit
        )

    def find_names(self, passage: Passage) -> list[Name]:
        """The names in a sentence."""
        return list(self._find_in(passage.text, passage.start, passage.end))

    def _find_in(self, text: str, start: int, end: int) -> Iterator[Name]:
        for match in self._pattern.finditer(text, start, end):
            concept = self._names.get(match.group())
            if concept is not None:
                yield Name(*match.span(), concept[1])

    def _fits(self, quantity: Quantity) -> bool:
        if quantity.unit is None:
            return self._default_unit is not None
        return quantity.kind in self._kinds and (not self._units or quantity.unit.ucum in self._units)
