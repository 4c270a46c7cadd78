"""PDF: reads the text layer with pdfium as lines with their places; lines.py joins them to running text.

The characters of a page come in the order in which they are drawn. Those on one baseline form a line; a smaller one
above it is a superscript; a wide gap separates cells of a table.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from trialsift.model.document import Document
from trialsift.model.extras import format_install_command
from trialsift.readers.failures import ReadFailure
from trialsift.readers.inputs import Input, ReadOptions
from trialsift.readers.pdf.chapters import find_parts
from trialsift.readers.pdf.grids import find_grids
from trialsift.readers.pdf.layout import join_paragraphs, write_paragraphs
from trialsift.readers.pdf.line import Line, Page
from trialsift.readers.pdf.rules import Rule, find_rules
from trialsift.readers.raised import write_superscript

# Bytes within which a PDF must begin and end. pdfium looks as far; some files have trailing bytes.
_HEADER, _TRAILER = 1024, 4096
_PASSWORD = 4  # FPDF_ERR_PASSWORD
_SIGNS = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_LIGATURES = tuple((second, [first]) for first in "fis" for second in "filt")
# the fonts Symbol and Wingdings, whose characters come from the private use area
_SIGNS |= {0xF0A3: "≤", 0xF0B3: "≥", 0xF0B1: "±", 0xF0B4: "×", 0xF06D: "µ", 0xF0B0: "°", 0xF03C: "<", 0xF03E: ">"}
_SIGNS |= {0xF0B7: "•", 0xF0A7: "•", 0xF0D8: "➢", 0xF0FC: "✓", 0xF02D: "-"}
# LaTeX's own fonts without a table of characters: its codes below the space, in both of its encodings
_SIGNS |= {0x0B: "ff", 0x0C: "fi", 0x0E: "ffi", 0x0F: "ffl", 0x15: "–", 0x16: "—"}
_SIGNS |= {0x1B: "ff", 0x1C: "fi", 0x1D: "fl", 0x1E: "ffi", 0x1F: "ffl", 0x88: "•"}
# pdfium's codes for a hyphen at the end of a line, in two versions, and the soft hyphen
_HYPHENS = (0x02, 0xFFFE, 0xAD)
# Stands in front of the mark of a footnote. Between a number and its unit the mark is written behind the unit.
_MARK = "\x01"
_MARKED_NUMBER = re.compile(rf"(?<=\d ){_MARK}(\[[^\]]+\]) ((?:[x×] )?[^\W\d_][^\s,;:.)|]*|%)")
# In heights of the line: a gap between words; one between cells, if other gaps in the line are much smaller; one
# between cells in any case. Gaps in justified lines are wide, but all alike.
_WORD_GAP, _WIDE_GAP, _CELL_GAP = 0.22, 0.9, 1.6


def read_pdf(item: Input, options: ReadOptions) -> Iterator[Document | ReadFailure]:
    """Iterates over the one document of a PDF: `parts` are its chapters where headings name one of criteria, `notes`
    hold its number of `pages`. Raises ReadFailure if there is none."""
    data = item.read(options.max_document)
    if not data.strip():
        raise item.failure("empty", "holds nothing", "leave it out")
    if b"%PDF-" not in data[:_HEADER]:
        raise item.failure("malformed", "is no PDF: none begins without %PDF-", "rename it after what it is")
    if b"%%EOF" not in data[-_TRAILER:]:
        raise item.failure("malformed", "breaks off: a PDF ends with %%EOF, and this doesn't", "fetch the file again")
    pages = _read_pages(item, data, options.max_document)
    paragraphs = join_paragraphs(pages)
    text = write_paragraphs(paragraphs)
    if not any(map(str.isalnum, text)):
        raise item.failure(
            "no_text_layer",
            f"has no text on its {len(pages)} {'page' if len(pages) == 1 else 'pages'}: it holds pictures of them",
            "put it through text recognition (OCR) first",
        )
    yield item.document(item.stem, text, find_parts(paragraphs), notes={"pages": str(len(pages))})


def _read_pages(item: Input, data: bytes, most: int) -> list[Page]:
    document = _open(item, data)
    pages: list[Page] = []
    characters = 0
    try:
        if not len(document):
            raise item.failure("damaged", "has no pages", "fetch the file again")
        for number in range(len(document)):
            page, layer = _open_page(item, document, number)
            characters += layer.count_chars()
            if characters > most:
                raise item.failure(
                    "expands_too_far",
                    f"holds more than {most:,} characters of text",
                    "leave it out, or raise --max-document-mb",
                )
            rules, dots = find_rules(page)
            grids = find_grids(rules)
            walls = [rule for grid in grids for rule in grid.rules if not rule.level]
            pages.append(Page(find_page_lines(layer, page.get_mediabox(), walls), grids, dots))
            layer.close()
            page.close()
    finally:
        document.close()
    return pages


def _open(item: Input, data: bytes) -> Any:
    """Returns the document of pdfium. Raises ReadFailure for one that can't be opened, or without the library."""
    try:
        import pypdfium2
    except ImportError as error:
        raise item.failure(
            "missing_library", "is a PDF, and pypdfium2 is not installed", format_install_command("pdf")
        ) from error
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise item.failure("encrypted", "is locked with a password", "save it without one") from error
        raise item.failure("damaged", f"can't be opened as a PDF ({error})", "fetch the file again") from error


