"""`Lexer` finds the operators, numbers and concepts in a range of text in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from trialsift.extraction.mentions.lexicon import Concept, Names, find_beginning
from trialsift.extraction.quantities import numbers
from trialsift.extraction.quantities.comparators import Comparators
from trialsift.extraction.quantities.parts import Token


def select_names(matches: Iterable[re.Match[str]]) -> Iterator[re.Match[str]]:
    """Iterates over those matches of `Lexer.pattern` that are names."""
    return (match for match in matches if match.lastgroup == "concept")


class Lexer:
    """Finds operators, numbers and concepts."""

    def __init__(self, comparators: Comparators, names: Names) -> None:
        self.names = names
        figure = rf"(?P<serial>{numbers.SERIAL})|(?P<num>{numbers.NUMBER}"
        self._others = rf"(?P<op>{comparators.before})|{figure}|{numbers.NUMBER_WORD})"
        others = (*comparators.phrases, *numbers.BEGINNINGS)
        #: The beginnings of all tokens but numbers in digits.
        self.phrases = (*names.iter_phrases(), *others)
        #: `l` is a misread 1.
        self._other_words = {find_beginning(phrase) for phrase in others} | {"l"}
        self._other = re.compile(self._others)
        self._figure = re.compile(f"{figure})")

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Any token, in the groups `concept`, `op`, `num` and `serial`; the last is skipped."""
        return re.compile(rf"(?P<concept>{self.names.build_regex()})|{self._others}")

    def match(self, text: str, at: int, end: int, surface: str) -> re.Match[str] | None:
        """Returns what `pattern` matches at one place of a folded text, and finds it faster. `surface` is the word, or
        what begins with the sign or digit, that stands there."""
        beginning = surface.lower() if surface.isalpha() and surface.isascii() else surface[0].lower()
        found = self.names.match(text, at, end, beginning)
        if found is not None:
            return found
        if beginning.isdecimal():
            return self._figure.match(text, at, end)
        if beginning in self._other_words or not (beginning.isascii() and beginning.isalpha()):
            return self._other.match(text, at, end)
        return None

    def find_tokens(
        self,
        text: str,
        start: int,
        end: int,
        defined: Mapping[str, Concept] | None = None,
        matches: Iterable[re.Match[str]] | None = None,
    ) -> list[Token]:
        """Returns the tokens of `text[start:end]`, in order.

        `defined` are the abbreviations that the document defines. `matches` are the matches of `pattern` in the range,
        if the caller has them already.
        """
        found = []
        for match in self.pattern.finditer(text, start, end) if matches is None else matches:
            kind = match.lastgroup
            if kind == "concept":
                found.append(Token("concept", *match.span(), self.names.get(match.group())))
            elif kind == "op" or (kind == "num" and numbers.is_short(match.group())):
                found.append(Token(kind, *match.span()))
        if defined:
            found = self._add_defined(text, start, end, found, defined)
        return found

    @staticmethod
    def _add_defined(
        text: str, start: int, end: int, tokens: list[Token], defined: Mapping[str, Concept]
    ) -> list[Token]:
        pattern = re.compile(
            r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(defined, key=len, reverse=True))) + r")(?!\w)"
        )
        extra = [Token("concept", m.start(), m.end(), defined[m.group()]) for m in pattern.finditer(text, start, end)]
        kept = [t for t in tokens if not any(e.start < t.end and t.start < e.end for e in extra)]
        return sorted([*kept, *extra], key=lambda t: t.start)
