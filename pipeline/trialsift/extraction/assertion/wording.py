"""Words around a value that leave open, or turn around, whom a criterion lets in: exceptions, groups, demands, denials.

In: a text and the facts in it. Out: for each whether its clause has such words. `patterns/exceptions.toml` has them;
tables/eligibility.py says what follows. Only the text is looked at, so annotations from a file give the same as fresh
ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from trialsift.model.fact import Fact
from trialsift.rules.guarded import Guarded, plain
from trialsift.rules.layers import Folder
from trialsift.rules.validation import Examples, Expression, Table, read_as

_BACK, _AHEAD = 400, 250  # characters: what stands further away is about something else
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_MARK = r"(?:[-•*–·]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s"
# each begins with a class of characters, which the regex engine skips to
_NEW_LINE = rf"(?<=\n)(?=\s*\n|\s*{_MARK})"
_BEFORE = re.compile(
    rf"[;)\]\n.!?](?:(?<=[;)\]])|{_NEW_LINE}|(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bvs\.)(?=\s+[A-Z(\d•-]))"
)
_BEHIND = re.compile(rf"[;:(\[)\]\n.!?](?:(?<=[;:(\[)\]])|{_NEW_LINE}|(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?=\s|$))")
_ACROSS = re.compile(rf"[;\n.!?](?:(?<=;)|{_NEW_LINE}|(?<=[.!?])(?=\s|$))")
_MARKS_BEFORE = ";)]\n.!?"
_LEADING = re.compile(rf"\s*{_MARK}")
_OWN_BRACKET = re.compile(r"\s*[)\]]")
# `other than steatosis, or ALT > 3 x ULN`: a further item of the list, and no part of the exception before it
_NEXT_ITEM = re.compile(r",\s*or\s+(?:(?!(?:with|of|whose|having)\b)[\w/()+-]+\s+){0,4}[\w/()+-]+$", re.I)
_WORD = re.compile(r"[^\W\d_]+")


#: The labels that limit who takes part.
LIMITING = frozenset({"AGE", "LAB", "PERFORMANCE_STATUS"})


def limits_participants(fact: Fact) -> bool:
    """Whether a fact limits who takes part: it stands among criteria, and is no history, no condition of another
    threshold, no limit of a subgroup and no slip (`plausible` false)."""
    a = fact.attributes
    return (
        fact.label in LIMITING
        and a.get("polarity") in ("inclusion", "exclusion")
        and a.get("scope") in ("trial", None)
        and a.get("plausible") is not False
        and not any(a.get(flag) is True for flag in ("historical", "conditional"))
        and (a.get("low") is not None or a.get("high") is not None)
    )


class Clause(NamedTuple):
    """What stands before and behind a value in its clause, white space collapsed."""

    before: str
    behind: str


class _Side(NamedTuple):
    """One side of a clause, and the same as strings are looked for in it (rules/guarded.py)."""

    text: str
    plain: str


class Words(Table):
    """Words around a value, and why they matter."""

    why: str
    expression: Expression
    examples: Examples
    not_examples: list[str]


class AgeWords(Table):
    """The words of a clause that says no more than ages."""

    expression: Expression
    examples: Examples
    not_examples: list[str]


class NeverTooLittle(Table):
    """Tests of which nobody has too little."""

    analytes: list[str]
    examples: Examples
    not_examples: list[str]


class ExceptionsFile(Table):
    """What `exceptions.toml` holds."""

    exempts: list[Words]
    requires: list[Words]
    admits: list[Words]
    others: list[Words]
    and_before: list[Words]
    and_behind: list[Words]
    rejects: list[Words]
    some_before: list[Words]
    some_behind: list[Words]
    aside: list[Words]
    denies: list[Words]
    ages: AgeWords
    never_too_little: NeverTooLittle


class Exceptions:
    """The words, compiled. Raises PatternError for an unknown key, a faulty expression or a rule without examples."""

    def __init__(self, folder: Folder) -> None:
        rules = read_as(ExceptionsFile, folder / "exceptions.toml")
        listed = {kind: words for kind, words in rules if isinstance(words, list)}
        expressions = {kind: "|".join(f"(?:{one.expression})" for one in words) for kind, words in listed.items()}
        self._of = {kind: Guarded(re.compile(expression, re.I)) for kind, expression in expressions.items()}
        self._only_age = re.compile(rules.ages.expression, re.I)
        self._never_too_little = frozenset(rules.never_too_little.analytes)

    def find_excepted(self, text: str, facts: Iterable[Fact]) -> tuple[bool, ...]:
        """For each fact whether the words around it leave open whom it lets in; False where it limits nobody."""
        return tuple(limits_participants(fact) and self._leave_open(text, fact) for fact in facts)

    def _leave_open(self, text: str, fact: Fact) -> bool:
        negated = fact.attributes.get("negated") is True
        if fact.attributes.get("polarity") == "inclusion":
            return self.rejects(text, fact) or (negated and not self.turns(text, fact))
        # `must not have an ALT > 3 x ULN` among exclusions: which of the two turns it around can't be told
        return negated or self.excuses(text, fact)

    def excuses(self, text: str, fact: Fact) -> bool:
        """Whether a criterion among exclusions may not shut this value out of the trial, or not for everybody."""
        if self._never_lacks(fact):
            return True
        sides = before, behind = _sides(clause(text, fact.start, fact.end))
        return (
            (self._in("exempts", before) and _NEXT_ITEM.search(before.text) is None)
            or any(self._in(kind, before) for kind in ("requires", "aside"))
            or any(self._in(kind, side) for kind in ("admits", "others") for side in sides)
            or (fact.label == "AGE" and not self._only_age_in(text, fact))
            or (fact.label == "LAB" and self._joined(before, behind))
        )

    def _in(self, kind: str, side: _Side) -> bool:
        text, around = side
        return text != "" and self._of[kind].search(text, around) is not None  # none of them matches nothing at all

    def _never_lacks(self, fact: Fact) -> bool:
        """Whether an upper limit on this test can't be turned around: nobody has too little of it."""
        get = fact.attributes.get
        return fact.label == "LAB" and get("low") is None and get("analyte") in self._never_too_little

    def _joined(self, before: _Side, behind: _Side) -> bool:
        return self._in("and_before", before) or self._in("and_behind", _Side(" " + behind.text, " " + behind.plain))

    def rejects(self, text: str, fact: Fact) -> bool:
        """Whether a criterion among inclusions may shut this value out, or doesn't ask it of everybody.

        A condition that the fact has itself goes with its interval, and is no reason.
        """
        before, behind = _sides(clause(text, fact.start, fact.end))
        if self._in("rejects", before) or self._in("rejects", behind):
            return True
        return fact.attributes.get("condition") is None and (
            self._in("some_before", before) or self._in("aside", before) or self._in("some_behind", behind)
        )

    def turns(self, text: str, fact: Fact) -> bool:
        """Whether a denied value is so beyond doubt: one denial stands before it in its clause, and no demand."""
        if self._never_lacks(fact):
            return False
        before, _ = _sides(clause(text, fact.start, fact.end))
        return len(self._of["denies"].expression.findall(before.text)) == 1 and not self._in("requires", before)

    def _only_age_in(self, text: str, fact: Fact) -> bool:
        """Whether the clause of an age says no more than ages: it names nobody whom alone it shuts out."""
        before, behind = clause(text, fact.start, fact.end, whole=True)
        return not any(_WORD.search(self._only_age.sub(" ", side)) for side in (before, behind))


