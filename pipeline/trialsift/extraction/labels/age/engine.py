"""AGE: limits on the age of participants, told from durations and from ages that are only reported.

rule.py judges which quantities (candidate.py) are ages and by which rule, limits.py reads what they state, scope.py
for whom.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from trialsift.extraction.labels.age.candidate import may_be_bare
from trialsift.extraction.labels.age.ends import find_next, join_ends, restore_over
from trialsift.extraction.labels.age.fields import find_fields
from trialsift.extraction.labels.age.groups import find_groups
from trialsift.extraction.labels.age.leads import read_lead
from trialsift.extraction.labels.age.limits import state_limit
from trialsift.extraction.labels.age.rule import AGE_WORDS, AgeRules
from trialsift.extraction.labels.age.words import AgeExpressions
from trialsift.extraction.labels.clues import Clue, Words, of_words
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window, write_bounds
from trialsift.model.fact import Fact
from trialsift.rules.files import compile_words
from trialsift.rules.guarded import holds
from trialsift.rules.label_file import LabelFile
from trialsift.rules.layers import Folder
from trialsift.rules.validation import Expression, Table, read_as
from trialsift.rules.wording import read_vocabulary, read_wordings

# by unit: no one grows older than 120 years; an age in hours is one of a newborn
_HIGHEST = {"a": 120, "mo": 1440, "wk": 6300, "d": 44000, "h": 1000}
_SLIP = 8  # times: a slip adds a figure
_NAMED = re.compile(r"(?<![A-Za-z])age[ds]?\W*\Z", re.I)
_KINDS = frozenset({"", "time"})

_YEARS, _MONTHS = Words(codes=frozenset({"a"})), Words(codes=frozenset({"mo"}))
_CONSENT = Words(within=("assent", "consent", "parent", "guardian", "legal"))
_DAYS = Words(codes=frozenset({"d", "wk", "h"}))
_TIMES = _YEARS | _MONTHS | _DAYS
#: What leads to an age without any word for it, and what a table's name of age groups may run into.
_BIRTH = Words(within=("birth", "newborn", "neonat"), written=frozenset({"N", "NA"}))
_TURNED = Words(within=("turn",))
_GLUED_AGE = Words(expressions=(r"[A-Za-z]*(?-i:Age|AGE)[sd]?",))


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
        self._words = read_wordings(folder).fill(AgeExpressions, "age")
        self._rules = AgeRules(path, words, self._words)
        age, persons = of_words(words["before"]), of_words(words["people"])
        young = of_words(read_vocabulary(folder, "young"))
        #: A word for age, here or above; people and a time, or a number by itself; years in brackets. A time that opens
        #: its line needs none, nor do the rows of a table that names ages further above.
        self.clues = (
            Clue((age | of_words(AGE_WORDS),)),
            Clue((age,), above=True),
            Clue((persons, _YEARS)),
            Clue((persons, _MONTHS)),
            Clue((young, _DAYS)),
            Clue((persons,), self._words.bare),
            Clue((_YEARS | _MONTHS,), self._words.bracketed),
            Clue((_TURNED,), self._words.bare),
            Clue((_CONSENT, _YEARS)),
            Clue((_YEARS,), self._words.foreign),
            Clue((_TIMES,), self._words.opening_marks, opens="sentence"),
            Clue((_BIRTH,), self._words.opening_marks, opens="sentence"),
            Clue((age | _GLUED_AGE, _TIMES), self._words.opening_marks, opens="table"),
        )
        people = "|".join(words["people"])
        self._told = compile_words(
            path,
            "[words]",
            rf"{'|'.join(words['before'])}|\b(?:{people})\b|age[ds]?\b|old|young|elder|\by\.?o|of\s+life",
        )

    def find(self, passage: Passage) -> list[Fact]:
        """AGE facts of a passage; their quantities are claimed."""
        facts = [*_find_fields(passage, self._words.field), *_find_grouped(passage, self._words)]
        if _KINDS.isdisjoint(passage.kinds) or (passage.record is None and not self._rules.may_find(passage)):
            return facts
        last, seen = -1, False
        for index, quantity in passage.open_quantities():
            if index in passage.claimed or not _may_be_age(quantity):
                continue  # claimed as the other end of the one before, or in a unit of something else
            fact = self._read_joined(passage, index, last) or self._read_one(passage, index, last)
            if fact is None:
                if not seen and not self._is_worth_a_look(passage):
                    return facts
                seen = True
                continue
            last = _claim(passage, fact)
            facts.append(fact)
        return facts

    def _read_joined(self, passage: Passage, index: int, last: int) -> Fact | None:
        """The age of which a quantity states the lower end and the next one the upper end."""
        ends = join_ends(passage, index, self._words)
        if ends is None or _tell_no_age(passage, ends.quantity, self._words):
            return None
        verdict = self._rules.judge(passage, ends.quantity, last)
        if verdict.why:
            return None
        rule = "age.lost_operator" if ends.inferred else verdict.rule
        return state_limit(passage, ends.quantity, rule, self._words, ends.inferred)

    def _read_one(self, passage: Passage, index: int, last: int) -> Fact | None:
        """The age that one quantity states; None, with the reason, where it states none."""
        quantity = restore_over(passage, passage.quantities[index], self._words)
        if why := _tell_no_age(passage, quantity, self._words):
            passage.decline(quantity, "AGE", "", why)
            return None
        verdict = self._rules.judge(passage, quantity, last)
        behind = find_next(passage, index, self._words)
        if verdict.why and behind is not None and self._rules.begins(passage, quantity):
            verdict = (
                self._rules.judge(passage, behind, -1) if not _tell_no_age(passage, behind, self._words) else verdict
            )
        if verdict.why:
            passage.decline(quantity, "AGE", verdict.rule, verdict.why)
            return None
        if quantity.unit is None and behind is not None:  # `< 6 or > 24 months`
            quantity = quantity._replace(unit=behind.unit)
        fact = state_limit(passage, quantity, verdict.rule, self._words)
        if fact is None:
            passage.decline(quantity, "AGE", verdict.rule, "it states neither a lowest nor a highest age")
        return fact

    def _is_worth_a_look(self, passage: Passage) -> bool:
        """Whether anything in a passage can be an age: a time, or a word for ages or people."""
        return (
            "time" in passage.kinds
            or self._told.search(passage.text, passage.start, passage.end) is not None
            or (passage.above is not None and self._told.search(passage.text, *passage.above) is not None)
        )


def _may_be_age(quantity: Quantity) -> bool:
    """Whether an age can come in the unit of a quantity; other engines tell what comes in another."""
    return quantity.unit is None or (quantity.kind == "time" and quantity.unit.ucum in _HIGHEST)


def _claim(passage: Passage, fact: Fact) -> int:
    """Claims the quantities that a fact has characters of; the index of the last one."""
    taken = [i for i, q in enumerate(passage.quantities) if q.start < fact.end and fact.start < q.end]
    passage.claimed.update(taken)
    return taken[-1]


def _find_fields(passage: Passage, expression: re.Pattern[str]) -> Iterator[Fact]:
    """Ages in the fields of a registry. No other engine reads what a field holds, not even where it says that there is
    no limit."""
    if not holds(passage.plain, ("age",)):
        return
    for field in find_fields(passage.text, passage.start, passage.end, expression):
        held = [i for i, q in enumerate(passage.quantities) if q.start < field.end and field.start < q.end]
        passage.claimed.update(held)
        if field.interval is not None:
            passage.note_pieces(field.value_start, field.pieces)
            bounds = write_bounds(field.interval)
            yield passage.fact(
                "AGE",
                "age.field",
                field.value_start,
                field.end,
                **bounds,
                unit=field.unit,
                scope="trial",
                polarity="inclusion",
            )


def _find_grouped(passage: Passage, words: AgeExpressions) -> Iterator[Fact]:
    """Ages of groups in the rows of a table."""
    begun: set[int] = set()
    for group in find_groups(passage, words):
        held = [i for i, q in enumerate(passage.quantities) if q.start < group.end and group.start < q.end]
        # a quantity that begins in front of a group says more than the group, but for `≥ 65 years<65 years`
        if held and all(passage.quantities[i].start in (*begun, group.start) for i in held[:1]):
            begun.add(group.start)
            passage.claimed.update(held)
            bounds = write_bounds(group.interval)
            yield passage.fact("AGE", "age.group", group.start, group.end, **bounds, unit=group.unit, scope="subgroup")


def _tell_no_age(passage: Passage, quantity: Quantity, words: AgeExpressions) -> str:
    """Why a quantity can't be an age by its unit, comparator and numbers alone; empty where it can be one."""
    unit, operator = quantity.unit, quantity.operator
    if operator == "within" and read_lead(passage, quantity, words) is None:
        return "`within` says how long after or before something"
    if (
        unit is None
        and operator is None
        and not quantity.ranged
        and not may_be_bare(passage, quantity)
        and read_lead(passage, quantity, words) is None
    ):
        return "a number without a bound and a unit can be an age only in an inclusion criterion, and from 12 to 100"
    if unit is None and max(quantity.values) < 1:
        return "less than 1 without a unit: a probability or a share"
    highest = _HIGHEST["a" if unit is None else unit.ucum]
    # `age ≥ 180 years` is a slip of the document, and is kept
    if max(quantity.values) > highest and (
        unit is None
        or max(quantity.values) > _SLIP * highest
        or not _NAMED.search(passage.left(quantity.start, Window.PHRASE))
    ):
        return "nobody grows so old"
    return ""
