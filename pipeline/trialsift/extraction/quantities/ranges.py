"""Quantities with two ends: `18-75 years`, `> 1.5 and ≤ 3 x ULN`, `50 to 60 Gy (inclusive)`.

In: a number that has been read, and the tokens after it. Out: the second number with what joins it to the first, and
the interval of both.
"""

from __future__ import annotations

from typing import NamedTuple

from trialsift.extraction.quantities import joints
from trialsift.extraction.quantities.parts import Lexed, Measured, Parts, Quantity, QuantityPiece, Sign, Token
from trialsift.extraction.quantities.units import Unit
from trialsift.model.interval import Interval

# Days per unit of time, as UCUM defines them: a year is 365.25 days, a month a twelfth of a year.
DAYS = {"a": 365.25, "mo": 365.25 / 12, "wk": 7.0, "d": 1.0, "h": 1 / 24}

_MEASURED_KINDS = frozenset({"mass", "molar", "enzyme", "count", "percent", "clearance", "clearance_area", "limit"})


class _Tail(NamedTuple):
    """What follows the second number of a range. `closed`: that number belongs to it; `exclusive`: neither end does."""

    end: int
    unit: Unit | None
    closed: bool
    exclusive: bool
    pieces: list[QuantityPiece]


class Ranges:
    """Reads the second end of a range or interval, and joins both ends."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._words = parts.comparators.words

    def find_second(
        self, lexed: Lexed, i: int, first: Measured, operator: str | None
    ) -> tuple[QuantityPiece, Measured] | None:
        """Returns the other end of a range or interval, with the range sign or comparator that joins it to the
        first."""
        tokens = lexed.tokens
        for k in range(i + 1, min(i + 8, len(tokens))):
            if tokens[k].start >= first.end:
                break
        else:
            return None
        k += self._is_doubled(lexed, k)
        joint = self._find_joint(lexed, i, k, first, operator)
        if joint is None:
            return None
        second = self._parts.read_measured(lexed, k if joint[0] == "range" else k + 1)
        gap = lexed.text[first.end : joint[1]]
        if joint[0] == "comparator" and gap.rfind("(") > gap.rfind(")"):
            closed = joints.CLOSING.match(lexed.text, second.end, lexed.stop)
            if closed is None:  # `≥ 4 mg/L (and < 30 mg/L for part 3)`: two limits
                return None
        unit, other = first.unit, second.unit
        bare = (
            joint[0] == "comparator" and unit is not None and other is None and unit.kind not in ("time", "radiation")
        )
        if bare and self._words.counted.match(lexed.text, second.end, lexed.stop):
            return None  # `> 2.5 x ULN and no more than 3 metastases`
        if unit is not None and other is not None:
            times = unit.kind == other.kind == "time"
            same = unit.ucum == other.ucum or times or other.ucum.startswith(unit.ucum + "/")
            return (joint, second) if same else None
        if unit is not None and joint[0] == "range" and unit.kind not in ("radiation", "percent", "time"):
            return None  # `5 mg to 10 patients`
        return joint, second

    def _is_doubled(self, lexed: Lexed, k: int) -> bool:
        """Whether the operator at token `k` is `up to`, with another right behind: `60 Gy up to a maximum of 66 Gy`."""
        if k + 1 >= len(lexed.tokens) or {token.kind for token in lexed.tokens[k : k + 2]} != {"op"}:
            return False
        one, other = lexed.tokens[k : k + 2]
        gap = lexed.text[one.end : other.start]
        return not gap.strip() and self._words.up_to.fullmatch(lexed.text, one.start, one.end) is not None

    def _find_joint(self, lexed: Lexed, i: int, k: int, first: Measured, operator: str | None) -> QuantityPiece | None:
        """Returns what joins the number at token `k`, or the one after the operator there, to the first at token
        `i`."""
        text, tokens, _ = lexed
        token = tokens[k]
        between = operator == "between" or self.find_between(lexed, i) is not None
        gap = text[first.end : token.start]
        if token.kind == "num":
            if not between and first.opening[:1] not in joints.RANGE_BEGINS:
                return None
            connected = self._words.range.fullmatch(gap) or (between and self._words.and_.fullmatch(gap))
            return ("range", first.end, token.start, None) if connected else None
        upper = self._parts.comparators.read_operator(lexed.surface(token)) if token.kind == "op" else None
        followed = k + 1 < len(tokens) and tokens[k + 1].kind == "num"
        if not followed or upper is None or not self._are_joined(lexed, token, first, operator, upper, gap):
            return None
        gap = text[token.end : tokens[k + 1].start]
        upper = "le" if upper == "eq" else upper
        return ("comparator", token.start, token.end, upper) if self._words.filler.fullmatch(gap) else None

    def _are_joined(
        self, lexed: Lexed, token: Token, first: Measured, operator: str | None, upper: str, gap: str
    ) -> bool:
        """Whether an operator behind the first number begins its other end."""
        if upper == "eq":  # `= 18 and = 75`: both signs were lost
            return operator in ("eq", "between") and self._words.paired.fullmatch(gap) is not None
        if upper not in ("le", "lt") or operator in ("le", "lt"):
            return False
        if self._words.range.fullmatch(gap) or (operator is not None and self._words.join.fullmatch(gap)):
            return True
        if operator is not None:
            return False
        reaches = not gap.strip() and self._words.up_to.fullmatch(lexed.text, token.start, token.end)
        kind = "" if first.unit is None else first.unit.kind
        signed = kind in _MEASURED_KINDS and not lexed.text[token.start].isalpha()
        # the sign of the lower end was lost
        paired = (kind == "time" or signed) and self._words.paired.fullmatch(gap)
        return bool(reaches or paired)

    def find_between(self, lexed: Lexed, i: int) -> Token | None:
        """Returns the `between` in front of the comparator of the number at token `i`: `between ≥ 21 and 60`."""
        before = lexed.tokens[max(0, i - 2) : i]
        if len(before) < 2 or {token.kind for token in before} != {"op"}:
            return None
        if self._parts.comparators.read_operator(lexed.surface(before[0])) != "between":
            return None
        gap = self._words.filler.fullmatch(lexed.text, before[0].end, before[1].start)
        return before[0] if gap else None

    def read(
        self, lexed: Lexed, i: int, first: Measured, sign: Sign | None, joint: QuantityPiece, second: Measured
    ) -> Quantity | None:
        """Returns a quantity of two numbers, the first at token `i`; None if they are not the ends of a range."""
        value = first.value(first.unit or second.unit)
        start = first.start if sign is None else sign.start
        if sign is not None and (between := self.find_between(lexed, i)) is not None:
            start = between.start
        sign = sign or first.inner
        written = second.value(first.unit or second.unit)
        converted = _convert(first.unit, written, second.unit or first.unit)
        # `> 5 – 5`, and `≥ 60, ≤ 60`, which are two limits
        beyond = sign is not None and (sign.operator in ("gt", "lt") or joint[0] == "comparator")
        if converted is None or (converted[0] == value and beyond):
            return None
        high, unit = converted
        if high < value:
            if sign is not None and self._is_grade(lexed, sign, joint, second):
                return self._read_grade(first, sign, joint, second, (value, high))
            if sign is not None or not self._falls(lexed, first, joint, second):
                return None
            value, high = high, value
        tail = self._read_tail(lexed, second.end, unit)
        if sign and sign.operator == "gt" and joint[0] == "range" and lexed.text[start : start + 4].lower() == "over":
            start, sign = first.start, None  # `over 5-10 Gy`: in the course of
        operator = sign.operator if sign else None
        closed = (first.ends is None or first.ends.operator == "ge") and operator != "gt" and not tail.exclusive
        interval = Interval(value, closed, high, tail.closed and not tail.exclusive and joint[3] != "lt")
        if operator in ("le", "lt"):  # `up to 60-66 Gy`; the sign of `< 1 month to 21 years` is that of its lower end
            timed = first.unit is not None and first.unit.kind == "time"
            interval = Interval(None, None, high, operator == "le" or timed)
        if interval.is_empty:
            return None  # `5 to < 5`
        low_sides = [] if sign is None else [sign.piece()]
        if interval.low is not None:
            low_sides += [joint] if first.ends is None else [first.ends.piece(), joint]
        pieces = (*first.pieces(value), *low_sides, *second.pieces(written), *tail.pieces)
        unit, values = tail.unit or first.unit, (value, high)
        return Quantity(start, tail.end, interval, unit, operator, first.start, values, True, pieces)

    @staticmethod
    def _is_worded(lexed: Lexed, joint: QuantityPiece) -> bool:
        """Whether letters join two numbers, or a comparator does."""
        return joint[0] != "range" or any(map(str.isalnum, lexed.text[joint[1] : joint[2]]))

    @classmethod
    def _is_grade(cls, lexed: Lexed, sign: Sign, joint: QuantityPiece, second: Measured) -> bool:
        """Whether a range that falls is a grade of toxicity: it is joined by a sign, and not one of times."""
        measured = second.unit is None or second.unit.kind != "time"
        signed = sign.operator in ("lt", "le") and not cls._is_worded(lexed, joint)
        return measured and signed and second.value(second.unit) > 0

    @staticmethod
    def _read_grade(
        first: Measured, sign: Sign, joint: QuantityPiece, second: Measured, ends: tuple[float, float]
    ) -> Quantity:
        """A grade of toxicity, written from its upper end: `< 1.5–1.0 x 10^9/L`."""
        high, low = ends
        interval = Interval(low, True, high, sign.operator == "le")
        pieces = (sign.piece(), *first.pieces(high), joint, *second.pieces(low))
        unit = first.unit or second.unit
        return Quantity(sign.start, second.end, interval, unit, sign.operator, first.start, (low, high), True, pieces)

    @staticmethod
    def _falls(lexed: Lexed, first: Measured, joint: QuantityPiece, second: Measured) -> bool:
        """Whether a range is written from its upper end: `4.0–2.4 mg/m2`."""
        return not Ranges._is_worded(lexed, joint) and "." in first.surface and second.unit is not None

    def _read_tail(self, lexed: Lexed, end: int, unit: Unit | None) -> _Tail:
        """Reads words after a range that say whether it includes its ends, and a unit after them."""
        text, _, stop = lexed
        closed, pieces = True, list[QuantityPiece]()
        ends = self._words.ends.match(text, end, stop)
        if ends:
            closed = ends[1].lower() == "incl"
            pieces.append(("comparator", *ends.span(1), "le" if closed else "lt"))
            end = ends.end()
            after = self._parts.units.match(text, end, stop) if unit is None else None
            if after:
                unit = after[0]
                pieces.append(("unit", end, after[1], unit.ucum))
                end = after[1]
        both = self._words.inclusive.match(text, end, stop)
        if both is None:
            return _Tail(end, unit, closed, False, pieces)
        word = both[1].lower()
        pieces.append(("comparator", *both.span(1), word))
        return _Tail(both.end(), unit, closed, word == "exclusive", pieces)


def _convert(first: Unit | None, value: float, unit: Unit | None) -> tuple[float, Unit | None] | None:
    """`6 months to 5 years`: converts the second end to the unit of the first; None if a time cannot be converted."""
    if first is None or unit is None or first.ucum == unit.ucum or first.kind != "time":
        return value, unit
    factor = DAYS.get(unit.ucum, 0) / DAYS.get(first.ucum, 1)
    return (round(value * factor, 6), first) if factor else None
