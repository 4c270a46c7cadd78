"""Turns lines of pages into running text: drops page furniture, rejoins wrapped lines and divided words.

No digit is added, dropped or moved outside page furniture, and a hyphen before a digit stays.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

_SIGN_BULLET = r"[-–—•*·‣▪◦●○■□➢✓]"
_BULLET = re.compile(
    rf"{_SIGN_BULLET}\s*(?=\S)|o (?=\S)|\(?(?:\d{{1,2}}|[a-zA-Z]|[ivx]{{1,4}})[.)]\s(?=\S)|"
    r"\d{1,2}(?:\.\d{1,2}){1,4}\.?\s(?=[A-Z])"
)
_MARKER = re.compile(rf"{_SIGN_BULLET}|o|\(?(?:\d{{1,2}}|[a-zA-Z]|[ivx]{{1,4}})[.)]|\d{{1,2}}(?:\.\d{{1,2}}){{0,4}}\.?")
_RANGE_END = re.compile(r"[-–—]\s*\d")
_PAGE_NUMBER = re.compile(r"page\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?|\d{1,4}\s*(?:of|/)\s*\d{1,4}", re.I)
_ENDED = re.compile(r"[.?!:;][)\"”’\]]?$")
_DIVIDED = re.compile(r"(?<![-‐\w])(?P<left>[^\W\d_]+)[-‐]$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_CLOSE = re.compile(r"\S[-‐–/]$")  # `10-⏎15 mg`, `mg/⏎kg`
_SUSPENDED = re.compile(r"(?:and|or|to|versus|vs)\b")  # `first-⏎and second-line`
# First parts of words that keep their hyphen: `non-⏎clinical` is no division.
_FIRST_PARTS = (
    "non well follow long short self post pre co double single triple high low first second third one two three four "
    "five six ten end open half full large small mid late early cross dose time life health breast castration hormone "
    "platinum disease event image intensity over under by on in up out re anti peri intra inter multi semi cost age "
    "sex weight treatment placebo investigator site risk drug"
)
_COMPOUNDS = frozenset(_FIRST_PARTS.split())
_AT_EDGE = 4  # lines at the top and bottom of a page that may be furniture
_SAME_PLACE = 6.0  # points
_MOST_PAGES = 0.4  # left and right pages may have different running heads
_WIDER = 1.6
_MANY_LINES = 5  # lines that make a column


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line. Places and sizes are in points from the left and the bottom of the page.

    `size` is the height of its letters, `first_word` the width of its first word, `turn` its rotation in quarter turns,
    `page` where the page begins and ends in its direction. ` | ` separates the cells of a table.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    first_word: float
    turn: int = 0
    page: tuple[float, float] = (0.0, 0.0)

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table."""
        return " | " in self.text


def join_lines(pages: Sequence[Sequence[Line]]) -> str:
    """Returns the text of a document: each paragraph, list item, heading and table row on one line, with a blank line
    where the page leaves space."""
    kept = [[_drop_mark(line) for line in page] for page in drop_furniture(pages)]
    known = {word.lower() for page in kept for line in page for word in _WORD.findall(line.text)}
    leading = _find_leading(kept)
    result: list[list[str]] = []  # paragraphs, as lists of pieces to join
    before: Line | None = None
    before_edge = margin = math.nan
    for page, edges in zip(kept, _find_right_edges(kept), strict=True):
        turned = True
        for line, edge in zip(page, edges, strict=True):
            if before is not None and continues_paragraph(before, line, before_edge, margin, leading, turned):
                result[-1][-1:] = join_pieces(result[-1][-1], line.text, known)
                margin = line.left
            else:
                if before is not None and (turned or not _follows(before, line, leading)):
                    result.append([])
                result.append([f"| {line.text} |" if line.is_row else line.text])
                margin = math.nan
            before, before_edge, turned = line, edge, False
    return "".join("".join(paragraph) + "\n" for paragraph in result)


def _follows(before: Line, line: Line, leading: float) -> bool:
    """Whether no space separates two lines, or both are rows of a table."""
    down = before.base - line.base
    return 0 < down <= (3 * line.size if before.is_row and line.is_row else 1.3 * leading)


