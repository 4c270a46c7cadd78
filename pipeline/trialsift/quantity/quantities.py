"""From the tokens of a line to quantities: comparator, number or range, unit, limit of normal, as one interval.

In: a text and its tokens (operators and numbers, from lexer.py). Out: `Quantity` objects with the offsets of the
whole value expression. What a quantity is about is decided later, by entities/.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from . import numbers
from .comparators import Comparators, Interval
from .units import Unit, Units


@dataclass(frozen=True, slots=True)
class Token:
    """A mention on characters. `kind` is op, num or concept; `value` the operator, None, or what the concept is."""

    kind: str
    start: int
    end: int
    value: object = None


@dataclass(frozen=True, slots=True)
class Quantity:
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


_WORDS = (
    r"(?:of|to|a|an|the|than|is|be|being|will|would|was|at|about|approximately|approx\.?|around|circa|age|ages|aged|"
    r"years|"
    r"dose|doses|daily|total|cumulative|equivalent|single|target|average|mean|and|including|receiving|treatment|"
    r"radiation|radiotherapy|value|level|prescribed|prescription|physical|marginal|score|per|day)"
)
_OP_GAP = re.compile(
    rf"(?:\s|Â|&nbsp;)*(?:(?:{_WORDS})\s*:?\s+)*(?:(?:{_WORDS}):\s*)?(?:~|\(|\[|\|)?\s*(?:[x×](?=\s?\d))?\s*", re.I
)
# `above a cumulative doxorubicin dose of 360 mg/m2`: a few words, the last of them an amount
_DOSE_GAP = re.compile(
    r"\s+(?!.*\btolerated\b)(?:[A-Za-z-]+\s+){0,4}(?:dose|activity|equivalent|exposure|dosage)s?\s+(?:of|to|is|was|"
    r"level)?\s*",
    re.I,
)
_RANGE = re.compile(
    r"\s*(?:-{1,2}|–|—|−|‑|‐|~|〜|～|\bto\b|\bthrough\b|\buntil\b|\btill\b|\bup to\b|\bbis\b|/(?=\s*[<>≤≥]))\s*~?\s*",
    re.I,
)
_AND = re.compile(r"\s*(?:and|to|[-–—&]|through)\s*(?:the age of\s+)?", re.I)
_JOIN = re.compile(
    r"\s*(?:\(?(?:of age|old)\)?|times|x\b)?\s*,?\s*(?:and|but|to|&|[-–—]|,|or|/|through)?\s*"
    r"(?:(?:is|be|age|aged)\s+)?\(?\s*",
    re.I,
)
_BRACKETED_FIGURE = re.compile(r"\s*[(\[]\s*(\d+(?:\.\d+)?)\s*[)\]]")
_ENDS = re.compile(r"\s*\(\s*(incl|excl)[a-z]*\.?\s*\)", re.I)
_INCLUSIVE = re.compile(r"\s*,?\s*\(?\s*(inclusive|exclusive)(?:ly)?\b(?:\s*\))?", re.I)
_AGE_WORDS = re.compile(r"\s*(?:\((?:of age|old|y\.?/?o\.?)\)|of\s+age|old|y\.?/?o\.?(?!\w))?\s*,?\s*", re.I)
_NORMAL = re.compile(
    r"\s*(?:the\s+)?(?:institutional\s+|laboratory\s+|local\s+)?(normal\s+(?:range|limits?|values?|levels?))", re.I
)
_NOT = re.compile(r"\bnot?\s*$", re.I)
_OPPOSITE = {"gt": "le", "ge": "lt", "lt": "ge", "le": "gt"}
_BUT = re.compile(r"\s*(?:\((?:ULN|LLN)\))?\s*,?\s*(?:but|and|to|-|–)\s*", re.I)
_UP_TO = re.compile(r"up\s+to", re.I)
_PLUS = re.compile(r"\+(?![\d/+])|\s\+(?=\s*(?:$|\n|[,.;]))")
# UCUM's definitions: a year is 365.25 days, a month a twelfth of it
_DAYS = {"a": 365.25, "mo": 365.25 / 12, "wk": 7.0, "d": 1.0, "h": 1 / 24}
_POWER_OF_TEN = re.compile(
    r"(?:(?P<mantissa>\d+(?:\.\d+)?)\s*[x×*·]\s*10\s?(?:\^|\*\*?|[eE])?|10\s?(?:\^|\*\*?|[eE]))\s?\(?(?P<exponent>\d{1,2})\)?\*?(?=\s*-?(?:IU|I\.U|U\b|UI\b|copies|copy|c/|cp/|international|genome|log|"
    r"viral|CFU|PFU))",
    re.I,
)
_MANTISSA = re.compile(r"\s*(?:\^|[x×*]\s*10\s*(?:\^|\*)|\*\s*1[0,])")
_SPACED = re.compile(r"\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?![\d.,])")


class QuantityReader:
    """Assembles quantities from tokens with the project's units and comparators."""

    def __init__(self, units: Units, comparators: Comparators) -> None:
        self.units = units
        self.comparators = comparators

    def read(self, text: str, tokens: Sequence[Token]) -> list[Quantity]:
        """All quantities of a line, in order. Tokens of other kinds than op and num only separate."""
        found: list[Quantity] = []
        i, done = 0, -1
        while i < len(tokens):
            token = tokens[i]
            if token.start < done or token.kind == "concept":
                i += 1
                continue
            quantity = (
                self._after_operator(text, tokens, i)
                if token.kind == "op"
                else self._from_number(text, tokens, i, None, token.start)
            )
            if quantity is not None:
                found.append(quantity)
                done = quantity.end
            i += 1
        return found

    def _after_operator(self, text: str, tokens: Sequence[Token], i: int) -> Quantity | None:
        token = tokens[i]
        operator = self.comparators.operator(text[token.start : token.end])
        if operator is None:
            return None
        start = token.start
        denied = None if text[start].isalpha() else _NOT.search(text, max(0, start - 5), start)
        if denied:  # `not > 2 x ULN`
            operator, start = _OPPOSITE.get(operator, operator), denied.start()
        if i + 1 < len(tokens) and tokens[i + 1].kind == "num":
            gap = text[token.end : tokens[i + 1].start]
            if _OP_GAP.fullmatch(gap) or (operator != "eq" and _DOSE_GAP.fullmatch(gap)):
                return self._from_number(text, tokens, i + 1, operator, start)
        if operator in ("ge", "gt", "le", "lt", "within"):
            limit = self.comparators.named_limit.match(text, token.end)
            beyond = None if limit else self._beyond_normal(text, token, operator)
            if beyond:
                return beyond
            if limit:
                unit = Unit(limit["limit"], self.comparators.limit(limit["limit"]), "limit")
                if operator == "within" and unit.ucum == "LLN":
                    return None
                one = Quantity(
                    token.start, limit.end(), Interval.of(operator, 1), unit, operator, limit.start("limit"), (1.0,)
                )
                return self._up_to(text, tokens, i, one) or one
        return None

    def _up_to(self, text: str, tokens: Sequence[Token], i: int, low: Quantity) -> Quantity | None:
        """`> ULN but ≤ 2.5 x ULN`, `greater than ULN to 1.5 x ULN`: one interval."""
        k = next((k for k in range(i + 1, min(i + 4, len(tokens))) if tokens[k].start >= low.end), None)
        if k is None or low.operator not in ("gt", "ge") or not _BUT.fullmatch(text[low.end : tokens[k].start]):
            return None
        high = (
            self._after_operator(text, tokens, k)
            if tokens[k].kind == "op"
            else self._from_number(text, tokens, k, None, tokens[k].start)
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
    def _beyond_normal(text: str, token: Token, operator: str) -> Quantity | None:
        """`above the normal range` is above the upper limit, `below normal` below the lower one."""
        normal = _NORMAL.match(text, token.end)
        below = operator == "lt" and text[token.start].isalpha()
        if normal is None or text[token.start : token.end].lower() == "outside" or not (operator == "gt" or below):
            return None
        unit = Unit(normal[1], "LLN" if below else "ULN", "limit")
        return Quantity(token.start, normal.end(), Interval.of(operator, 1), unit, operator, normal.start(1), (1.0,))

    def _number(self, text: str, tokens: Sequence[Token], i: int) -> tuple[str, int]:
        """The surface of the number at token `i` and where it ends; `eighteen (18)` and `100 000` are one number."""
        token = tokens[i]
        surface = text[token.start : token.end]
        if surface[0].isalpha() and surface[0] != "l":
            figure = _BRACKETED_FIGURE.match(text, token.end)
            if figure:
                return figure[1], figure.end()
            return surface, token.end
        power = _POWER_OF_TEN.match(text, token.start)
        if power:  # `3 x 10^5 copies/mL`, `10^4 IU/mL`
            return repr(float(power["mantissa"] or 1) * 10 ** int(power["exponent"])), power.end()
        spaced = _SPACED.match(text, token.start)
        if spaced:
            unit = self.units.match(text, spaced.end())
            bounded = i > 0 and tokens[i - 1].kind == "op" and not text[tokens[i - 1].end : token.start].strip()
            if unit and (
                (unit[0].kind == "count" and not unit[0].ucum.startswith("10"))
                or (bounded and unit[0].kind in ("amount", "amount_rate", "copies", "enzyme", "dose"))
            ):
                return "".join(spaced.group().split()), spaced.end()
        return surface, token.end

    def _unit(self, text: str, position: int) -> tuple[Unit | None, int, str | None]:
        """The unit or limit of normal behind a number, where it ends, and an operator inside (`3x < ULN`)."""
        limits = self.comparators
        multiple = limits.multiple.match(text, position) or limits.bare_multiple.match(text, position)
        if multiple:
            inner = multiple.groupdict().get("op")
            unit = Unit(multiple["limit"], limits.limit(multiple["limit"]), "limit")
            return unit, multiple.end(), limits.operator(inner) if inner else None
        found = self.units.match(text, position)
        if found is None:
            return None, position, None
        unit, end = found
        return unit, end, None

    def _from_number(
        self, text: str, tokens: Sequence[Token], i: int, operator: str | None, start: int
    ) -> Quantity | None:
        first = tokens[i]
        surface, position = self._number(text, tokens, i)
        low_included = high_included = True
        ends = _ENDS.match(text, position)
        if ends:
            low_included, position = ends[1].lower() == "incl", ends.end()
        unit, position, inner = self._unit(text, position)
        if unit is None and _MANTISSA.match(text, position):
            return None  # a mantissa whose power of ten can't be read is no value
        operator = operator or inner
        nxt = next((k for k in range(i + 1, min(i + 8, len(tokens))) if tokens[k].start >= position), None)
        second: tuple[str, Unit | None, int, str | None] | None = None
        if nxt is not None:
            second = self._second_end(text, tokens, nxt, position, operator, unit)
        grouping = self._groups(second[1] if second and unit is None else unit)
        value = numbers.value(surface, grouping)
        if second is None:
            return self._single(text, start, first.start, position, value, unit, operator)
        high_surface, high_unit, end, high_operator = second
        high = numbers.value(high_surface, grouping)
        if (
            unit is not None and high_unit is not None and unit.ucum != high_unit.ucum and unit.kind == "time"
        ):  # `6 months to 5 years`
            factor = _DAYS.get(high_unit.ucum, 0) / _DAYS.get(unit.ucum, 1)
            if not factor:
                return self._single(text, start, first.start, position, value, unit, operator)
            high, high_unit = round(high * factor, 6), unit
        if high < value or (high == value and operator in ("gt", "lt")):
            return self._single(text, start, first.start, position, value, unit, operator)
        ends = _ENDS.match(text, end)
        if ends:
            high_included, end = ends[1].lower() == "incl", ends.end()
            after = self.units.match(text, end)
            if high_unit is None and after:
                high_unit, end = after
        inclusive = _INCLUSIVE.match(text, end)
        if inclusive:
            end = inclusive.end()
            if inclusive[1].lower() == "exclusive":
                low_included = high_included = False
        interval = Interval(value, low_included and operator != "gt", high, high_included and high_operator != "lt")
        if operator in ("le", "lt"):  # `up to 60-66 Gy`
            interval = Interval(None, None, high, operator == "le")
        return Quantity(start, end, interval, high_unit or unit, operator, first.start, (value, high), True)

    def _single(
        self, text: str, start: int, number_start: int, end: int, value: float, unit: Unit | None, operator: str | None
    ) -> Quantity:
        behind = _AGE_WORDS.match(text, end)
        after = self.comparators.after.match(text, behind.end() if behind else end)
        plus = _PLUS.match(text, end) if unit is None or unit.kind == "time" else None
        if after and operator is None:
            operator, end = self.comparators.operator_after(after.group()), after.end()
            if unit is None:  # `18 or older`, `2 or less years`
                found = self.units.match(text, end)
                if found and found[0].kind == "time":
                    unit, end = found
        elif plus:
            end = plus.end()
            operator = operator or "ge"
            if unit is None:
                found = self.units.match(text, end)
                if found and found[0].kind == "time":
                    unit, end = found
        if operator == "between":
            operator = None
            start = number_start
        interval = Interval.of(operator, value)
        return Quantity(start, end, interval, unit, operator, number_start, (value,))

    def _second_end(
        self, text: str, tokens: Sequence[Token], k: int, position: int, operator: str | None, unit: Unit | None
    ) -> tuple[str, Unit | None, int, str | None] | None:
        """The other end of a range or interval at token `k`: surface, unit, where it ends, its operator."""
        token = tokens[k]
        gap = text[position : token.start]
        if token.kind == "num":
            connected = _RANGE.fullmatch(gap) or (operator == "between" and _AND.fullmatch(gap))
            if not connected or (operator in ("ge", "gt") and not _RANGE.fullmatch(gap)):
                return None
            high_operator = None
        elif token.kind == "op":
            high_operator = self.comparators.operator(text[token.start : token.end])
            upper = k + 1 < len(tokens) and tokens[k + 1].kind == "num"
            if high_operator not in ("le", "lt") or operator in ("le", "lt", "eq") or not upper:
                return None
            reaches = (
                operator is None and not gap.strip() and _UP_TO.fullmatch(text, token.start, token.end) is not None
            )
            if not (_RANGE.fullmatch(gap) or (operator is not None and _JOIN.fullmatch(gap)) or reaches):
                return None
            if not _OP_GAP.fullmatch(text[token.end : tokens[k + 1].start]):
                return None
            k += 1
        else:
            return None
        surface, end = self._number(text, tokens, k)
        high_unit, end, _ = self._unit(text, end)
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

    @staticmethod
    def _groups(unit: Unit | None) -> bool:
        """True where a full stop before three digits groups thousands: in a count of cells, in centigrays."""
        return unit is not None and ((unit.kind == "count" and not unit.ucum.startswith("10")) or unit.ucum == "cGy")
