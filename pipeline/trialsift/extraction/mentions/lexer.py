"""`Lexer` finds the operators, numbers and concepts in a range of text in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from trialsift.extraction.mentions.lexicon import Concept, Names, find_beginning
from trialsift.extraction.quantities import numbers
from trialsift.extraction.quantities.comparators import Comparators
from trialsift.extraction.quantities.parts import Token
from trialsift.model.memory import remember

#: Most figures: what follows ends them, so that no other form of a number need be tried.
_SHORT_FIGURE = re.compile(r"(?P<num>(?<![\w.,/])[0-9]{1,3}+(?:\.(?!10)[0-9]{1,3}+)?(?=[;)%\]]|\s[b-zB-Z(<>≤≥]))")


def select_names(matches: Iterable[re.Match[str]]) -> Iterator[re.Match[str]]:
    """Iterates over those matches of `Lexer.pattern` that are names."""
    return (match for match in matches if match.lastgroup == "concept")


class Lexer:
    """Finds operators, numbers and concepts."""

    def __init__(self, comparators: Comparators, names: Names) -> None:
        self.names = names
        figure = rf"(?P<serial>{numbers.SERIAL})|(?P<num>{numbers.NUMBER}"
        self._others = rf"(?P<op>{comparators.before})|{figure}|{numbers.NUMBER_WORD})"
        self._comparators, others = comparators, (*comparators.phrases, *numbers.BEGINNINGS)
        #: The beginnings of all tokens but numbers in digits.
        self.phrases = (*names.iter_phrases(), *others)
        self._other_beginnings = {find_beginning(phrase) for phrase in others} | {*"l."}  # `l` is a misread 1
        self._number_words = {find_beginning(phrase) for phrase in numbers.BEGINNINGS}
        self._other, self._figure = re.compile(self._others), re.compile(f"{figure})")
        self._number_word = re.compile(f"(?P<num>{numbers.NUMBER_WORD})")
        self._of_beginning: dict[str, tuple[re.Pattern[str], ...]] = {}
        self.list_expressions = remember(self._list_expressions)
        self._read_name = remember(names.get)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Any token, in the groups `concept`, `op`, `num` and `serial`; the last is skipped."""
        return re.compile(rf"(?P<concept>{self.names.build_regex()})|{self._others}")

    def _list_expressions(self, surface: str) -> tuple[re.Pattern[str], ...]:
        """The expressions of which the first that matches at one place of a folded text gives what `pattern` would, and
        finds it faster. `surface` is the word, or what begins with the sign or digit, that stands there."""
        beginning = surface.lower() if surface.isalpha() and surface.isascii() else surface[0].lower()
        known = self._of_beginning.get(beginning)
        if known is None:
            found = [self.names.find_expression(beginning), *self._list_others(beginning)]
            known = tuple(expression for expression in found if expression is not None)
            if known:  # of any other word there is nothing to keep
                self._of_beginning[beginning] = known
        return known

    def _list_others(self, beginning: str) -> Iterator[re.Pattern[str]]:
        """Iterates over the expressions for what is no name."""
        if beginning.isdecimal():
            yield from (_SHORT_FIGURE, self._figure)
        elif beginning not in self._other_beginnings and not beginning.isspace():  # `≥ l500`: from the space on
            return
        elif beginning == "l" or not (beginning.isascii() and beginning.isalpha()):
            yield self._other
        else:
            operator = self._comparators.write_before(beginning)
            if operator:
                yield re.compile(f"(?P<op>{operator})")
            if beginning in self._number_words:
                yield self._number_word

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
                found.append(Token("concept", *match.span(), self._read_name(match.group())))
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