def drop_furniture(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Returns the lines of each page without those that recur at the same place at the edge of most pages, digits
    aside, and without explicit page numbers."""
    places: dict[tuple[bool, str], list[float]] = defaultdict(list)
    for page in pages:
        for key, base in {key: line.base for key, line in _at_edges(page)}.items():
            places[key].append(base)
    needed = max(2, math.ceil(_MOST_PAGES * sum(map(bool, pages))))
    usual = {key: median(bases) for key, bases in places.items() if len(bases) >= needed}
    kept = []
    for page in pages:
        dropped = {
            id(line)
            for key, line in _at_edges(page)
            if (key in usual and abs(line.base - usual[key]) <= _SAME_PLACE) or _PAGE_NUMBER.fullmatch(line.text)
        }
        kept.append([line for line in page if id(line) not in dropped])
    return kept


def _at_edges(page: Sequence[Line]) -> Iterator[tuple[tuple[bool, str], Line]]:
    ordered = sorted(page, key=lambda line: -line.base)
    for at_top, lines in ((True, ordered[:_AT_EDGE]), (False, ordered[-_AT_EDGE:])):
        for line in lines:
            yield (at_top, re.sub(r"\d+", "#", " ".join(line.text.lower().split()))), line


def continues_paragraph(before: Line, line: Line, edge: float, margin: float, leading: float, turned: bool) -> bool:
    """Whether a line continues the paragraph of the line before it.

    It does if that line reached the right `edge` of its column, so that the first word of this one did not fit, and
    nothing else begins a new paragraph. `margin` is where the paragraph's lines begin from the second on (NaN if it has
    one line), `turned` whether a page break lies between.
    """
    if before.is_row or line.is_row or before.turn != line.turn:
        return False
    if abs(before.size - line.size) > 0.12 * max(before.size, line.size):
        return False
    if _BULLET.match(line.text) and not (_RANGE_END.match(line.text) and before.text[-1].isdigit()):
        return False
    down = before.base - line.base
    if turned or down < 0:  # another page or column
        if _ENDED.search(before.text):
            return False
    elif not 0.3 * line.size < down <= 1.3 * max(leading, 1.2 * line.size):
        return False
    else:
        indented = line.left > before.left + 0.5 * line.size and not _BULLET.match(before.text)
        if indented or line.left < margin - 0.5 * line.size:
            return False
    if _DIVIDED.search(before.text) and line.text[0].islower():
        return True
    return before.right + 0.25 * before.size + line.first_word > edge - 1


def join_pieces(text: str, line: str, known: set[str]) -> tuple[str, str]:
    """Returns the end of a paragraph and its next line, joined with a space or without.

    A divided word is rejoined if both halves are in lower case, and the hyphen is not part of it according to `known`
    (the words of the document) or the list of such words here.
    """
    divided, word = _DIVIDED.search(text), _WORD.match(line)
    if divided and word and word[0].islower():
        if _SUSPENDED.match(line):
            return text, f" {line}"
        left, right = divided["left"], word[0]
        whole = (left + right).lower()
        own = f"{left}-{right}".lower() in known or (left.lower() in _COMPOUNDS and whole not in known)
        return (text[:-1] if len(left) > 1 and left[1:].islower() and not own else text), line
    if _CLOSE.search(text) or (line.startswith("/") and text[-1].isalnum()):
        return text, line
    return text, f" {line}"


def _drop_mark(line: Line) -> Line:
    """Returns a line without a first cell that is a bullet or the number of a heading."""
    marker, _, rest = line.text.partition(" | ")
    if not rest or not _MARKER.fullmatch(marker) or (marker[-1].isdigit() and (" | " in rest or not rest[0].isalpha())):
        return line
    return replace(line, text=f"{marker} {rest}")


def _find_leading(pages: Sequence[Sequence[Line]]) -> float:
    """Returns the usual distance between lines."""
    found = [
        above.base - below.base
        for page in pages
        for above, below in pairwise(page)
        if above.turn == below.turn and 0 < above.base - below.base < 3 * above.size
    ]
    return median(found) if found else math.inf


def _find_right_edges(pages: Sequence[Sequence[Line]]) -> list[list[float]]:
    """Returns for each line of each page how far right the lines of its column reach."""
    columns = [_find_columns(page) for page in pages]
    single = [line for page, sides in zip(pages, columns, strict=True) for line in page if not any(sides)]
    whole = {}
    for turn in {line.turn for line in single}:
        lines = [line for line in single if line.turn == turn]
        # Short lines alone are a list: wrapped text leaves no right margin much wider than the left one.
        widest = max(line.page[1] - _WIDER * (line.left - line.page[0]) for line in lines)
        whole[turn] = max(_find_far_edge([line.right for line in lines]), widest)
    result = []
    for page, sides in zip(pages, columns, strict=True):
        if not any(sides):
            result.append([whole[line.turn] for line in page])
            continue
        edges = {
            c: _find_far_edge([line.right for line, k in zip(page, sides, strict=True) if k == c]) for c in set(sides)
        }
        result.append([edges[c] for c in sides])
    return result


def _find_columns(page: Sequence[Line]) -> list[int]:
    """Returns the column of each line: 1 and 2, 0 for a line across both; all 0 on a page with one column."""
    if not page:
        return []
    middle = (min(line.left for line in page) + max(line.right for line in page)) / 2
    columns = [1 if line.right <= middle else 2 if line.left >= middle else 0 for line in page]
    counts = Counter(columns)
    two = counts[1] >= _MANY_LINES and counts[2] >= _MANY_LINES and counts[0] < 0.3 * len(page)
    return columns if two else [0] * len(page)


def _find_far_edge(rights: list[float]) -> float:
    """Returns how far right lines reach, ignoring a few that stick out."""
    return sorted(rights)[math.ceil(0.95 * len(rights)) - 1] if rights else math.inf
