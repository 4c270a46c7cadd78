"""Words around a value that qualify or reverse a criterion: exceptions, subgroups, requirements, denials.

In: a text and its facts. Out: for each fact, whether its clause has such words (`patterns/exceptions.toml`).
tables/eligibility.py draws the consequences. Only the text is used, so annotations from a file give the same result as
fresh ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from trialsift.extraction.structure.reading_copy import make_reading_copy, move_to_copy
from trialsift.model.fact import Fact
from trialsift.model.memory import remember_of_folders
from trialsift.rules.analytes import read_analytes
from trialsift.rules.files import Where
from trialsift.rules.guarded import guarded, plain
from trialsift.rules.layers import Folder
from trialsift.rules.validation import Examples, Expression, Table, read_as
from trialsift.rules.wording import read_wordings

_BACK, _AHEAD = 400, 250  # in characters; anything further away is about something else
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_MARKS_BEFORE = ";)]\n.!?"
_LEADING = re.compile(r"\s*(?:[-•*–·]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s")
_OWN_BRACKET = re.compile(r"\s*[)\]]")
_WORD = re.compile(r"[^\W\d_]+")


#: The labels that limit who may take part.
LIMITING = frozenset({"AGE", "LAB", "PERFORMANCE_STATUS"})


def limits_participants(fact: Fact) -> bool:
    """Whether a fact limits who may take part: it is a criterion, and neither history, nor a condition of another
    threshold, nor a limit for a subgroup, nor implausible."""
    a = fact.attributes
    return (
        fact.label in LIMITING
        and a.get("polarity") in ("inclusion", "exclusion")
        and a.get("scope") in ("trial", None)
        and a.get("plausible") is not False
        and not any(a.get(flag) is True for flag in ("historical", "conditional"))
        and (a.get("low") is not None or a.get("high") is not None)
    )


class ClauseWords(NamedTuple):
    """Where a clause begins and ends (`patterns/wording/clauses.toml`)."""

    begins: re.Pattern[str]
    ends: re.Pattern[str]
    ends_whole: re.Pattern[str]
    next_item: re.Pattern[str]


class Clause(NamedTuple):
    """The words before and after a value in its clause, with white space collapsed."""

    before: str
    behind: str


class _Side(NamedTuple):
    """One side of a clause, as written and in plain form (rules/guarded.py)."""

    text: str
    plain: str


class Words(Table):
    """Words around a value, and why they matter."""

    why: str
    expression: Expression
    examples: Examples
    not_examples: list[str]


class AgeWords(Table):
    """The words of a clause that states ages and nothing else."""

    expression: Expression
    examples: Examples
    not_examples: list[str]


class NeverTooLittle(Table):
    """Tests of which nobody can have too little."""

    analytes: list[str]
    examples: Examples
    not_examples: list[str]


class Health(Table):
    """Tests of which one has enough, and tests of which one has little, in health."""

    enough: list[str]
    little: list[str]
    examples: Examples
    not_examples: list[str]


class ExceptionsFile(Table):
    """The contents of `exceptions.toml`."""

    exempts: list[Words]
    requires: list[Words]
    admits: list[Words]
    others: list[Words]
    and_before: list[Words]
    and_behind: list[Words]
    rejects: list[Words]
    some_before: list[Words]
    some_behind: list[Words]
    or_behind: list[Words]
    aside: list[Words]
    denies: list[Words]
    ages: AgeWords
    never_too_little: NeverTooLittle
    health: Health


class Exceptions:
    """The compiled words. Raises PatternError for an unknown key, an invalid expression or a rule without examples."""

    def __init__(self, folder: Folder) -> None:
        path = folder / "exceptions.toml"
        rules = read_as(ExceptionsFile, path)
        known = read_analytes(folder)
        self.health = rules.health
        named = {
            ("never_too_little", "analytes"): rules.never_too_little.analytes,
            ("health", "enough"): rules.health.enough,
            ("health", "little"): rules.health.little,
        }
        for place, analytes in named.items():
            for analyte in analytes:
                if analyte not in known:
                    reason = f"unknown analyte {analyte!r} (not in analytes.csv)"
                    raise Where(path, place, f"[{place[0]}]", analyte).error(reason)
        self._words = read_wordings(folder).fill(ClauseWords, "clauses")
        listed = {kind: words for kind, words in rules if isinstance(words, list)}
        self._of = {kind: [guarded(one.expression, re.I) for one in words] for kind, words in listed.items()}
        self._denies = re.compile("|".join(f"(?:{one.expression})" for one in rules.denies), re.I)
        self._only_age = re.compile(rules.ages.expression, re.I)
        self._never_too_little = frozenset(rules.never_too_little.analytes)

    def find_excepted(self, text: str, facts: Iterable[Fact]) -> tuple[bool, ...]:
        """Returns for each fact whether the words around it leave open whom it admits; False for facts that limit
        nobody."""
        copy = make_reading_copy(text)
        return tuple(
            limits_participants(fact) and self._leave_open(copy.text, move_to_copy(fact, copy)) for fact in facts
        )

    def _leave_open(self, text: str, fact: Fact) -> bool:
        negated = fact.attributes.get("negated") is True
        if fact.attributes.get("polarity") == "inclusion":
            return self.rejects(text, fact) or (negated and not self.turns(text, fact))
        # `must not have an ALT > 3 x ULN` among exclusions: it is unclear which of the two reverses it
        return negated or self.excuses(text, fact)

    def excuses(self, text: str, fact: Fact) -> bool:
        """Whether an exclusion criterion may not exclude for this value, or not everybody."""
        if self._never_lacks(fact):
            return True
        sides = before, behind = _find_sides(text, fact.start, fact.end, self._words)
        return (
            (self._in("exempts", before) and self._words.next_item.search(before.text) is None)
            or any(self._in(kind, before) for kind in ("requires", "aside"))
            or any(self._in(kind, side) for kind in ("admits", "others") for side in sides)
            or (fact.label == "AGE" and not self._is_only_age(text, fact))
            or (fact.label == "LAB" and not fact.attributes.get("any_of") and self._is_joined(before, behind))
        )

    def _in(self, kind: str, side: _Side) -> bool:
        text, around = side
        # no expression matches an empty text
        return text != "" and any(one.search(text, around) is not None for one in self._of[kind])

    def _never_lacks(self, fact: Fact) -> bool:
        """Whether an upper limit for this test cannot be reversed, since nobody can have too little of it."""
        get = fact.attributes.get
        return fact.label == "LAB" and get("low") is None and get("analyte") in self._never_too_little

    def _is_joined(self, before: _Side, behind: _Side) -> bool:
        return self._in("and_before", before) or self._in("and_behind", _Side(" " + behind.text, " " + behind.plain))

    def rejects(self, text: str, fact: Fact) -> bool:
        """Whether an inclusion criterion may exclude this value, or does not apply to everybody.

        A fact's own condition belongs to its interval, and is no reason.
        """
        before, behind = _find_sides(text, fact.start, fact.end, self._words)
        if self._in("rejects", before) or self._in("rejects", behind):
            return True
        if not fact.attributes.get("any_of") and self._in("or_behind", behind):
            return True
        return fact.attributes.get("condition") is None and (
            self._in("some_before", before) or self._in("aside", before) or self._in("some_behind", behind)
        )

    def turns(self, text: str, fact: Fact) -> bool:
        """Whether a denied value is clearly reversed: exactly one denial precedes it in its clause, and no
        requirement."""
        if self._never_lacks(fact):
            return False
        before, _ = _find_sides(text, fact.start, fact.end, self._words)
        return len(self._denies.findall(before.text)) == 1 and not self._in("requires", before)

    def _is_only_age(self, text: str, fact: Fact) -> bool:
        """Whether the clause of an age states ages only, and so names no subgroup that alone is excluded."""
        before, behind = find_clause(text, fact.start, fact.end, self._words, whole=True)
        return not any(_WORD.search(self._only_age.sub(" ", side)) for side in (before, behind))


def find_clause(text: str, start: int, end: int, words: ClauseWords, whole: bool = False) -> Clause:
    """Returns the clause around a value, without brackets that open and close on one side of it.

    A bracket around the value ends the clause, unless the value fills it or `whole` is set.
    """
    left = _remove_brackets(text[max(0, start - _BACK) : start])
    opening = _find_last_boundary(left, words.begins)
    mark = _LEADING.match(left, opening)
    right = text[end : end + _AHEAD]
    own = _OWN_BRACKET.match(right)
    right = _remove_brackets(right[own.end() :] if own else right)
    stop = (words.ends_whole if whole else words.ends).search(right)
    before, behind = left[mark.end() if mark else opening :], right[: stop.start()] if stop else right
    return Clause(" ".join(before.split()), " ".join(behind.split()))


@remember_of_folders
def read_exceptions(folder: Folder) -> Exceptions:
    """Returns the words of a patterns folder; each folder is read once."""
    return Exceptions(folder)


@lru_cache(maxsize=1)  # facts of one value follow each other: `ALT and AST ≤ 3 x ULN`
def _find_sides(text: str, start: int, end: int, words: ClauseWords) -> tuple[_Side, _Side]:
    clause = find_clause(text, start, end, words)
    return _Side(clause.before, plain(clause.before)), _Side(clause.behind, plain(clause.behind))


def _find_last_boundary(left: str, begins: re.Pattern[str]) -> int:
    """The end of the last match of `begins`, or 0. Tries the boundary marks from the end."""
    at = len(left)
    while (at := max([left.rfind(mark, 0, at) for mark in _MARKS_BEFORE])) >= 0:
        if begins.match(left, at):
            return at + 1
    return 0


def _remove_brackets(text: str) -> str:
    """Returns the text without balanced brackets and their contents, nested ones included."""
    while (")" in text and "(" in text) or ("]" in text and "[" in text):
        shorter = _BRACKETS.sub(" ", text)
        if shorter == text:
            break
        text = shorter
    return text
