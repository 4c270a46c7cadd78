"""From the tokens of a line to quantities: comparator, number or range, unit, limit of normal, as one interval.

In: a text and its tokens (operators and numbers, from lexer.py). Out: `Quantity` objects with the offsets of the
whole value expression and of its pieces. What a quantity is about is decided later, by labels/.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NamedTuple

from trialsift.extraction.quantities import joints
from trialsift.extraction.quantities.comparators import Comparators
from trialsift.extraction.quantities.omitted import completed
from trialsift.extraction.quantities.parts import Lexed, Measured, Parts, Quantity, QuantityPiece, Sign, Token
from trialsift.extraction.quantities.units import Unit, Units
from trialsift.model.interval import Interval
from trialsift.rules.trie import ahead

MIRRORED = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}
OPPOSITE = {"gt": "le", "ge": "lt", "lt": "ge", "le": "gt"}
# UCUM's definitions: a year is 365.25 days, a month a twelfth of it
DAYS = {"a": 365.25, "mo": 365.25 / 12, "wk": 7.0, "d": 1.0, "h": 1 / 24}


class _Tail(NamedTuple):
    """What stands behind the second number of a range. `closed` says whether that number is in it, `exclusive` that
    neither end is."""

    end: int
    unit: Unit | None
    closed: bool
    exclusive: bool
    pieces: list[QuantityPiece]


class QuantityReader:
    """Assembles quantities from tokens with the project's units and comparators."""

    def __init__(self, units: Units, comparators: Comparators) -> None:
        self.units = units
        self.comparators = comparators
        self._parts = Parts(units, comparators)

    def read(self, text: str, tokens: Sequence[Token], stop: int = sys.maxsize) -> list[Quantity]:
        """All quantities of a line, in order, of what stands in front of `stop`. Tokens of other kinds than op and num
        only separate."""
        written = self._written(Lexed(text, tokens, stop))
        return completed(text, written, stop) if len(written) > 1 else written

    def _written(self, lexed: Lexed) -> list[Quantity]:
        """The quantities as each is written, without what it leaves to a neighbour to say."""
        found: list[Quantity] = []
        done = -1
        for i, token in enumerate(lexed.tokens):
            if token.start < done or token.kind == "concept":
                continue
            if token.kind == "op":
                quantity = self._after_operator(lexed, i)
            else:
                quantity = self._number_first(lexed, i) or self._from_number(lexed, i)
            if quantity is not None:
                found.append(quantity)
                done = quantity.end
        return found

    # -- a number in front of its sign ------------------------------------------------------------------------

    def _number_first(self, lexed: Lexed, i: int) -> Quantity | None:
        """`18 ≤ age ≤ 75` and `1500 ≤ ANC`: the sign stands behind its number, and what is meant behind the sign."""
        text, tokens, stop = lexed
        if i + 1 >= len(tokens) or tokens[i + 1].kind != "op" or text[tokens[i + 1].start].isalpha():
            return None
        number, token = self._parts.measured(lexed, i), tokens[i + 1]
        operator = MIRRORED.get(self.comparators.operator(lexed.surface(token)) or "")
        if operator is None or text[number.end : token.start].strip() or not number.surface[:1].isdigit():
            return None
        value = number.value(number.unit)
        pieces = (*number.pieces(value), Sign(operator, token.start, token.end).piece())
        interval = Interval.of(operator, value)
        one = Quantity(number.start, token.end, interval, number.unit, operator, number.start, (value,), False, pieces)
        both = self._on_both_sides(lexed, i, one)
        if both is not None:
            return both
        behind = tokens[i + 2] if i + 2 < len(tokens) else None
        named = behind is not None and behind.kind == "concept" and not text[token.end : behind.start].strip()
        return one if named or joints.AGE_BEHIND.match(text, token.end, stop) else None

    def _on_both_sides(self, lexed: Lexed, i: int, first: Quantity) -> Quantity | None:
        """`18 ≤ age ≤ 75`, where `first` is what stands in front of the name."""
        tokens = lexed.tokens
        k = next((k for k in range(i + 2, len(tokens)) if tokens[k].kind != "concept"), None)
        if k is None or tokens[k].kind != "op" or not joints.NAMED.fullmatch(lexed.text, first.end, tokens[k].start):
            return None
        second = self._after_operator(lexed, k)
        if second is None or second.ranged or first.operator is None or second.operator not in OPPOSITE:
            return None
        low, high = (first, second) if first.operator[0] == "g" else (second, first)
        values = (low.values[0], high.values[0])
        if second.operator[0] == first.operator[0] or values[0] > values[1]:
            return None
        interval = Interval(values[0], low.operator == "ge", values[1], high.operator == "le")
        unit, pieces = second.unit or first.unit, first.pieces + second.pieces
        return Quantity(first.start, second.end, interval, unit, "ge", first.start, values, True, pieces)

    # -- an operator in front ---------------------------------------------------------------------------------

    def _after_operator(self, lexed: Lexed, i: int) -> Quantity | None:
        """What begins with the operator at token `i`: a number, an interval, or a limit of normal."""
        token = lexed.tokens[i]
        operator = self.comparators.operator(lexed.surface(token))
        if operator is None:
            return None
        sign = Sign(operator, token.start, token.end)
        denied = _denial(lexed.text, token)
        if denied is not None:  # `not > 2 x ULN`, `must not be older than 70`
            sign = Sign(OPPOSITE.get(operator, operator), denied, token.end)
        elif operator in ("lt", "le"):
            both = self._upper_first(lexed, i, sign)
            if both is not None:
                return both
        if _reaches_number(lexed, i, sign.operator):
            found = self._from_number(lexed, i + 1, sign)
            # `outside 3.5-5.5`: no bound, but the whole range, which the context denies
            outside = found is not None and found.ranged and lexed.surface(token).lower() == "outside"
            return None if outside else found
        return self._limit(lexed, i, sign) if sign.operator not in ("eq", "between") else None

    def _upper_first(self, lexed: Lexed, i: int, sign: Sign) -> Quantity | None:
        """`< 25% and ≥ 5%`: the upper end first, then a smaller lower one."""
        text, tokens, _ = lexed
        if i + 3 >= len(tokens) or [token.kind for token in tokens[i + 1 : i + 4]] != ["num", "op", "num"]:
            return None
        other = tokens[i + 2]
        lower = self.comparators.operator(lexed.surface(other))
        if lower not in ("gt", "ge") or text[other.start].isalpha():
            return None
        if not joints.OP_GAP.fullmatch(text[sign.end : tokens[i + 1].start]):
            return None
        first, second = self._parts.measured(lexed, i + 1), self._parts.measured(lexed, i + 3)
        joined = joints.AND_BUT.fullmatch(text, first.end, other.start)
        if first.inner or not joined or text[other.end : second.start].strip():
            return None
        high, low = first.value(first.unit or second.unit), second.value(second.unit or first.unit)
        same = first.unit is None or second.unit is None or first.unit.ucum == second.unit.ucum
        if not same or low >= high:
            return None
        interval, unit = Interval(low, lower == "ge", high, sign.operator == "le"), first.unit or second.unit
        lower_sign = Sign(lower, other.start, other.end)
        pieces = (sign.piece(), *first.pieces(high), lower_sign.piece(), *second.pieces(low))
        return Quantity(sign.start, second.end, interval, unit, sign.operator, first.start, (low, high), True, pieces)

    # -- limits of normal without a number --------------------------------------------------------------------

    def _limit(self, lexed: Lexed, i: int, sign: Sign) -> Quantity | None:
        """`≤ ULN`, `> ULN but ≤ 2.5 x ULN`, `above the normal range`."""
        token, operator = lexed.tokens[i], sign.operator
        limit = self.comparators.named_limit.match(lexed.text, token.end, lexed.stop)
        if limit is None or not limit["limit"]:
            return self._beyond_normal(lexed, token, sign)
        unit = Unit(limit["limit"], self.comparators.limit(limit["limit"]), "limit")
        if operator == "within" and unit.ucum == "LLN":
            return None
        begin, end = limit.span("limit")
        pieces = (sign.piece(), ("unit", begin, end, unit.ucum))
        interval = Interval.of(operator, 1)
        one = Quantity(token.start, limit.end(), interval, unit, operator, begin, (1.0,), False, pieces)
        return self._up_to(lexed, i, one) or one

    def _up_to(self, lexed: Lexed, i: int, low: Quantity) -> Quantity | None:
        """`> ULN but ≤ 2.5 x ULN`, `greater than ULN to 1.5 x ULN`: one interval."""
        text, tokens, _ = lexed
        k = next((k for k in range(i + 1, min(i + 4, len(tokens))) if tokens[k].start >= low.end), None)
        if k is None or low.operator not in ("gt", "ge") or not joints.BUT.fullmatch(text[low.end : tokens[k].start]):
            return None
        if tokens[k].kind == "concept":
            return None
        high = self._after_operator(lexed, k) if tokens[k].kind == "op" else self._from_number(lexed, k)
        if high is None or high.ranged or high.unit is None or low.unit is None or high.unit.ucum != low.unit.ucum:
            return None
        if high.operator not in (None, "le", "lt") or high.values[0] <= 1:
            return None
        interval = Interval(1, low.operator == "ge", high.values[0], high.operator != "lt")
        values, pieces = (1.0, high.values[0]), low.pieces + high.pieces
        return Quantity(low.start, high.end, interval, high.unit, low.operator, low.number_start, values, True, pieces)

    @staticmethod
    def _beyond_normal(lexed: Lexed, token: Token, sign: Sign) -> Quantity | None:
        """`above the normal range` is above the upper limit, `below normal` below the lower one."""
        operator = sign.operator
        normal = joints.NORMAL.match(lexed.text, token.end, lexed.stop)
        below = operator == "lt" and lexed.text[token.start].isalpha()
        if normal is None or lexed.surface(token).lower() == "outside" or not (operator == "gt" or below):
            return None
        unit = Unit(normal[1], "LLN" if below else "ULN", "limit")
        pieces = (sign.piece(), ("unit", *normal.span(1), unit.ucum))
        interval = Interval.of(operator, 1)
        return Quantity(token.start, normal.end(), interval, unit, operator, normal.start(1), (1.0,), False, pieces)

    # -- a number, and what may follow it ---------------------------------------------------------------------

    def _from_number(self, lexed: Lexed, i: int, sign: Sign | None = None) -> Quantity | None:
        """What begins with the number at token `i`, or with the comparator `sign` in front of it."""
        first = self._first(lexed, i)
        if first is None:
            return None
        operator = sign.operator if sign else first.inner.operator if first.inner else None
        second = self._second(lexed, i, first, operator)
        if second is None:
            return self._single(lexed, first, sign, first.value(first.unit))
        value = first.value(first.unit or second[1].unit)
        return self._range(lexed, first, sign, value, *second) or self._single(lexed, first, sign, value)

    def _first(self, lexed: Lexed, i: int) -> Measured | None:
        """The first number with what belongs to it; None for a mantissa whose power of ten can't be read."""
        text, tokens, stop = lexed
        surface, number_end = self._parts.number(lexed, i)
        position, ends = number_end, None
        opening = ahead(text, position, stop)
        said = joints.ENDS.match(text, position, stop) if opening[:1] == "(" else None
        if said:
            ends = Sign("ge" if said[1].lower() == "incl" else "gt", *said.span(1))
            position = said.end()
            opening = ahead(text, position, stop)
        unit, end, inner = self._parts.unit(lexed, position, opening)
        if unit is not None:
            opening = ahead(text, end, stop)
        elif opening[:1] in joints.MANTISSA_BEGINS and joints.MANTISSA.match(text, position, stop):
            return None
        return Measured(surface, tokens[i].start, number_end, unit, position, end, inner, ends, opening)

    def _single(self, lexed: Lexed, number: Measured, sign: Sign | None, value: float) -> Quantity:
        """A quantity of one number."""
        _, number_start, _, unit, _, end, inner, _, _ = number
        start = number_start if sign is None else sign.start
        sign, pieces = sign or inner, number.pieces(value)
        behind = self._behind(lexed, number, sign is not None)
        if behind is not None:
            sign, end = sign or behind, behind.end
            found = self.units.match(lexed.text, end, lexed.stop) if unit is None else None
            if found and found[0].kind == "time":  # `18 or older`, `2 or less years`
                unit, later = found
                pieces += (("unit", end, later, unit.ucum),)
                end = later
        if sign is not None and sign.operator == "between":
            start, sign = number_start, None
        operator = None
        if sign is not None:
            operator = sign.operator
            pieces += (sign.piece(),)
        return Quantity(start, end, Interval.of(operator, value), unit, operator, number_start, (value,), False, pieces)

    def _behind(self, lexed: Lexed, number: Measured, signed: bool) -> Sign | None:
        """What bounds a number from behind: `or older` where it has no comparator yet, or a plus sign."""
        text, _, stop = lexed
        if not signed:
            after = self.comparators.words_after(text, number.end, stop, number.opening)
            if after:
                return Sign(self.comparators.operator_after(after.group()), *after.span())
        if number.opening[:1] == "+" and (not number.unit or number.unit.kind == "time"):
            plus = joints.PLUS.match(text, number.end, stop)
            if plus:
                return Sign("ge", plus.end() - 1, plus.end())
        return None

    # -- two ends ---------------------------------------------------------------------------------------------

    def _second(
        self, lexed: Lexed, i: int, first: Measured, operator: str | None
    ) -> tuple[QuantityPiece, Measured] | None:
        """The other end of a range or interval, with what joins it to the first: a range sign or a comparator."""
        tokens = lexed.tokens
        for k in range(i + 1, min(i + 8, len(tokens))):
            if tokens[k].start >= first.end:
                break
        else:
            return None
        joint = self._joint(lexed, k, first, operator)
        if joint is None:
            return None
        second = self._parts.measured(lexed, k if joint[0] == "range" else k + 1)
        unit, other = first.unit, second.unit
        if unit is not None and other is not None:
            times = unit.kind == other.kind == "time"
            same = unit.ucum == other.ucum or times or other.ucum.startswith(unit.ucum + "/")
            return (joint, second) if same else None
        if unit is not None and joint[0] == "range" and unit.kind not in ("radiation", "percent", "time"):
            return None  # `5 mg to 10 patients`
        return joint, second

    def _joint(self, lexed: Lexed, k: int, first: Measured, operator: str | None) -> QuantityPiece | None:
        """What joins the number at token `k`, or behind the operator there, to the first."""
        text, tokens, _ = lexed
        token = tokens[k]
        if token.kind == "num":
            if operator != "between" and first.opening[:1] not in joints.RANGE_BEGINS:
                return None
            gap = text[first.end : token.start]
            connected = joints.RANGE.fullmatch(gap) or (operator == "between" and joints.AND.fullmatch(gap))
            return ("range", first.end, token.start, None) if connected else None
        upper = self.comparators.operator(lexed.surface(token)) if token.kind == "op" else None
        followed = k + 1 < len(tokens) and tokens[k + 1].kind == "num"
        if upper not in ("le", "lt") or operator in ("le", "lt", "eq") or not followed:
            return None
        gap = text[first.end : token.start]
        reaches = operator is None and not gap.strip() and joints.UP_TO.fullmatch(text, token.start, token.end)
        if not (joints.RANGE.fullmatch(gap) or (operator is not None and joints.JOIN.fullmatch(gap)) or reaches):
            return None
        gap = text[token.end : tokens[k + 1].start]
        return ("comparator", token.start, token.end, upper) if joints.OP_GAP.fullmatch(gap) else None

    def _range(
        self, lexed: Lexed, first: Measured, sign: Sign | None, value: float, joint: QuantityPiece, second: Measured
    ) -> Quantity | None:
        """A quantity of two numbers; None where they are the ends of no range."""
        start = first.start if sign is None else sign.start
        sign = sign or first.inner
        written = second.value(first.unit or second.unit)
        converted = _in_unit_of(first.unit, written, second.unit or first.unit)
        beyond = sign is not None and sign.operator in ("gt", "lt")
        if converted is None or converted[0] < value or (converted[0] == value and beyond):
            return None
        high, unit = converted
        tail = self._tail(lexed, second.end, unit)
        if sign and sign.operator == "gt" and lexed.text[start : start + 4].lower() == "over":
            start, sign = first.start, None  # `over 5-10 Gy`: in the course of
        operator = sign.operator if sign else None
        closed = (first.ends is None or first.ends.operator == "ge") and operator != "gt" and not tail.exclusive
        interval = Interval(value, closed, high, tail.closed and not tail.exclusive and joint[3] != "lt")
        if operator in ("le", "lt"):  # `up to 60-66 Gy`
            interval = Interval(None, None, high, operator == "le")
        low_sides = [] if sign is None else [sign.piece()]
        if interval.low is not None:
            low_sides += [joint] if first.ends is None else [first.ends.piece(), joint]
        pieces = (*first.pieces(value), *low_sides, *second.pieces(written), *tail.pieces)
        unit, values = tail.unit or first.unit, (value, high)
        return Quantity(start, tail.end, interval, unit, operator, first.start, values, True, pieces)

    def _tail(self, lexed: Lexed, end: int, unit: Unit | None) -> _Tail:
        """Words behind a range that say whether its ends are in it, and a unit behind them."""
        text, _, stop = lexed
        closed, pieces = True, list[QuantityPiece]()
        ends = joints.ENDS.match(text, end, stop)
        if ends:
            closed = ends[1].lower() == "incl"
            pieces.append(("comparator", *ends.span(1), "le" if closed else "lt"))
            end = ends.end()
            after = self.units.match(text, end, stop) if unit is None else None
            if after:
                unit = after[0]
                pieces.append(("unit", end, after[1], unit.ucum))
                end = after[1]
        both = joints.INCLUSIVE.match(text, end, stop)
        if both is None:
            return _Tail(end, unit, closed, False, pieces)
        word = both[1].lower()
        pieces.append(("comparator", *both.span(1), word))
        return _Tail(both.end(), unit, closed, word == "exclusive", pieces)


