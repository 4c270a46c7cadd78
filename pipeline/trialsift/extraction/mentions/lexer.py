"""`Lexer` finds operators, numbers and concepts of a range of text in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from trialsift.extraction.mentions.lexicon import Concept, Names
from trialsift.extraction.quantities import numbers
from trialsift.extraction.quantities.comparators import Comparators
from trialsift.extraction.quantities.parts import Token


class Lexer:
    """Operators, numbers and concepts of a range of text, in order."""

    def __init__(self, comparators: Comparators, names: Names) -> None:
        self.names = names
        #: A token, as the groups `concept`, `op`, `serial` (which is none) and `num`.
        self.pattern = re.compile(
            rf"(?P<concept>{names.regex()})|(?P<op>{comparators.before})|(?P<serial>{numbers.SERIAL})|"
            rf"(?P<num>{numbers.NUMBER}|{numbers.NUMBER_WORD})"
        )
        #: What its tokens begin with, but for numbers in digits.
        self.phrases = (*names.phrases(), *comparators.phrases, *numbers.WORDS)

    def tokens(
        self,
        text: str,
        start: int,
        end: int,
        defined: Mapping[str, Concept] | None = None,
        matches: Iterable[re.Match[str]] | None = None,
    ) -> list[Token]:
        """Tokens of `text[start:end]`.

        `defined` holds the abbreviations that the document itself defines; `matches` are those of `pattern` there, for
        a caller who has found them.
        """
        found = []
        for match in self.pattern.finditer(text, start, end) if matches is None else matches:
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
