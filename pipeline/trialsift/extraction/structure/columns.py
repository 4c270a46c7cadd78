"""Tables with criteria for inclusion and for exclusion side by side.

    Inclusion criteria | Exclusion criteria        cells of Markdown, HTML and PDF, tabs, or columns of blanks
    Age ≥ 18 years     | Creatinine > 2 mg/dL

In: a text and the phrases of headings in it. Out: the tables, each with a section for every cell of its rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from trialsift.extraction.structure.section import Section

_CELL = re.compile(r"[|\t]")
_WIDE = re.compile(r"(?<=\S)[^\S\n]{3,}(?=\S)")
#: In characters: a cell of the first row holds a heading and little else; a column of blanks begins about below it.
_LONGEST_HEADING, _SLACK = 60, 3
_POLARITIES = frozenset({"inclusion", "exclusion"})


class Phrase(NamedTuple):
    """The words of a heading in a text, and its polarity."""

    start: int
    end: int
    polarity: str


class Columns(NamedTuple):
    """A table from its headings to its end, and the sections of its cells."""

    start: int
    end: int
    sections: list[Section]


def find_columns(text: str, phrases: Sequence[Phrase]) -> list[Columns]:
    """Returns the tables whose first row has a heading of either kind, each in a cell of its own."""
    found: list[Columns] = []
    for first, second in pairwise(phrases):
        if {first.polarity, second.polarity} != _POLARITIES or (found and first.start < found[-1].end):
            continue
        between = text[first.end : second.start]
        if "\n" in between or len(between) > _LONGEST_HEADING:
            continue
        start, end = text.rfind("\n", 0, first.start) + 1, _find_end(text, second.end)
        sign = _CELL if _CELL.search(between) else _WIDE
        if sign.search(text, first.end, second.start + 1) is None or end - start > 3 * _LONGEST_HEADING:
            continue
        rows = _read_rows(text, end, (first, second), start, sign)
        sections = [section for row in rows for section in row]
        if sections:
            found.append(Columns(start, _find_end(text, sections[-1].start), sections))
    return found


def _read_rows(
    text: str, end: int, phrases: tuple[Phrase, Phrase], start: int, sign: re.Pattern[str]
) -> Iterator[list[Section]]:
    """Iterates over the rows below the headings, as the sections of their cells."""
    second = phrases[1]
    divides = (
        len(_CELL.findall(text, start, second.start)) if sign is _CELL else _find_column(text, start, second.start)
    )
    while end < len(text):
        begin, end = end + 1, _find_end(text, end + 1)
        if not text[begin:end].strip():
            continue
        place = _find_division(text, begin, end, divides, sign)
        if place is None:
            return
        cells = [(begin, phrases[0])] if place > begin else []
        cells += [(place, second)] if place < end else []
        yield [Section(at, cell.polarity, cell.polarity, (cell.start, cell.end)) for at, cell in cells]


def _find_division(text: str, begin: int, end: int, divides: int, sign: re.Pattern[str]) -> int | None:
    """Where the second column begins in a line; None where the line is no row of the table."""
    if sign is _CELL:
        signs = [found.end() for found in _CELL.finditer(text, begin, end)]
        return signs[divides - 1] if len(signs) >= divides else None
    line = text[begin:end]
    if end - begin <= divides - _SLACK:
        return end  # the first column only
    if not line[: divides - _SLACK].strip():
        return begin
    gaps = [gap.end() for gap in _WIDE.finditer(line)]
    near = [gap for gap in gaps if abs(gap - divides) <= _SLACK]
    return begin + near[0] if near else None


def _find_column(text: str, start: int, place: int) -> int:
    """The column in which the cell of a place begins, with words in front of the heading (`Key exclusion criteria`)."""
    gaps = [gap.end() for gap in _WIDE.finditer(text, start, place + 1)]
    return (gaps[-1] if gaps else place) - start


def _find_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    return len(text) if end < 0 else end
