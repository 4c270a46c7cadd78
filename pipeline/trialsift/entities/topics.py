"""What a sentence has to speak of before any engine can find a fact in it, told before its numbers are read.

Most sentences with a number are about none of it: `no surgery within 14 days`. Each engine names the words of which
its facts need one, and the kinds of unit: names of tests and scales, units of doses, words for ages and people.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_LETTERS = re.compile(r"[A-Za-z]+")
# An expression of which it is told here what words it matches: letters, with some left out or chosen among.
_SIMPLE = re.compile(r"[A-Za-z?|()\[\]: ]+")
_EDGE = "\\b"


@dataclass(frozen=True, slots=True)
class Topics:
    """`words` are runs of ASCII letters in any case, `written` as they stand; `expressions` match such a run as a
    whole, `within` stands inside of one; `kinds` and `codes` are those of units. `openings` are what may stand in front
    of a quantity that fills its line. `unknown`: it can't be told, so that all sentences have to be read."""

    words: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()
    expressions: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    openings: tuple[re.Pattern[str], ...] = ()
    unknown: bool = False

    def __or__(self, other: Topics) -> Topics:
        return Topics(
            self.words | other.words,
            self.written | other.written,
            (*self.expressions, *other.expressions),
            (*self.within, *other.within),
            self.kinds | other.kinds,
            self.codes | other.codes,
            (*self.openings, *other.openings),
            self.unknown or other.unknown,
        )

    def regex(self) -> re.Pattern[str] | None:
        """An expression that matches a run of ASCII letters, as a whole, that an engine needs; None where all do."""
        if self.unknown:
            return None
        within = (f".*{string}.*" for string in self.within)
        any_case = "|".join([*sorted(self.words), *self.expressions, *within])
        return re.compile("|".join([f"(?i:{any_case})", *sorted(self.written)]))


def of_phrases(phrases: Iterable[str]) -> Topics:
    """Topics of names or units: of each a word that is a name by itself, else its longest one, also with a plural s.
    What is in lower case stands for any case, what has a capital letter for itself."""
    known = sorted(set(phrases), key=lambda phrase: (len(_LETTERS.findall(phrase)), phrase))
    words: set[str] = set()
    written: set[str] = set()
    for phrase in known:
        runs, any_case = _LETTERS.findall(phrase), phrase == phrase.lower()
        named = not words.isdisjoint(run.lower() for run in runs)
        if not named and (any_case or written.isdisjoint(runs)):
            (words if any_case else written).add(max(reversed(runs), key=len, default=""))
    plural = {word + "s" for word in words}
    return Topics(frozenset(words | plural), frozenset(written), unknown="" in words | written)


def of_words(expressions: Iterable[str]) -> Topics:
    """Topics of expressions for words, as a file's table `[words]` has them: their first words."""
    bare = [expression.removeprefix(_EDGE).removesuffix(_EDGE) for expression in expressions]
    firsts = tuple(expression.split(" ")[0] for expression in bare)
    told = all(map(_SIMPLE.fullmatch, bare)) and not any(_open(first) for first in firsts)
    return Topics(expressions=firsts if told else (), unknown=not told)


def _open(expression: str) -> bool:
    """Whether a group or class is cut off."""
    return any(expression.count(left) != expression.count(right) for left, right in ("()", "[]"))