def _denial(text: str, token: Token) -> int | None:
    """Where words begin that turn the operator behind them round: `not >`, `must not be older than`."""
    start = token.start
    if text[max(0, start - 12) : start].rstrip()[-2:].lower() not in joints.DENIAL_ENDS:
        return None
    denied = joints.NOT_BE.search(text, max(0, start - 12), start)
    if denied is None and not text[start].isalpha():
        denied = joints.NOT.search(text, max(0, start - 5), start)
    return None if denied is None else denied.start()


def _reaches_number(lexed: Lexed, i: int, operator: str) -> bool:
    """Whether the operator at token `i` is one of the number behind it."""
    text, tokens, _ = lexed
    if i + 1 >= len(tokens) or tokens[i + 1].kind != "num":
        return False
    gap = text[tokens[i].end : tokens[i + 1].start]
    if gap in ("", " ") or joints.OP_GAP.fullmatch(gap):
        return True
    return operator != "eq" and joints.DOSE_GAP.fullmatch(gap) is not None


def _in_unit_of(first: Unit | None, value: float, unit: Unit | None) -> tuple[float, Unit | None] | None:
    """`6 months to 5 years`: a second end in the unit of the first; None where no time can be converted."""
    if first is None or unit is None or first.ucum == unit.ucum or first.kind != "time":
        return value, unit
    factor = DAYS.get(unit.ucum, 0) / DAYS.get(first.ucum, 1)
    return (round(value * factor, 6), first) if factor else None
