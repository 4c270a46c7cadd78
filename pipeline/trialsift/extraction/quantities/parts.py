"""The parts of a quantity: what a token and a quantity are, and how a number and a unit are read at a place.

In: a text, its tokens (operators and numbers, from lexer.py). Out: numbers with their units, and where each ends.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NamedTuple

from trialsift.extraction.quantities import joints, numbers
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


class Lexed(NamedTuple):
    """A text with the tokens of a stretch of it; nothing is looked at from `stop` on."""

    text: str
    tokens: Sequence[Token]
    stop: int = sys.maxsize

    def surface(self, token: Token) -> str:
        """The characters of a token."""
        return self.text[token.start : token.end]


#: Characters that a quantity was read from, and what they were taken for: kind, start, end, meaning. Kinds are
#: comparator, number, range and unit; their meanings an operator, a value, None, and a UCUM code. White space and a
#: hyphen in front of a unit, and white space around what joins a range, are part of the characters.
QuantityPiece = tuple[str, int, int, str | float | None]


class Sign(NamedTuple):
    """A comparator with the operator that it states here: `not >` states `le`."""

    operator: str
    start: int
    end: int

    def piece(self) -> QuantityPiece:
        """The same as a piece of a quantity."""
        return "comparator", self.start, self.end, self.operator


class Quantity(NamedTuple):
    """An interval with its unit. `operator` is None where only a number or a range is written.

    `number_start` is where the first number begins, `values` are the numbers as written, `ranged` says that two
    ends were written. A multiple of a limit of normal has a unit of kind `limit`, with code ULN, LLN or 1. `pieces`
    are the characters that it was read from; a unit that a neighbour says for it stands outside `start` and `end`.
    """

    start: int
    end: int
    interval: Interval
    unit: Unit | None
    operator: str | None
    number_start: int
    values: tuple[float, ...]
    ranged: bool = False
    pieces: tuple[QuantityPiece, ...] = ()

    @property
    def kind(self) -> str:
        """The kind of unit, or an empty string where none is written."""
        return self.unit.kind if self.unit else ""


class Measured(NamedTuple):
    """A number as written, with the unit behind it: without one, `unit_start` and `end` are where it would stand.

    `inner` is a comparator inside the unit (`3x < ULN`), `ends` says whether the number is in a range that it begins
    (`18 (incl.)`), `opening` is what `ahead` gives at `end`, where somebody looked.
    """

    surface: str
    start: int
    number_end: int
    unit: Unit | None
    unit_start: int
    end: int
    inner: Sign | None
    ends: Sign | None = None
    opening: str = ""

    def value(self, measured: Unit | None) -> float:
        """The number, where `measured` is the unit of the quantity that it belongs to."""
        surface = self.surface
        return numbers.value(surface, not surface.isdecimal() and groups_thousands(measured, surface))

    def pieces(self, value: float) -> tuple[QuantityPiece, ...]:
        """The number, whose value this is, and its unit."""
        number = ("number", self.start, self.number_end, value)
        if self.unit is None:
            return (number,)
        return number, ("unit", self.unit_start, self.end, self.unit.ucum)


class Parts:
    """Reads numbers and units with the project's vocabularies."""

    def __init__(self, units: Units, comparators: Comparators) -> None:
        self.units = units
        self.comparators = comparators

    def measured(self, lexed: Lexed, i: int) -> Measured:
        """The number at token `i` with its unit."""
        surface, end = self.number(lexed, i)
        unit, unit_end, inner = self.unit(lexed, end)
        return Measured(surface, lexed.tokens[i].start, end, unit, end, unit_end, inner)

    def number(self, lexed: Lexed, i: int) -> tuple[str, int]:
        """The surface of the number at token `i` and where it ends; `eighteen (18)` and `100 000` are one number."""
        text, tokens, stop = lexed
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
        if len(surface) < 4 and (text[end + 1 : end + 2].isdecimal() or text[end + 2 : end + 3].isdecimal()):
            return self._spaced(lexed, i) or (surface, end)
        return surface, end

    def _spaced(self, lexed: Lexed, i: int) -> tuple[str, int] | None:
        """`100 000`, where its unit says that the digits behind the blank belong to it."""
        text, tokens, stop = lexed
        token = tokens[i]
        spaced = joints.SPACED.match(text, token.start, stop)
        unit = self.units.match(text, spaced.end(), stop) if spaced else None
        if spaced is None or unit is None:
            return None
        bounded = i > 0 and tokens[i - 1].kind == "op" and not text[tokens[i - 1].end : token.start].strip()
        counted = unit[0].kind == "count" and not unit[0].ucum.startswith("10")
        if counted or (bounded and unit[0].kind in ("amount", "amount_rate", "copies", "enzyme", "dose")):
            return "".join(spaced.group().replace(",", "").split()), spaced.end()
        return None

    def unit(self, lexed: Lexed, position: int, opening: str | None = None) -> tuple[Unit | None, int, Sign | None]:
        """The unit or limit of normal behind a number, where it ends, and a comparator inside (`3x < ULN`).

        `opening` is what `ahead` gives at `position`, where it is known.
        """
        text, _, stop = lexed
        limits = self.comparators
        if opening is None:
            opening = ahead(text, position, stop)
        multiple = limits.limit_after(text, position, stop, opening)
        if multiple:
            groups = multiple.groupdict()
            inner, named = groups.get("op"), groups["limit"] or groups["norm"]
            unit = Unit(named, limits.limit(named), "limit")
            operator = limits.operator(inner) if inner else None
            return unit, multiple.end(), Sign(operator, *multiple.span("op")) if operator else None
        found = self.units.match(text, position, stop, opening)
        if found is None:
            return None, position, None
        return *found, None


def groups_thousands(unit: Unit | None, surface: str) -> bool:
    """True where a full stop before three digits groups thousands: in a count of cells, in centigrays, in units
    of enzymes and copies, which nobody writes with three decimals; and `1.000` of a mass in a volume."""
    if unit is None:
        return False
    if unit.kind == "mass":
        return surface.endswith(".000")
    whole = unit.kind in ("enzyme", "copies") or unit.ucum == "cGy"
    return whole or (unit.kind == "count" and not unit.ucum.startswith("10"))
