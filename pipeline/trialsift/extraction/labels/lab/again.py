"""LAB: a further threshold on the tests of the one before: in brackets, after `or`, for others, in another unit."""

from __future__ import annotations

import re
from typing import NamedTuple

from trialsift.extraction.labels.lab.doubts import Doubts
from trialsift.extraction.labels.lab.names import Tests
from trialsift.extraction.labels.lab.units import is_specific, select_converted, select_same
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.quantities.reader import OPPOSITE
from trialsift.extraction.structure.passage import Passage
from trialsift.model.interval import Interval
from trialsift.rules.analytes import Analyte

# characters between two thresholds on the same test: at most, and where words stand between that say nothing of it
_FARTHEST, _FAR, _NEAR = 220, 120, 60
_NOT_AGAIN = "it isn't the threshold before it in another unit, nor another one on the same test"


class AgainWords(NamedTuple):
    """What stands between two such thresholds (`patterns/wording/lab.toml`)."""

    alternative: re.Pattern[str]
    exception: re.Pattern[str]
    for_others: re.Pattern[str]
    new_name: re.Pattern[str]
    group_ahead: re.Pattern[str]
    hard_break: re.Pattern[str]
    occasions: re.Pattern[str]
    class_gap: re.Pattern[str]
    in_that_case: re.Pattern[str]
    pronoun: re.Pattern[str]
    strata: re.Pattern[str]


class Group(NamedTuple):
    """The tests that the last threshold was on, with that threshold, the operator in force, the UCUM codes of the units
    that their thresholds were in, and all that were told of them."""

    tests: list[Analyte]
    last: Quantity
    operator: str | None
    codes: frozenset[str]
    told: frozenset[Interval] = frozenset()


