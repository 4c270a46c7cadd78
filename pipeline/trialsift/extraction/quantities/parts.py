"""The parts of a quantity: tokens, signs, numbers and units, and how each is read at a place.

In: a text and its tokens (operators and numbers, from lexer.py). Out: numbers with their units, and where each ends.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NamedTuple

from trialsift.extraction.quantities import joints, numbers
from trialsift.extraction.quantities.comparators import Comparators
from trialsift.extraction.quantities.units import Unit, Units
from trialsift.model.interval import Interval
from trialsift.rules.trie import look_ahead

_HIGHEST_POWER = 12  # of ten: red cells in a litre


class Token(NamedTuple):
    """A mention in a text. `kind` is op, num or concept; `value` is the operator, None or the concept."""

    kind: str
    start: int
    end: int
    value: object = None


class Lexed(NamedTuple):
    """A text with the tokens of a stretch of it; nothing from `stop` on is looked at."""

    text: str
    tokens: Sequence[Token]
    stop: int = sys.maxsize

    def surface(self, token: Token) -> str:
        """The characters of a token."""
        return self.text[token.start : token.end]


#: Characters that a quantity was read from, and their reading: kind, start, end, meaning. The kinds are comparator,
#: number, range and unit; their meanings an operator, a value, None, and a UCUM code. A unit includes white space and a
#: hyphen before it, a range the white space on both sides.
QuantityPiece = tuple[str, int, int, str | float | None]


class Sign(NamedTuple):
    """A comparator with the operator that it states in its place: `not >` states `le`."""

    operator: str
    start: int
    end: int

    def piece(self) -> QuantityPiece:
        """Returns the sign as a piece of a quantity."""
        return "comparator", self.start, self.end, self.operator


class Quantity(NamedTuple):
    """An interval with its unit. `operator` is None if only a number or a range is written.

    `number_start` is the start of the first number, `values` are the numbers as written, `ranged` says that two ends
    are written, `spread` is the number behind a plus-minus sign. A multiple of a limit of normal has a unit of kind
    `limit` with the code ULN, LLN or 1. `pieces` are the characters it was read from; a unit taken from a neighbour
    lies outside `start` and `end`.
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
    spread: float | None = None

    @property
    def kind(self) -> str:
        """The kind of the unit; empty without a unit."""
        return self.unit.kind if self.unit else ""


