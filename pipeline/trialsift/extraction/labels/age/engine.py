"""AGE: limits on the age of participants, told from durations and from ages that are only reported.

rule.py judges which quantities (candidate.py) are ages and by which rule, limits.py reads what they state, scope.py
for whom.
"""

from __future__ import annotations

import re

from trialsift.extraction.labels.age.candidate import OF_AGE, OPENING, REPORTED_OLD, may_be_bare
from trialsift.extraction.labels.age.limits import join_lost_range, state_limit
from trialsift.extraction.labels.age.rule import AGE_WORDS, BARE, BRACKETED, AgeRules
from trialsift.extraction.labels.age.scope import read_scope
from trialsift.extraction.labels.clues import Clue, Words, of_words
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window, write_bounds
from trialsift.model.fact import Fact
from trialsift.model.interval import Interval
from trialsift.rules.files import compile_words
from trialsift.rules.label_file import LabelFile
from trialsift.rules.layers import Folder
from trialsift.rules.validation import Expression, Table, read_as

_SECOND_END = re.compile(r"\s*(?:years?(?:\s+old|\s+of\s+age)?|yrs?|old)?\s*(?:and|to|-|–)\s*", re.I)
# by unit: no one grows older than 120 years; an age in hours is one of a newborn
_HIGHEST = {"a": 120, "mo": 1440, "wk": 6300, "d": 44000, "h": 1000}
_KINDS = frozenset({"", "time"})

_YEARS, _MONTHS = Words(codes=frozenset({"a"})), Words(codes=frozenset({"mo"}))


class AgeWords(Table):
    """The words around an age."""

    before: list[Expression]
    people: list[Expression]
    not_before: list[Expression]
    family_before: list[Expression]
    family_behind: list[Expression]


class AgeFile(LabelFile, extra="forbid"):
    """What `age.toml` holds."""

    words: AgeWords


class Ages:
    """The AGE engine. Words and examples are in `patterns/entities/age.toml`."""

    def __init__(self, folder: Folder) -> None:
        path = folder / "entities/age.toml"
        words = dict(read_as(AgeFile, path).words)
        self._rules = AgeRules(path, words)
        age, persons = of_words(words["before"]), of_words(words["people"])
        #: A word for age, here or above; people and a time, or a number by itself; years in brackets. What fills its
        #: line needs none.
        self.clues = (
            Clue((age | of_words(AGE_WORDS),)),
            Clue((age,), above=True),
            Clue((persons, _YEARS)),
            Clue((persons, _MONTHS)),
            Clue((persons,), BARE),
            Clue((_YEARS,), BRACKETED),
            Clue((), OPENING, opens=True),
        )
        people = "|".join(words["people"])
        self._told = compile_words(
            path,
            "[words]",
            rf"{'|'.join(words['before'])}|\b(?:{people})\b|age[ds]?\b|old|young|elder|\by\.?o|of\s+life",
        )

    def find(self, passage: Passage) -> list[Fact]:
        """AGE facts of a passage; their quantities are claimed."""
        facts: list[Fact] = []
        if _KINDS.isdisjoint(passage.kinds):
            return facts
        last_end = -1
        for index, quantity in passage.open_quantities():
            if quantity.unit is not None and not (quantity.kind == "time" and quantity.unit.ucum in _HIGHEST):
                continue  # no age comes in its unit: other engines tell what it is
            if why := _tell_no_age(passage, quantity):
                passage.decline(quantity, "AGE", "", why)
                continue
            unit = None if quantity.unit is None else quantity.unit.ucum
            verdict = self._rules.judge(passage, quantity, unit, last_end)
            if not verdict.why and not self._is_worth_a_look(passage):
                passage.decline(quantity, "AGE", verdict.rule, "no time, and no word for ages or people")
                return facts
            fact = self._join_two_numbers(passage, index)
            if fact is None and verdict.why:
                passage.decline(quantity, "AGE", verdict.rule, verdict.why)
                continue
            if fact is None and verdict.rule == "age.lost_operator":
                fact = join_lost_range(passage, index)
            fact = fact or state_limit(passage, quantity, unit or "a", verdict.rule)
            if fact is None:
                passage.decline(quantity, "AGE", verdict.rule, "it states neither a lowest nor a highest age")
                continue
            passage.claimed.update(
                i for i, q in enumerate(passage.quantities) if q.start < fact.end and fact.start < q.end
            )
            facts.append(fact)
            last_end = quantity.end
        return facts

    def _is_worth_a_look(self, passage: Passage) -> bool:
        """Whether anything in a passage can be an age: a time, or a word for ages or people."""
        return (
            "time" in passage.kinds
            or self._told.search(passage.text, passage.start, passage.end) is not None
            or (passage.above is not None and self._told.search(passage.text, *passage.above) is not None)
        )

    def _join_two_numbers(self, passage: Passage, index: int) -> Fact | None:
        """`18 and 65 years of age`: a range that says neither between nor to."""
        if index == 0 or index - 1 in passage.claimed:
            return None
        first, second = passage.quantities[index - 1], passage.quantities[index]
        if (
            second.unit is None
            or second.operator is not None
            or first.operator is not None
            or second.ranged
            or first.ranged
            or first.kind not in _KINDS
            or (first.unit is not None and first.unit != second.unit and first.unit.ucum != second.unit.ucum)
            or not 0 <= first.values[0] < second.values[0]
            or not _SECOND_END.fullmatch(passage.text, first.end, second.start)
        ):
            return None
        left = passage.left(first.start, Window.STATEMENT)
        of_age = OF_AGE.match(passage.right(second.end, Window.ADJOINING))
        named = self._rules.named.search(left)
        if (
            not (of_age or named)
            or REPORTED_OLD.match(passage.right(second.end, Window.PHRASE))
            or self._rules.reported.search(left, passage.plain)
        ):
            return None
        return passage.fact(
            "AGE",
            "age.named" if named else "age.years_old",
            first.start,
            second.end,
            **write_bounds(Interval(first.values[0], True, second.values[0], True)),
            unit=second.unit.ucum,
            scope=read_scope(passage, first),
            operator_inferred=passage.polarity is not None and first.unit is not None,
        )


def _tell_no_age(passage: Passage, quantity: Quantity) -> str:
    """Why a quantity can't be an age by its unit, comparator and numbers alone; empty where it can be one."""
    unit, operator = quantity.unit, quantity.operator
    if operator == "within":
        return "`within` says how long after or before something"
    if unit is None and operator is None and not quantity.ranged and not may_be_bare(passage, quantity):
        return "a number without a bound and a unit can be an age only in an inclusion criterion, and from 12 to 100"
    if max(quantity.values) > _HIGHEST["a" if unit is None else unit.ucum]:
        return "nobody grows so old"
    return ""
