"""Many expressions as one, which is tried only where one of them can begin.

An expression of a hundred alternatives is slow where each of them is tried at each word. Most of them begin with one of
a few literal words, and an expression of nothing but such words, in one case, rules out nearly all places.

In: expressions. Out: `Begun`, with the words derived from the expressions themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from re import _constants as sre
from re import _parser as parser
from typing import Any

from trialsift.rules.trie import share_word_edges, split_alternatives, trie_regex

# With more words the search is no faster.
_MOST = 400
_EDGE = r"\b"
_SPACE = [(sre.IN, [(sre.CATEGORY, sre.CATEGORY_SPACE)])]
Strings = frozenset[str]


class Begun:
    """Expressions, in any case, of which the first that matches at a place counts."""

    def __init__(self, expressions: Iterable[str]) -> None:
        written = "|".join(expressions)
        self._whole = re.compile(share_word_edges(written), re.I)
        words: dict[bool, set[str]] = {True: set(), False: set()}
        others: list[str] = []
        for one in split_alternatives(written):
            begins = find_beginnings(one)
            words[one.startswith(_EDGE)].update(begins)
            if not begins:
                others.append(one)
        # what matches is looked ahead to, so that the next place may lie inside of it
        known = [f"{_EDGE * edged}(?={trie_regex(_drop_longer(some))})" for edged, some in words.items() if some]
        self._words = re.compile("|".join(known)) if known else None
        self._others = re.compile(f"(?={share_word_edges('|'.join(others))})", re.I) if others else None

    def finditer(self, text: str, around: str, start: int, end: int) -> Iterator[re.Match[str]]:
        """Iterates over the matches, as `re.finditer` does. `around` is the plain form of the text (guarded.py)."""
        for place in self._find_places(text, around, start, end):
            found = self._whole.match(text, place, end) if place >= start else None
            if found is not None:
                yield found
                start = found.end()

    def _find_places(self, text: str, around: str, start: int, end: int) -> Sequence[int]:
        """Where a match can begin, in order."""
        found = [] if self._words is None else [word.start() for word in self._words.finditer(around, start, end)]
        if self._others is not None:
            found = sorted([*found, *(other.start() for other in self._others.finditer(text, start, end))])
        return found


def find_beginnings(expression: str) -> Strings:
    """Returns strings one of which the plain form of a text has wherever the expression matches in any case; a blank in
    them stands for any white space. Empty if nothing is known."""
    strings, _ = _begin(parser.parse(expression, re.I))
    return frozenset() if "" in strings else strings


def _begin(items: Iterable[Any]) -> tuple[Strings, bool]:
    """Returns what a sequence of parts begins with, and whether that is all that it matches."""
    run: Strings = frozenset({""})
    for op, argument in items:
        some, whole = _begin_part(op, argument)
        joined = frozenset(a + b for a in run for b in some)
        if len(joined) > _MOST:
            return run, False
        run = joined
        if not whole:
            return run, False
    return run, True


def _begin_part(op: Any, argument: Any) -> tuple[Strings, bool]:
    """The same for one part of an expression, as `re` parses it."""
    if op is sre.LITERAL and argument < 128:
        return frozenset({chr(argument).lower()}), True
    if op is sre.IN and len(argument) < 5 and all(kind is sre.LITERAL and code < 128 for kind, code in argument):
        return frozenset(chr(code).lower() for _, code in argument), True
    if op in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
        return frozenset({""}), True
    if op in (sre.SUBPATTERN, sre.ATOMIC_GROUP):
        return _begin(argument[3] if op is sre.SUBPATTERN else argument)
    if op is sre.BRANCH:
        branches = [_begin(branch) for branch in argument[1]]
        return frozenset().union(*(some for some, _ in branches)), all(whole for _, whole in branches)
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        least, most, part = argument
        if least and most == sre.MAXREPEAT and list(part) == _SPACE:
            return frozenset({" "}), True
        some, whole = _begin(part)
        return (some, False) if least else (some | {""}, whole and most == 1)
    return frozenset({""}), False


def _drop_longer(strings: Iterable[str]) -> list[str]:
    """Returns the strings without those that begin with another one."""
    kept: list[str] = []
    for string in sorted(strings):
        if not (kept and string.startswith(kept[-1])):
            kept.append(string)
    return kept
