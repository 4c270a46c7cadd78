"""Topics: which engines a sentence has a clue for, told before its numbers are read.

Most sentences with a number are about none of it: `no surgery within 14 days`. Whether a sentence holds any clue is
known from one look at its words; what no clue points to is not read any further.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from trialsift.extraction.labels.clues import Clue
from trialsift.extraction.quantities.parts import Token
from trialsift.extraction.quantities.units import Units


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