class Again:
    """Tells whether a quantity is a further threshold on the same tests."""

    def __init__(self, words: AgainWords, doubts: Doubts) -> None:
        self._words = words
        self._doubts = doubts

    def find(self, passage: Passage, group: Group, quantity: Quantity) -> Tests:
        """The tests of the threshold before, where this quantity is an alternative to it, and the operator to carry."""
        gap = passage.text[group.last.end : quantity.start]
        if len(gap) > _FARTHEST:
            return Tests([], "too far from the threshold before it to be one on the same test")
        if quantity.kind == "" and self._words.occasions.match(passage.text, quantity.end):
            return Tests([], "without a unit, and followed by what it counts (`2 occasions`)")
        if self._doubts.counts(passage, quantity):
            return Tests([], "followed by what it counts, or is a share of")
        if self._doubts.is_change_of(passage, quantity):
            return Tests([], "a change of the test, not a value of it")
        if quantity.operator == "eq":
            return self._find_equal(group, quantity, gap)
        if why := self._tell_apart(passage.text, group, quantity, gap):
            return Tests([], why)
        tests = group.tests if self._doubts.is_share(passage, quantity) else select_same(group.tests, quantity)
        return Tests(tests, _NOT_AGAIN, group.operator if quantity.operator is None and not quantity.ranged else None)

    def _tell_apart(self, text: str, group: Group, quantity: Quantity, gap: str) -> str:
        """Why what stands between the last threshold and a quantity parts them; empty where nothing does."""
        words, last = self._words, group.last
        if quantity.ranged and quantity.values == last.values and quantity.unit == last.unit:
            return ""  # said again: `20-28 mEq/L (the mean of both values must be 20-28 mEq/L)`
        if quantity.unit is not None and quantity.operator and quantity.interval in group.told:
            return ""  # `A1C < 7 and < 6.5 % (A for < 7 %, B for < 6.5 %)`
        if self.goes_on(group, quantity) and (
            words.class_gap.fullmatch(gap)
            or self._is_listed(group, quantity, gap)
            or (len(gap) <= _FAR and words.strata.match(text, quantity.end))
        ):
            return ""
        told = words.in_that_case.search(gap) or words.pronoun.search(gap)
        if told and quantity.operator and quantity.kind in ("", last.kind):
            return ""
        strict = words.alternative.fullmatch(gap) is not None
        loose = strict or words.exception.fullmatch(gap) is not None
        others = loose or words.for_others.fullmatch(gap) is not None
        specific = is_specific(quantity, group.tests)
        same_unit = quantity.unit is not None and quantity.unit.ucum in group.codes
        if quantity.operator is None:
            if quantity.kind == last.kind == "percent" and not gap.strip():  # `HbA1c ≤ 7 % 38 % with insulin`
                return "another number, with nothing in front of it"
            rewritten = strict and (specific or ("(" in gap and _rewrites(group, quantity)))
            if rewritten or (others and same_unit):
                return ""
            return "no operator, and it doesn't go on from the threshold before it"
        if loose or (others and (same_unit or quantity.kind == last.kind != "")):
            return ""
        ahead = words.group_ahead.match(gap)
        far = len(gap) > _FAR or words.hard_break.search(gap, ahead.end() if ahead else 0) is not None
        if words.new_name.search(gap) or not specific or far:
            return "words between the threshold before it and this number may name something else"
        return ""

    def _is_listed(self, group: Group, quantity: Quantity, gap: str) -> bool:
        """Whether the next class on a scale has its unit written again in the same sentence: `(> 60 mL/min, 4 mg;
        50-60 mL/min, 3 mg)`."""
        if quantity.unit is None or not is_specific(quantity, group.tests) or len(gap) > _NEAR:
            return False
        return ". " not in gap and "\n\n" not in gap

    @staticmethod
    def goes_on(group: Group, quantity: Quantity) -> bool:
        """Whether a quantity is the next class on the scale of the threshold before: `60-89` behind `≥ 90`."""
        last, unit = group.last, quantity.unit
        if quantity.interval.low == quantity.interval.high or (unit is not None and unit.ucum not in group.codes):
            return False
        ends = ((last.interval.low, quantity.interval.high), (last.interval.high, quantity.interval.low))
        return any(_adjoin(one, other) for one, other in ends)

    def _find_equal(self, group: Group, quantity: Quantity, gap: str) -> Tests:
        """The tests of a quantity behind `=`: the threshold before in another unit (`> 25 umol/L = 1.4 mg/dL`), or one
        more that lost its operator (`= 2.5 x ULN (= 5 x ULN with metastases)`)."""
        words, last = self._words, group.last
        strict = words.alternative.fullmatch(gap) is not None
        same_unit = quantity.unit is None or last.unit is None or quantity.unit.ucum in group.codes
        if quantity.values == last.values and last.operator in OPPOSITE and same_unit and strict:
            return Tests(group.tests, "", OPPOSITE[last.operator])  # `< 100,000 and = 100,000`: the other stratum
        if last.operator == "eq" and quantity.unit is not None and quantity.unit.ucum in group.codes:
            if strict or words.exception.fullmatch(gap) or words.for_others.fullmatch(gap):
                return Tests(select_same(group.tests, quantity), _NOT_AGAIN, group.operator)
        elif strict and (is_specific(quantity, group.tests) or _rewrites(group, quantity)):
            return Tests(select_converted(group.tests, quantity), _NOT_AGAIN, group.operator)
        return Tests([], _NOT_AGAIN)


def _rewrites(group: Group, quantity: Quantity) -> bool:
    """Whether a percentage may be the threshold before it again (`75 mmol/mol (9 %)`)."""
    if quantity.kind != "percent" or group.last.kind in ("", "percent"):
        return False
    return bool(select_converted(group.tests, quantity))


def _adjoin(one: float | None, other: float | None) -> bool:
    """Whether one class ends where the other begins: at the same number, or at the next one as it is written."""
    if one is None or other is None:
        return False
    whole = one % 1 == other % 1 == 0
    return abs(one - other) <= (1 if whole and max(one, other) > 10 else 0.1001)