def _open_page(item: Input, document: Any, number: int) -> tuple[Any, Any]:
    """Returns a page and its text layer. Raises ReadFailure if it can't be read."""
    import pypdfium2

    try:
        page = document[number]
        return page, page.get_textpage()
    except pypdfium2.PdfiumError as error:
        message = f"has a page that can't be read ({error})"
        raise item.failure("damaged", message, "fetch the file again", f"page {number + 1}") from error


def find_page_lines(layer: Any, sides: tuple[float, float, float, float], walls: Sequence[Rule] = ()) -> list[Line]:
    """Returns the lines of a text layer in drawing order; `sides` are the left, lower, right and upper edges of the
    page, `walls` the upright rules of its tables, which no line crosses."""
    import pypdfium2.raw as pdfium

    lines: list[Line] = []
    left, bottom, right, top = sides
    extents = ((left, right), (-top, -bottom), (-right, -left), (bottom, top))
    line = _Growing(extents, walls)
    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    spaced, origin = False, (math.nan, math.nan)
    for index in range(layer.count_chars()):
        code = pdfium.FPDFText_GetUnicode(layer, index)
        if code in (0x20, 0xA0, 0x09):
            spaced = True
            continue
        if 0 < code < 0x20 and code not in _HYPHENS and code not in _SIGNS:
            continue
        sign = "-" if code in _HYPHENS else _SIGNS.get(code) or _decode_character(code)
        placed = pdfium.FPDFText_GetCharOrigin(layer, index, x, y)
        if not placed or not pdfium.FPDFText_GetLooseCharBox(layer, index, box):
            line.parts.append(sign)
            continue
        angle = pdfium.FPDFText_GetCharAngle(layer, index)
        turn = round(angle / (math.pi / 2)) % 4 if math.isfinite(angle) else 0
        if (sign, line.parts[-1:]) in _LIGATURES and (x.value, y.value) == origin:
            line.parts.append(sign)  # pdfium gives both the place of their sign
            line.right = max(line.right, _turn_upright(line.turn, box, x.value, y.value)[1])
            continue
        origin = (x.value, y.value)
        character = _Character(sign, turn, *_turn_upright(turn, box, x.value, y.value))
        if not line.takes(character):
            lines.extend(line.finished())
            line = _Growing(extents, walls)
            spaced = False
        line.add(character, spaced)
        spaced = False
    lines.extend(line.finished())
    return lines


def _decode_character(code: int) -> str:
    """Returns the character for a code; `�` for an unknown one, which may be a digit or a `≥`."""
    return chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd"


