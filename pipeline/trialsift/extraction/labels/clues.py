"""Clues: what a sentence has to speak of before an engine can find a fact in it.

Each engine names its clues, the words of which its facts need one: names of tests, units of doses, words for ages. No
engine looks at them when it reads; prefilter/ does, to pass over sentences that no clue points to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from trialsift.extraction.quantities.units import Units

_LETTERS = re.compile(r"[A-Za-z]+")
# An expression of which it is told here what words it matches: letters, with some left out or chosen among.
_SIMPLE = re.compile(r"[A-Za-z?|()\[\]: ]+")
_GLUED = re.compile(r"(?<![A-Za-z])[a-z](?=[^\sA-Za-z])")
_EDGE = "\\b"
Opens = Literal["sentence", "above", "table"]


@dataclass(frozen=True, slots=True)
class Words:
    """A class of words, each a run of ASCII letters: `any_case`, `written` as they stand, `expressions` that match such
    a run as a whole, `within` that stands inside of one. `glued` are single letters with something right behind them
    (`a1c`). `kinds` and `codes` stand for what units of these kinds or UCUM codes begin with. `unknown`: it can't be
    told, so that all words are of the class."""

    any_case: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()
    expressions: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    glued: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    unknown: bool = False

    def __or__(self, other: Words) -> Words:
        return Words(
            self.any_case | other.any_case,
            self.written | other.written,
            (*self.expressions, *other.expressions),
            (*self.within, *other.within),
            self.glued | other.glued,
            self.kinds | other.kinds,
            self.codes | other.codes,
            self.unknown or other.unknown,
        )

    def fill(self, units: Units) -> Words:
        """The same class, with what its units begin with."""
        return self | of_phrases(units.find_beginnings(self.kinds, self.codes))

    def test(self) -> Callable[[str], bool]:
        """A function that tells whether a word is of the class, once it is filled, but for glued letters."""
        any_case, written = self.any_case, self.written
        parts = [*self.expressions, *(f".*{string}.*" for string in self.within), *([".*"] if self.unknown else [])]
        regex = re.compile("|".join(parts), re.I) if parts else None
        return lambda word: (
            word.lower() in any_case or word in written or (regex is not None and regex.fullmatch(word) is not None)
        )


@dataclass(frozen=True, slots=True)
class Clue:
    """What a fact may need: a word of each of these classes in its sentence, and what `expression` finds there.

    `above`: the line above holds the words instead. `opens`: it is the first thing in its line, behind what
    `expression` matches as a whole, and says where the words stand: in its sentence, in the last line above, or
    outside of criteria in either or further above, as in a table. `name`: the type of a concept (lexicon.py), here or
    above; the words are those of such names, and the lexer tells for certain.
    """

    words: tuple[Words, ...]
    expression: re.Pattern[str] | None = None
    above: bool = False
    opens: Opens | None = None
    name: str | None = None


def of_phrases(phrases: Iterable[str]) -> Words:
    """The words of names or units: of each a word that is a name by itself, else its longest one, also with a plural s.
    What is in lower case stands for any case, what has a capital letter for itself."""
    known = sorted(set(phrases), key=lambda phrase: (len(_LETTERS.findall(phrase)), phrase))
    words: set[str] = set()
    written: set[str] = set()
    glued: set[str] = set()
    for phrase in known:
        runs, any_case = _LETTERS.findall(phrase), phrase == phrase.lower()
        named = not words.isdisjoint(run.lower() for run in runs)
        if named or (not any_case and not written.isdisjoint(runs)):
            continue
        longest = max(reversed(runs), key=len, default="")
        lone = _GLUED.search(phrase)
        if any_case and len(longest) <= 2 and lone is not None:  # `at` of `a1at` is a word
            glued.add(lone.group())
        else:
            (words if any_case else written).add(longest)
    plural = {word + "s" for word in words}
    return Words(frozenset(words | plural), frozenset(written), glued=frozenset(glued), unknown="" in words | written)


def of_words(expressions: Iterable[str]) -> Words:
    """The words that expressions match, as a file's table `[words]` has them: their first words."""
    bare = [expression.removeprefix(_EDGE).removesuffix(_EDGE) for expression in expressions]
    firsts = tuple(expression.split(" ")[0] for expression in bare)
    told = all(map(_SIMPLE.fullmatch, bare)) and not any(map(_open, firsts))
    return Words(expressions=firsts if told else (), unknown=not told)


def _open(expression: str) -> bool:
    """Whether a group or class is cut off."""
    return any(expression.count(left) != expression.count(right) for left, right in ("()", "[]"))
