"""The pieces of a quantity: which characters were its comparator, numbers and unit.

A quantity keeps its value and not its tokens, so its parts are read again, by the reader's own functions and from the
same tokens. A part counts only where it gives what the quantity holds; else it is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from trialsift.extraction.explain.data import Found
from trialsift.extraction.quantities import joints, numbers
from trialsift.extraction.quantities.parts import Quantity, Token, groups_thousands
from trialsift.extraction.quantities.reader import DAYS, MIRRORED, OPPOSITE, QuantityReader
from trialsift.extraction.quantities.units import Unit
from trialsift.extraction.structure.passage import Passage
from trialsift.model.display import scalar_words
from trialsift.model.interval import Interval, tidy

MEANINGS = {
    "ge": "low, inclusive",
    "gt": "low, exclusive",
    "le": "high, inclusive",
    "lt": "high, exclusive",
    "within": "high, inclusive",
    "between": "low and high",
    "eq": "exactly",
}


class QuantityPieces:
    """Reads the pieces of one quantity, up to `end` (a dose ends in front of the time of its rate)."""

    def __init__(self, reader: QuantityReader, passage: Passage, quantity: Quantity, end: int) -> None:
        self._parts, self._comparators = reader.parts, reader.comparators
        self._text, self._tokens = passage.text, passage.tokens
        self._quantity, self._end = quantity, end

    def found(self) -> list[Found]:
        """Comparators, numbers, ranges and units, in the order of the text."""
        inside = [
            (i, t)
            for i, t in enumerate(self._tokens)
            if t.kind != "concept" and self._quantity.start <= t.start and t.end <= self._end
        ]
        values: list[tuple[Found, Found | None]] = []
        for i, token in inside:
            taken = max((part.end for pair in values for part in pair if part), default=-1)
            value = self._value(i) if token.kind == "num" and token.start >= taken else None
            if value is not None:
                values.append(value)
        found = [part for pair in values for part in pair if part]
        operators = [t for _, t in inside if t.kind == "op" and not any(p.start <= t.start < p.end for p in found)]
        for number, token in enumerate(operators):
            found.extend(self._operator(token, first=number == 0))
        found.extend(self._ranges(values, operators))
        found.extend(self._inner(found))
        if values:
            found.extend(self._behind(values[-1], any(part.kind == "comparator" for part in found)))
        return sorted(found, key=lambda part: (part.start, part.end))

    def _value(self, i: int) -> tuple[Found, Found | None] | None:
        """The number at token `i`, if it is one of the quantity, with the unit behind it."""
        token = self._tokens[i]
        surface, position = self._parts.number(self._text, self._tokens, i)
        if position > self._end:
            surface, position = self._text[token.start : token.end], token.end
        unit, end = self._unit(position)
        for grouped in (groups_thousands(self._quantity.unit, surface), False):
            value = numbers.value(surface, grouped)
            if value in self._quantity.values or self._converted(value, unit) in self._quantity.values:
                number = Found("number", token.start, position, scalar_words(tidy(value)))
                if unit is None or not self._is_its_own(unit):
                    return number, None
                start = position + len(self._text[position:end]) - len(self._text[position:end].lstrip(" \n\t\r-"))
                return number, Found("unit", start, end, unit.ucum)
        return None

    def _unit(self, position: int) -> tuple[Unit | None, int]:
        unit, end, _ = self._parts.unit(self._text, position)
        if end > self._end:
            unit, end, _ = self._parts.unit(self._text[: self._end], position)
        return unit, end

    def _converted(self, value: float, unit: Unit | None) -> float | None:
        """`6 weeks to 17 years`: the second end in the unit of the first."""
        factor = self.factor(unit)
        return None if factor is None else round(value * factor, 6)

    def factor(self, unit: Unit | None) -> float | None:
        """What a time is multiplied with to be in the quantity's own unit."""
        own = self._quantity.unit
        if unit is None or own is None or not unit.kind == own.kind == "time" or unit.ucum == own.ucum:
            return None
        return DAYS[unit.ucum] / DAYS[own.ucum] if {unit.ucum, own.ucum} <= set(DAYS) else None

    def _is_its_own(self, unit: Unit) -> bool:
        own = self._quantity.unit
        rate = own is not None and own.kind == "radiation_rate" and own.ucum.startswith(f"{unit.ucum}/")
        return own is not None and (unit.ucum == own.ucum or rate or self.factor(unit) is not None)

    def _operator(self, token: Token, first: bool) -> Iterator[Found]:
        """A comparator in front of a number, and a limit of normal that stands behind it without one."""
        quantity, start = self._quantity, token.start
        operator = self._comparators.operator(self._text[token.start : token.end])
        turned = quantity.operator == "ge" if quantity.ranged else quantity.operator == MIRRORED.get(operator or "")
        if first and quantity.number_start == quantity.start < start and turned:  # `18 ≤ age`
            operator = MIRRORED.get(operator or "")
        elif first and quantity.start < start < quantity.number_start:  # `not > 2 x ULN`
            operator, start = OPPOSITE.get(operator or "", operator), quantity.start
        if operator is not None and _states(quantity.interval, operator):
            yield Found("comparator", start, token.end, MEANINGS[operator])
        if quantity.unit is None or quantity.unit.kind != "limit":
            return
        named = self._comparators.named_limit.match(self._text, token.end)
        if named and named["limit"]:
            place, meaning = named.span("limit"), self._comparators.limit(named["limit"])
        else:
            normal = joints.NORMAL.match(self._text, token.end)
            place, meaning = (normal.span(1) if normal else (0, 0)), quantity.unit.ucum
        if token.end <= place[0] and place[1] <= self._end and meaning == quantity.unit.ucum:
            yield Found("unit", *place, meaning)

    def _inner(self, found: list[Found]) -> Iterator[Found]:
        """The comparator of `3x < ULN`, which stands inside the unit."""
        for unit in found:
            multiple = self._comparators.multiple.match(self._text, unit.start) if unit.kind == "unit" else None
            operator = self._comparators.operator(multiple["op"]) if multiple and multiple["op"] else None
            if multiple and operator is not None and operator == self._quantity.operator:
                yield Found("comparator", *multiple.span("op"), MEANINGS[operator])

    def _ranges(self, values: list[tuple[Found, Found | None]], operators: list[Token]) -> Iterator[Found]:
        """What joins two numbers without a comparator of its own: `18-70`, `18 to 70`."""
        interval = self._quantity.interval
        if not self._quantity.ranged or interval.low is None or interval.high is None:
            return
        for (number, unit), (following, _) in pairwise(values):
            start, end = (unit or number).end, following.start
            if any(start <= token.start < end for token in operators):
                continue
            gap = self._text[start:end]
            if gap.strip():
                left = start + len(gap) - len(gap.lstrip())
                yield Found("range", left, end - (len(gap) - len(gap.rstrip())), "low and high")

    def _behind(self, last: tuple[Found, Found | None], compared: bool) -> Iterator[Found]:
        """What bounds a number from behind (`or older`, `+`), and a unit behind that (`18 or older years`)."""
        number, unit = last
        position = (unit or number).end
        again = joints.INCLUSIVE.match(self._text, position)
        if again and again.end() <= self._end and self._quantity.ranged:
            yield Found("comparator", *again.span(1), f"low and high, {again[1].lower()}")
            return
        suffix = None if compared else self._parts.suffix(self._text, position)
        plus = joints.PLUS.match(self._text, position) if unit is None or self._quantity.kind == "time" else None
        if suffix and suffix.end() <= self._end:
            operator, place = self._comparators.operator_after(suffix.group()), suffix.span()
        elif plus and plus.end() <= self._end and not compared:
            operator, place = "ge", (plus.end() - 1, plus.end())
        else:
            return
        if operator != self._quantity.operator:
            return
        yield Found("comparator", *place, MEANINGS[operator])
        if unit is None:
            later, end = self._unit(place[1])
            if later is not None and self._is_its_own(later):
                yield Found("unit", end - len(self._text[place[1] : end].lstrip()), end, later.ucum)


def _states(interval: Interval, operator: str) -> bool:
    """Whether an interval has the end that an operator states."""
    if operator in ("ge", "gt"):
        return interval.low is not None and interval.low_inclusive == (operator == "ge")
    if operator in ("le", "lt", "within"):
        return interval.high is not None and interval.high_inclusive == (operator != "lt")
    return operator == "eq" or (interval.low is not None and interval.high is not None)
