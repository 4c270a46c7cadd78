"""`Scanner`: where headings, names, numbers and operators stand in one text.

The steps of the extraction ask it, and it looks everywhere. prefilter/ has one that looks only where something can
begin, and passes over sentences in which no engine can find anything; it gives the same facts, sooner.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from trialsift.extraction.mentions.lexer import Lexer
from trialsift.extraction.mentions.lexicon import Concept
from trialsift.extraction.quantities.parts import Token
from trialsift.extraction.structure.sections import Structure

if TYPE_CHECKING:
    from trialsift.extraction.structure.sentences import Sentence

#: The bits of all engines.
ALL = -1
# Only here can a quantity stand, but for digits: a limit of normal, a counted fraction.
LIMIT = re.compile(
    r"\b[UL]LN|\bI?ULN|\bUNL|limits? of|normal limit|upper (?:limit|normal)|(?:one|two|three|four|five|six|eight|"
    r"ten|single|teen|twenty|thirty|ty)[\s-]+(?:\w+[\s-]+){0,2}"
    r"(?:fraction|years|treatments)|performance",
    re.I,
)
_DIGIT = re.compile(r"\d")


class Scanner:
    """Looks through one text that has been folded (folding.py)."""

    def __init__(self, text: str, lexer: Lexer, structure: Structure) -> None:
        self.text = text
        #: The abbreviations that the text itself defines; known once they have been looked for.
        self.defined: Mapping[str, Concept] = {}
        self._lexer, self._structure = lexer, structure

    def find_headings(self, start: int, end: int) -> Iterator[re.Match[str]]:
        """The headings in `text[start:end]`, read as a text of its own."""
        return self._structure.heading.finditer(self.text[start:end])

    def find_names(self, start: int, end: int) -> Iterator[re.Match[str]]:
        """The names in a range."""
        return self._lexer.names.pattern.finditer(self.text, start, end)

    def find_tokens(self, start: int, end: int) -> list[Token]:
        """Operators, numbers and names in a range, in order."""
        return self._lexer.tokens(self.text, start, end, self.defined)

    def may_hold_quantity(self, start: int, end: int) -> bool:
        """Whether a range holds a digit, or a limit in words."""
        return _DIGIT.search(self.text, start, end) is not None or LIMIT.search(self.text, start, end) is not None

    def may_hold_tokens(self, start: int, end: int, number: int) -> bool:
        """Whether a range may hold more tokens than this."""
        return True

    def may_name(self, start: int, end: int) -> bool:
        """Whether a name that an engine asks for may stand in a range."""
        return True

    def engines_by_words(self, sentence: Sentence) -> int | None:
        """The engines for which a sentence holds a clue, as bits, but for names; None where none can find anything."""
        return ALL

    def engines_by_names(self, tokens: Iterable[Token]) -> int:
        """The engines whose names are among tokens."""
        return ALL
