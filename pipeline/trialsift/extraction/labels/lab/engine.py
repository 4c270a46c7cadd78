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
from trialsift.extraction.labels.lab.condition import Case
from trialsift.extraction.labels.lab.names import NOWHERE, LabNames, is_analyte
from trialsift.extraction.labels.lab.threshold import Lost, Threshold, make_facts, read_sense, read_threshold
from trialsift.extraction.labels.lab.units import is_testable
from trialsift.extraction.mentions.lexicon import Lexicon
from trialsift.extraction.quantities.parts import Quantity, Token
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.model.fact import Fact
from trialsift.rules.analytes import Analyte
from trialsift.rules.files import Where
from trialsift.rules.guarded import guarded, holds, needed
from trialsift.rules.label_file import LabelFile
from trialsift.rules.layers import Folder
from trialsift.rules.validation import read_as

# `calcium corrected for albumin`: the albumin is no test of this threshold
_ADJUSTED = re.compile(r"\b(?:adjusted|corrected)\s+(?:for|to|by)\s+(?:serum\s+)?$", re.I)
_OF_ADJUSTED = needed(_ADJUSTED)
_OCCASION = guarded(r"\b(?:visit|day|week|month|cycle|screening)\s?-?$", re.I)
_COHORT = re.compile(r"(?:cohort|arm|group|stratum)", re.I)
_ENDED = re.compile(r"[;.](?=\s)|\n\s*[-•*]\s|\n\s*\n")
_SIGN_BEFORE = re.compile(r"[<>≤≥]=?\s*(?:serum\s+|plasma\s+|total\s+)?$", re.I)


class _Found(NamedTuple):
    """The tests of a quantity, the rule that found them, and the operator that carries over to them; without tests,
    why there are none."""

    rule: str
    tests: list[Analyte]
    carried: str | None = None
    why: str = ""


@dataclass(slots=True)
class _Reading:
    """Where the reading of a sentence stands."""

    passage: Passage
    concepts: list[Token]
    before: int  # where the quantity before ended
    used: set[int] = field(default_factory=set)  # names that a quantity in front of them took
    group: list[Analyte] = field(default_factory=list)  # the tests of the last threshold
    last: Quantity | None = None  # that threshold
    operator: str | None = None  # and the operator in force
    given_at: int = 0  # and where that ended
    foreign: bool = False  # something that is no test was measured since
    given: str | None = None  # the condition that a clause in front has set
    thresholds: list[Threshold] = field(default_factory=list)

    def is_given_over(self, quantity: Quantity) -> bool:
        """Whether the clause that set a condition has ended in front of a quantity; one about a cohort goes on."""
        return (
            self.given is not None
            and not _COHORT.match(self.given)
            and _ENDED.search(self.passage.text, self.given_at, quantity.start) is not None
        )


class LabFile(LabelFile, extra="forbid"):
    """What `lab.toml` holds."""

    enough: list[str]
    not_too_much: list[str]
    qualified: dict[str, list[str]]


