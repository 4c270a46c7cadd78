"""The LAB engine: thresholds on laboratory tests.

lab_names.py tells which tests a quantity is on, lab_threshold.py what it states; here a sentence is read in order, and
what one threshold leaves behind (its tests, its operator) is handed to the next.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from trialsift.extraction.labels.clues import Clue, of_phrases
from trialsift.extraction.labels.lab.condition import Case
from trialsift.extraction.labels.lab.names import ONLY_BRACKET, LabNames, is_analyte, testable
from trialsift.extraction.labels.lab.threshold import Lost, Threshold
from trialsift.extraction.mentions.lexicon import Lexicon
from trialsift.extraction.quantities.parts import Quantity, Token
from trialsift.extraction.structure.passage import Passage
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


@dataclass(slots=True)
class _Reading:
    """Where the reading of a sentence stands."""

    concepts: list[Token]
    before: int  # where the quantity before ended
    used: set[int] = field(default_factory=set)  # names that a quantity in front of them took
    group: list[Analyte] = field(default_factory=list)  # the tests of the last threshold
    last: Quantity | None = None  # that threshold
    operator: str | None = None  # and the operator in force
    given_at: int = 0  # and where that ended
    foreign: bool = False  # something that is no test was measured since
    given: str | None = None  # the condition that a clause in front has set
    facts: list[Fact] = field(default_factory=list)


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
            concepts = [t for t in concepts if not _ADJUSTED.search(passage.left(t.start, 20))]
        reading = _Reading(concepts, passage.start)
        for index, quantity in enumerate(passage.quantities):
            if index in passage.claimed and quantity.kind == "time":
                continue  # `creatinine: for males 16 years and over ≤ 1.7 mg/dL`
            if index in passage.claimed:
                reading.group, reading.before = [], quantity.end
            elif not testable(quantity) or self._counts(passage, quantity):
                # `creatinine within 14 days ≤ 1.5 mg/dL`, `HbA1c at visit 1 ≥ 7 %`: the name still waits
                if quantity.kind != "time" and not _OCCASION.search(passage.left(quantity.start, 20), passage.plain):
                    reading.before = quantity.end
            else:
                self._read(passage, index, quantity, reading)
        return reading.facts

    @staticmethod
    def _counts(passage: Passage, quantity: Quantity) -> bool:
        """`at least one marker of hemolysis`: a number in a word, without a unit, is no value of a test."""
        return quantity.kind == "" and passage.text[quantity.number_start].isalpha()

    def _read(self, passage: Passage, index: int, quantity: Quantity, reading: _Reading) -> None:
        """Reads one quantity, and notes what it leaves for the next."""
        between = [
            c
            for c in reading.concepts
            if reading.before <= c.start and c.end <= quantity.start and c.start not in reading.used
        ]
        rule, tests, carried = self._tests(passage, index, quantity, reading, between)
        reading.before = quantity.end
        if not tests:
            reading.foreign = reading.foreign or (bool(between) and not is_analyte(between[-1]))
            return
        case = Case(passage, quantity, rule, reading.last)
        threshold = Threshold(passage, quantity, tests, rule, carried, case)
        made, reading.operator = threshold.facts(self._lost)
        if made:
            self._share_condition(passage, quantity, reading, made[0])
            own = any("condition" in fact.attributes or fact.attributes.get("conditional") for fact in made)
            if (
                reading.given
                and not _COHORT.match(reading.given)
                and _ENDED.search(passage.text, reading.given_at, quantity.start)
            ):
                reading.given = None  # its clause is over
            given = case.given()
            if given:
                reading.given, reading.given_at = given, quantity.end
            if reading.given and not own:
                made = [fact.with_attributes(condition=reading.given) for fact in made]
            reading.facts.extend(made)
            passage.claimed.add(index)
            reading.group, reading.last, reading.foreign = tests, quantity, False

    def _tests(
        self, passage: Passage, index: int, quantity: Quantity, reading: _Reading, between: list[Token]
    ) -> tuple[str, list[Analyte], str | None]:
        """The rule that found tests, the tests, and the operator that carries over to them."""
        inside = [c for c in reading.concepts if quantity.number_start < c.start < quantity.end]
        if inside:
            within = [c for c in inside if _SIGN_BEFORE.search(passage.left(c.start, 20))]
            if within:  # `9 g/dL ≤ Hb ≤ 12 g/dL`
                return "lab.name_first", self._names.fitting(within, quantity), None
            counted = [c for c in inside if c.end < quantity.end]
            if counted and (tests := self._names.fitting(counted, quantity)):  # `> 50,000 platelets/uL`
                return "lab.name_last", tests, None
        if between:
            tests = self._names.before(passage, between, quantity)
            if tests:
                spelled = self._names.listed(passage, reading.concepts, quantity, tests)
                return "lab.name_first", self._names.fitting(spelled, quantity) or tests, None
            if not is_analyte(between[-1]):
                return "", [], None
        adjoining = self._names.behind(passage, reading.concepts, quantity, index) if not between else None
        if adjoining is not None and not passage.text[quantity.end : adjoining.start].strip() and reading.group:
            tests = self._names.fitting([adjoining], quantity)
            if not {test.id for test in tests} <= {test.id for test in reading.group}:
                reading.used.add(adjoining.start)  # `> 0.5 g/dL M-protein, > 10 mg/dL free light chain`
                return "lab.name_last", tests, None
        if not between and reading.group and reading.last is not None:
            # `platelets < 90 if stiffness < 12 kPa or < 150`: only the same kind of unit reaches back over the other
            same_kind = (
                quantity.operator
                and quantity.kind == reading.last.kind
                and quantity.kind not in ("", "percent", "limit")
            )
            if not reading.foreign or same_kind:
                tests, carried = self._names.same(passage, reading.group, reading.last, quantity, reading.operator)
                if tests:
                    return "lab.same_name", tests, carried
        behind = self._names.behind(passage, reading.concepts, quantity, index)
        if behind is not None:
            reading.used.add(behind.start)
            return "lab.name_last", self._names.fitting([behind], quantity), None
        named = self._names.listed(passage, reading.concepts, quantity, [])
        if named and (tests := self._names.fitting(named, quantity)):
            reading.used.update(name.start for name in named)
            return "lab.name_last", tests, None
        if not between and passage.above_tokens and not reading.facts:
            return "lab.name_above", self._names.above(passage, quantity), None
        return "", [], None

    @staticmethod
    def _share_condition(passage: Passage, quantity: Quantity, reading: _Reading, made: Fact) -> None:
        """`< 9 g/dl (5.6 mmol/l) for men`: the condition behind the bracket holds for both."""
        condition, last = made.attributes.get("condition"), reading.last
        if (
            condition is None
            or last is None
            or last.unit is None
            or quantity.unit is None
            or last.unit.ucum == quantity.unit.ucum
            or quantity.operator not in (None, "eq", last.operator)
            or not (quantity.operator == "eq" or ONLY_BRACKET.fullmatch(passage.text, last.end, quantity.start))
        ):
            return
        reading.facts = [
            fact.with_attributes(condition=condition)
            if fact.start == last.start and "condition" not in fact.attributes
            else fact
            for fact in reading.facts
        ]
