"""Assembles quantities from the tokens of a line: comparator, number or range, unit and limit as one interval.

In: a text and its tokens (operators and numbers, from lexer.py). Out: `Quantity` objects with the offsets of the whole
expression and of its pieces. labels/ decides later what a quantity is about.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from trialsift.extraction.quantities import joints, numbers
from trialsift.extraction.quantities.comparators import Comparators
from trialsift.extraction.quantities.omitted import complete
from trialsift.extraction.quantities.parts import Lexed, Measured, Parts, Quantity, Sign, Token
from trialsift.extraction.quantities.ranges import Ranges
from trialsift.extraction.quantities.units import Unit, Units
from trialsift.model.interval import Interval
from trialsift.rules.trie import look_ahead

MIRRORED = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}
OPPOSITE = {"gt": "le", "ge": "lt", "lt": "ge", "le": "gt"}


class QuantityReader:
    """Assembles quantities from tokens, units and comparators."""

    def __init__(self, units: Units, comparators: Comparators) -> None:
        self.units = units
        self.comparators = comparators
        self._words = comparators.words
        self._parts = Parts(units, comparators)
        self._ranges = Ranges(self._parts)

    def read(self, text: str, tokens: Sequence[Token], stop: int = sys.maxsize, start: int = 0) -> list[Quantity]:
        """Returns the quantities between `start` and `stop`, in order. Tokens other than op and num only separate."""
        written = self._read_written(Lexed(text, tokens, stop), start)
        return complete(self._words, text, written, stop) if len(written) > 1 else written

    def _read_written(self, lexed: Lexed, start: int) -> list[Quantity]:
        """Returns the quantities as written, not yet completed from their neighbours."""
        found: list[Quantity] = []
        done = -1
        for i, token in enumerate(lexed.tokens):
            if token.start < done or token.kind == "concept":
                continue
            if token.kind == "op":
                quantity = self._read_after_operator(lexed, i, start)
            else:
                quantity = self._read_number_first(lexed, i) or self._read_from_number(lexed, i)
            if quantity is not None:
                found.append(quantity)
                done = quantity.end
        return found

    # -- a number in front of its sign ------------------------------------------------------------------------

    def _read_number_first(self, lexed: Lexed, i: int) -> Quantity | None:
        """Reads `18 ≤ age ≤ 75` and `1500 ≤ ANC`: the number precedes the sign, the name follows it."""
        text, tokens, stop = lexed
        if i + 1 >= len(tokens) or tokens[i + 1].kind != "op" or text[tokens[i + 1].start].isalpha():
            return None
        number, token = self._parts.read_measured(lexed, i), tokens[i + 1]
        written = self.comparators.read_operator(lexed.surface(token)) or ""
        operator = "ge" if written == "eq" else MIRRORED.get(written)
        if operator is None or text[number.end : token.start].strip() or not number.surface[:1].isdigit():
            return None
        value = number.value(number.unit)
        pieces = (*number.pieces(value), Sign(operator, token.start, token.end).piece())
        interval = Interval.of(operator, value)
        one = Quantity(number.start, token.end, interval, number.unit, operator, number.start, (value,), False, pieces)
        both = self._read_both_sides(lexed, i, one)
        if both is not None or written == "eq":
            return both
        behind = tokens[i + 2] if i + 2 < len(tokens) else None
        named = behind is not None and behind.kind == "concept" and not text[token.end : behind.start].strip()
        return one if named or self._words.age_behind.match(text, token.end, stop) else None

    def _read_both_sides(self, lexed: Lexed, i: int, first: Quantity) -> Quantity | None:
        """Reads `18 ≤ age ≤ 75`, given the part before the name as `first`."""
        tokens = lexed.tokens
        k = next((k for k in range(i + 2, len(tokens)) if tokens[k].kind != "concept"), None)
        if k is None or tokens[k].kind != "op" or not joints.NAMED.fullmatch(lexed.text, first.end, tokens[k].start):
            return None
        second = self._read_after_operator(lexed, k, tokens[i].end)
        if second is None or second.ranged or first.operator is None:
            return None
        if second.operator == "eq" and lexed.text[first.end - 1] == "=" and first.operator == "ge":
            second = second._replace(operator="le")  # `20 = age = 70`
        if second.operator not in OPPOSITE:
            return None
        low, high = (first, second) if first.operator[0] == "g" else (second, first)
        values = (low.values[0], high.values[0])
        if second.operator[0] == first.operator[0] or values[0] > values[1]:
            return None
        interval = Interval(values[0], low.operator == "ge", values[1], high.operator == "le")
        unit, pieces = second.unit or first.unit, first.pieces + second.pieces
        return Quantity(first.start, second.end, interval, unit, "ge", first.start, values, True, pieces)

    # -- an operator in front ---------------------------------------------------------------------------------

    def _read_after_operator(self, lexed: Lexed, i: int, start: int) -> Quantity | None:
        """Reads what begins with the operator at token `i`: a number, an interval, or a limit of normal. A denial in
        front of it may begin at `start`."""
        token = lexed.tokens[i]
        operator = self.comparators.read_operator(lexed.surface(token))
        if operator is None:
            return None
        sign = Sign(operator, token.start, token.end)
        denied = _find_denial(self._words, lexed.text, token.start, start)
        if denied is not None:  # `not > 2 x ULN`, `must not be older than 70`
            sign = Sign(OPPOSITE.get(operator, operator), denied, token.end)
        elif operator in ("lt", "le"):
            both = self._read_upper_first(lexed, i, sign)
            if both is not None:
                return both
        if _reaches_number(self._words, lexed, i, sign.operator):
            found = self._read_from_number(lexed, i + 1, sign)
            # `outside 3.5-5.5`: the whole range, which the context denies, and no bound
            outside = found is not None and found.ranged and lexed.surface(token).lower() == "outside"
            return None if outside else found
        lost = sign.operator == "eq" and not lexed.surface(token)[0].isalpha()  # `bilirubin = ULN`
        return self._read_limit(lexed, i, sign) if lost or sign.operator not in ("eq", "between") else None

    def _read_upper_first(self, lexed: Lexed, i: int, sign: Sign) -> Quantity | None:
        """Reads `< 25% and ≥ 5%`: the upper end, then a smaller lower end."""
        text, tokens, _ = lexed
        if i + 3 >= len(tokens) or [token.kind for token in tokens[i + 1 : i + 4]] != ["num", "op", "num"]:
            return None
        other = tokens[i + 2]
        lower = self.comparators.read_operator(lexed.surface(other))
        if lower not in ("gt", "ge") or text[other.start].isalpha():
            return None
        if not self._words.filler.fullmatch(text[sign.end : tokens[i + 1].start]):
            return None
        first, second = self._parts.read_measured(lexed, i + 1), self._parts.read_measured(lexed, i + 3)
        joined = self._words.and_but.fullmatch(text, first.end, other.start)
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

    def _read_limit(self, lexed: Lexed, i: int, sign: Sign) -> Quantity | None:
        """Reads `≤ ULN`, `> ULN but ≤ 2.5 x ULN`, `above the normal range`."""
        token, operator = lexed.tokens[i], sign.operator
        limit = self.comparators.named_limit.match(lexed.text, token.end, lexed.stop)
        if limit is None or not limit["limit"]:
            return self._read_beyond_normal(lexed, token, sign)
        unit = Unit(limit["limit"], self.comparators.read_limit(limit["limit"]), "limit")
        if operator == "within" and unit.ucum == "LLN":
            return None
        begin, end = limit.span("limit")
        pieces = (sign.piece(), ("unit", begin, end, unit.ucum))
        interval = Interval.of(operator, 1)
        one = Quantity(token.start, limit.end(), interval, unit, operator, begin, (1.0,), False, pieces)
        return self._read_up_to(lexed, i, one) or self._read_times(lexed, one)

    def _read_times(self, lexed: Lexed, one: Quantity) -> Quantity:
        """Reads `≤ ULN x 2.5` and `> ULN + 4 seconds`, given what is read of it up to the limit."""
        times = joints.LIMIT_TIMES.match(lexed.text, one.end, lexed.stop)
        if times is None or one.operator is None:
            return one
        value = numbers.read_value(times["number"])
        number = ("number", *times.span("number"), value)
        found = one._replace(interval=Interval.of(one.operator, value), values=(value,), pieces=(*one.pieces, number))
        if times["sign"] != "+":
            return found._replace(end=times.end())
        unit = self.units.match(lexed.text, times.end(), lexed.stop)
        if unit is None or unit[0].kind != "time":
            return one
        return found._replace(end=unit[1], unit=unit[0])

    def _read_up_to(self, lexed: Lexed, i: int, low: Quantity) -> Quantity | None:
        """Reads `> ULN but ≤ 2.5 x ULN`, `greater than ULN to 1.5 x ULN` as one interval."""
        text, tokens, _ = lexed
        k = next((k for k in range(i + 1, min(i + 4, len(tokens))) if tokens[k].start >= low.end), None)
        if (
            k is None
            or low.operator not in ("gt", "ge")
            or not self._words.but.fullmatch(text[low.end : tokens[k].start])
        ):
            return None
        if tokens[k].kind == "concept":
            return None
        high = (
            self._read_after_operator(lexed, k, tokens[i].end)
            if tokens[k].kind == "op"
            else self._read_from_number(lexed, k)
        )
        if high is None or high.ranged or high.unit is None or low.unit is None or high.unit.ucum != low.unit.ucum:
            return None
        if high.operator not in (None, "le", "lt") or high.values[0] <= 1:
            return None
        interval = Interval(1, low.operator == "ge", high.values[0], high.operator != "lt")
        values, pieces = (1.0, high.values[0]), low.pieces + high.pieces
        return Quantity(low.start, high.end, interval, high.unit, low.operator, low.number_start, values, True, pieces)

    def _read_beyond_normal(self, lexed: Lexed, token: Token, sign: Sign) -> Quantity | None:
        """Reads `above the normal range` (above the upper limit) and `below normal` (below the lower limit)."""
        operator = sign.operator
        normal = self._words.normal.match(lexed.text, token.end, lexed.stop)
        below = operator == "lt" and lexed.text[token.start].isalpha()
        if normal is None or lexed.surface(token).lower() == "outside" or not (operator == "gt" or below):
            return None
        unit = Unit(normal[1], "LLN" if below else "ULN", "limit")
        pieces = (sign.piece(), ("unit", *normal.span(1), unit.ucum))
        interval = Interval.of(operator, 1)
        return Quantity(token.start, normal.end(), interval, unit, operator, normal.start(1), (1.0,), False, pieces)

    # -- a number, and what may follow it ---------------------------------------------------------------------

    def _read_from_number(self, lexed: Lexed, i: int, sign: Sign | None = None) -> Quantity | None:
        """Reads what begins with the number at token `i`, or with the comparator `sign` before it."""
        first = self._read_first(lexed, i)
        if first is None:
            return None
        operator = sign.operator if sign else first.inner.operator if first.inner else None
        around = self._read_spread(lexed, i, first) if operator is None and first.opening[:1] in "±+" else None
        if around is not None:
            return around
        second = self._ranges.find_second(lexed, i, first, operator)
        if second is None:
            return self._make_single(lexed, first, sign, first.value(first.unit))
        return self._ranges.read(lexed, i, first, sign, *second) or self._make_single(
            lexed, first, sign, first.value(first.unit or second[1].unit)
        )

    def _read_spread(self, lexed: Lexed, i: int, first: Measured) -> Quantity | None:
        """Reads `10 ± 2 g/dL`: a number and its spread."""
        text, tokens, stop = lexed
        sign = joints.SPREAD.match(text, first.end, stop)
        k = next((k for k in range(i + 1, min(i + 4, len(tokens))) if sign and tokens[k].start >= sign.end()), None)
        if sign is None or k is None or tokens[k].start != sign.end() or tokens[k].kind != "num":
            return None
        second = self._parts.read_measured(lexed, k)
        unit = first.unit or second.unit
        value, spread = first.value(unit), second.value(unit)
        pieces = (*first.pieces(value), ("range", *sign.span(), None), *second.pieces(spread))
        interval = Interval.of(None, value)
        return Quantity(
            first.start, second.end, interval, unit, None, first.start, (value,), pieces=pieces, spread=spread
        )

    def _read_first(self, lexed: Lexed, i: int) -> Measured | None:
        """Reads the first number with its unit; None for a mantissa whose power of ten cannot be read."""
        text, tokens, stop = lexed
        surface, number_end = self._parts.read_number(lexed, i)
        position, ends = number_end, None
        opening = look_ahead(text, position, stop)
        said = self._words.ends.match(text, position, stop) if opening[:1] == "(" else None
        if said:
            ends = Sign("ge" if said[1].lower() == "incl" else "gt", *said.span(1))
            position = said.end()
            opening = look_ahead(text, position, stop)
        unit, end, inner = self._parts.read_unit(lexed, position, opening)
        if unit is not None:
            opening = look_ahead(text, end, stop)
        elif opening[:1] in joints.MANTISSA_BEGINS and joints.MANTISSA.match(text, position, stop):
            return None
        return Measured(surface, tokens[i].start, number_end, unit, position, end, inner, ends, opening)

    def _make_single(self, lexed: Lexed, number: Measured, sign: Sign | None, value: float) -> Quantity:
        """Makes a quantity of one number."""
        _, number_start, _, unit, _, end, inner, _, _ = number
        start = number_start if sign is None else sign.start
        sign, pieces = sign or inner, number.pieces(value)
        since = sign is not None and sign.operator == "between"
        behind = self._find_behind(lexed, number, sign is not None and not since)
        if behind is None and since and (onwards := self._words.onwards.match(lexed.text, end, lexed.stop)):
            behind = Sign("ge", *onwards.span())  # `from 15 mg/dL on`
        if behind is not None:
            sign, end = (behind if since else sign or behind), behind.end
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

    def _find_behind(self, lexed: Lexed, number: Measured, signed: bool) -> Sign | None:
        """Returns what bounds a number from behind: `or older` if it has no comparator yet, or a plus sign."""
        text, _, stop = lexed
        if not signed:
            after = self.comparators.match_words_after(text, number.end, stop, number.opening)
            if after:
                return Sign(self.comparators.read_operator_after(after.group()), *after.span())
        if not signed and number.unit is not None and number.opening[:1] in ("(", "["):
            again = self._words.restated.match(text, number.end, stop)
            after = self.comparators.after.match(text, again.end(), stop) if again else None
            if again and after:  # `70 mg/dL (1.8 mmol/L) or more`: the number in the bracket is one of its own
                return Sign(self.comparators.read_operator_after(after.group()), number.end, number.end)
        if number.opening[:1] == "+" and (not number.unit or number.unit.kind == "time"):
            plus = joints.PLUS.match(text, number.end, stop)
            if plus:
                return Sign("ge", plus.end() - 1, plus.end())
        return None


def _find_denial(words: joints.JointWords, text: str, at: int, start: int) -> int | None:
    """Returns where words begin, from `start` on, that reverse the operator behind them: `not >`, `must not be older
    than`."""
    if text[max(0, at - 12) : at].rstrip()[-2:].lower() not in joints.DENIAL_ENDS:
        return None
    denied = words.not_be.search(text, max(start, at - 28), at)
    if denied is None and not text[at].isalpha():
        denied = words.not_.search(text, max(start, at - 5), at)
    return None if denied is None else denied.start()


def _reaches_number(words: joints.JointWords, lexed: Lexed, i: int, operator: str) -> bool:
    """Whether the operator at token `i` belongs to the number after it."""
    text, tokens, _ = lexed
    if i + 1 >= len(tokens) or tokens[i + 1].kind != "num":
        return False
    gap = text[tokens[i].end : tokens[i + 1].start]
    if gap in ("", " ") or words.filler.fullmatch(gap):
        return True
    return operator != "eq" and words.dose_filler.fullmatch(gap) is not None
