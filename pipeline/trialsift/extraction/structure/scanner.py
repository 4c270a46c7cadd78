"""`Scanner` finds headings, names, numbers and operators in one text.

All steps of the extraction use it. This one searches everywhere; prefilter/ has one that searches only where a match
can begin, and skips sentences in which no engine can find anything. Both lead to the same facts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from trialsift.extraction.mentions.lexer import Lexer, select_names
from trialsift.extraction.mentions.lexicon import Concept
from trialsift.extraction.quantities.parts import Token
from trialsift.extraction.structure.sections import Structure

if TYPE_CHECKING:
    from trialsift.extraction.structure.sentences import Sentence

#: All engines, as bits.
ALL = -1
_DIGIT = re.compile(r"\d")


class Scanner:
    """Searches one folded text (folding.py)."""

    def __init__(self, text: str, lexer: Lexer, structure: Structure) -> None:
        self.text = text
        #: The abbreviations that the text defines; filled in once they have been found.
        self.defined: Mapping[str, Concept] = {}
        self._lexer, self._structure, self.words = lexer, structure, structure.words

    def find_headings(self, start: int, end: int) -> Iterator[re.Match[str]]:
        """Iterates over the headings in `text[start:end]`, taken as a text of its own."""
        return self._structure.heading.finditer(self.text[start:end])

    def find_names(self, start: int, end: int) -> Iterator[re.Match[str]]:
        """Iterates over the names in a range."""
        return select_names(self._lexer.pattern.finditer(self.text, start, end))

    def find_tokens(self, start: int, end: int) -> list[Token]:
        """Returns the operators, numbers and names in a range, in order."""
        return self._lexer.find_tokens(self.text, start, end, self.defined)

    def may_hold_quantity(self, start: int, end: int) -> bool:
        """Whether a range holds a digit, or a limit in words."""
        return (
            _DIGIT.search(self.text, start, end) is not None
            or self.words.limit.search(self.text, start, end) is not None
        )

    def may_hold_tokens(self, start: int, end: int, number: int) -> bool:
        """Whether a range may hold more than `number` tokens."""
        return True

    def may_name(self, start: int, end: int) -> bool:
        """Whether a range may hold a name that an engine looks for."""
        return True

    def engines_by_words(self, sentence: Sentence) -> int | None:
        """The engines for which the words of a sentence, names aside, are a clue, as bits; None if nothing can be found
        in it."""
        return ALL

    def engines_by_names(self, tokens: Iterable[Token]) -> int:
        """The engines whose names are among the tokens, as bits."""
        return ALL
