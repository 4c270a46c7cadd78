"""From a text to passages: the sentences that hold a quantity, each with all that its facts can be read from.

text → marks (marks.py) → sections and criterion lines (sections.py) → for each sentence that can hold a quantity:
tokens (lexicon.py) and quantities (quantity/).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from trialsift.extraction.mentions.abbreviations import defined_names
from trialsift.extraction.mentions.lexer import Lexer
from trialsift.extraction.mentions.lexicon import Concept
from trialsift.extraction.prefilter.marks import Marks, Vocabulary, cuts_word
from trialsift.extraction.prefilter.topics import Topics
from trialsift.extraction.quantities.parts import Token
from trialsift.extraction.quantities.reader import QuantityReader
from trialsift.extraction.structure.passage import Passage
from trialsift.extraction.structure.sections import Line, Section, Structure
from trialsift.model.document import CRITERIA, NO_CRITERIA, Part, segments

# Only here can a quantity stand, but for digits: a limit of normal, a counted fraction.
_LIMIT = re.compile(
    r"\b[UL]LN|\bI?ULN|\bUNL|limits? of|normal limit|upper (?:limit|normal)|(?:one|two|three|four|five|six|eight|"
    r"ten|single|teen|twenty|thirty|ty)[\s-]+(?:\w+[\s-]+){0,2}"
    r"(?:fraction|years|treatments)|performance",
    re.I,
)
#: A word without which that finds nothing.
_LIMIT_WORD = re.compile(r"^(?:[UL]LN|IULN|UNL|fraction|years|treatments)|limit|upper$|performance", re.I)
_DIGIT = re.compile(r"\d")
_NEAR = 1000  # characters of a criterion line around a sentence that an engine may look at
# Numbers, operators and names in a passage: engines compare them with each other. No document's sentence has so many.
_MOST_TOKENS = 80
# So many signs and blanks in a row join nothing: a table's white space, a line of asterisks.
_NO_WORDS = re.compile(r"\W{36,}")
# Of so many in a row every sixth is one, and there are six of those.
_SIXTHS = re.compile(r"\W{6}")
_ALL = -1
_EXCEPTS = re.compile(r"(?:in|for|if|with)\b[^.;:]{5,80}[:,]\s*[<>≤≥]", re.I)
_OPENS = re.compile(r"(?<!\d)\w[^.\d]{0,50}$")


class PassageReader:
    """Cuts texts into sections and passages; `structure`, `lexer` and `quantities` tell what stands in them."""

    def __init__(self, structure: Structure, lexer: Lexer, quantities: QuantityReader, topics: Topics) -> None:
        self._structure, self._lexer, self._quantities = structure, lexer, quantities
        self._topics = topics
        self._vocabulary = Vocabulary(lexer.phrases, structure.phrases, _LIMIT_WORD, topics)

    def read(self, text: str, parts: Sequence[Part] = ()) -> tuple[list[Section], Iterator[Passage]]:
        """The sections of a text that has been folded, and its passages in order, none over the end of a part."""
        marks = self._vocabulary.marks(text)
        sections = self._structure.sections(text, parts, marks)
        document = _Document(
            text, marks, sections, defined_names(text, self._lexer.names, marks), _SIXTHS.search(text[::6]) is not None
        )
        return sections, chain.from_iterable(self._passages(document, *part) for part in segments(text, parts))

    def _passages(self, document: _Document, begin: int, stop: int) -> Iterator[Passage]:
        text = document.text
        unsectioned = len(document.sections) == 1
        topics = self._topics
        before_it: list[Line] = []  # lines that may open a line to come
        over_line: Line | None = None
        over, headed = 0, topics.always  # what that line speaks of, and for which engines
        lexed: Line | None = None  # the last opener whose tokens were wanted
        lexed_tokens: list[Token] = []
        for line in self._structure.lines(text, begin, stop):
            while before_it:
                last = before_it[-1]
                if (
                    last.indent < line.indent
                    or (last.indent == line.indent and line.bulleted and not last.bulleted)
                    or (last.indent == line.indent and _heads(text, last, line))
                ) and _opens(document, last):
                    break
                before_it.pop()
            above = before_it[-1] if before_it else None
            before_it.append(line)
            if not document.can_hold_quantity(line.start, line.end):
                continue
            if above is not over_line:
                over_line, over = above, 0 if above is None else document.spoken(above.start, above.end)
                headed = topics.always | topics.head(over)
            above_tokens: list[Token] = []
            before: tuple[int, int] | None = None
            for start, end, whole in self._sentences(document, line):
                excepts = before is not None and _EXCEPTS.match(text, start, end) is not None
                spoken, line_start = document.spoken(start, end), max(whole[0], start - _NEAR)
                engines = (
                    headed
                    | topics.point(spoken, text, start, end)
                    | topics.open(text, line_start, document.lexemes(line_start, end))
                )
                if not (engines or excepts or above_tokens or topics.may_name(spoken | over)):
                    before = start, end
                    continue
                if above is not None and not above_tokens and topics.may_name(over):
                    if above is not lexed:
                        lexed, lexed_tokens = above, self._tokens(document, above.start, above.end)
                    above_tokens = lexed_tokens
                if excepts and before is not None:  # `ALP ≤ 2.5 x ULN. With bone metastases: ≤ 5 x ULN`
                    above_tokens = self._tokens(document, *before) or above_tokens
                tokens = self._tokens(document, start, end)
                before = start, end
                engines |= topics.named(tokens) | topics.named(above_tokens)
                if not engines:
                    continue
                quantities = self._quantities.read(text, tokens, end)
                if not quantities:
                    continue
                section = document.section_at(start)
                yield Passage(
                    text,
                    start,
                    end,
                    line_start,
                    min(whole[1], end + _NEAR),
                    section.polarity,
                    tokens,
                    quantities,
                    (above.start, above.end) if above else None,
                    above_tokens,
                    unsectioned_bullet=line.bulleted and unsectioned,
                    unheaded=section.name == CRITERIA and section.heading is None,
                    limits_nobody=section.name in NO_CRITERIA,
                    engines=engines,
                )

    def _sentences(self, document: _Document, line: Line) -> Iterator[tuple[int, int, tuple[int, int]]]:
        """The sentences of a line that can hold a quantity, each with the part of the line without a gap that it stands
        in; cut where they have too many tokens."""
        text, marks = document.text, document.marks
        for whole in _stretches(text, line.start, line.end) if document.gaps else ((line.start, line.end),):
            for start, end in document.cut(self._structure.sentences(text, *whole)):
                if (start, end) != (line.start, line.end) and not document.can_hold_quantity(start, end):
                    continue
                # a token has a mark, but for those that the document defines
                begun = bisect_left(marks.lexemes, end) - bisect_left(marks.lexemes, start)
                if begun > _MOST_TOKENS or document.defined:
                    tokens = self._tokens(document, start, end)
                    for cut in [token.start for token in tokens[_MOST_TOKENS::_MOST_TOKENS]]:
                        yield start, cut, whole
                        start = cut
                yield start, end, whole

    def _tokens(self, document: _Document, start: int, end: int) -> list[Token]:
        return self._lexer.tokens(document.text, start, end, document.defined, document.marks)


class _Document:
    """A text with what is known of it as a whole. `gaps` says whether it can hold any (_NO_WORDS)."""

    __slots__ = ("_begins", "_starts", "defined", "gaps", "marks", "sections", "text")

    def __init__(
        self, text: str, marks: Marks, sections: list[Section], defined: Mapping[str, Concept], gaps: bool
    ) -> None:
        self.text, self.marks, self.sections, self.defined, self.gaps = text, marks, sections, defined, gaps
        self._starts = [section.start for section in sections]
        self._begins = [section.start for section in sections[1:] if section.polarity is not None]

    def can_hold_quantity(self, start: int, end: int) -> bool:
        """Whether a range holds a digit, or a limit in words."""
        marks, text = self.marks, self.text
        if cuts_word(text, start):
            return _DIGIT.search(text, start, end) is not None or _LIMIT.search(text, start, end) is not None
        digits, limits = marks.digits, marks.limits
        at = bisect_left(digits, start)
        if at < len(digits) and digits[at] < end:
            return True
        at = bisect_left(limits, start)
        return at < len(limits) and limits[at] < end and _LIMIT.search(text, start, end) is not None

    def spoken(self, start: int, end: int) -> int:
        """The classes of words in a range, as bits (entities/topics.py); all of them where that can't be told."""
        if cuts_word(self.text, start) or cuts_word(self.text, end):
            return _ALL
        if self.defined and any(short in self.text[start:end] for short in self.defined):
            return _ALL
        return self.marks.spoken(start, end)

    def lexemes(self, start: int, end: int) -> Iterator[int]:
        """Where in a range a number or an operator can begin."""
        places = self.marks.lexemes
        return (places[at] for at in range(bisect_left(places, start), bisect_left(places, end)))

    def section_at(self, offset: int) -> Section:
        """The section that an offset lies in."""
        return self.sections[bisect_right(self._starts, offset) - 1]

    def cut(self, sentences: list[tuple[int, int]]) -> Iterable[tuple[int, int]]:
        """The sentences, cut where a section begins inside one."""
        begins = self._begins
        first = bisect_right(begins, sentences[0][0]) if sentences else 0
        if first == len(begins) or not sentences or begins[first] >= sentences[-1][1]:
            return sentences
        return _cut(sentences, begins)


def _opens(document: _Document, line: Line) -> bool:
    """Whether what follows a line can be about what it names: it ends with a colon, or in words."""
    text, start, end = document.text, line.start, line.end
    last = text[end - 1]
    if last == "." or end - start > 300:
        return False
    worded = last == ":" or (last.isalpha() and not text[end - 2].isdecimal())  # most lines; for the others:
    return (worded or _OPENS.search(text, max(start, end - 51), end) is not None) and not (
        document.gaps and _NO_WORDS.search(text, start, end)
    )


def _heads(text: str, opener: Line, line: Line) -> bool:
    """A line that ends with a colon heads what follows it at once."""
    return text[opener.end - 1] == ":" and text[opener.end : line.start].strip() == ""


def _stretches(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A line, without its gaps."""
    for gap in _NO_WORDS.finditer(text, start, end):
        if start < gap.start():
            yield start, gap.start()
        start = gap.end()
    if start < end:
        yield start, end


def _cut(sentences: list[tuple[int, int]], begins: list[int]) -> Iterator[tuple[int, int]]:
    for start, end in sentences:
        for begin in begins[bisect_right(begins, start) : bisect_left(begins, end)]:
            yield start, begin
            start = begin
        yield start, end
