"""`Lexer` finds operators, numbers and concepts of a range of text in one pass."""

from __future__ import annotations

import re
from collections.abc import Mapping

from trialsift.extraction.mentions.lexicon import SPACE, Concept, Names
from trialsift.extraction.prefilter.marks import Marks, matches
from trialsift.extraction.quantities import numbers
from trialsift.extraction.quantities.comparators import Comparators
from trialsift.extraction.quantities.parts import Token

_NUMBER_FIRST = re.compile(r"\d+\s*(\D)")


class Lexer:
    """Operators, numbers and concepts of a range of text, in order."""

    def __init__(self, comparators: Comparators, names: Names) -> None:
        self.names = names
        self._pattern = re.compile(
            rf"(?P<concept>{names.regex()})|(?P<op>{comparators.before})|(?P<serial>{numbers.SERIAL})|"
            rf"(?P<num>{numbers.NUMBER}|{numbers.NUMBER_WORD})"
        )
        # Most numbers are no name, and few names begin with one: `24 hour urine protein`.
        behind = {re.escape(match[1]) for phrase in names.phrases() if (match := _NUMBER_FIRST.match(phrase))}
        named = rf"\d+{SPACE[:-1]}*(?i:{'|'.join(sorted(behind))})" if behind else "(?!)"
        self._figures = re.compile(rf"(?!{named})(?:(?P<serial>{numbers.SERIAL})|(?P<num>{numbers.NUMBER}))")
        #: What its tokens begin with, but for numbers in digits (see marks.py).
        self.phrases = (*names.phrases(), *comparators.phrases, *numbers.WORDS)

    def tokens(
        self,
        text: str,
        start: int,
        end: int,
        defined: Mapping[str, Concept] | None = None,
        marks: Marks | None = None,
    ) -> list[Token]:
        """Tokens of `text[start:end]`. `defined` holds the abbreviations that the document itself defines, `marks`
        where tokens can begin: they make it quick, and change nothing."""
        found = []
        for match in matches(self._pattern, text, start, end, marks and marks.lexemes, self._figures):
            kind = match.lastgroup
            if kind == "concept":
                found.append(Token("concept", *match.span(), self.names.get(match.group())))
            elif kind == "op" or (kind == "num" and match.end() - match.start() <= numbers.LONGEST):
                found.append(Token(kind, *match.span()))
        if defined:
            found = self._with_defined(text, start, end, found, defined)
        return found

    @staticmethod
    def _with_defined(
        text: str, start: int, end: int, tokens: list[Token], defined: Mapping[str, Concept]
    ) -> list[Token]:
        pattern = re.compile(
            r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(defined, key=len, reverse=True))) + r")(?!\w)"
        )
        extra = [Token("concept", m.start(), m.end(), defined[m.group()]) for m in pattern.finditer(text, start, end)]
        kept = [t for t in tokens if not any(e.start < t.end and t.start < e.end for e in extra)]
        return sorted([*kept, *extra], key=lambda t: t.start)
