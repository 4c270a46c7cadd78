"""Splits text into criterion lines and sentences, as ranges of offsets.

A criterion line is a bullet with its wrapped lines; `split_lines` judges by the width of the text whether a line break
is a wrap. Long lines are cut into sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from trialsift.extraction.structure.words import StructureWords

BULLET = re.compile(
    r"(?:[-–—•*·‣▪◦●○■□➢✓❖►∙⦁▫♦]|o(?= ))\s*(?=\S)|\(?(?:\d{1,2}(?:\.\d{1,2})*|[a-zA-Z]|[ivx]{1,4})[.)](?=\s|[A-Z])|"
    r"\d{1,2}(?:\)(?=\d)|\s?[-–]\s(?=[A-Za-z]))"
)
# An item that begins within a line: behind a bullet, behind a dash that follows the end of another, behind its number.
# The first character is one of a set, which the regex engine can skip to.
_ITEM = re.compile(
    r"[•▪●■◦‣➢✓❖►∙⦁□▫·(\d–-](?<=[\s;,.:)].)(?:"
    r"(?:(?<=\d)\d?|(?<=[^)]\()\d{1,2})(?P<numbered>\)|\.(?=\s))\s*(?=[A-Za-z<>≤≥])|"
    r"(?<=[•▪●■◦‣➢✓❖►∙⦁□▫])\s*(?=[\w<>≤≥(])|"
    r"(?<=\s·)\s(?=[A-Z<>≤≥])|"
    r"(?<=\s[-–])[^\S\n]{2,4}(?=[\w<>≤≥(])|(?<=[;:]\s[-–])\s(?=[\w<>≤≥])|(?<=[,.)]\s[-–])\s(?=[A-Z<>≤≥]))"
)
_OWN_NUMBER = re.compile(r"\(?(\d{1,2})[.)]")
_DIGIT = re.compile(r"\d")
# The dashes of a list that was joined to one line: so many that they are none of a sentence.
_DASH = re.compile(r"(?<=\s)[-–](?=\s[A-Z])|(?<=[^\d\s]\s)[-–](?=\s[<>≤≥\d])")
_MANY = 3
_SINGLE_BREAK, _WIDE_BREAK = re.compile(r"\S[^\S\n]*+\n[^\S\n]*+\S"), re.compile(r"\n[^\S\n]*+\n[^\S\n]*+\n")
# In characters; a shorter line is one item.
_ONE_ITEM = 25
_NEAR = 40
_FAR = 1000
_STOPS = (".", ",", ";", ":", "and", "or")
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


def find_line_above(text: str, start: int, reach: int = 120) -> int:
    """Returns where the last line begins that stands before `start` and holds something, or `reach` characters before
    its end if it is longer; `start` itself if nothing stands near."""
    far = max(0, start - _FAR)
    end = far + len(text[far:start].rstrip())
    return start if end == far else max(far, end - reach, text.rfind("\n", far, end) + 1)


def split_lines(text: str, words: StructureWords, begin: int = 0, stop: int | None = None) -> Iterator[Line]:
    """Iterates over the criterion lines from `begin` to `stop`: physical lines, joined where a break is a wrap."""
    bodies = text[begin:stop].split("\n")
    width = max(map(len, bodies))
    small = text.islower()  # then a small letter says nothing of a line
    doubled = _is_doubled(text, begin, len(text) if stop is None else stop)
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
        if bullet and start >= 0 and stripped[0].isdigit():  # `0 or⏎1. Patients`
            bullet = words.open_number.search(text, max(start, end - 12), end) is None
        row = stripped[0] == "|" and text[end - 1] == "|"  # of a table, below another
        if start >= 0 and not bullet and not row:
            if text.count("\n", end, left) > 1 + doubled:
                goes_on = stripped[0] in "),;"
            else:
                goes_on = bool(
                    (words.goes_on.match(stripped) and not (small and stripped[0].isalpha()))
                    or words.open_end.search(text, max(start, end - 12), end)
                    or (wrapped and ((bulleted and column > indent) or _is_filled(text, end, stripped, width)))
                    or (text[end - 1].isdigit() and words.unit_first.match(stripped))
                )
            if goes_on:
                end = left + column + len(stripped)
                continue
        if start >= 0:
            line = Line(start, end, indent, bulleted)
            yield from _split_items(text, line) if _may_hold_items(text, start, end) else (line,)
        start, end = left + column, left + column + len(stripped)
        indent, bulleted = column, bullet
    if start >= 0:
        yield from _split_items(text, Line(start, end, indent, bulleted))


def _may_hold_items(text: str, start: int, end: int) -> bool:
    return end - start > _ONE_ITEM and (
        _ITEM.search(text, start + 1, end) is not None or text.count(" - ", start, end) >= _MANY
    )


def _split_items(text: str, line: Line) -> Iterator[Line]:
    """Iterates over the items of a list that stands in one line, `Inclusion: 1) aged 18 to 65; 2) ECOG 0-1`, and what
    opens it."""
    start = line.start
    if line.end - start > _ONE_ITEM:
        items = list(_ITEM.finditer(text, start + 1, line.end))
        begins = {*_find_bulleted(items), *_find_numbered(text, line, items)} if items else set()
        if text.count(" - ", start, line.end) >= _MANY:
            dashes = [dash.start() for dash in _DASH.finditer(text, start + 1, line.end)]
            begins.update(dashes if len(dashes) >= _MANY else ())
        for begin in sorted(begins):
            yield Line(start, start + len(text[start:begin].rstrip()), line.indent, line.bulleted)
            start, line = begin, line._replace(bulleted=True)
    yield line._replace(start=start)


def _find_bulleted(items: Iterable[re.Match[str]]) -> list[int]:
    return [item.start() for item in items if not item["numbered"]]


def _find_numbered(text: str, line: Line, items: Iterable[re.Match[str]]) -> list[int]:
    """Where items begin that are numbered one after the other.

    What stands in front of one has to hold a number of its own: `1) ALT or 2) AST > 3 x ULN` is one item.
    """
    own = _OWN_NUMBER.match(text, line.start, line.end)
    number, begun = (int(own[1]), own.end()) if own else (0, line.start)
    found, told = [], 0
    for item in items:
        if not item["numbered"] or int(text[item.start() : item.start("numbered")].lstrip("(")) != number + 1:
            continue
        before = text[max(begun, item.start() - _NEAR) : item.start()].rstrip()
        opened = text[item.start()] == "("
        if not opened and before.rfind("(") > before.rfind(")"):
            continue  # `(part 1)`
        told += opened or before.endswith(_STOPS)
        if number == 0 or _DIGIT.search(text, begun, item.start()):
            found.append(item.start())
        number, begun = number + 1, item.end()
    first = 1 if own else 2
    return found if number > first and (told >= len(found) or len(found) > first) else []


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


def _is_doubled(text: str, start: int, end: int) -> bool:
    """Whether each line has an empty one behind it, and paragraphs more than one."""
    # the rarer is looked for first
    return _WIDE_BREAK.search(text, start, end) is not None and _SINGLE_BREAK.search(text, start, end) is None


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
