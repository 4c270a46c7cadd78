"""Topics: which engines a sentence has a clue for, decided before its numbers are read.

Most sentences with a number concern no engine: `no surgery within 14 days`. One look at the words of a sentence shows
whether it holds a clue; sentences without one are not read further.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from trialsift.extraction.labels.clues import Clue, Opens
from trialsift.extraction.quantities.parts import Token
from trialsift.extraction.quantities.units import Units


class Topics:
    """The clues of all engines. Each engine is a bit, and so is each class of words.

    `listed` matches the number of a list item, which opens a line and is no quantity.
    """

    def __init__(self, clues: Sequence[Sequence[Clue]], listed: re.Pattern[str], units: Units) -> None:
        pairs = [(1 << engine, clue) for engine, of_engine in enumerate(clues) for clue in of_engine]
        classes = list(dict.fromkeys(words for _, clue in pairs for words in clue.words))
        bit = {words: 1 << number for number, words in enumerate(classes)}
        filled = [(bit[words], words.fill(units)) for words in classes]
        self._tests = [(one, words.test()) for one, words in filled]
        self._glued = [(one, words.glued) for one, words in filled]
        needed = [(engine, sum(bit[words] for words in clue.words), clue) for engine, clue in pairs]
        self._clues = [
            (engine, words, clue.expression)
            for engine, words, clue in needed
            if not (clue.above or clue.opens or clue.name)
        ]
        self._above = [(engine, words) for engine, words, clue in needed if clue.above]
        self._openings = [
            (engine, clue.opens, words, clue.expression)
            for engine, words, clue in needed
            if clue.opens and clue.expression
        ]
        self._named = {clue.name: engine for engine, _, clue in needed if clue.name}
        self._names = sum(words for _, words, clue in needed if clue.name)
        self._listed = listed
        #: Engines that read every sentence, since one of their rules needs no known word.
        self.always = sum({engine for engine, clue in pairs if any(words.unknown for words in clue.words)})

    def classify_word(self, word: str) -> int:
        """Returns the classes of a run of ASCII letters."""
        return sum(bit for bit, belongs in self._tests if belongs(word))

    def classify_glued(self, letter: str) -> int:
        """Returns the classes of a letter that something follows directly."""
        return sum(bit for bit, letters in self._glued if letter.lower() in letters)

    def may_name(self, classes: int) -> bool:
        """Whether words of these classes may be names that are a clue."""
        return bool(classes & self._names)

    def find_named(self, tokens: Iterable[Token]) -> int:
        """Returns the engines whose names are among the tokens."""
        found = 0
        for token in tokens:
            if isinstance(token.value, tuple):
                found |= self._named.get(token.value[0], 0)
        return found

    def find_headed(self, classes: int) -> int:
        """Returns the engines for which a line above with words of these classes is a clue, names aside."""
        return sum({engine for engine, needed in self._above if classes & needed == needed})

    def find_opened(
        self, classes: Callable[[Opens], int], known: int, text: str, line_start: int, places: Iterable[int]
    ) -> int:
        """Returns the engines, of others than those that are `known`, for which a quantity at one of these places, in
        ascending order, may be the first in its line. `classes` returns those of the words that stand somewhere."""
        openings = [
            (engine, opening)
            for engine, where, needed, opening in self._openings
            if not known & engine and classes(where) & needed == needed
        ]
        if not openings:
            return 0
        for place in places:
            found = 0
            for engine, opening in openings:
                if opening.fullmatch(text, line_start, place):
                    found |= engine
            if not found or not self._listed.match(text, place):
                return found
        return 0

    def find_pointed(self, classes: int, text: str, start: int, end: int) -> int:
        """Returns the engines for which a sentence with words of these classes holds a clue, names aside."""
        found = 0
        for engine, needed, expression in self._clues:
            if (
                classes & needed == needed
                and not found & engine
                and (expression is None or expression.search(text, self._skip_number(text, start), end))
            ):
                found |= engine
        return found

    def _skip_number(self, text: str, start: int) -> int:
        listed = self._listed.match(text, start)
        return start if listed is None else listed.end()
