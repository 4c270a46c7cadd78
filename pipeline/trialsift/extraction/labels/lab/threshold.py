"""LAB: what a threshold states: interval and unit.

A criterion that lost its operator (`creatinine 1.7 mg/dl` among exclusions) must have pointed the way that a patient
needs: enough platelets, not too much creatinine. `patterns/entities/lab.toml` has both lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from trialsift.extraction.labels.lab.condition import Case
from trialsift.extraction.labels.lab.units import CUT_UNITS
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window, write_bounds
from trialsift.model.fact import Fact, Scalar
from trialsift.model.interval import Interval
from trialsift.rules.analytes import Analyte
from trialsift.rules.guarded import Guarded
from trialsift.rules.plausibility import is_plausible

# `platelets ≥ 100 x 10^9`: the volume that is left out
_PER_VOLUME = {"10*9": "10*9/L", "10*3": "10*3/uL", "10*6": "10*6/L"}
_VIRAL = frozenset({"hiv_rna", "hbv_dna", "hcv_rna"})
_LOST_POWERS = {100.0 + n: 10.0**n for n in range(3, 10)}


class PolarityWords(NamedTuple):
    """Words of a sentence that say whom its limits include or exclude (`patterns/wording/polarity.toml`)."""

    excludes: re.Pattern[str]
    admits: re.Pattern[str]


class SenseWords(NamedTuple):
    """Words that tell what a lost sign meant (`patterns/wording/lab.toml`)."""

    required: re.Pattern[str]
    found: Guarded


@dataclass(frozen=True, slots=True)
class Lost:
    """Which way a limit that lost its operator must have pointed: tests of which a patient needs `enough`, and
    `not_too_much`; those that tell the disease, by too much or too little of them; and those of which too much
    excludes."""

    enough: frozenset[str]
    not_too_much: frozenset[str]
    much_defines: frozenset[str]
    little_defines: frozenset[str]
    much_excludes: frozenset[str]
    words: SenseWords
    polarity_words: PolarityWords

    def infer_sense(self, tests: list[Analyte], passage: Passage, quantity: Quantity) -> Sense:
        """The operator that a criterion without one must have had, as far as it can be told."""
        polarity = passage.polarity or self._tell_polarity(passage, quantity)
        if polarity is None:
            return Sense(None, why="no operator, and it stands outside eligibility criteria")
        asked = polarity == "inclusion"
        senses = {self._point(test.id, asked) for test in tests}
        operator = senses.pop() if len(senses) == 1 else None
        if operator is None:
            names = " and ".join(test.id for test in tests) if passage.explaining else ""
            return Sense(None, why=f"no operator, and no list says which way a limit on {names} must have pointed")
        return Sense(operator, inferred=True)

    def read_reached(self, way: str | None, tests: list[Analyte]) -> str | None:
        """The operator of a value that a test comes `up` or `down` to, or goes `back` to."""
        if way == "back":
            senses = {self._point(test.id, True) for test in tests}
            return senses.pop() if len(senses) == 1 else None
        return {"up": "ge", "down": "le"}.get(way or "")

    def point_alike(self, tests: Sequence[Analyte]) -> bool:
        """Whether a patient needs enough of all these tests, or not too much of any."""
        named = {test.id for test in tests}
        return named <= self.enough or named <= self.not_too_much

    def _tell_polarity(self, passage: Passage, quantity: Quantity) -> str | None:
        """Whether a sentence outside named criteria says that `=`, a lost sign in front of a measured value, is asked
        for or excludes; None where neither is said, or what was found is told."""
        if quantity.operator != "eq" or quantity.kind == "" or passage.text[quantity.start].isalpha():
            return None
        if self.words.found.search(passage.text[passage.start : passage.end], passage.plain):
            return None
        return self._tell_sense(passage.text, passage.start, passage.end) or (
            self._tell_sense(passage.text, *passage.above) if passage.above else None
        )

    def _tell_sense(self, text: str, start: int, end: int) -> str | None:
        """What a stretch of text says of its limits; None where it says nothing, or both."""
        excludes = self.polarity_words.excludes.search(text, start, end)
        asks = self.words.required.search(text, start, end) or self.polarity_words.admits.search(text, start, end)
        if excludes:
            return None if asks else "exclusion"
        return "inclusion" if asks else None

    def _point(self, test: str, asked: bool) -> str | None:
        """The operator of a limit on one test, among inclusion criteria if `asked`."""
        if test in self.enough:
            return "ge" if asked else "le"
        if test in self.not_too_much:
            return "le" if asked else "ge"
        if test in self.little_defines:
            return "le"
        return "ge" if test in self.much_defines or (test in self.much_excludes and not asked) else None


class Sense(NamedTuple):
    """Which way a threshold points: its operator (None for a range), and whether that was inferred; or, in `why`, that
    it was lost and can't be told."""

    operator: str | None
    inferred: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a quantity states of its tests. `conditional` says that it stands in the condition of another one, `own` is
    the condition that it holds under by its own words, `given` that of the clause in front of it."""

    case: Case
    tests: list[Analyte]
    sense: Sense
    interval: Interval
    conditional: bool
    own: str | None
    given: str | None = None

    def make_facts(self, condition: str | None) -> Iterator[Fact]:
        """A fact for each test, under this condition."""
        passage, quantity, interval = self.case.passage, self.case.quantity, self.interval
        written = _read_unit(self.case)
        bare = find_bare_unit(quantity, self.tests) if self.sense.inferred and written is None else None
        extra: dict[str, Scalar] = {} if condition is None else {"condition": condition}
        for test in self.tests:
            cut = written in CUT_UNITS and "count" not in test.kinds
            unit = (test.usual_unit if cut else written) or bare or _infer_unit(test)
            yield passage.fact(
                "LAB",
                "lab.lost_operator" if self.sense.inferred else self.case.rule,
                quantity.start,
                quantity.end,
                analyte=test.id,
                **write_bounds(interval),
                unit=unit,
                conditional=self.conditional,
                operator_inferred=self.sense.inferred,
                plausible=is_plausible(test, interval.low, interval.high, unit),
                **extra,
            )


def read_sense(case: Case, tests: list[Analyte], carried: str | None, lost: Lost) -> Sense:
    """Which way a threshold points. `carried` is the operator of the one before, where this one goes on with it."""
    quantity = case.quantity
    if quantity.spread is not None:
        return Sense(None, why="" if case.passage.polarity else "a mean and its spread, outside eligibility criteria")
    operator = quantity.operator if quantity.operator != "eq" else None
    if operator is not None or quantity.ranged:
        return Sense(operator)
    if carried is not None:
        again = quantity.operator == "eq" and case.before is not None and case.before.operator == "eq"
        return Sense(carried, inferred=again)
    if said := lost.read_reached(case.find_reached(), tests) or case.find_extreme():
        return Sense(said)
    if why := _tell_apart(case, tests):
        return Sense(None, why=why)
    return lost.infer_sense(tests, case.passage, quantity)


def read_threshold(case: Case, tests: list[Analyte], sense: Sense) -> Threshold:
    """What a quantity states that points this way."""
    quantity, operator = case.quantity, sense.operator
    written = quantity.operator is not None and quantity.operator != "eq"
    interval = quantity.interval
    if operator is not None and not written and not quantity.ranged:
        interval = Interval.of(operator, quantity.values[0])
    if quantity.spread is not None:  # `10 ± 2 g/dL`
        interval = Interval(quantity.values[0] - quantity.spread, True, quantity.values[0] + quantity.spread, True)
    conditional = case.is_conditional()
    own = None if conditional else case.read_condition()
    return Threshold(case, tests, sense, _raise_powers(quantity, tests, interval), conditional, own)


def make_facts(thresholds: list[Threshold]) -> list[Fact]:
    """The facts of the thresholds of a sentence, in order. `< 9 g/dl (5.6 mmol/l) for men`: the condition behind the
    bracket holds for both."""
    conditions = [threshold.given if threshold.own is None else threshold.own for threshold in thresholds]
    for k, (earlier, later) in enumerate(pairwise(thresholds)):
        if conditions[k] is None and later.own is not None and _is_written_again(earlier.case, later.case):
            conditions[k] = later.own
    pairs = zip(thresholds, conditions, strict=True)
    return [fact for threshold, condition in pairs for fact in threshold.make_facts(condition)]


def _is_written_again(earlier: Case, later: Case) -> bool:
    """Whether the later threshold is the earlier one in another unit."""
    first, second = earlier.quantity, later.quantity
    if first.unit is None or second.unit is None or first.unit.ucum == second.unit.ucum:
        return False
    if second.operator == "eq":
        return True
    bracket = later.words.only_bracket.fullmatch(later.passage.text, first.end, second.start)
    return second.operator in (None, first.operator) and bracket is not None


def _raise_powers(quantity: Quantity, tests: list[Analyte], interval: Interval) -> Interval:
    """`HBV DNA ≥ 105 copies/mL` was 10⁵: no trial asks for a hundred and five copies of a virus."""
    values = quantity.values
    if values[0] not in _LOST_POWERS or values[-1] not in _LOST_POWERS:
        return interval
    if not all(test.id in _VIRAL for test in tests):
        return interval
    return Interval(
        None if interval.low is None else _LOST_POWERS[interval.low],
        interval.low_inclusive,
        None if interval.high is None else _LOST_POWERS[interval.high],
        interval.high_inclusive,
    )


def _tell_apart(case: Case, tests: list[Analyte]) -> str:
    """Why a quantity without an operator is no threshold: it has no unit of its own, or doesn't stand tight enough
    behind its name. Empty where it can be one."""
    quantity, passage = case.quantity, case.passage
    if quantity.kind == "" and not any(test.kinds & {"ratio", "ph"} for test in tests):
        ended = case.words.bare_end.match(passage.text, quantity.end, passage.end)
        graded = passage.text[quantity.end - 1] == "+"  # of a test strip
        if not graded and (ended is None or find_bare_unit(quantity, tests) is None):
            return "no operator and no unit"
    named = max((end for _, end in case.names), default=passage.start)
    gap = (named, quantity.start)
    tight = case.words.tight_gap.fullmatch(passage.text, *gap) or (
        quantity.kind == "limit" and case.words.limit_gap.fullmatch(passage.text, *gap)
    )
    if case.rule != "lab.name_above" and not tight:
        return "no operator, and words stand between the test's name and the number"
    return ""


def find_bare_unit(quantity: Quantity, tests: Sequence[Analyte]) -> str | None:
    """The unit that a number without one is in, by its size, where all the tests agree."""
    units = {test.find_bare_unit(quantity.values[0]) for test in tests}
    return units.pop() if len(units) == 1 and not quantity.ranged else None


def _read_unit(case: Case) -> str | None:
    """The UCUM unit of a quantity as a value of a test has it; None without one."""
    passage, quantity = case.passage, case.quantity
    if quantity.unit is None:
        return None
    code = quantity.unit.ucum
    if quantity.kind in ("amount", "amount_rate", "amount_molar"):  # an excretion: grams in the urine of a day
        daily = code.replace("/d", "/(24.h)")
        around = passage.left(quantity.start, Window.CLAUSE) + " " + passage.right(quantity.end, Window.PHRASE)
        return f"{daily}/(24.h)" if "/" not in daily and case.words.daily.search(around) else daily
    if quantity.kind == "volume" and code == "uL":
        return "/uL"
    if code.startswith("10*6.[IU]/"):  # `FSH > 40 MIU/mL`: nobody measures millions in a millilitre
        return code.replace("10*6.", "m", 1)
    return _PER_VOLUME.get(code, code) if quantity.kind == "count_bare" else code


def _infer_unit(test: Analyte) -> str | None:
    """The unit of a number without one, where the test has only one: INR and pH."""
    return "1" if test.kinds & {"ratio"} and test.usual_unit != "%" else "[pH]" if "ph" in test.kinds else None
