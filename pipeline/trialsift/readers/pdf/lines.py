"""Turns lines of pages into paragraphs: rejoins wrapped lines and divided words.

No digit is added, dropped or moved outside page furniture, and a hyphen before a digit stays.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from trialsift.readers.pdf.line import Line, Paragraph

SIGN_BULLET = r"[-–—•*·‣▪◦●○■□➢✓]"
_BULLET = re.compile(
    rf"{SIGN_BULLET}\s*(?=\S)|o (?=\S)|\(?(?:\d{{1,2}}|[a-zA-Z]|[ivx]{{1,4}})[.)]\s(?=\S)|"
    r"\d{1,2}(?:\.\d{1,2}){1,4}\.?\s(?=[A-Z])"
)
#: A heading of criteria within a cell or a list: `Exclusion:`.
_HEADS_CRITERIA = re.compile(r"(?:\w+ ){0,3}(?:(?:in|ex)clusions?|eligibility)(?: criteria)?\s*:", re.I)
_RANGE_END = re.compile(r"[-–—]\s*\d")
MARK = re.compile(r"(?:\d{1,2}|[*†‡§¶]{1,2}|[a-z]) (?=[A-Z])")
_ENDED = re.compile(r"[.?!:;][)\"”’\]]?$")
_DIVIDED = re.compile(r"(?<![-‐\w])(?P<left>[^\W\d_]+)[-‐]$")
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
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


class Joiner:
    """Joins lines to paragraphs. `known` are the words of the document, `leading` is the usual distance between lines,
    `turned` whether a page break has just been passed."""

    def __init__(self, known: set[str]) -> None:
        self.known, self.leading, self.turned = known, math.inf, False
        self._found: list[Paragraph] = []
        self._footnotes: list[Line] = []
        self._before: Line | None = None
        self._edge = self._margin = math.nan

    def add(self, line: Line, edge: float) -> None:
        """Adds the next line, in a column that reaches to `edge`."""
        before, turned = self._before, self.turned
        if before is not None and continues_paragraph(before, line, self._edge, self._margin, self.leading, turned):
            last = self._found[-1]
            pieces = join_pieces(last.text, line.text, self.known)
            self._found[-1] = replace(last, text="".join(pieces))
            self._margin = line.left
        else:
            self._write_footnotes()
            apart = bool(self._found) and (turned or before is None or not _follows(before, line, self.leading))
            text = f"| {line.text} |" if line.is_row else line.text
            label, _, more = line.text.partition(" | ")
            label = label if line.is_row and " | " not in more else ""
            self._found.append(Paragraph(text, line.size, apart, label, line.is_row))
            self._margin = math.nan
        self._before, self._edge, self.turned = line, edge, False

    def add_footnote(self, line: Line) -> None:
        """Adds a line of a footnote, to be written behind the paragraph that it may interrupt."""
        self._footnotes.append(line)

    def add_table(self, paragraphs: Sequence[Paragraph]) -> None:
        """Adds the paragraphs of a table."""
        self._write_footnotes()
        self._found.extend(
            replace(paragraph, apart=bool(self._found) and (paragraph.apart or not number))
            for number, paragraph in enumerate(paragraphs)
        )
        self._before, self.turned = None, False

    def close(self) -> list[Paragraph]:
        """Returns all paragraphs."""
        self._write_footnotes()
        return self._found

    def _write_footnotes(self) -> None:
        for number, line in enumerate(self._footnotes):
            before = self._footnotes[number - 1]
            if number and not MARK.match(line.text) and line.base < before.base:
                text = "".join(join_pieces(self._found[-1].text, line.text, self.known))
                self._found[-1] = replace(self._found[-1], text=text)
            else:
                self._found.append(Paragraph(line.text, line.size, bool(self._found) and not number))
        self._footnotes = []


def _follows(before: Line, line: Line, leading: float) -> bool:
    """Whether no space separates two lines, or both are rows of a table."""
    down = before.base - line.base
    return 0 < down <= (3 * line.size if before.is_row and line.is_row else 1.3 * leading)


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
    if _HEADS_CRITERIA.fullmatch(line.text):
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
    divided, word = _DIVIDED.search(text), WORD.match(line)
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


def find_leading(pages: Sequence[Sequence[Line]]) -> float:
    """Returns the usual distance between lines."""
    found = [
        above.base - below.base
        for page in pages
        for above, below in pairwise(page)
        if above.turn == below.turn and 0 < above.base - below.base < 3 * above.size
    ]
    return median(found) if found else math.inf
