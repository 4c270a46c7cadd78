"""Puts the pages of a PDF in reading order: columns, tables and footnotes, without page furniture."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from trialsift.readers.pdf.furniture import drop_furniture, find_footnotes, find_usual_size
from trialsift.readers.pdf.line import Line, Page, Paragraph
from trialsift.readers.pdf.lines import SIGN_BULLET, WORD, Joiner, find_leading
from trialsift.readers.pdf.tables import Cells, find_sided, lay_out, place_tables

_MARKER = re.compile(rf"{SIGN_BULLET}|o|\(?(?:\d{{1,2}}|[a-zA-Z]|[ivx]{{1,4}})[.)]|\d{{1,2}}(?:\.\d{{1,2}}){{0,4}}\.?")
_WIDER = 1.6
_MANY_LINES = 5  # lines that make a column


def join_paragraphs(pages: Sequence[Page]) -> list[Paragraph]:
    """Returns the paragraphs of a document in order, tables laid out by their cells, footnotes behind the paragraph
    that they interrupt."""
    kept = [
        [_write_dot(_drop_mark(line), page.dots) for line in lines]
        for lines, page in zip(drop_furniture([page.lines for page in pages]), pages, strict=True)
    ]
    usual = find_usual_size(kept)
    joiner = Joiner({word.lower() for page in kept for line in page for word in WORD.findall(line.text)})
    placed = [
        place_tables(lines, [*page.grids, *find_sided(lines, page.grids)])
        for lines, page in zip(kept, pages, strict=True)
    ]
    loose = [[item for item in page if isinstance(item, Line)] for page in placed]
    joiner.leading = find_leading(loose)
    before: Cells | None = None
    for page, edges in zip(placed, _find_right_edges(loose), strict=True):
        footnotes = find_footnotes([item for item in page if isinstance(item, Line)], usual)
        joiner.turned = True
        index = -1
        for item in page:
            if isinstance(item, Cells):
                goes_on = before is not None and joiner.turned and item.continues(before)
                joiner.add_table(lay_out(item, joiner.known, without=before if goes_on else None))
                before = item
                continue
            index += 1
            if index in footnotes:
                joiner.add_footnote(footnotes[index])
            else:
                joiner.add(item, edges[index])
    return joiner.close()


def write_paragraphs(paragraphs: Sequence[Paragraph]) -> str:
    """Returns the text of a document: each paragraph on one line, with a blank line where the page leaves space."""
    return "".join(f"{chr(10) if paragraph.apart else ''}{paragraph.text}\n" for paragraph in paragraphs)


def _drop_mark(line: Line) -> Line:
    """Returns a line without a first cell that is a bullet or the number of a heading."""
    marker, _, rest = line.text.partition(" | ")
    if not rest or not _MARKER.fullmatch(marker) or (marker[-1].isdigit() and (" | " in rest or not rest[0].isalpha())):
        return line
    return replace(line, text=f"{marker} {rest}")


def _write_dot(line: Line, dots: Sequence[tuple[float, float]]) -> Line:
    """Returns a line with a bullet if a dot is drawn in front of it."""
    if line.turn or line.is_row:
        return line
    nearest = 2.5 * line.size
    drawn = any(0 < line.left - x < nearest and 0 < y - line.base < 0.8 * line.size for x, y in dots)
    return replace(line, text=f"• {line.text}") if drawn else line


def _find_right_edges(pages: Sequence[Sequence[Line]]) -> list[list[float]]:
    """Returns for each line of each page how far right the lines of its column reach."""
    columns = [_find_columns(page) for page in pages]
    single = [line for page, sides in zip(pages, columns, strict=True) for line in page if not any(sides)]
    whole = {}
    for turn in {line.turn for line in single}:
        lines = [line for line in single if line.turn == turn and not line.is_row]  # a tab goes beyond the margin
        lines = lines or [line for line in single if line.turn == turn]
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
