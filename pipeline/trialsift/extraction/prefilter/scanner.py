"""A `Scanner` that searches fewer places and finds the same: at marks (marks.py), in sentences with a clue (topics.py).

Nothing else knows about this package; `Extractor(prefilter=False)` works without it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from trialsift.extraction.labels.age.candidate import LISTED
from trialsift.extraction.labels.clues import Clue, Opens
from trialsift.extraction.mentions.lexer import Lexer, select_names
from trialsift.extraction.mentions.lexicon import find_beginning
from trialsift.extraction.prefilter.marks import Marks, Vocabulary, cuts_word
from trialsift.extraction.prefilter.topics import Topics
from trialsift.extraction.quantities.parts import Token
from trialsift.extraction.quantities.units import Units
from trialsift.extraction.structure.lines import find_line_above
from trialsift.extraction.structure.passage import Window
from trialsift.extraction.structure.scanner import ALL, Scanner
from trialsift.extraction.structure.sections import Structure
from trialsift.extraction.structure.sentences import Sentence

_DIGIT = re.compile(r"\d")
_LAST_WORD = re.compile(r"[^\W_]*$")
_TABLE = 3 * Window.TABLE  # characters: so far above may stand what the rows of a table are about
_LONGEST = 100  # characters: no token is a longer word


class Prefilter:
    """Creates scanners. `clues` are those of each engine, in the order of the engines' bits."""

    def __init__(self, lexer: Lexer, structure: Structure, clues: Sequence[Sequence[Clue]], units: Units) -> None:
        self.lexer, self.structure = lexer, structure
        self.topics = Topics(clues, LISTED, units)
        self.vocabulary = Vocabulary(lexer.phrases, structure.phrases, structure.words.limit_word, self.topics)

    def scan(self, text: str) -> Scanner:
        """Returns a scanner for a folded text."""
        return MarkedScanner(text, self)


class MarkedScanner(Scanner):
    """Searches at the marks of a text, and skips sentences without a clue."""

    def __init__(self, text: str, prefilter: Prefilter) -> None:
        super().__init__(text, prefilter.lexer, prefilter.structure)
        self._prefilter, self._topics = prefilter, prefilter.topics
        self._marks: Marks = prefilter.vocabulary.find_marks(text)
        self._above: tuple[int, int] | None = None  # the last line above that was asked for; its classes of
        self._spoken, self._headed = 0, self._topics.always  # words, and the engines for which they are a clue

    def find_headings(self, start: int, end: int) -> Iterator[re.Match[str]]:
        within = self._marks.find_headings_in(self.text, start, end)
        text, heading = self.text[start:end], self._structure.heading
        if within is None:
            yield from heading.finditer(text)
            return
        done = 0
        for at in within:
            found = heading.match(text, at) if at >= done else None
            if found is not None:
                yield found
                done = found.end()

    def find_names(self, start: int, end: int) -> Iterator[re.Match[str]]:
        return select_names(self._find_lexemes(start, end))

    def find_tokens(self, start: int, end: int) -> list[Token]:
        return self._lexer.find_tokens(self.text, start, end, self.defined, self._find_lexemes(start, end))

    def _find_lexemes(self, start: int, end: int) -> Iterator[re.Match[str]]:
        marks, text, list_expressions = self._marks, self.text, self._lexer.list_expressions
        some = slice(bisect_left(marks.lexemes, start), bisect_left(marks.lexemes, end))
        places = list(zip(marks.lexemes[some], marks.surfaces[some], strict=True))
        if cuts_word(text, end):  # what is left of a word may begin something else than the whole one
            word = _LAST_WORD.search(text[max(start, end - _LONGEST) : end])
            cut = end if word is None else end - len(word[0])
            places = [place for place in places if place[0] < cut] + [(cut, find_beginning(text, cut, end))]
        for at, begun in places:
            if at >= start:
                for expression in list_expressions(begun):
                    found = expression.match(text, at, end)
                    if found is not None:
                        yield found
                        start = found.end()
                        break

    def may_hold_quantity(self, start: int, end: int) -> bool:
        marks, text = self._marks, self.text
        if cuts_word(text, start):
            return super().may_hold_quantity(start, end)
        digits, limits = marks.digits, marks.limits
        at = bisect_left(digits, start)
        if at < len(digits) and digits[at] < end:
            return True
        at = bisect_left(limits, start)
        return at < len(limits) and limits[at] < end and self.words.limit.search(text, start, end) is not None

    def may_hold_tokens(self, start: int, end: int, number: int) -> bool:
        # every token has a mark, except abbreviations that the document defines
        marks = self._marks.lexemes
        return bool(self.defined) or bisect_left(marks, end) - bisect_left(marks, start) > number

    def may_name(self, start: int, end: int) -> bool:
        return self._topics.may_name(self._classes(start, end))

    def engines_by_words(self, sentence: Sentence) -> int | None:
        if sentence.above != self._above:
            self._above = sentence.above
            self._spoken = 0 if sentence.above is None else self._classes(*sentence.above)
            self._headed = self._topics.always | self._topics.find_headed(self._spoken)
        text, topics, start, end = self.text, self._topics, sentence.start, sentence.end
        spoken, line_start = self._classes(start, end), max(sentence.line[0], start - Window.SURROUNDINGS)

        def find_classes(where: Opens) -> int:
            if where == "sentence":
                return spoken
            if where == "above":
                return self._classes(find_line_above(text, line_start), line_start)
            return self._find_classes(max(0, line_start - _TABLE), end) if sentence.section.polarity is None else 0

        engines = self._headed | topics.find_pointed(spoken, text, start, end)
        engines |= topics.find_opened(find_classes, engines, text, line_start, self._lexemes(line_start, end))
        if engines or sentence.excepted_from or topics.may_name(spoken | self._spoken):
            return engines
        return None

    def engines_by_names(self, tokens: Iterable[Token]) -> int:
        return self._topics.find_named(tokens)

    def _classes(self, start: int, end: int) -> int:
        """Returns the classes of the words in a range, as bits (topics.py); all of them if they are not known."""
        if cuts_word(self.text, start) or cuts_word(self.text, end):
            return ALL
        return self._find_classes(start, end)

    def _find_classes(self, start: int, end: int) -> int:
        """The same, without a word that is cut."""
        if self.defined and any(short in self.text[start:end] for short in self.defined):
            return ALL
        return self._marks.find_classes(start, end)

    def _lexemes(self, start: int, end: int) -> Iterator[int]:
        """Iterates over the places in a range where a number or operator can begin."""
        places = self._marks.lexemes
        return (places[at] for at in range(bisect_left(places, start), bisect_left(places, end)))
