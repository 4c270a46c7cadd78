"""Labels without a syntax of their own: a name, then a bound or range in a unit of the right kind.

Everything is in the label's file: `names` (identifier to aliases; with more than one identifier, or `attribute` given,
the identifier becomes that attribute), `kinds` of unit, `units` where only some of a kind will do, `default_unit`.
"""

from __future__ import annotations

import re

from ..facts import Fact, Scalar
from ..labels import LABEL_KEYS, LabelTable
from ..lexicon import Names
from ..quantity.parts import Quantity
from ..quantity.units import KINDS
from ..resources import Where, check_keys, read_toml
from .passage import Note, Passage, bounds
from .topics import Clue, of_phrases

_GAP = re.compile(
    r"(?:[\s:=,(\[|-]|\([^()\d]{0,40}\)|\b(?:of|is|are|was|be|must|should|the|a|an|at|for|to|in|with|level|levels|"
    r"value|values|score|"
    r"measured|screening|baseline|resting|estimated|expected|and|that|has|have|by|either|on)\b)*",
    re.I,
)


class Generic:
    """The engine of one such label. Raises PatternError for a file with unknown or missing keys."""

    def __init__(self, label: LabelTable) -> None:
        table = read_toml(label.path)
        check_keys(
            label.path, "top level", table, set(LABEL_KEYS) | {"names", "kinds"}, {"units", "default_unit", "attribute"}
        )
        unknown = sorted(set(table["kinds"]) - KINDS)
        if unknown:
            raise Where(label.path, ("kinds",), "kinds").error(
                f"{unknown[0]!r} is no kind of unit; known are {', '.join(sorted(KINDS))}"
            )
        if not table["names"]:
            raise Where(label.path, ("names",)).error("[names] is empty")
        self._label, self._rule = label.label, label.rules[0].id
        self._names = Names()
        for identifier, aliases in table["names"].items():
            for alias in aliases:
                where = Where(label.path, ("names", identifier), f"[names] {identifier}", alias)
                self._names.add(alias, ("generic", identifier), where)
        self._pattern = re.compile(self._names.regex())
        self._kinds, self._units = frozenset(table["kinds"]), frozenset(table.get("units", ()))
        self._default_unit: str | None = table.get("default_unit")
        self._attribute: str | None = table.get("attribute")

    @property
    def clues(self) -> tuple[Clue, ...]:
        """One of its names."""
        return (Clue((of_phrases(self._names.phrases()),)),)

    def find(self, passage: Passage) -> list[Fact]:
        """Facts of the label; their quantities are claimed."""
        facts: list[Fact] = []
        names = list(self._pattern.finditer(passage.text, passage.start, passage.end))
        if not names:
            return facts
        for index, quantity in passage.open_quantities():
            if (quantity.operator is None and not quantity.ranged) or not self._fits(quantity):
                continue
            name = next((m for m in reversed(names) if m.end() <= quantity.start), None)
            if name is None or not _GAP.fullmatch(passage.text[name.end() : quantity.start]):
                continue
            concept = self._names.get(name.group())
            extra: dict[str, Scalar] = {self._attribute: concept[1]} if self._attribute and concept else {}
            if concept:
                passage.notes.append(Note(quantity.start, "name", name.span(), concept[1]))
            unit = quantity.unit.ucum if quantity.unit else self._default_unit
            facts.append(
                passage.fact(
                    self._label,
                    self._rule,
                    quantity.start,
                    quantity.end,
                    **extra,
                    **bounds(quantity.interval),
                    unit=unit,
                )
            )
            passage.claimed.add(index)
        return facts

    def _fits(self, quantity: Quantity) -> bool:
        if quantity.unit is None:
            return self._default_unit is not None
        return quantity.kind in self._kinds and (not self._units or quantity.unit.ucum in self._units)
