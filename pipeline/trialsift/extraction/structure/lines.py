"""Splits text into criterion lines and sentences, as ranges of offsets.

A criterion line is a bullet with its wrapped lines; `split_lines` judges by the width of the text whether a line break
is a wrap. Long lines are cut into sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from trialsift.extraction.structure.words import StructureWords

BULLET = re.compile(
    r"(?:[-–—•*·‣▪◦●○■□➢✓]|o(?= ))\s*(?=\S)|\(?(?:\d{1,2}(?:\.\d{1,2})*|[a-zA-Z]|[ivx]{1,4})[.)](?=\s|[A-Z])"
)
_SENTENCE = re.compile(r"[.?!][)\"”’]?\s+(?=[A-Z(\[•\"“]|[-–•*]\s|\d{1,2}[.)]\s+[A-Z])")
_LIST_NUMBER = re.compile(r"(?:[^.?!]*:)?\W*\d{1,2}\.")
# In characters; the longest sentence with a quantity in 4,000 registry texts is shorter.
LONGEST_SENTENCE = 3000
# A text whose longest line has a width in this range was wrapped there; one with shorter lines is a list.
_NARROWEST, _WIDEST = 60, 140


class Line(NamedTuple):
    """A criterion line, heading or paragraph. `indent` is the column of its bullet or first word."""

    start: int
    end: int
    indent: int
    bulleted: bool


def split_lines(text: str, words: StructureWords, begin: int = 0, stop: int | None = None) -> Iterator[Line]:
    """Iterates over the criterion lines from `begin` to `stop`: physical lines, joined where a break is a wrap."""
    bodies = text[begin:stop].split("\n")
    width = max(map(len, bodies))
    wrapped = _NARROWEST <= width <= _WIDEST
    start = end = -1
    indent, bulleted = 0, False
    right = begin - 1
    for body in bodies:
        left, right = right + 1, right + 1 + len(body)
        stripped = body.strip()
        if not stripped:
            continue
        column = body.index(stripped[0])
        bullet = _may_be_bullet(stripped) and BULLET.match(stripped) is not None
        if start >= 0 and not bullet:
            if text.count("\n", end, left) > 1:
                goes_on = stripped[0] in "),;"
            else:
                goes_on = bool(
                    words.goes_on.match(stripped)
                    or words.open_end.search(text, max(start, end - 12), end)
                    or (wrapped and ((bulleted and column > indent) or _is_filled(text, end, stripped, width)))
                    or (text[end - 1].isdigit() and words.unit_first.match(stripped))
                )
            if goes_on:
                end = left + column + len(stripped)
                continue
        if start >= 0:
            yield Line(start, end, indent, bulleted)
        start, end = left + column, left + column + len(stripped)
        indent, bulleted = column, bullet
    if start >= 0:
        yield Line(start, end, indent, bulleted)


def split_sentences(text: str, start: int, end: int, words: StructureWords) -> list[tuple[int, int]]:
    """Returns the sentences of a range. A sentence longer than LONGEST_SENTENCE is cut at a space."""
    if end - start <= LONGEST_SENTENCE and _SENTENCE.search(text, start, end) is None:
        return [(start, end)] if start < end else []
    cuts = [start]
    for stop in _SENTENCE.finditer(text, start, end):
        near = stop.start() - cuts[-1] < LONGEST_SENTENCE
        numbered = near and _LIST_NUMBER.fullmatch(text, cuts[-1], stop.start() + 1)
        if not numbered and not words.abbreviation.search(text, max(start, stop.start() - 8), stop.start() + 1):
            cuts.extend(_find_cuts(text, cuts[-1], stop.end()))
            cuts.append(stop.end())
    cuts.extend(_find_cuts(text, cuts[-1], end))
    return [(a, b) for a, b in zip(cuts, [*cuts[1:], end], strict=True) if a < b]


def _may_be_bullet(line: str) -> bool:
    """Quickly rules out most lines: a letter is a bullet only with a mark right after it."""
    return not line[0].isalpha() or "." in line[1:5] or ")" in line[1:5] or line[:2] == "o "


def _is_filled(text: str, end: int, following: str, width: int) -> bool:
    """Whether the line that ends at `end` has no room left for the first word of the next one."""
    last_line = end - (text.rfind("\n", 0, end) + 1)
    return last_line + 1 + len(following.split(None, 1)[0]) > width - 3


def _find_cuts(text: str, start: int, end: int) -> Iterator[int]:
    """Where to cut an overlong sentence, so that the time for a document stays linear in its length."""
    while end - start > LONGEST_SENTENCE:
        space = text.rfind(" ", start + LONGEST_SENTENCE // 2, start + LONGEST_SENTENCE)
        start = space + 1 if space > 0 else start + LONGEST_SENTENCE
        yield start
