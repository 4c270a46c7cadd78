"""LAB: a unit that stands with the name of the test: `Hemoglobin (g/dL): ≥ 9`, `Platelets per microliter ≥ 75,000`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from trialsift.extraction.labels.lab.units import is_limited
from trialsift.extraction.quantities.parts import Quantity, Token
from trialsift.extraction.quantities.units import Unit, Units
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.rules.analytes import Analyte


class UnitWords(NamedTuple):
    """Where such a unit stands (`patterns/wording/lab.toml`)."""

    unit_of_name: re.Pattern[str]
    unit_behind: re.Pattern[str]
    times_alone: re.Pattern[str]


class NamedUnits:
    """Reads units that stand with names."""

    def __init__(self, words: UnitWords, units: Units) -> None:
        self._words = words
        self._units = units

    def borrow(self, passage: Passage, names: Sequence[Token], quantity: Quantity) -> Quantity:
        """Returns the quantity with the unit that stands in brackets behind it, or behind the last name in front of
        it; as it is where none does."""
        end = names[-1].end
        if quantity.unit is not None:
            return quantity
        behind = self._words.unit_behind.match(passage.text, quantity.end, passage.end)
        unit = self._read(behind["bracket"]) if behind else None
        if unit is None and quantity.start - end > 1:
            found = self._words.unit_of_name.match(passage.text, end, quantity.start)
            unit = self._read(found["bracket"] or found["plain"]) if found else None
        return quantity if unit is None else quantity._replace(unit=unit)

    def read_times(self, passage: Passage, tests: Sequence[Analyte], quantity: Quantity) -> Quantity:
        """Returns the quantity as a multiple of a limit of normal that isn't named (`SGPT > 2 times;`), of tests that
        limits are set so; as it is where it is none."""
        if not tests or not all(is_limited(test) for test in tests):
            return quantity
        end = quantity.end if quantity.unit is None else quantity.end - len(quantity.unit.surface)
        times = self._words.times_alone.match(passage.text, end, passage.end)
        if times is None:
            return quantity
        return quantity._replace(unit=Unit(times.group(), "ULN", "limit"), end=times.end())

    def borrow_behind(self, passage: Passage, name: Token, quantity: Quantity) -> Quantity:
        """Returns the quantity up to the unit behind the name that stands behind it (`1500 neutrophils per mm3`)."""
        if quantity.unit is not None and quantity.kind != "count_bare":
            return quantity
        found = self._units.match(passage.text, name.end, passage.end)
        if found is None or found[0].kind != "count" or found[0].ucum.startswith("10"):
            return quantity
        return quantity._replace(unit=found[0], end=found[1])

    def read_capitals(self, quantity: Quantity, tests: Sequence[Analyte]) -> Quantity:
        """Returns the quantity with grams for what is read as giga where none of the tests counts cells: `ALBUMIN ≥ 35
        G/L`."""
        unit = quantity.unit
        if (
            unit is None
            or unit.surface.strip() not in ("G/L", "G")
            or not tests
            or any("count" in t.kinds for t in tests)
        ):
            return quantity
        grams = self._read(unit.surface.strip().lower())
        return quantity if grams is None else quantity._replace(unit=grams)

    def covers(self, passage: Passage, names: Sequence[Token], quantity: Quantity) -> bool:
        """Whether a quantity is only the power of ten in such a unit (`Platelets (x 10^9/L)`)."""
        if quantity.operator is not None:
            return False
        before = next((q for q in reversed(passage.quantities) if q.end <= quantity.start), None)
        behind = self._words.unit_behind.match(passage.text, before.end, passage.end) if before else None
        if behind is not None and behind.start("bracket") <= quantity.start and self._read(behind["bracket"]):
            return before is not None and before.unit is None
        name = next((c for c in reversed(names) if c.end <= quantity.start), None)
        if name is None or quantity.start - name.end > Window.ADJOINING:
            return False
        found = self._words.unit_of_name.match(passage.text, name.end, passage.end)
        group = "plain" if found is None or found["bracket"] is None else "bracket"
        if found is None or not found.start(group) <= quantity.start < quantity.end <= found.end():
            return False
        return self._read(found[group]) is not None

    def _read(self, written: str) -> Unit | None:
        """The unit that this is as a whole, read as if it stood behind a number."""
        found = self._units.match(f"1 {written}", 1) or self._units.match(f"1{written}", 1)
        if found is None or found[1] < len(written) + 1:
            return None
        return found[0]
