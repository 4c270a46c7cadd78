"""What a number is by its form alone, where that tells why it is no value: a date, the number of a list item.

In: a text that has been folded, and the place of a number. Out: a reason as a code and in words.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from trialsift.extraction.explain.words import ExplanationWords
from trialsift.extraction.quantities import joints, numbers

#: A serial number as a whole, or a run of digits with the signs that numbers are written with; digits behind a letter
#: (`CD4`, `HER2`) are a part of its word.
NUMBER = re.compile(rf"{numbers.SERIAL}|(?<![^\W\d_])(?<!\d)\d+(?:[.,·'’]\d+)*")
_SERIAL = re.compile(numbers.SERIAL)
_COMPOUND = re.compile(r"[A-Za-z]\w*-\d[\w-]*|\d[\d.,]*[A-Za-z][\w-]*")
_REFERENCE = re.compile(r"\[\d{1,6}(?:\s*[,;–-]\s*\d{1,3})*\]")
_LISTED = re.compile(r"[\s\-–•*·o(]*\d{1,2}[.):](?!\d)")
_WORD = re.compile(r"[^\s()\[\];]+")
_ITEM_END = re.compile(r"[.)]\s+(?=[^\W\d])")
_GRADES = frozenset({"stage", "grade", "type", "class", "level", "category", "stratum"})
_AROUND = 40  # characters: a date and what names a number are no longer


class Form(NamedTuple):
    """Why a number is no value: a code (docs/how-to/unread.md lists them), and the reason in words."""

    code: str
    why: str


def read_form(text: str, start: int, end: int, line_start: int, words: ExplanationWords) -> Form | None:
    """Why a number between `start` and `end`, without a comparator and a unit, is no value; None where its form tells
    nothing. `line_start` is where its line begins."""
    if words.ordinal.match(text, end):
        return Form("ordinal", "an ordinal number")
    for expression, code, what in (
        (words.date, "date", "part of a date"),
        (words.year, "date", "a year of the calendar"),
        (_SERIAL, "identifier", "a serial number"),
        (_COMPOUND, "word", "part of a word"),
    ):
        found = look_around(expression, text, start, end)
        if found:
            return Form(code, f"{what}: `{found}`")
    listed = _LISTED.match(text, line_start)
    if listed and line_start <= start < listed.end():
        return Form("list_item", "the number of an item in a list")
    named = words.numbered.search(text, max(0, start - _AROUND), start)
    if named and _ITEM_END.match(text, end) and named.group(1).lower().startswith("criteri"):
        return Form("list_item", "the number of an item in a list")
    if named:
        code = "grade" if named.group(1).lower() in _GRADES else "numbered"
        return Form(code, f"it numbers something: `{' '.join(text[named.start() : end].split())}`")
    return None


def read_report(text: str, start: int, end: int, words: ExplanationWords) -> Form | None:
    """What a number between `start` and `end` reports of a group of people or in print, with a comparator and a unit or
    without; None where its form tells nothing."""
    for expression, code, what in (
        (words.sample, "result", "a number of patients or samples"),
        (words.p_value, "result", "a p-value"),
        (words.confidence, "result", "a confidence interval"),
        (words.share, "result", "a number of a group and its percentage"),
        (words.count_, "count", "a number of people or events"),
        (_REFERENCE, "reference", "a reference to the literature"),
        (words.exponent, "unit", "the exponent of a unit"),
    ):
        found = look_around(expression, text, start, end)
        if found:
            return Form(code, f"{what}: `{found}`")
    return None


def tell_unread(
    text: str, place: tuple[int, int], line_start: int, names: re.Pattern[str], words: ExplanationWords
) -> Form:
    """Why the digits at a place were not read as a quantity; `names` finds tests, scales, measures."""
    start, end = place
    form = read_form(text, start, end, line_start, words)
    if form:
        return form
    name = look_around(names, text, start, end)
    if name:
        return Form("name", f"part of the name `{name}`")
    if end - start > numbers.LONGEST:
        return Form("identifier", f"a number of more than {numbers.LONGEST} characters")
    if joints.MANTISSA.match(text, end):
        return Form("unreadable", "a power of ten stands behind it that can't be read")
    inside = look_around(_WORD, text, start, end) or text[start:end]
    return Form("word", f"it stands inside of `{inside}`, not by itself")


def look_around(expression: re.Pattern[str], text: str, start: int, end: int) -> str | None:
    """What an expression matches around a range of a text, white space collapsed."""
    for found in expression.finditer(text, max(0, start - _AROUND), end + _AROUND):
        if found.start() <= start and end <= found.end():
            return " ".join(found.group().split())
    return None
