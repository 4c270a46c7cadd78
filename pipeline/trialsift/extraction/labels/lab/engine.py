"""The LAB engine: thresholds on laboratory tests.

names.py finds the tests that a quantity is on, threshold.py reads what it states, condition.py when it holds; here a
sentence is read in order, and what one threshold leaves behind (its tests, its operator) is handed to the next. Facts
are made at the end, when all thresholds are known: a condition may hold for the one before it too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from trialsift.extraction.labels.clues import Clue, of_phrases
from trialsift.extraction.labels.lab.again import Again, AgainWords, Group
from trialsift.extraction.labels.lab.condition import Case, CaseWords
from trialsift.extraction.labels.lab.doubts import Doubts, DoubtWords
from trialsift.extraction.labels.lab.named_units import NamedUnits, UnitWords
from trialsift.extraction.labels.lab.names import NOWHERE, LabNames, NameWords, is_analyte
from trialsift.extraction.labels.lab.restated import Restated, RestatedWords
from trialsift.extraction.labels.lab.rules import SENSES, read_lab_file
from trialsift.extraction.labels.lab.shares import Shares, ShareWords
from trialsift.extraction.labels.lab.threshold import (
    Lost,
    PolarityWords,
    SenseWords,
    Threshold,
    make_facts,
    read_sense,
    read_threshold,
)
from trialsift.extraction.labels.lab.units import is_testable
from trialsift.extraction.mentions.lexicon import Lexicon
from trialsift.extraction.quantities.parts import Quantity, Token
from trialsift.extraction.quantities.units import Units
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.model.fact import Fact
from trialsift.rules.analytes import Analyte
from trialsift.rules.guarded import Guarded
from trialsift.rules.layers import Folder
from trialsift.rules.plausibility import is_plausible
from trialsift.rules.wording import read_wordings

_SCORE = ("measure", "score")


class EngineWords(NamedTuple):
    """Words that tell how a sentence is read (`patterns/wording/lab.toml`)."""

    adjusted: Guarded
    corrects: re.Pattern[str]
    occasion: Guarded
    ordinal: re.Pattern[str]
    numbered_behind: re.Pattern[str]
    cohort: re.Pattern[str]
    clause_ended: re.Pattern[str]
    sign_before: re.Pattern[str]
    people_had: re.Pattern[str]
    next_value: re.Pattern[str]
    in_so_many: re.Pattern[str]
    carries: re.Pattern[str]
    asked: re.Pattern[str]


class _Found(NamedTuple):
    """The tests of a quantity, the rule that found them, and the operator that carries over to them; without tests,
    why there are none."""

    rule: str
    tests: list[Analyte]
    carried: str | None = None
    why: str = ""
    whole: Quantity | None = None  # the quantity with more of its text, where names say so


@dataclass(slots=True)
class _Reading:
    """Where the reading of a sentence stands."""

    passage: Passage
    concepts: list[Token]
    before: int  # where the quantity before ended
    used: set[int] = field(default_factory=set)  # names that a quantity in front of them took
    group: Group | None = None  # the last threshold
    operator: str | None = None  # the operator in force
    given_at: int = 0  # and where that ended
    foreign: bool = False  # something that is no test was measured since
    given: str | None = None  # the condition that a clause in front has set
    thresholds: list[Threshold] = field(default_factory=list)
    shares: dict[int, tuple[list[Token], Quantity]] = field(default_factory=dict)  # which value is of which names

    @property
    def last(self) -> Quantity | None:
        """The last threshold."""
        return None if self.group is None else self.group.last

    def go_on(self, found: _Found, quantity: Quantity) -> None:
        """Notes what a threshold leaves for the next."""
        codes = frozenset() if quantity.unit is None else frozenset({quantity.unit.ucum})
        told = frozenset({quantity.interval})
        if self.group is not None and found.rule == "lab.same_name":
            codes |= self.group.codes
            told |= self.group.told
        self.group = Group(found.tests, quantity, self.operator, codes, told)

    def is_given_over(self, quantity: Quantity, words: EngineWords) -> bool:
        """Whether the clause that set a condition has ended in front of a quantity; one about a cohort goes on."""
        return (
            self.given is not None
            and not words.cohort.match(self.given)
            and words.clause_ended.search(self.passage.text, self.given_at, quantity.start) is not None
        )


class Labs:
    """The engine. `patterns/entities/lab.toml` has its examples and the sense of lost operators."""

    def __init__(self, folder: Folder, lexicon: Lexicon, units: Units) -> None:
        rules = read_lab_file(folder, lexicon.analytes)
        wordings = read_wordings(folder)
        self._doubts = doubts = Doubts(wordings.fill(DoubtWords, "lab"))
        self._names = LabNames(lexicon.analytes, rules.read_names(), wordings.fill(NameWords, "lab"), doubts)
        self._words = wordings.fill(EngineWords, "lab")
        self._case_words = wordings.fill(CaseWords, "lab")
        self._again = Again(wordings.fill(AgainWords, "lab"), doubts)
        self._shares = Shares(wordings.fill(ShareWords, "lab"))
        self._restated = Restated(wordings.fill(RestatedWords, "lab"))
        self._named_units = NamedUnits(wordings.fill(UnitWords, "lab"), units)
        #: The name of a test, here or above.
        self.clues = (Clue((of_phrases(lexicon.names.iter_phrases("analyte")),), name="analyte"),)
        self._lost = Lost(
            **{key: frozenset(getattr(rules, key)) for key in SENSES},
            words=wordings.fill(SenseWords, "lab"),
            polarity_words=wordings.fill(PolarityWords, "polarity"),
        )

    def find(self, passage: Passage) -> list[Fact]:
        """LAB facts of a passage; the quantities they were read from are claimed."""
        if "analyte" not in passage.named:
            return []
        concepts, words = [t for t in passage.tokens if t.kind == "concept"], self._words
        if "corrected" in passage.plain or "adjusted" in passage.plain or "reference" in passage.plain:
            concepts = [t for t in concepts if not self._corrects(passage, t)]
        numbered = words.numbered_behind
        concepts = [c for c in concepts if c.value != _SCORE or not numbered.match(passage.text, c.end, passage.end)]
        reading = _Reading(passage, concepts, passage.start)
        quantities = self._restated.join(passage)
        reading.shares = self._shares.find(passage, concepts)
        for index, written in enumerate(quantities):
            quantity = None if written is None else self._read_times(written, reading)
            if quantity is None:  # the upper end of a range that was read before
                passage.claimed.add(index)
            elif self._named_units.covers(passage, concepts, quantity) or _is_citation(passage, quantity):
                continue  # `Platelets (x 10^9/L): ≥ 100`, `clearance by MDRD [21] of < 60 mL/min`
            elif index in passage.claimed:
                if quantity.kind != "time":  # `creatinine: for males 16 years and over ≤ 1.7 mg/dL`
                    reading.group, reading.before = None, quantity.end
            elif not (is_testable(quantity) or self._is_bare(index, quantity, reading)) or self._doubts.is_other_number(
                passage, quantity
            ):
                # `creatinine within 14 days ≤ 1.5 mg/dL`, `HbA1c at visit 1 ≥ 7 %`: the name still waits
                if quantity.kind != "time" and not self._is_in_order(passage, quantity):
                    reading.before = quantity.end
                if passage.explaining:
                    passage.decline(quantity, "LAB", "", self._tell_no_value(quantity, reading))
            else:
                self._read(index, quantity, reading)
        return make_facts(reading.thresholds)

    def _read_times(self, quantity: Quantity, reading: _Reading) -> Quantity:
        """The quantity as a multiple of a limit of normal, where it is one of the tests in front of it and names no
        limit (`SGPT > 2 times;`)."""
        if quantity.operator in (None, "eq") or not (quantity.unit is None or quantity.unit.ucum == "{fold}"):
            return quantity
        names = [c for c in reading.concepts if reading.before <= c.start and c.end <= quantity.start]
        if not names or quantity.start - names[-1].end > Window.PHRASE:
            return quantity
        return self._named_units.read_times(reading.passage, self._names.list_tests(names[-1:]), quantity)

    def _corrects(self, passage: Passage, name: Token) -> bool:
        """Whether a name is none of a test, but what another is corrected for."""
        if self._words.corrects.match(passage.text, name.end, passage.end):
            return name.value == ("analyte", "albumin")
        return self._words.adjusted.search(passage.left(name.start, Window.PHRASE), passage.plain) is not None

    def _is_bare(self, index: int, quantity: Quantity, reading: _Reading) -> bool:
        """Whether a number without an operator and a unit may be the value of the test named in front of it
        (`platelets 100,000`)."""
        passage = reading.passage
        if quantity.kind != "" or passage.polarity is None:
            return False
        if index in reading.shares:
            return True
        names = [c for c in reading.concepts if reading.before <= c.start and c.end <= quantity.start]
        return bool(names) and is_analyte(names[-1]) and self._names.is_bare(passage, names, quantity)

    def _is_in_order(self, passage: Passage, quantity: Quantity) -> bool:
        """Whether a number tells which visit, stage or the like is meant."""
        words = self._words
        return words.ordinal.match(passage.text, quantity.end, passage.end) is not None or bool(
            words.occasion.search(passage.left(quantity.start, Window.ADJOINING), passage.plain)
        )

    def _tell_no_value(self, quantity: Quantity, reading: _Reading) -> str:
        """Why a quantity can be no value of any test by itself."""
        if quantity.kind == "":
            if reading.passage.text[quantity.number_start].isalpha():
                return "a number in a word, without a unit: it counts something"
            other = self._doubts.is_other_number(reading.passage, quantity)
            return "a p value, a price or the like" if other else "a number without an operator and a unit"
        name = next((c for c in reversed(reading.concepts) if is_analyte(c) and c.end <= quantity.start), None)
        return (
            "its unit is none of a laboratory test"
            if name is None
            else self._names.tell_misfit(reading.passage, name, quantity)
        )

    def _read(self, index: int, quantity: Quantity, reading: _Reading) -> None:
        """Reads one quantity, and notes what it leaves for the next."""
        passage = reading.passage
        between = [
            c
            for c in reading.concepts
            if reading.before <= c.start and c.end <= quantity.start and c.start not in reading.used
        ]
        if index in reading.shares:
            quantity = reading.shares[index][1]
        elif between and is_analyte(between[-1]):
            quantity = self._mend_unit(passage, between, quantity)
        found = self._find_tests(index, quantity, reading, between)
        if passage.polarity is None and quantity.kind == "percent":
            found = self._drop_shares(found, quantity, passage.text)
        if found.tests:
            reading.before = quantity.end
            self._keep(index, found.whole or quantity, found, reading)
            return
        passage.decline(quantity, "LAB", found.rule, found.why)
        limit_next = [q.kind for q in passage.quantities[index + 1 : index + 2]] == ["limit"]
        if not (limit_next and self._doubts.is_from_baseline(passage, quantity)):
            # behind `creatinine 30 % above baseline and above ULN` the name still waits
            reading.before = quantity.end
            reading.foreign = reading.foreign or (bool(between) and not is_analyte(between[-1]))

    def _drop_shares(self, found: _Found, quantity: Quantity, text: str) -> _Found:
        """What was found, without the tests of which a percentage in a report is no value by its size or by the words
        in front of it: `HbA1c was at goal in ≥ 60 %`."""
        low, high = quantity.interval.low, quantity.interval.high
        tests = [test for test in found.tests if is_plausible(test, low, high, "%")]
        if not tests or self._words.in_so_many.search(text, max(0, quantity.number_start - 30), quantity.number_start):
            return found._replace(tests=[], why=found.why or "a share of people")
        return found._replace(tests=tests)

    def _keep(self, index: int, quantity: Quantity, found: _Found, reading: _Reading) -> None:
        """Keeps what a quantity states of its tests."""
        passage = reading.passage
        case = Case(passage, quantity, found.rule, reading.last, self._case_words)
        sense = read_sense(case, found.tests, found.carried, self._lost)
        reading.operator = sense.operator
        if sense.why:
            passage.decline(quantity, "LAB", "lab.lost_operator", sense.why)
            return
        threshold = read_threshold(case, found.tests, sense)
        if reading.is_given_over(quantity, self._words):
            reading.given = None
        given = case.read_given()
        if given:
            reading.given, reading.given_at = given, quantity.end
        if reading.given and not threshold.conditional and threshold.own is None:
            threshold = replace(threshold, given=reading.given)
        reading.thresholds.append(threshold)
        passage.claimed.add(index)
        reading.foreign = False
        reading.go_on(found, quantity)

    def _mend_unit(self, passage: Passage, between: list[Token], quantity: Quantity) -> Quantity:
        """The quantity with the unit that stands with the name in front of it, where that is one of the test, or with
        grams for what was read as giga."""
        if quantity.kind != "":
            return self._named_units.read_capitals(quantity, self._names.list_tests(between[-1:]))
        borrowed = self._named_units.borrow(passage, between, quantity)
        if borrowed is quantity or not is_testable(borrowed) or not self._names.list_fitting(between[-1:], borrowed):
            return quantity
        return borrowed

    def _find_tests(self, index: int, quantity: Quantity, reading: _Reading, between: list[Token]) -> _Found:
        """The tests of a quantity; `between` are the names since the quantity before."""
        passage, names = reading.passage, self._names
        if index in reading.shares:
            return _Found("lab.name_first", names.list_fitting(reading.shares[index][0], quantity), reading.operator)
        inside = self._find_inside(quantity, reading)
        if inside is not None:
            return inside
        described = names.find_described(passage, reading.concepts, quantity, index)
        if described:
            reading.used.update(name.start for name in described)
            return _Found("lab.name_last", names.list_fitting(described, quantity))
        if between:
            before = names.find_before(passage, between, quantity)
            before = before._replace(tests=names.name_whole(reading.concepts, quantity, before.tests))
            if before.tests:
                spelled = names.find_listed(passage, reading.concepts, quantity, before.tests)
                tests = names.list_fitting(spelled, quantity) or before.tests
                return _Found("lab.name_first", tests, self._carry(quantity, reading, tests))
            missed = _Found("lab.name_first", [], why=before.why)
            if not is_analyte(between[-1]) and quantity.start - between[-1].end < Window.ADJOINING:
                return missed
        else:
            missed = self._find_again(index, quantity, reading)
            if missed.tests:
                return missed
        behind = self._find_behind(index, quantity, reading)
        if behind is not None:
            return behind
        if not between and passage.above_tokens and not reading.thresholds:
            above = names.find_above(passage, quantity)
            return _Found("lab.name_above", above.tests, why=above.why)
        return missed

    def _find_inside(self, quantity: Quantity, reading: _Reading) -> _Found | None:
        """The tests named between the ends of a quantity, or within its unit."""
        inside = [c for c in reading.concepts if quantity.number_start < c.start < quantity.end]
        if not inside:
            return None
        within = [c for c in inside if self._words.sign_before.search(reading.passage.left(c.start, Window.ADJOINING))]
        if within:  # `9 g/dL ≤ Hb ≤ 12 g/dL`
            tests = self._names.list_fitting(within, quantity)
            return _Found("lab.name_first", tests, why="its unit is none of the test named in it")
        counted = self._names.list_fitting([c for c in inside if c.end < quantity.end], quantity)
        if not counted:  # else: `> 50,000 platelets/uL`
            return None
        return _Found("lab.name_last", counted, self._carry(quantity, reading, counted, led=False))

    def _find_again(self, index: int, quantity: Quantity, reading: _Reading) -> _Found:
        """The tests of the threshold before, for a quantity with no name in front of it, unless a further one stands
        right behind it."""
        passage, group = reading.passage, reading.group
        if group is None:
            return _Found("", [], why=NOWHERE)
        adjoining = self._names.find_behind(passage, reading.concepts, quantity, index)
        if self._again.goes_on(group, quantity) and quantity.unit is not None:
            adjoining = []  # `calcium < 7.8 mg/dL; between 7.8 and 8.4 mg/dL vitamin D was raised`
        if adjoining and not passage.text[quantity.end : adjoining[0].start].strip():
            tests = self._names.list_fitting(adjoining, quantity)
            whole = self._named_units.borrow_behind(passage, adjoining[-1], quantity)
            if whole is not quantity or not {test.id for test in tests} <= {test.id for test in group.tests}:
                # `> 0.5 g/dL M-protein, > 10 mg/dL free light chain`
                reading.used.update(name.start for name in adjoining)
                return _Found("lab.name_last", tests, whole=whole)
        # `platelets < 90 if stiffness < 12 kPa or < 150`: only the same kind of unit reaches back over the other
        same_kind = (
            quantity.operator and quantity.kind == group.last.kind and quantity.kind not in ("", "percent", "limit")
        )
        if reading.foreign and not same_kind:
            return _Found("lab.same_name", [], why="something that is no laboratory test is named before it")
        return self._find_further(passage, group, quantity)

    def _find_further(self, passage: Passage, group: Group, quantity: Quantity) -> _Found:
        """The tests of the threshold before, for a further one on them: with its operator, or the unit of its scale."""
        text, last = passage.text, group.last
        graded = text[last.end : quantity.start].strip() == "(" and text[quantity.end - 1] == "+"
        if graded and group.operator and text[quantity.start].isdigit():
            quantity = quantity._replace(operator=None)  # `> 30 mg/dL (1+)`: the grade that the value has
            return _Found("lab.same_name", group.tests, group.operator, whole=quantity)
        if passage.polarity is None and quantity.kind == "percent" and self._is_share(text, last.end, quantity):
            return _Found("lab.same_name", [], why="a share of people")
        tests, why, carried = self._again.find(passage, group, quantity)
        borrowed = quantity.unit is None and tests and self._again.goes_on(group, quantity)
        measured = quantity._replace(unit=last.unit) if borrowed else None
        return _Found("lab.same_name", tests, carried, why, measured)

    def _carry(self, quantity: Quantity, reading: _Reading, tests: list[Analyte], led: bool = True) -> str | None:
        """The operator of the threshold before, where it carries over to a value of other tests: `creatinine could not
        exceed 130 µmol/l, nor bilirubin 25 µmol/l`. `led` says that their names stand in front of it."""
        group, passage, words = reading.group, reading.passage, self._words
        if quantity.operator is not None or quantity.ranged or quantity.kind == "" or group is None or not tests:
            return None
        if reading.operator in (None, "eq") or quantity.start - group.last.end > Window.CLAUSE:
            return None
        text, start = passage.text, group.last.end
        between = ""
        for name in reading.concepts:
            if start <= name.start and name.end <= quantity.start:
                between += text[start : name.start]
                start = name.end
        between += text[start : quantity.start]
        if not words.carries.fullmatch(between):
            return None
        if "nor" in between.lower().split():
            return reading.operator
        if not self._lost.point_alike([*group.tests, *tests]):
            return None
        if not led:
            return reading.operator
        asked = words.asked.search(text, passage.start, group.last.number_start)
        if asked is None or passage.polarity is not None:
            return None
        told = text[asked.end() : quantity.end]
        return None if self._lost.words.found.search(told, passage.plain) else reading.operator

    def _is_share(self, text: str, end: int, quantity: Quantity) -> bool:
        """Whether a percentage outside of criteria tells how many had a value, and is none itself: `A1C < 7 % in 45 %`,
        `and 47 % had A1C < 6.5 %`. `end` is that of the threshold before it."""
        words = self._words
        if words.people_had.match(text, quantity.end):
            return True
        if quantity.operator is None and not quantity.ranged:
            return words.next_value.fullmatch(text, end, quantity.start) is None
        return words.in_so_many.search(text, end, quantity.number_start) is not None

    def _find_behind(self, index: int, quantity: Quantity, reading: _Reading) -> _Found | None:
        """The test named right behind a quantity, or those of a list behind it."""
        passage, names = reading.passage, self._names
        carried = None
        if quantity.operator is None and quantity.kind in ("count", "count_bare") and reading.operator is not None:
            ahead = [c for c in reading.concepts if is_analyte(c) and c.start >= quantity.end][:1]
            carried = self._carry(quantity, reading, names.list_fitting(ahead, quantity), led=False)
        signed = quantity if carried is None else quantity._replace(operator=carried)
        behind = names.find_behind(passage, reading.concepts, signed, index)
        if behind:
            reading.used.update(name.start for name in behind)
            whole = self._named_units.borrow_behind(passage, behind[-1], quantity)
            return _Found("lab.name_last", names.list_fitting(behind, whole), carried, whole=whole)
        named = names.find_listed(passage, reading.concepts, quantity, [])
        if named and (tests := names.list_fitting(named, quantity)):
            reading.used.update(name.start for name in named)
            return _Found("lab.name_last", tests)
        return None


def _is_citation(passage: Passage, quantity: Quantity) -> bool:
    """Whether a number alone in brackets refers to the literature; or it is the area in a unit, `(mL/1.73 m2)`."""
    text, end = passage.text, quantity.end
    if quantity.values == (1.73,) and text[quantity.start - 1 : quantity.start] == "/":
        return True
    if quantity.kind != "" or quantity.operator is not None:
        return False
    brackets = text[quantity.start - 1 : quantity.start] + text[end : end + 1]
    numbered = passage.polarity is None and quantity.ranged and all(value % 1 == 0 for value in quantity.values)
    return brackets == "[]" or (brackets == "()" and numbered)