class Measured(NamedTuple):
    """A number as written, with its unit. Without a unit, `unit_start` and `end` are where it would stand.

    `inner` is a comparator inside the unit (`3x < ULN`). `ends` says whether the number belongs to the range that it
    begins (`18 (incl.)`). `opening` is the result of `look_ahead` at `end`, if known.
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
        """Returns the value of the number, given the unit of its quantity."""
        surface = self.surface
        value = numbers.read_value(surface, not surface.isdecimal() and groups_thousands(measured, surface))
        return value if measured is None or measured.scale == 1 else round(value * measured.scale, 9)

    def pieces(self, value: float) -> tuple[QuantityPiece, ...]:
        """Returns the pieces for the number, which has this value, and for its unit."""
        number = ("number", self.start, self.number_end, value)
        if self.unit is None:
            return (number,)
        return number, ("unit", self.unit_start, self.end, self.unit.ucum)


class Parts:
    """Reads numbers and units."""

    def __init__(self, units: Units, comparators: Comparators) -> None:
        self.units = units
        self.comparators = comparators

    def read_measured(self, lexed: Lexed, i: int) -> Measured:
        """Returns the number at token `i` with its unit."""
        surface, end = self.read_number(lexed, i)
        unit, unit_end, inner = self.read_unit(lexed, end)
        return Measured(surface, lexed.tokens[i].start, end, unit, end, unit_end, inner)

    def read_number(self, lexed: Lexed, i: int) -> tuple[str, int]:
        """Returns the surface of the number at token `i` and its end; `eighteen (18)` and `100 000` are one number
        each."""
        text, tokens, stop = lexed
        token = tokens[i]
        surface, end = text[token.start : token.end], token.end
        if surface[0].isalpha() and surface[0] != "l":
            figure = joints.BRACKETED_FIGURE.match(text, end, stop)
            return (figure[1], figure.end()) if figure else (surface, end)
        power = self._read_power(lexed, token)
        if power is not None:
            return power
        indian = (
            self.comparators.words.indian.match(text, end, stop) if text[end : end + 2].lstrip()[:1] in "lLcC" else None
        )
        if indian:
            return repr(numbers.read_value(surface) * (1e5 if indian["lakh"] else 1e7)), indian.end()
        if len(surface) < 4 and (text[end + 1 : end + 2].isdecimal() or text[end + 2 : end + 3].isdecimal()):
            return self._read_spaced(lexed, i) or (surface, end)
        said = joints.SAID_IN_WORDS.match(text, end, stop) if text[end : end + 2].lstrip()[:1] == "(" else None
        if said and numbers.is_said(said[1], surface):
            return surface, said.end()
        return surface, end

    def _read_power(self, lexed: Lexed, token: Token) -> tuple[str, int] | None:
        """Reads `3 x 10^5 copies/mL`, `10⁴ IU/mL`, `109/L`; a power that is a part of a unit is left to it."""
        text, _, stop = lexed
        surface, end = lexed.surface(token), token.end
        # two blanks strip to an empty string, which every string contains
        if surface[:2] != "10" and "·" not in surface and text[end : end + 2].lstrip()[:1] not in joints.TIMES_BEGINS:
            return None
        power = joints.POWER_OF_TEN.match(text, token.start, stop)
        if power is None:
            return None
        groups = power.groupdict()
        written = next(filter(None, map(groups.get, ("exponent", "bracketed", "raised", "bare", "lowered", "lost"))))
        exponent = int(written.translate(joints.SUPERSCRIPTS))
        mantissa = groups["mantissa"] or groups["factor"] or groups["times"]
        if exponent > _HIGHEST_POWER:
            return None
        if mantissa is None and "*" in power.group() and not joints.COUNTED.match(text, power.end(), stop):
            return None  # `10*3 Gy`: ten times three
        if mantissa and exponent in (3, 6, 9, 12) and not groups["bare"]:
            unit = self.units.match(text, end, stop)
            # `100 x 10^9` without its volume: a count of cells all the same
            if unit is not None and (unit[1] > power.end() or (exponent == 9 and unit[1] == power.end())):
                return None
        return repr(numbers.read_value(mantissa or "1") * 10.0**exponent), power.end()

    def _read_spaced(self, lexed: Lexed, i: int) -> tuple[str, int] | None:
        """Reads `100 000`, if its unit or its comparator shows that the digits after the blank belong to it."""
        text, tokens, stop = lexed
        token = tokens[i]
        spaced = joints.SPACED.match(text, token.start, stop)
        if spaced is None or spaced.group().startswith("0"):
            return None
        unit = self.units.match(text, spaced.end(), stop)
        bounded = i > 0 and tokens[i - 1].kind == "op" and not text[tokens[i - 1].end : token.start].strip()
        counted = unit is not None and unit[0].kind == "count" and not unit[0].ucum.startswith("10")
        thousands = spaced.group().endswith("000") and "," not in spaced.group()
        measured = unit is not None and (bounded or thousands)
        if counted or measured or (bounded and spaced.group().endswith("00")):
            return "".join(spaced.group().replace(",", "").split()), spaced.end()
        return None

    def read_unit(
        self, lexed: Lexed, position: int, opening: str | None = None
    ) -> tuple[Unit | None, int, Sign | None]:
        """Returns the unit or limit of normal after a number, its end, and a comparator inside it (`3x < ULN`).

        `opening` is the result of `look_ahead` at `position`, if known.
        """
        text, _, stop = lexed
        limits = self.comparators
        if opening is None:
            opening = look_ahead(text, position, stop)
        multiple = limits.match_limit(text, position, stop, opening)
        if multiple:
            groups = multiple.groupdict()
            inner, named = groups.get("op"), groups["limit"] or groups["norm"]
            unit = Unit(named, limits.read_limit(named), "limit")
            operator = limits.read_operator(inner) or limits.read_operator_after(inner) if inner else None
            return unit, multiple.end(), Sign(operator, *multiple.span("op")) if operator else None
        found = self.units.match(text, position, stop, opening)
        if found is None or (found[0].surface == "y" and joints.NUMBER_BEHIND.match(text, found[1], stop)):
            return None, position, None  # `entre 30 y 75`: Spanish for `and`
        limit = limits.named_limit.match(text, found[1], stop) if found[0].ucum == "%" else None
        if limit and limit["limit"]:  # `150 % of ULN`
            return Unit(limit["limit"], limits.read_limit(limit["limit"]), "limit", 0.01), limit.end(), None
        return *found, None


def groups_thousands(unit: Unit | None, surface: str) -> bool:
    """Whether a full stop before three digits groups thousands.

    It does in counts of cells, centigrays, and units of drugs, enzymes and copies, which nobody writes with three
    decimals, and in `1.000` mg or of a mass per volume.
    """
    if unit is None:
        return False
    if unit.kind == "mass" or unit.ucum.startswith("mg"):
        return surface.endswith(".000")
    whole = unit.kind in ("enzyme", "copies") or unit.ucum == "cGy" or unit.ucum.startswith(("U", "[IU]"))
    return whole or (unit.kind == "count" and not unit.ucum.startswith("10"))
