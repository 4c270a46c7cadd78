"""Finds expressions that can take exponential time: a repetition of something that is itself a mere repetition.

`(?:\\s*,?)*` can divide ten blanks in 512 ways, and the engine tries them all where the rest does not match.
Possessive and atomic groups (`*+`, `(?>…)`) do not go back, and a part that has to be there (`(?:\\s*,)*`) divides in
one way only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from re import _constants as sre
from re import _parser as parser
from typing import Any

# A repetition with at most so many rounds is short enough to be tried in all ways.
_FEW = 12


@cache
def find_runaway(expression: re.Pattern[str]) -> str:
    """Returns what is wrong with an expression, empty if nothing is."""
    if _runs_away(parser.parse(expression.pattern, expression.flags)):
        return "it can take exponential time: it repeats what is itself only a repetition; make one possessive (`*+`)"
    return ""


def _runs_away(items: Iterable[Any]) -> bool:
    return any(
        ((op is sre.MAX_REPEAT or op is sre.MIN_REPEAT) and argument[1] > _FEW and _repeats_only(argument[2]))
        or any(map(_runs_away, _list_inner(op, argument)))
        for op, argument in items
    )


def _list_inner(op: Any, argument: Any) -> list[Any]:
    """The sequences within a part."""
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        return [argument[2]]
    if op is sre.SUBPATTERN:
        return [argument[3]]
    if op is sre.BRANCH:
        return list(argument[1])
    if op in (sre.ASSERT, sre.ASSERT_NOT):
        return [argument[1]]
    return [argument] if op is sre.ATOMIC_GROUP else []


def _repeats_only(items: Iterable[Any]) -> bool:
    """Whether a sequence can match by one long repetition alone, with nothing else that has to be there."""
    parts = list(items)
    return any(
        _is_repetition(op, argument) and all(_may_be_empty(*other) for j, other in enumerate(parts) if j != i)
        for i, (op, argument) in enumerate(parts)
    )


def _is_repetition(op: Any, argument: Any) -> bool:
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        return argument[1] > _FEW or _repeats_only(argument[2])
    if op is sre.SUBPATTERN:
        return _repeats_only(argument[3])
    return op is sre.BRANCH and any(map(_repeats_only, argument[1]))


def _may_be_empty(op: Any, argument: Any) -> bool:
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        return argument[0] == 0 or all(_may_be_empty(*part) for part in argument[2])
    if op is sre.SUBPATTERN:
        return all(_may_be_empty(*part) for part in argument[3])
    if op is sre.ATOMIC_GROUP:
        return all(_may_be_empty(*part) for part in argument)
    if op is sre.BRANCH:
        return any(all(_may_be_empty(*part) for part in branch) for branch in argument[1])
    return op in (sre.AT, sre.ASSERT, sre.ASSERT_NOT)
