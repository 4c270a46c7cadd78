"""Strings that a text must contain before a regular expression can match in it; looking for them is much faster.

In: an expression. Out: strings, derived from the expression itself, one of which every match contains, so that no
second list of words is needed. They are looked for in the form of the text that `plain` returns.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from re import _constants as sre
from re import _parser as parser
from typing import Any

# With more strings the search is no faster than the expression; longer strings add nothing.
_MOST, _LONGEST = 96, 12
Strings = frozenset[str]


def plain(text: str) -> str:
    """Returns the text in lower case and of the same length, with ASCII letters for the characters that `re.I` takes
    for them.

    `re.I` takes `İ` and `ı` for i, `ſ` for s and the Kelvin sign for k.
    """
    if text.isascii():
        return text.lower()
    return text.replace("İ", "i").lower().replace("ı", "i").replace("ſ", "s")


@cache
def find_needed(*expressions: re.Pattern[str]) -> tuple[str, ...]:
    """Returns strings one of which `plain(text)` contains wherever one of the expressions matches in `text`.

    Empty if there are none, as for an expression that begins with a digit and continues with anything.
    """
    found: set[str] = set()
    for expression in expressions:
        best = _analyse_sequence(parser.parse(expression.pattern, expression.flags))[1]
        if best is None:
            return ()
        found.update(best)
    short = {word for word in found if not any(other in word for other in found if other != word)}
    return tuple(sorted(short)) if len(short) <= _MOST else ()


def holds(text: str, strings: Iterable[str]) -> bool:
    """Whether the text contains one of the strings; True without strings, since then nothing is known."""
    for string in strings:
        if string in text:
            return True
    return not strings


class Guarded:
    """An expression that is tried only if the text contains one of the strings it needs."""

    __slots__ = ("_told", "expression", "strings")

    def __init__(self, expression: re.Pattern[str]) -> None:
        self.expression = expression
        self.strings = find_needed(expression)
        self._told = ("", holds("", self.strings))

    def search(self, text: str, around: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Returns the first match in this range of `text`. `around` is the plain form of a text that contains it."""
        return self.expression.search(text, start, end) if self._may_match(around) else None

    def finditer(self, text: str, around: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """Iterates over the matches in the same range."""
        return self.expression.finditer(text, start, end) if self._may_match(around) else iter(())

    def match(self, text: str, around: str) -> re.Match[str] | None:
        """Returns the match at the beginning of `text`, with the same `around`."""
        return self.expression.match(text) if self._may_match(around) else None

    def _may_match(self, around: str) -> bool:
        """Whether `around` holds one of the strings; the last answer is kept, since a sentence is asked about often."""
        asked, held = self._told
        if asked is not around:
            held = holds(around, self.strings)
            self._told = (around, held)
        return held


def guarded(expression: str, flags: re.RegexFlag = re.NOFLAG) -> Guarded:
    """Like `re.compile`, with such a guard."""
    return Guarded(re.compile(expression, flags))


def _analyse_sequence(items: Iterable[Any]) -> tuple[Strings | None, Strings | None]:
    """Returns all strings that a sequence of parts can match (None if too many), and strings one of which each of its
    matches contains (None if there are none)."""
    run: Strings = frozenset({""})  # what the parts since the last unknown one can match
    exact, best = True, None
    for op, argument in items:
        some, inner = _analyse_part(op, argument)
        joined = None if some is None else frozenset(a + b for a in run for b in some)
        if joined is not None and len(joined) <= _MOST and max(map(len, joined)) <= _LONGEST:
            run = joined
            continue
        exact = False
        best = _choose_better(_choose_better(best, run), inner)
        run = some if some is not None and len(some) <= _MOST else frozenset({""})
    return (run if exact else None), _choose_better(best, run)


def _analyse_part(op: Any, argument: Any) -> tuple[Strings | None, Strings | None]:
    """The same for one part of an expression, as `re` parses it."""
    if op is sre.LITERAL:
        return _fold_characters([argument])
    if op is sre.IN and all(kind is sre.LITERAL for kind, _ in argument):
        return _fold_characters([code for _, code in argument])
    if op in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
        return frozenset({""}), None
    if op is sre.SUBPATTERN:
        return _analyse_sequence(argument[3])
    if op is sre.ATOMIC_GROUP:
        return _analyse_sequence(argument)
    if op is sre.BRANCH:
        branches = [_analyse_sequence(branch) for branch in argument[1]]
        exact = _unite(exact for exact, _ in branches)
        return exact, _unite(best for _, best in branches)
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        least, most, part = argument
        exact, best = _analyse_sequence(part)
        if (least, most) == (0, 1) and exact is not None:
            return exact | {""}, None
        return (exact, best) if (least, most) == (1, 1) else (None, best if least else None)
    return None, None


def _fold_characters(codes: list[int]) -> tuple[Strings | None, Strings | None]:
    """ASCII characters in lower case. Others have more than two cases, so nothing is known about them."""
    if len(codes) > 4 or any(code > 127 for code in codes):
        return None, None
    characters = frozenset(chr(code).lower() for code in codes)
    return characters, characters


def _unite(sets: Iterable[Strings | None]) -> Strings | None:
    """Returns all strings of alternatives; None if those of one alternative are unknown."""
    found: set[str] = set()
    for strings in sets:
        if strings is None:
            return None
        found |= strings
    return frozenset(found)


def _choose_better(one: Strings | None, other: Strings | None) -> Strings | None:
    """Returns the set that is rarer in texts, of two that are both needed: the one with longer, or fewer, strings."""
    known = [strings for strings in (one, other) if strings and "" not in strings]
    return max(known, key=lambda strings: (min(6, min(map(len, strings))), -len(strings)), default=None)
