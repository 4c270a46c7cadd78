"""From the tokens of a line to quantities: comparator, number or range, unit, limit of normal, as one interval.

In: a text and its tokens (operators and numbers, from lexicon.py). Out: `Quantity` objects with the offsets of the
whole value expression. What a quantity is about is decided later, by entities/.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from trialsift.extraction.quantities import joints, numbers
from trialsift.extraction.quantities.comparators import Comparators
from trialsift.extraction.quantities.omitted import with_limit_of, with_unit_of
from trialsift.extraction.quantities.parts import Parts, Quantity, Token, groups_thousands
from trialsift.extraction.quantities.units import Unit, Units
from trialsift.model.interval import Interval
from trialsift.rules.trie import ahead

MIRRORED = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}
OPPOSITE = {"gt": "le", "ge": "lt", "lt": "ge", "le": "gt"}
# UCUM's definitions: a year is 365.25 days, a month a twelfth of it
DAYS = {"a": 365.25, "mo": 365.25 / 12, "wk": 7.0, "d": 1.0, "h": 1 / 24}


class QuantityReader:
    """Assembles quantities from tokens with the project's units and comparators."""

    def __init__(self, units: Units, comparators: Comparators) -> None:
        self.units = units
        self.parts = Parts(units, comparators)
        self.comparators = comparators

    def read(self, text: str, tokens: Sequence[Token], stop: int = sys.maxsize) -> list[Quantity]:
        """All quantities of a line, in order, of what stands in front of `stop`. Tokens of other kinds than op and num
        only separate."""
        found: list[Quantity] = []
        i, done = 0, -1
        while i < len(tokens):
            token = tokens[i]
            if token.start < done or token.kind == "concept":
                i += 1
                continue
            quantity = (
                self._after_operator(text, stop, tokens, i)
                if token.kind == "op"
                else self._number_first(text, stop, tokens, i)
                or self._from_number(text, stop, tokens, i, None, token.start)
            )
            if quantity is not None:
                found.append(with_limit_of(text, found[-1], quantity, stop) if found else quantity)
                if len(found) > 1:
                    found[-2] = with_unit_of(text, found[-2], found[-1])
                done = quantity.end
            i += 1
        return found

    def _number_first(self, text: str, stop: int, tokens: Sequence[Token], i: int) -> Quantity | None:
        """`18 ≤ age ≤ 75` and `1500 ≤ ANC`: the sign stands behind its number, and what is meant behind the sign."""
        if i + 1 >= len(tokens) or tokens[i + 1].kind != "op" or text[tokens[i + 1].start].isalpha():
            return None
        surface, position = self.parts.number(text, tokens, i, stop)
        unit, position, _ = self.parts.unit(text, position, stop)
        sign = tokens[i + 1]
        first = MIRRORED.get(self.comparators.operator(text[sign.start : sign.end]) or "")
        if first is None or text[position : sign.start].strip() or not surface[:1].isdigit():
            return None
        value = numbers.value(surface, groups_thousands(unit, surface))
        k = i + 2
        while k < len(tokens) and tokens[k].kind == "concept":
            k += 1
        if k < len(tokens) and tokens[k].kind == "op" and joints.NAMED.fullmatch(text, sign.end, tokens[k].start):
            second = self._after_operator(text, stop, tokens, k)
            if (
                second is not None
                and not second.ranged
                and second.operator in OPPOSITE
                and second.operator[0] != first[0]
            ):
                ends = {
                    first[0]: (value, first[1] == "e"),
                    second.operator[0]: (second.values[0], second.operator[1] == "e"),
                }
                (low, low_in), (high, high_in) = ends["g"], ends["l"]
                if low <= high:
                    interval = Interval(low, low_in, high, high_in)
                    start = tokens[i].start
                    return Quantity(start, second.end, interval, second.unit or unit, "ge", start, (low, high), True)
        named = (
            i + 2 < len(tokens) and tokens[i + 2].kind == "concept" and not text[sign.end : tokens[i + 2].start].strip()
        )
        if not named and not joints.AGE_BEHIND.match(text, sign.end, stop):
            return None
        start = tokens[i].start
        return Quantity(start, sign.end, Interval.of(first, value), unit, first, start, (value,))

    def _after_operator(self, text: str, stop: int, tokens: Sequence[Token], i: int) -> Quantity | None:
        token = tokens[i]
        operator = self.comparators.operator(text[token.start : token.end])
        if operator is None:
            return None
        start = token.start
        denied = None
        if text[max(0, start - 12) : start].rstrip()[-2:].lower() in joints.DENIAL_ENDS:
            denied = joints.NOT_BE.search(text, max(0, start - 12), start) or (
                None if text[start].isalpha() else joints.NOT.search(text, max(0, start - 5), start)
            )
        if not denied and operator in ("lt", "le"):
            first = self._mirrored(text, stop, tokens, i, operator, start)
            if first is not None:
                return first
        if denied:  # `not > 2 x ULN`, `must not be older than 70`
            operator, start = OPPOSITE.get(operator, operator), denied.start()
        if i + 1 < len(tokens) and tokens[i + 1].kind == "num":
            gap = text[token.end : tokens[i + 1].start]
            if (
                gap in ("", " ")
                or joints.OP_GAP.fullmatch(gap)
                or (operator != "eq" and joints.DOSE_GAP.fullmatch(gap))
            ):
                found = self._from_number(text, stop, tokens, i + 1, operator, start)
                # `outside 3.5-5.5`: no bound, but the whole range, which the context denies
                outside = found is not None and found.ranged and text[token.start : token.end].lower() == "outside"
                return None if outside else found
        if operator in ("ge", "gt", "le", "lt", "within"):
            limit = self.comparators.named_limit.match(text, token.end, stop)
            limit = limit if limit and limit["limit"] else None
            beyond = None if limit else self._beyond_normal(text, stop, token, operator)
            if beyond:
                return beyond
            if limit:
                unit = Unit(limit["limit"], self.comparators.limit(limit["limit"]), "limit")
                if operator == "within" and unit.ucum == "LLN":
                    return None
                one = Quantity(
                    token.start, limit.end(), Interval.of(operator, 1), unit, operator, limit.start("limit"), (1.0,)
                )
                return self._up_to(text, stop, tokens, i, one) or one
        return None

    def _mirrored(
        self, text: str, stop: int, tokens: Sequence[Token], i: int, operator: str, start: int
    ) -> Quantity | None:
        """`< 25% and ≥ 5%`: the upper end first, then a smaller lower one."""
        if i + 3 >= len(tokens) or [token.kind for token in tokens[i + 1 : i + 4]] != ["num", "op", "num"]:
            return None
        sign = tokens[i + 2]
        lower = self.comparators.operator(text[sign.start : sign.end])
        if lower not in ("gt", "ge") or text[sign.start].isalpha():
            return None
        if not joints.OP_GAP.fullmatch(text[tokens[i].end : tokens[i + 1].start]):
            return None
        surface, position = self.parts.number(text, tokens, i + 1, stop)
        unit, position, inner = self.parts.unit(text, position, stop)
        second_surface, end = self.parts.number(text, tokens, i + 3, stop)
        second_unit, end, _ = self.parts.unit(text, end, stop)
        if (
            inner
            or not joints.AND_BUT.fullmatch(text, position, sign.start)
            or text[sign.end : tokens[i + 3].start].strip()
        ):
            return None
        high = numbers.value(surface, groups_thousands(unit or second_unit, surface))
        low = numbers.value(second_surface, groups_thousands(second_unit or unit, second_surface))
        same = unit is None or second_unit is None or unit.ucum == second_unit.ucum
        if not same or low >= high:
            return None
        interval = Interval(low, lower == "ge", high, operator == "le")
        return Quantity(start, end, interval, unit or second_unit, operator, tokens[i + 1].start, (low, high), True)

    def _up_to(self, text: str, stop: int, tokens: Sequence[Token], i: int, low: Quantity) -> Quantity | None:
        """`> ULN but ≤ 2.5 x ULN`, `greater than ULN to 1.5 x ULN`: one interval."""
        k = next((k for k in range(i + 1, min(i + 4, len(tokens))) if tokens[k].start >= low.end), None)
        if k is None or low.operator not in ("gt", "ge") or not joints.BUT.fullmatch(text[low.end : tokens[k].start]):
            return None
        high = (
            self._after_operator(text, stop, tokens, k)
            if tokens[k].kind == "op"
            else self._from_number(text, stop, tokens, k, None, tokens[k].start)
            if tokens[k].kind == "num"
            else None
        )
        if (
            high is None
            or high.ranged
            or high.unit is None
            or low.unit is None
            or high.unit.ucum != low.unit.ucum
            or high.operator not in (None, "le", "lt")
            or high.values[0] <= 1
        ):
            return None
        interval = Interval(1, low.operator == "ge", high.values[0], high.operator != "lt")
        return Quantity(
            low.start, high.end, interval, high.unit, low.operator, low.number_start, (1.0, high.values[0]), True
        )

    @staticmethod
    def _beyond_normal(text: str, stop: int, token: Token, operator: str) -> Quantity | None:
        """`above the normal range` is above the upper limit, `below normal` below the lower one."""
        normal = joints.NORMAL.match(text, token.end, stop)
        below = operator == "lt" and text[token.start].isalpha()
        if normal is None or text[token.start : token.end].lower() == "outside" or not (operator == "gt" or below):
            return None
        unit = Unit(normal[1], "LLN" if below else "ULN", "limit")
        return Quantity(token.start, normal.end(), Interval.of(operator, 1), unit, operator, normal.start(1), (1.0,))

    def _from_number(
        self, text: str, stop: int, tokens: Sequence[Token], i: int, operator: str | None, start: int
    ) -> Quantity | None:
        first = tokens[i]
        surface, position = self.parts.number(text, tokens, i, stop)
        low_included = high_included = True
        opening = ahead(text, position, stop)
        ends = joints.ENDS.match(text, position, stop) if opening[:1] == "(" else None
        if ends:
            low_included, position = ends[1].lower() == "incl", ends.end()
            opening = ahead(text, position, stop)
        unit, position, inner = self.parts.unit(text, position, stop, opening)
        if unit is not None:
            opening = ahead(text, position, stop)
        elif opening[:1] in joints.MANTISSA_BEGINS and joints.MANTISSA.match(text, position, stop):
            return None  # a mantissa whose power of ten can't be read is no value
        operator = operator or inner
        second: tuple[str, Unit | None, int, str | None] | None = None
        for k in range(i + 1, min(i + 8, len(tokens))):
            if tokens[k].start >= position:
                second = self._second_end(text, stop, tokens, k, position, operator, unit, opening)
                break
        measured = second[1] if second and unit is None else unit
        value = numbers.value(surface, groups_thousands(measured, surface))
        if second is None:
            return self._single(text, stop, start, first.start, position, value, unit, operator, opening)
        high_surface, high_unit, end, high_operator = second
        high = numbers.value(high_surface, groups_thousands(measured, high_surface))
        if (
            unit is not None and high_unit is not None and unit.ucum != high_unit.ucum and unit.kind == "time"
        ):  # `6 months to 5 years`
            factor = DAYS.get(high_unit.ucum, 0) / DAYS.get(unit.ucum, 1)
            if not factor:
                return self._single(text, stop, start, first.start, position, value, unit, operator, opening)
            high, high_unit = round(high * factor, 6), unit
        if high < value or (high == value and operator in ("gt", "lt")):
            return self._single(text, stop, start, first.start, position, value, unit, operator, opening)
        ends = joints.ENDS.match(text, end, stop)
        if ends:
            high_included, end = ends[1].lower() == "incl", ends.end()
            after = self.units.match(text, end, stop)
            if high_unit is None and after:
                high_unit, end = after
        inclusive = joints.INCLUSIVE.match(text, end, stop)
        if inclusive:
            end = inclusive.end()
            if inclusive[1].lower() == "exclusive":
                low_included = high_included = False
        if operator == "gt" and text[start : start + 4].lower() == "over":  # `over 5-10 Gy`: in the course of
            operator, start = None, first.start
        interval = Interval(value, low_included and operator != "gt", high, high_included and high_operator != "lt")
        if operator in ("le", "lt"):  # `up to 60-66 Gy`
            interval = Interval(None, None, high, operator == "le")
        return Quantity(start, end, interval, high_unit or unit, operator, first.start, (value, high), True)

    def _single(
        self,
        text: str,
        stop: int,
        start: int,
        number_start: int,
        end: int,
        value: float,
        unit: Unit | None,
        operator: str | None,
        opening: str,
    ) -> Quantity:
        after = self.comparators.words_after(text, end, stop, opening)
        plus = joints.PLUS.match(text, end, stop) if opening[:1] == "+" and (not unit or unit.kind == "time") else None
        if after and operator is None:
            operator, end = self.comparators.operator_after(after.group()), after.end()
            if unit is None:  # `18 or older`, `2 or less years`
                found = self.units.match(text, end, stop)
                if found and found[0].kind == "time":
                    unit, end = found
        elif plus:
            end = plus.end()
            operator = operator or "ge"
            if unit is None:
                found = self.units.match(text, end, stop)
                if found and found[0].kind == "time":
                    unit, end = found
        if operator == "between":
            operator = None
            start = number_start
        interval = Interval.of(operator, value)
        return Quantity(start, end, interval, unit, operator, number_start, (value,))

    def _second_end(
        self,
        text: str,
        stop: int,
        tokens: Sequence[Token],
        k: int,
        position: int,
        operator: str | None,
        unit: Unit | None,
        opening: str,
    ) -> tuple[str, Unit | None, int, str | None] | None:
        """The other end of a range or interval at token `k`: surface, unit, where it ends, its operator."""
        token = tokens[k]
        gap = text[position : token.start]
        if token.kind == "num":
            if operator != "between" and opening[:1] not in joints.RANGE_BEGINS:
                return None
            connected = joints.RANGE.fullmatch(gap) or (operator == "between" and joints.AND.fullmatch(gap))
            if not connected or (operator in ("ge", "gt") and not joints.RANGE.fullmatch(gap)):
                return None
            high_operator = None
        elif token.kind == "op":
            high_operator = self.comparators.operator(text[token.start : token.end])
            upper = k + 1 < len(tokens) and tokens[k + 1].kind == "num"
            if high_operator not in ("le", "lt") or operator in ("le", "lt", "eq") or not upper:
                return None
            reaches = (
                operator is None
                and not gap.strip()
                and joints.UP_TO.fullmatch(text, token.start, token.end) is not None
            )
            if not (joints.RANGE.fullmatch(gap) or (operator is not None and joints.JOIN.fullmatch(gap)) or reaches):
                return None
            if not joints.OP_GAP.fullmatch(text[token.end : tokens[k + 1].start]):
                return None
            k += 1
        else:
            return None
        surface, end = self.parts.number(text, tokens, k, stop)
        high_unit, end, _ = self.parts.unit(text, end, stop)
        if (
            unit is not None
            and high_unit is not None
            and unit.ucum != high_unit.ucum
            and not (unit.kind == high_unit.kind == "time")
            and not high_unit.ucum.startswith(unit.ucum + "/")
        ):
            return None
        if (
            unit is not None
            and high_unit is None
            and token.kind == "num"
            and unit.kind not in ("radiation", "percent", "time")
        ):
            return None  # `5 mg to 10 patients`
        return surface, high_unit or unit, end, high_operator