def _turn_upright(turn: int, box: Any, x: float, y: float) -> tuple[float, float, float, float, float]:
    """Returns the left, right, bottom, top and baseline of a character on the page turned upright."""
    if turn == 1:
        return -box.top, -box.bottom, box.left, box.right, x
    if turn == 2:
        return -box.right, -box.left, -box.top, -box.bottom, -y
    if turn == 3:
        return box.bottom, box.top, -box.right, -box.left, -x
    return box.left, box.right, box.bottom, box.top, y


class _Character(NamedTuple):
    """A character and its place on the page turned upright."""

    sign: str
    turn: int
    left: float
    right: float
    bottom: float
    top: float
    base: float


class _Growing:
    """A line while characters are added."""

    def __init__(self, extents: tuple[tuple[float, float], ...], walls: Sequence[Rule]) -> None:
        self.extents = extents  # of the page, by quarter turns of the line
        self.walls = walls
        self.parts: list[str] = []
        self.turn = 0
        self.left = self.right = self.base = self.size = 0.0
        self.raised: list[str] = []
        self.gaps: list[tuple[int, float, float]] = []  # between words: indices in `parts`, where they begin and end
        self.first_word = 0.0

    def takes(self, character: _Character) -> bool:
        """Whether a character continues this line: on its baseline, or smaller and slightly off it, to the right."""
        if not self.parts:
            return True
        _, turn, left, _, bottom, top, base = character
        size = max(self.size, top - bottom)
        if turn != self.turn or left < self.right - 0.6 * size:
            return False
        if left > self.right and turn == 0 and self._meets_wall(left):
            return False
        off = abs(base - self.base)
        return off < 0.15 * size or (off < 0.6 * size and left - self.right < 0.5 * size)

    def _meets_wall(self, left: float) -> bool:
        """Whether a rule of a table stands between the line and what begins at `left`."""
        return any(
            self.right - 1 < wall.place < left + 1 and wall.begin <= self.base <= wall.end for wall in self.walls
        )

    def add(self, character: _Character, spaced: bool) -> None:
        """Adds a character; `spaced`: a space preceded it."""
        sign, turn, left, right, bottom, top, base = character
        height = top - bottom
        if not self.parts:
            self.turn, self.left, self.right, self.base, self.size = turn, left, left, base, height
        elif height > 1.15 * self.size and not self.raised:  # the line began with a small sign
            self.base, self.size = base, height
        gap = left - self.right
        raised = height < 0.9 * self.size and base > self.base + 0.15 * self.size
        if not raised:
            self._write_raised()
        if (spaced and gap > -0.1 * self.size) or gap > _WORD_GAP * self.size:
            self._write_raised()
            self.gaps.append((len(self.parts), self.right, left))
            self.parts.append(" ")
            self.first_word = self.first_word or self.right - self.left
        (self.raised if raised else self.parts).append(sign)
        self.right = max(self.right, right)

    def _write_raised(self) -> None:
        if self.raised:
            raised, self.raised = "".join(self.raised), []
            written = write_superscript("".join(self.parts[-8:]), raised)
            self.parts.append(written.replace("[", f"{_MARK}[") if written.startswith(" [") else written)

    def finished(self) -> Iterator[Line]:
        """Yields the line if it holds anything."""
        self._write_raised()
        smallest = min((end - begin for _, begin, end in self.gaps), default=0.0)
        ends = [self.left]
        for place, begin, end in self.gaps:
            gap = end - begin
            if gap > _CELL_GAP * self.size or (gap > _WIDE_GAP * self.size and gap > 2 * smallest):
                self.parts[place] = " | "
                ends += (begin, end)
        cells = tuple(zip(ends[::2], [*ends[1::2], self.right], strict=True))
        text = _MARKED_NUMBER.sub(r"\2 \1", " ".join("".join(self.parts).split())).replace(_MARK, "")
        if text:
            word = self.first_word or self.right - self.left
            yield Line(
                text, self.left, self.right, self.base, self.size, word, self.turn, self.extents[self.turn], cells
            )
