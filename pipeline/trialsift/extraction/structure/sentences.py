"""Finds the sentences of a document that can hold a quantity, each with its section and the text it continues.

text → sections (sections.py) → criterion lines (lines.py) → sentences. Their contents are read later.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from trialsift.extraction.quantities.parts import Token
from trialsift.extraction.structure.headed_cells import find_headed_cells
from trialsift.extraction.structure.lines import BULLET, Line, split_lines, split_sentences
from trialsift.extraction.structure.scanner import Scanner
from trialsift.extraction.structure.section import Section, find_section
from trialsift.model.document import Part, split_at_parts

Place = tuple[int, int]

# Tokens of a passage, which engines compare pairwise. No real sentence has as many.
MOST_TOKENS = 80
# A run of this many signs and blanks separates: the white space of a table, a line of asterisks.
_NO_WORDS = re.compile(r"\W\W{35,}")  # found faster than `\W{36,}`
# Of 36 in a row every sixth is such a sign, which makes six: a quick test for any run at all.
_SIXTHS = re.compile(r"\W{6}")
_OPENS = re.compile(r"(?<!\d)\w[^.\d]{0,50}$")
_DASHED = re.compile(r"(\d{1,2})(?P<dash>\s?[-–]\s+)(?:(?P<digit>\d)|(?=[A-Za-z<>≤≥]))")
_DASHED_LINE = re.compile(r"\n[^\S\n]*(\d{1,2})\s?[-–]\s")
_WORD = re.compile(r"[^\W\d_]{3}")
_SENTENCE = re.compile(r"[.;]\s+(?=[A-Z])")
_LONGEST_OPENER = 300  # characters
_LOOSE = 12  # tokens: so many fewer a sentence may have for a better place to be cut
_LETTERS, _NUMBER = re.compile(r"[A-Za-z]+"), re.compile(r"\d+")
_NEAR = 1000  # characters: so far the next item of a list may be


class Sentence(NamedTuple):
    """A sentence of a criterion line.

    `line` is the part of its line around it without gaps. `above` is the line that opens this one (a heading, or a
    bullet with sub-bullets). `excepted_from` are the sentences that it makes an exception to, the nearest first: `ALP ≤
    2.5 x ULN. With bone metastases: ≤ 5 x ULN`.
    """

    start: int
    end: int
    line: Place
    bulleted: bool
    section: Section
    above: Place | None
    excepted_from: tuple[Place, ...] = ()


def find_sentences(scanner: Scanner, sections: Sequence[Section], parts: Sequence[Part]) -> list[Sentence]:
    """Returns the sentences that can hold a quantity, in order; none crosses the end of a part."""
    text = scanner.text
    gaps = _SIXTHS.search(text[::6]) is not None
    openings = [section.start for section in sections[1:] if section.polarity is not None]
    found: list[Sentence] = []
    for begin, stop in split_at_parts(text, parts):
        for line, above in _find_openers(text, split_lines(text, scanner.words, begin, stop), gaps):
            if not scanner.may_hold_quantity(line.start, line.end):
                continue
            if text[line.start] == "|" and (cells := find_headed_cells(scanner, line.start)):
                found.extend(
                    Sentence(*cell, cell, False, find_section(sections, cell[0]), head) for cell, head in cells
                )
                continue
            before: Place | None = None
            excepted_from: tuple[Place, ...] = ()
            for start, end, whole in _split_line(scanner, _skip_number(text, line), gaps, openings):
                if before is not None and scanner.words.excepts.match(text, start, end):
                    excepted_from = (before, *excepted_from)
                section = find_section(sections, start)
                opener = None if above is None else _find_place(text, above)
                found.append(Sentence(start, end, whole, line.bulleted, section, opener, excepted_from))
                before = start, end
    return found


def _find_openers(text: str, lines: Iterable[Line], gaps: bool) -> Iterator[tuple[Line, Line | None]]:
    """Iterates over the lines, each with the line above that opens it, or None."""
    openers: list[Line] = []
    for line in lines:
        before = None
        while openers and not (
            (_is_below(text, openers[-1], line) or _goes_on_list(text, openers[-1], before, line))
            and _may_open(text, openers[-1], gaps)
        ):
            before = openers.pop()
        yield line, openers[-1] if openers else None
        openers.append(line)


def _is_below(text: str, opener: Line, line: Line) -> bool:
    """Whether a line is indented further than another, is its first bullet, or follows its colon directly."""
    if opener.indent != line.indent and not (line.bulleted and not opener.bulleted and line.indent == 0):
        return opener.indent < line.indent
    if opener.indent > line.indent:
        return text[opener.end - 1] == ":" and not text[opener.end : line.start].strip()
    if line.bulleted and not opener.bulleted:
        return True
    return text[opener.end - 1] == ":" and not text[opener.end : line.start].strip()


def _goes_on_list(text: str, opener: Line, before: Line | None, line: Line) -> bool:
    """Whether a line has the bullet of the item before it, and the line that opened that, of the same indent, another:
    `1. One of:`, `a) ALT`, `b) AST`."""
    if before is None or not opener.indent == before.indent == line.indent or text[opener.end - 1] != ":":
        return False
    one, other, own = (BULLET.match(text, place.start, place.end) for place in (opener, before, line))
    return None not in (one, other, own) and _find_kind(one) != _find_kind(other) == _find_kind(own)


def _find_kind(bullet: re.Match[str] | None) -> str:
    """Returns a bullet with `1` for any number and `a` for any letters."""
    return "" if bullet is None else _LETTERS.sub("a", _NUMBER.sub("1", bullet.group().rstrip()))


def _may_open(text: str, line: Line, gaps: bool) -> bool:
    """Whether the lines below can be about what this one names: it ends with a colon, or in words."""
    start, end = line.start, line.end
    last = text[end - 1]
    if last == ".":
        return False
    if end - start > _LONGEST_OPENER:
        return last == ":" and _find_place(text, line)[0] > start
    worded = last == ":" or (last.isalpha() and not text[end - 2].isdecimal())  # quick, and true of most lines
    return (worded or _OPENS.search(text, max(start, end - 51), end) is not None) and not (
        gaps and _NO_WORDS.search(text, start, end)
    )


def _find_place(text: str, line: Line) -> Place:
    """The place of a line that opens another; of a paragraph, that of its last sentence."""
    if line.end - line.start <= _LONGEST_OPENER:
        return line.start, line.end
    *_, start = line.start, *(one.end() for one in _SENTENCE.finditer(text, line.end - _LONGEST_OPENER, line.end))
    return start, line.end


def _skip_number(text: str, line: Line) -> Line:
    """The line without its number, where that would be read as the beginning of a range: `1- 18 years or older`."""
    numbered = _DASHED.match(text, line.start, line.end) if text[line.start].isdecimal() else None
    if numbered is None:
        return line
    others = {int(numbered[1]) - 1, int(numbered[1]) + 1}
    near = text[max(0, line.start - _NEAR) : line.start] + text[line.end : line.end + _NEAR]
    first = numbered[1] == "1" and not numbered["dash"][0].isspace()  # `1- 18`: no range is written so
    listed = first or not numbered["digit"] or any(int(other[1]) in others for other in _DASHED_LINE.finditer(near))
    return line._replace(start=numbered.end(1) + len(numbered["dash"])) if listed else line


def _split_line(scanner: Scanner, line: Line, gaps: bool, openings: list[int]) -> Iterator[tuple[int, int, Place]]:
    """Iterates over the sentences of a line that can hold a quantity, each with the gapless part of the line around it.

    Sentences are also cut where a section of criteria begins (`openings`), and when they have too many tokens.
    """
    text = scanner.text
    for whole in _split_at_gaps(text, line.start, line.end) if gaps else ((line.start, line.end),):
        for start, end in _cut_at_openings(split_sentences(text, *whole, scanner.words), openings):
            if (start, end) != (line.start, line.end) and not scanner.may_hold_quantity(start, end):
                continue
            if scanner.may_hold_tokens(start, end, MOST_TOKENS):
                tokens = scanner.find_tokens(start, end)
                for cut in _find_cuts(text, tokens):
                    yield start, cut, whole
                    start = cut
            yield start, end, whole


def _find_cuts(text: str, tokens: Sequence[Token]) -> Iterator[int]:
    """Iterates over the places where a sentence with too many tokens is cut: where a word stands in front of a token,
    if it can be, since what has none may belong to the token before it, as a number to its sign."""
    at = MOST_TOKENS
    while at < len(tokens):
        worded = (i for i in range(at, at - _LOOSE, -1) if _WORD.search(text, tokens[i - 1].end, tokens[i].start))
        at = next(worded, at)
        yield tokens[at].start
        at += MOST_TOKENS


def _split_at_gaps(text: str, start: int, end: int) -> Iterator[Place]:
    """Iterates over the parts of a line between its gaps."""
    for gap in _NO_WORDS.finditer(text, start, end):
        if start < gap.start():
            yield start, gap.start()
        start = gap.end()
    if start < end:
        yield start, end


def _cut_at_openings(sentences: list[Place], openings: list[int]) -> Iterable[Place]:
    """Cuts sentences at the openings of sections inside them."""
    first = bisect_right(openings, sentences[0][0]) if sentences else 0
    if first == len(openings) or not sentences or openings[first] >= sentences[-1][1]:
        return sentences
    cut: list[Place] = []
    for start, end in sentences:
        for opening in openings[bisect_right(openings, start) : bisect_left(openings, end)]:
            cut.append((start, opening))
            start = opening
        cut.append((start, end))
    return cut
