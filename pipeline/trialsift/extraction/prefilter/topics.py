"""What a sentence has to speak of before any engine can find a fact in it, told before its numbers are read.

Most sentences with a number are about none of it: `no surgery within 14 days`. Each engine names its clues, the words
of which its facts need one: names of tests, units of doses, words for ages. Whether a sentence holds any is known from
one look at its words; what no clue points to is not read any further.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from trialsift.extraction.quantities.parts import Token
from trialsift.extraction.quantities.units import Units

_LETTERS = re.compile(r"[A-Za-z]+")
# An expression of which it is told here what words it matches: letters, with some left out or chosen among.
_SIMPLE = re.compile(r"[A-Za-z?|()\[\]: ]+")
_GLUED = re.compile(r"(?<![A-Za-z])[a-z](?=[^\sA-Za-z])")
_EDGE = "\\b"


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

    def test(self, units: Units) -> Callable[[str], bool]:
        """A function that tells whether a word is of the class, but for glued letters."""
        all_of = self | of_phrases(units.begun(self.kinds, self.codes))
        any_case, written = all_of.any_case, all_of.written
        parts = [
            *all_of.expressions,
            *(f".*{string}.*" for string in all_of.within),
            *([".*"] if all_of.unknown else []),
        ]
        regex = re.compile("|".join(parts), re.I) if parts else None
        return lambda word: (
            word.lower() in any_case or word in written or (regex is not None and regex.fullmatch(word) is not None)
        )


@dataclass(frozen=True, slots=True)
class Clue:
    """What a fact may need: a word of each of these classes in its sentence, and what `expression` finds there.

    `above`: the line above holds the words instead. `opens`: it needs none where it is the first thing in its line,
    behind what `expression` matches as a whole. `name`: the type of a concept (lexicon.py), here or above; the words
    are those of such names, and the lexer tells for certain.
    """

    words: tuple[Words, ...]
    expression: re.Pattern[str] | None = None
    above: bool = False
    opens: bool = False
    name: str | None = None


class Topics:
    """The clues of all engines: each engine is a bit, and so is each class of words. `listed` matches the number of a
    list, which opens a line and is no quantity."""

    def __init__(self, clues: Sequence[Sequence[Clue]], listed: re.Pattern[str], units: Units) -> None:
        pairs = [(1 << engine, clue) for engine, of_engine in enumerate(clues) for clue in of_engine]
        classes = list(dict.fromkeys(words for _, clue in pairs for words in clue.words))
        bit = {words: 1 << number for number, words in enumerate(classes)}
        self._tests = [(bit[words], words.test(units)) for words in classes]
        self._glued = [(bit[words], words.glued) for words in classes]
        needed = [(engine, sum(bit[words] for words in clue.words), clue) for engine, clue in pairs]
        self._clues = [
            (engine, words, clue.expression)
            for engine, words, clue in needed
            if not (clue.above or clue.opens or clue.name)
        ]
        self._above = [(engine, words) for engine, words, clue in needed if clue.above]
        self._openings = [(engine, clue.expression) for engine, _, clue in needed if clue.opens and clue.expression]
        self._named = {clue.name: engine for engine, _, clue in needed if clue.name}
        self._names = sum(words for _, words, clue in needed if clue.name)
        self._listed = listed
        #: The engines that read every sentence, since a rule of theirs needs no word that is known.
        self.always = sum({engine for engine, clue in pairs if any(words.unknown for words in clue.words)})

    def of_word(self, word: str) -> int:
        """The classes that a run of ASCII letters belongs to."""
        return sum(bit for bit, belongs in self._tests if belongs(word))

    def of_glued(self, letter: str) -> int:
        """The classes that a letter belongs to where something stands right behind it."""
        return sum(bit for bit, letters in self._glued if letter.lower() in letters)

    def may_name(self, classes: int) -> bool:
        """Whether words of these classes may be names that are a clue."""
        return bool(classes & self._names)

    def named(self, tokens: Iterable[Token]) -> int:
        """The engines whose names are among tokens."""
        found = 0
        for token in tokens:
            if isinstance(token.value, tuple):
                found |= self._named.get(token.value[0], 0)
        return found

    def head(self, classes: int) -> int:
        """The engines that a line above with words of these classes is a clue for, but for names."""
        return sum({engine for engine, needed in self._above if classes & needed == needed})

    def open(self, text: str, line_start: int, places: Iterable[int]) -> int:
        """The engines for which a quantity at one of these places, in rising order, may be the first in its line."""
        for place in places:
            found = 0
            for engine, opening in self._openings:
                if opening.fullmatch(text, line_start, place):
                    found |= engine
            if not found or not self._listed.match(text, place):
                return found
        return 0

    def point(self, classes: int, text: str, start: int, end: int) -> int:
        """The engines that a sentence with words of these classes has a clue for, but for names."""
        found = 0
        for engine, needed, expression in self._clues:
            if (
                classes & needed == needed
                and not found & engine
                and (expression is None or expression.search(text, start, end))
            ):
                found |= engine
        return found


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