class Labs:
    """The engine. `patterns/entities/lab.toml` has its examples and the sense of lost operators."""

    def __init__(self, folder: Folder, lexicon: Lexicon) -> None:
        path = folder / "entities/lab.toml"
        rules = read_as(LabFile, path)
        self._names = LabNames(lexicon.analytes, {name: set(by) for name, by in rules.qualified.items()})
        for key, identifiers in (("enough", rules.enough), ("not_too_much", rules.not_too_much)):
            for identifier in identifiers:
                if identifier not in lexicon.analytes:
                    reason = f"unknown analyte {identifier!r} (not in analytes.csv)"
                    raise Where(path, (key,), key, identifier).error(reason)
        #: The name of a test, here or above.
        self.clues = (Clue((of_phrases(lexicon.names.phrases("analyte")),), name="analyte"),)
        self._lost = Lost(frozenset(rules.enough), frozenset(rules.not_too_much))

    def find(self, passage: Passage) -> list[Fact]:
        """LAB facts of a passage; the quantities they were read from are claimed."""
        if "analyte" not in passage.named:
            return []
        concepts = [t for t in passage.tokens if t.kind == "concept"]
        if holds(passage.plain, _OF_ADJUSTED):
            concepts = [t for t in concepts if not _ADJUSTED.search(passage.left(t.start, Window.ADJOINING))]
        reading = _Reading(passage, concepts, passage.start)
        for index, quantity in enumerate(passage.quantities):
            if index in passage.claimed:
                if quantity.kind != "time":  # `creatinine: for males 16 years and over ≤ 1.7 mg/dL`
                    reading.group, reading.before = [], quantity.end
            elif not is_testable(quantity) or self._counts(passage, quantity):
                # `creatinine within 14 days ≤ 1.5 mg/dL`, `HbA1c at visit 1 ≥ 7 %`: the name still waits
                if quantity.kind != "time" and not _OCCASION.search(
                    passage.left(quantity.start, Window.ADJOINING), passage.plain
                ):
                    reading.before = quantity.end
                if passage.explaining:
                    passage.decline(quantity, "LAB", "", self._tell_no_value(quantity, reading))
            else:
                self._read(index, quantity, reading)
        return make_facts(reading.thresholds)

    @staticmethod
    def _counts(passage: Passage, quantity: Quantity) -> bool:
        """`at least one marker of hemolysis`: a number in a word, without a unit, is no value of a test."""
        return quantity.kind == "" and passage.text[quantity.number_start].isalpha()

    def _tell_no_value(self, quantity: Quantity, reading: _Reading) -> str:
        """Why a quantity can be no value of any test by itself."""
        if quantity.kind == "":
            if self._counts(reading.passage, quantity):
                return "a number in a word, without a unit: it counts something"
            return "a number without an operator and a unit"
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
        found = self._find_tests(index, quantity, reading, between)
        reading.before = quantity.end
        if not found.tests:
            reading.foreign = reading.foreign or (bool(between) and not is_analyte(between[-1]))
            passage.decline(quantity, "LAB", found.rule, found.why)
            return
        case = Case(passage, quantity, found.rule, reading.last)
        sense = read_sense(case, found.tests, found.carried, self._lost)
        reading.operator = sense.operator
        if sense.why:
            passage.decline(quantity, "LAB", "lab.lost_operator", sense.why)
            return
        threshold = read_threshold(case, found.tests, sense)
        if reading.is_given_over(quantity):
            reading.given = None
        given = case.read_given()
        if given:
            reading.given, reading.given_at = given, quantity.end
        if reading.given and not threshold.conditional and threshold.own is None:
            threshold = replace(threshold, given=reading.given)
        reading.thresholds.append(threshold)
        passage.claimed.add(index)
        reading.group, reading.last, reading.foreign = found.tests, quantity, False

    def _find_tests(self, index: int, quantity: Quantity, reading: _Reading, between: list[Token]) -> _Found:
        """The tests of a quantity; `between` are the names since the quantity before."""
        passage, names = reading.passage, self._names
        inside = self._find_inside(quantity, reading)
        if inside is not None:
            return inside
        if between:
            before = names.find_before(passage, between, quantity)
            if before.tests:
                spelled = names.find_listed(passage, reading.concepts, quantity, before.tests)
                return _Found("lab.name_first", names.list_fitting(spelled, quantity) or before.tests)
            missed = _Found("lab.name_first", [], why=before.why)
            if not is_analyte(between[-1]):
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
        within = [c for c in inside if _SIGN_BEFORE.search(reading.passage.left(c.start, Window.ADJOINING))]
        if within:  # `9 g/dL ≤ Hb ≤ 12 g/dL`
            tests = self._names.list_fitting(within, quantity)
            return _Found("lab.name_first", tests, why="its unit is none of the test named in it")
        counted = self._names.list_fitting([c for c in inside if c.end < quantity.end], quantity)
        return _Found("lab.name_last", counted) if counted else None  # `> 50,000 platelets/uL`

    def _find_again(self, index: int, quantity: Quantity, reading: _Reading) -> _Found:
        """The tests of the threshold before, for a quantity with no name in front of it, unless a further one stands
        right behind it."""
        passage, last = reading.passage, reading.last
        if not reading.group:
            return _Found("", [], why=NOWHERE)
        adjoining = self._names.find_behind(passage, reading.concepts, quantity, index)
        if adjoining is not None and not passage.text[quantity.end : adjoining.start].strip():
            tests = self._names.list_fitting([adjoining], quantity)
            if not {test.id for test in tests} <= {test.id for test in reading.group}:
                reading.used.add(adjoining.start)  # `> 0.5 g/dL M-protein, > 10 mg/dL free light chain`
                return _Found("lab.name_last", tests)
        if last is None:
            return _Found("", [], why=NOWHERE)
        # `platelets < 90 if stiffness < 12 kPa or < 150`: only the same kind of unit reaches back over the other
        same_kind = quantity.operator and quantity.kind == last.kind and quantity.kind not in ("", "percent", "limit")
        if reading.foreign and not same_kind:
            return _Found("lab.same_name", [], why="something that is no laboratory test is named before it")
        tests, why, carried = self._names.find_same(passage, reading.group, last, quantity, reading.operator)
        return _Found("lab.same_name", tests, carried, why)

    def _find_behind(self, index: int, quantity: Quantity, reading: _Reading) -> _Found | None:
        """The test named right behind a quantity, or those of a list behind it."""
        passage, names = reading.passage, self._names
        behind = names.find_behind(passage, reading.concepts, quantity, index)
        if behind is not None:
            reading.used.add(behind.start)
            return _Found("lab.name_last", names.list_fitting([behind], quantity))
        named = names.find_listed(passage, reading.concepts, quantity, [])
        if named and (tests := names.list_fitting(named, quantity)):
            reading.used.update(name.start for name in named)
            return _Found("lab.name_last", tests)
        return None
