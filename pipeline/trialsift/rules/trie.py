"""Compiles many literal phrases into one compact regular expression.

Python's `re` tries the branches of an alternation one by one. Factoring out common prefixes makes the cost of a lexicon
nearly independent of its size, and lets the longest phrase win.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter

SPACE = r"\s+"
_EDGE = r"\b"
#: What an expression consists of: escaped signs, classes, and single characters.
_PARTS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*+\]|.", re.DOTALL)
_NO_LETTERS = [chr(code) for code in range(128) if not chr(code).isalpha()]


def _emit(phrases: list[str], depth: int, space: str) -> str:
    """Returns the expression for what follows the first `depth` characters, which all these sorted phrases share; ""
    for nothing."""
    if len(phrases) == 1:
        return space.join(map(re.escape, phrases[0][depth:].split(" ")))
    ended = len(phrases[0]) == depth  # the shortest comes first
    singles: list[str] = []
    branches: list[str] = []
    for char, group in groupby(phrases[ended:], itemgetter(depth)):
        rest = _emit(list(group), depth + 1, space)
        if rest or char == " ":
            branches.append((space if char == " " else re.escape(char)) + rest)
        else:
            singles.append(char)
    if singles:
        branches.append(
            re.escape(singles[0]) if len(singles) == 1 else "[" + "".join(re.escape(c) for c in singles) + "]"
        )
    body = branches[0] if len(branches) == 1 and not ended else "(?:" + "|".join(branches) + ")"
    return body + "?" if ended else body


def trie_regex(phrases: Iterable[str], space: str = SPACE) -> str:
    """Returns a regular expression for the longest of `phrases`; a space in them matches what `space` matches.

    Raises ValueError for an empty phrase, which would match everywhere, or without any phrase.
    """
    distinct = sorted(set(phrases))
    if not distinct:
        raise ValueError("no phrases")
    if not all(map(str.strip, distinct)):
        raise ValueError("an empty phrase would match everywhere")
    return _emit(distinct, 0, space)


def share_word_edges(expression: str) -> str:
    """Returns the same expression, with one `\\b` for all alternatives in a row that begin with it: within a word, one
    test rules them all out."""
    runs = groupby(split_alternatives(expression), lambda alternative: alternative.startswith(_EDGE))
    return "|".join(
        rf"{_EDGE}(?:{'|'.join(one.removeprefix(_EDGE) for one in run)})" if edged else "|".join(run)
        for edged, run in runs
    )


def split_alternatives(expression: str) -> list[str]:
    """Returns the parts of an expression that is split at each `|` that is in no group or class."""
    found, depth = [""], 0
    for part in _PARTS.findall(expression):
        depth += (part == "(") - (part == ")")
        if part == "|" and not depth:
            found.append("")
        else:
            found[-1] += part
    return found


def look_ahead(text: str, position: int, stop: int = sys.maxsize) -> str:
    """Returns the first two characters after white space at `position`, in lower case; fewer at `stop` or the end."""
    if text[position : position + 1] == " ":
        position += 1
    while text[position : position + 1].isspace():
        position += 1
    end = position + 2
    return text[position : end if end < stop else stop].lower()


def find_openings_behind(signs: str) -> frozenset[str]:
    """Returns everything that `look_ahead` can return where one of these signs is followed by ASCII or nothing."""
    return frozenset(sign + behind for sign in signs for behind in ("", *map(chr, range(128))))


def find_openings(phrases: Iterable[str]) -> frozenset[str]:
    """Returns everything in ASCII that `look_ahead` can return where one of `phrases` begins.

    Beyond ASCII, a case-insensitive expression matches further characters, so it must be tried there. No letter may
    follow a phrase; a space in a phrase stands for any white space or hyphen.
    """
    found: set[str] = set()
    for phrase in phrases:
        two = phrase[:2].lower()
        if len(two) == 1 or two[1] == " ":
            found.update(two[0] + sign for sign in ("", *_NO_LETTERS))
        else:
            found.add(two)
    return frozenset(found)


def cased_regex(phrases: Iterable[str]) -> str:
    """Like `trie_regex`, but phrases in lower case match in any case, others only as written."""
    any_case: set[str] = set()
    as_written: set[str] = set()
    for phrase in phrases:
        (any_case if phrase == phrase.lower() else as_written).add(phrase)
    parts = []
    if any_case:
        parts.append(f"(?i:{trie_regex(any_case)})")
    if as_written:
        parts.append(trie_regex(as_written))
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"
