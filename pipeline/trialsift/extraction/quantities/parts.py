"""The parts of a quantity: what a token and a quantity are, and how a number and a unit are read at a place.

In: a text, its tokens (operators and numbers, from lexicon.py). Out: surfaces, units, and where each ends.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import NamedTuple

from trialsift.extraction.quantities import joints
from trialsift.extraction.quantities.comparators import Comparators
from trialsift.extraction.quantities.units import Unit, Units
from trialsift.model.interval import Interval
from trialsift.rules.trie import ahead


class Token(NamedTuple):
    """A mention on characters. `kind` is op, num or concept; `value` the operator, None, or what the concept is."""

    kind: str
    start: int
    end: int
    value: object = None


class Quantity(NamedTuple):
    """An interval with its unit. `operator` is None where only a number or a range is written.

    `number_start` is where the first number begins, `values` are the numbers as written, `ranged` says that two
    ends were written. A multiple of a limit of normal has a unit of kind `limit`, with code ULN, LLN or 1.
    """

    start: int
    end: int
    interval: Interval
    unit: Unit | None
    operator: str | None
    number_start: int
    values: tuple[float, ...]
    ranged: bool = False

    @property
    def kind(self) -> str:
        """The kind of unit, or an empty string where none is written."""
        return self.unit.kind if self.unit else ""


class Parts:
    """Reads numbers and units with the project's vocabularies, looking at nothing from `stop` on."""

    def __init__(self, units: Units, comparators: Comparators) -> None:
        self.units = units
        self.comparators = comparators

    def number(self, text: str, tokens: Sequence[Token], i: int, stop: int = sys.maxsize) -> tuple[str, int]:
        """The surface of the number at token `i` and where it ends; `eighteen (18)` and `100 000` are one number."""
        token = tokens[i]
        surface = text[token.start : token.end]
        if surface[0].isalpha() and surface[0] != "l":
            figure = joints.BRACKETED_FIGURE.match(text, token.end, stop)
            if figure:
                return figure[1], figure.end()
            return surface, token.end
        end = token.end
        power = None
        # `lstrip` leaves nothing of two blanks, and nothing is in every string
        if surface[:2] == "10" or "·" in surface or text[end : end + 2].lstrip()[:1] in joints.TIMES_BEGINS:
            power = joints.POWER_OF_TEN.match(text, token.start, stop)
        if power:  # `3 x 10^5 copies/mL`, `10^4 IU/mL`, `109/L`
            return repr(float(power["mantissa"] or 1) * 10 ** int(power["exponent"] or power["lost"])), power.end()
        spaced = None
        if len(surface) < 4 and (text[end + 1 : end + 2].isdecimal() or text[end + 2 : end + 3].isdecimal()):
            spaced = joints.SPACED.match(text, token.start, stop)
        if spaced:
            unit = self.units.match(text, spaced.end(), stop)
            bounded = i > 0 and tokens[i - 1].kind == "op" and not text[tokens[i - 1].end : token.start].strip()
            if unit and (
                (unit[0].kind == "count" and not unit[0].ucum.startswith("10"))
                or (bounded and unit[0].kind in ("amount", "amount_rate", "copies", "enzyme", "dose"))
            ):
                return "".join(spaced.group().replace(",", "").split()), spaced.end()
        return surface, end

    def suffix(self, text: str, position: int, stop: int = sys.maxsize) -> re.Match[str] | None:
        """Words behind a number and its unit that bound it (`or older`), over words of age."""
        return self.comparators.words_after(text, position, stop, ahead(text, position, stop))

    def unit(
        self, text: str, position: int, stop: int = sys.maxsize, opening: str | None = None
    ) -> tuple[Unit | None, int, str | None]:
        """The unit or limit of normal behind a number, where it ends, and an operator inside (`3x < ULN`).

        `opening` is what `ahead` gives at `position`, where it is known.
        """
        limits = self.comparators
        if opening is None:
            opening = ahead(text, position, stop)
        multiple = limits.limit_after(text, position, stop, opening)
        if multiple:
            groups = multiple.groupdict()
            inner, named = groups.get("op"), groups["limit"] or groups["norm"]
            unit = Unit(named, limits.limit(named), "limit")
            return unit, multiple.end(), limits.operator(inner) if inner else None
        found = self.units.match(text, position, stop, opening)
        if found is None:
            return None, position, None
        unit, end = found
        return unit, end, None


def groups_thousands(unit: Unit | None, surface: str) -> bool:
    """True where a full stop before three digits groups thousands: in a count of cells, in centigrays, in units
    of enzymes and copies, which nobody writes with three decimals; and `1.000` of a mass in a volume."""
    if unit is None:
        return False
    if unit.kind == "mass":
        return surface.endswith(".000")
    whole = unit.kind in ("enzyme", "copies") or unit.ucum == "cGy"
    return whole or (unit.kind == "count" and not unit.ucum.startswith("10"))