def clause(text: str, start: int, end: int, whole: bool = False) -> Clause:
    """The clause of what stands at `start` to `end`, without brackets that open and close on one side of it.

    It ends at the bracket that the value stands in, unless the value fills it, or `whole` is asked for.
    """
    left = _without_brackets(text[max(0, start - _BACK) : start])
    opening = _last_boundary(left)
    mark = _LEADING.match(left, opening)
    right = text[end : end + _AHEAD]
    own = _OWN_BRACKET.match(right)
    right = _without_brackets(right[own.end() :] if own else right)
    stop = (_ACROSS if whole else _BEHIND).search(right)
    before, behind = left[mark.end() if mark else opening :], right[: stop.start()] if stop else right
    return Clause(" ".join(before.split()), " ".join(behind.split()))


@cache
def exceptions_of(folder: Folder) -> Exceptions:
    """The words of a folder of patterns, read once."""
    return Exceptions(folder)


def _sides(of: Clause) -> tuple[_Side, _Side]:
    return _Side(of.before, plain(of.before)), _Side(of.behind, plain(of.behind))


def _last_boundary(left: str) -> int:
    """Where the last `_BEFORE` ends, which is one of its marks; 0 without one. The last marks are tried first."""
    at = len(left)
    while (at := max([left.rfind(mark, 0, at) for mark in _MARKS_BEFORE])) >= 0:
        if _BEFORE.match(left, at):
            return at + 1
    return 0


def _without_brackets(text: str) -> str:
    """The text without what stands in brackets that open and close in it, one inside another too."""
    while (")" in text and "(" in text) or ("]" in text and "[" in text):
        shorter = _BRACKETS.sub(" ", text)
        if shorter == text:
            break
        text = shorter
    return text
