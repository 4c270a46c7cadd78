"""What a text must hold before a regular expression can match in it: a look for a few short strings is much quicker.

In: an expression. Out: strings, derived from the expression itself, one of which stands in each of its matches, so that
nobody keeps a second list of its words. They are looked for in the text as `plain` gives it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from re import _constants as sre
from re import _parser as parser
from typing import Any

# More strings than these are no quicker to look for than the expression, and longer ones tell no more.
_MOST, _LONGEST = 48, 12
Strings = frozenset[str]


def plain(text: str) -> str:
    """The text in lower case, of the same length, with an ASCII letter wherever `re.I` takes a sign for that letter.

    `re.I` takes `İ` and `ı` for i, `ſ` for s and the Kelvin sign for k.
    """
    if text.isascii():
        return text.lower()
    return text.replace("İ", "i").lower().replace("ı", "i").replace("ſ", "s")


def needed(*expressions: re.Pattern[str]) -> tuple[str, ...]:
    """Strings one of which stands in `plain(text)` wherever one of the expressions matches in `text`; empty where that
    can't be told, as for an expression that begins with a digit and goes on with anything."""
    found: set[str] = set()
    for expression in expressions:
        best = _of_sequence(parser.parse(expression.pattern, expression.flags))[1]
        if best is None:
            return ()
        found.update(best)
    short = {word for word in found if not any(other in word for other in found if other != word)}
    return tuple(sorted(short)) if len(short) <= _MOST else ()


def holds(text: str, strings: Iterable[str]) -> bool:
    """Whether one of the strings stands in the text; True where there are no strings, since then nothing is known."""
    for string in strings:
        if string in text:
            return True
    return not strings


class Guarded:
    """An expression that is tried only where one of the strings stands that it needs."""

    __slots__ = ("expression", "strings")

    def __init__(self, expression: re.Pattern[str]) -> None:
        self.expression = expression
        self.strings = needed(expression)

    def search(self, text: str, around: str) -> re.Match[str] | None:
        """The first match in `text`. `around` is `plain` of a text that holds this one."""
        return self.expression.search(text) if holds(around, self.strings) else None

    def match(self, text: str, around: str) -> re.Match[str] | None:
        """The match at the beginning of `text`, with the same `around`."""
        return self.expression.match(text) if holds(around, self.strings) else None


def guarded(expression: str, flags: re.RegexFlag = re.NOFLAG) -> Guarded:
    """`re.compile`, with such a guard."""
    return Guarded(re.compile(expression, flags))


def _of_sequence(items: Iterable[Any]) -> tuple[Strings | None, Strings | None]:
    """All strings that a sequence of parts can match (None where there are too many, or any), and the strings one of
    which each of its matches holds (None where there are none)."""
    run: Strings = frozenset({""})  # what the parts since the last unknown one can match
    exact, best = True, None
    for op, argument in items:
        some, inner = _of_part(op, argument)
        joined = None if some is None else frozenset(a + b for a in run for b in some)
        if joined is not None and len(joined) <= _MOST and max(map(len, joined)) <= _LONGEST:
            run = joined
            continue
        exact = False
        best = _better(_better(best, run), inner)
        run = some if some is not None and len(some) <= _MOST else frozenset({""})
    return (run if exact else None), _better(best, run)


def _of_part(op: Any, argument: Any) -> tuple[Strings | None, Strings | None]:
    """The same of one part of an expression, as `re` parses it."""
    if op is sre.LITERAL:
        return _characters([argument])
    if op is sre.IN and all(kind is sre.LITERAL for kind, _ in argument):
        return _characters([code for _, code in argument])
    if op in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
        return frozenset({""}), None
    if op is sre.SUBPATTERN:
        return _of_sequence(argument[3])
    if op is sre.ATOMIC_GROUP:
        return _of_sequence(argument)
    if op is sre.BRANCH:
        branches = [_of_sequence(branch) for branch in argument[1]]
        exact = _union(exact for exact, _ in branches)
        return exact, _union(best for _, best in branches)
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        least, most, part = argument
        exact, best = _of_sequence(part)
        if (least, most) == (0, 1) and exact is not None:
            return exact | {""}, None
        return (exact, best) if (least, most) == (1, 1) else (None, best if least else None)
    return None, None


def _characters(codes: list[int]) -> tuple[Strings | None, Strings | None]:
    """Characters of ASCII in lower case. Nothing is said of others: they have more cases than two."""
    if len(codes) > 4 or any(code > 127 for code in codes):
        return None, None
    characters = frozenset(chr(code).lower() for code in codes)
    return characters, characters


def _union(sets: Iterable[Strings | None]) -> Strings | None:
    """All strings of alternatives, None where one of them is not known."""
    found: set[str] = set()
    for strings in sets:
        if strings is None:
            return None
        found |= strings
    return frozenset(found)


def _better(one: Strings | None, other: Strings | None) -> Strings | None:
    """Of two sets that are each needed, that which is rarer in a text: with longer strings, or fewer of them."""
    known = [strings for strings in (one, other) if strings and "" not in strings]
    return max(known, key=lambda strings: (min(6, min(map(len, strings))), -len(strings)), default=None)
