"""Page furniture: running heads, page numbers, and footnotes, which stand between the halves of a paragraph."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from trialsift.readers.pdf.line import Line

_PAGE_NUMBER = re.compile(r"page\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?|\d{1,4}\s*(?:of|/)\s*\d{1,4}", re.I)
_AT_EDGE = 4  # baselines at the top and bottom of a page that may be furniture
_SAME_PLACE = 6.0  # points
_MOST_PAGES = 0.4  # left and right pages may have different running heads
_SMALL = 0.93  # of the usual size: footnotes
_MARKED = re.compile(r"(\d{1,2}|[*†‡§¶]{1,2}|[a-z])\s?(?=[A-Z])")


def drop_furniture(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Returns the lines of each page without those that recur at the same place at the edge of most pages, digits
    aside, and without explicit page numbers."""
    places: dict[tuple[bool, str], dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for number, page in enumerate(pages):
        for key, line in _at_edges(page):
            places[key][number].append(line.base)
    needed = max(2, math.ceil(_MOST_PAGES * sum(map(bool, pages))))
    kept = []
    for page in pages:
        dropped = {
            id(line)
            for key, line in _at_edges(page)
            if _PAGE_NUMBER.fullmatch(line.text) or _count_pages(places[key], line.base) >= needed
        }
        kept.append([line for line in page if id(line) not in dropped])
    return kept


def _count_pages(places: dict[int, list[float]], base: float) -> int:
    """Returns on how many pages a line stands at about this height."""
    return sum(any(abs(other - base) <= _SAME_PLACE for other in bases) for bases in places.values())


def _at_edges(page: Sequence[Line]) -> Iterator[tuple[tuple[bool, str], Line]]:
    rows = [list(row) for _, row in groupby(sorted(page, key=lambda line: -line.base), lambda line: round(line.base))]
    for at_top, edge in ((True, rows[:_AT_EDGE]), (False, rows[-_AT_EDGE:])):
        for line in (line for row in edge for line in row):
            yield (at_top, re.sub(r"\d+", "#", " ".join(line.text.lower().split()))), line


def find_usual_size(pages: Sequence[Sequence[Line]]) -> float:
    """Returns the height of most letters, in half points."""
    return find_usual_size_of((line.size, sum(map(str.isalpha, line.text))) for page in pages for line in page)


def find_usual_size_of(texts: Iterable[tuple[float, int]]) -> float:
    """Returns the commonest height, of texts with these heights and lengths, in half points."""
    sizes: Counter[float] = Counter()
    for size, length in texts:
        sizes[round(size * 2) / 2] += length
    return max(sizes, key=lambda size: sizes[size], default=0.0)


def find_footnotes(page: Sequence[Line], usual: float) -> dict[int, Line]:
    """Returns the lines of footnotes by their index in the page, with a space behind their mark: small ones from one
    that begins with a mark that stands in the page, with nothing larger below them in their column."""
    found: dict[int, Line] = {}
    within = False
    for index, line in enumerate(page):
        small = line.size <= _SMALL * usual and not line.is_row and not line.turn
        mark = _MARKED.match(line.text) if small else None
        begins = mark is not None and _is_used(mark[1], page) and not any(_stands_below(o, line) for o in page)
        within = begins or (within and small)
        if mark and begins:
            found[index] = replace(line, text=f"{mark[1]} {line.text[mark.end() :]}")
        elif within:
            found[index] = line
    return found


def _stands_below(other: Line, line: Line) -> bool:
    """Whether a larger line stands below another in its column."""
    return (
        other.base < line.base and other.left < line.right and line.left < other.right and other.size > 1.05 * line.size
    )


def _is_used(mark: str, page: Sequence[Line]) -> bool:
    """Whether the mark of a footnote stands in a page, as superscripts are written."""
    written = (f"[{mark}]", f"^{mark}") if mark.isalnum() else (mark,)
    return any(sign in line.text and not line.text.startswith(mark) for line in page for sign in written)
