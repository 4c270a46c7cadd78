"""What a number is by its form alone, where that tells why it is no value: a date, the number of a list item.

In: a text that has been folded, and the place of a number. Out: a reason in words.
"""

from __future__ import annotations

import re

from trialsift.extraction.quantities import joints, numbers

#: A serial number as a whole, or a run of digits with the signs that numbers are written with; digits behind a letter
#: (`CD4`, `HER2`) are a part of its word.
NUMBER = re.compile(rf"{numbers.SERIAL}|(?<![^\W\d_])(?<!\d)\d+(?:[.,·'’]\d+)*")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = re.compile(
    rf"\b(?:{_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+\d{{4}})?|{_MONTH}\s+{_DAY}(?:,?\s+\d{{4}})?|{_MONTH},?\s+\d{{4}}|"
    r"\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})|\d{1,2}\.\d{1,2}\.\d{4})(?!\w)",
    re.I,
)
_YEAR = re.compile(
    r"(?:\b(?:in|since|until|before|after|by|from|of|edition|version)\s+|\()(?:19|20)\d\d(?![\w.,-]*\d)", re.I
)
_COMPOUND = re.compile(r"[A-Za-z]\w*-\d[\w-]*|\d[\d.,]*[A-Za-z][\w-]*")
_WHOLES = (
    (_DATE, "part of a date"),
    (_YEAR, "a year of the calendar"),
    (re.compile(numbers.SERIAL), "a serial number"),
    (_COMPOUND, "part of a word"),
)
_PEOPLE = r"(?:patients|subjects|participants|volunteers|women|men|children|cases|controls|deaths|events)"
_DECIMAL = r"\d+(?:[.·]\d+)?"
#: What papers report of a group, and what refers to their parts.
_REPORTED = (
    (re.compile(r"\bn\s*=\s*\d[\d,]*", re.I), "a number of patients or samples"),
    (re.compile(r"\bp(?:\s*-?\s*values?)?\s*(?:[<>=≤≥]|&[lg]t;|\bof\b|\bwas\b)+\s*0?[.·]\d+", re.I), "a p-value"),
    (
        re.compile(
            rf"{_DECIMAL}\s*%\s*(?:CIs?\b|confidence\s+(?:intervals?|limits?)\b)"
            rf"(?:[\s:=,(\[]*-?{_DECIMAL}\s*%?\s*(?:-|–|to|,|;)\s*-?{_DECIMAL}\s*%?)?",
            re.I,
        ),
        "a confidence interval",
    ),
    (
        re.compile(rf"(?<![\w.,])\d+(?:,\d{{3}})*\s*(?:{_PEOPLE}\s*)?\(\s*{_DECIMAL}\s*%\s*\)", re.I),
        "a number of a group and its percentage",
    ),
    (re.compile(rf"(?<![\w.,])\d+(?:,\d{{3}})*\s+{_PEOPLE}\b", re.I), "a number of people or events"),
    (re.compile(r"\[\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\]"), "a reference to the literature"),
    (re.compile(r"\b(?:m|kg|d?[lL]|m[lL]|h|min)\s*[-−][123]\b"), "the exponent of a unit"),
)
_LISTED = re.compile(r"[\s\-–•*·o(]*\d{1,2}[.):](?!\d)")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")
_NUMBERED = re.compile(
    r"\b(phase|cohort|arm|group|part|stage|grade|type|class|level|day|week|month|cycle|visit|step|table|figure|fig\.|page|reference|appendix|section|"
    r"criteri(?:on|a)|version|stratum|category|no\.|number|item|line|course)s?\s*[-#:]?\s*$",
    re.I,
)
_WORD = re.compile(r"[^\s()\[\];]+")
_AROUND = 40  # characters: a date and what names a number are no longer


def read_form(text: str, start: int, end: int, line_start: int) -> str | None:
    """Why a number between `start` and `end`, without a comparator and a unit, is no value; None where its form tells
    nothing. `line_start` is where its line begins."""
    if _ORDINAL.match(text, end):
        return "an ordinal number"
    for expression, what in _WHOLES:
        found = _around(expression, text, start, end)
        if found:
            return f"{what}: `{found}`"
    listed = _LISTED.match(text, line_start)
    if listed and line_start <= start < listed.end():
        return "the number of an item in a list"
    named = _NUMBERED.search(text, max(0, start - _AROUND), start)
    if named:
        return f"it numbers something: `{' '.join(text[named.start() : end].split())}`"
    return None


def read_report(text: str, start: int, end: int) -> str | None:
    """What a number between `start` and `end` reports of a group of people or in print, with a comparator and a unit or
    without; None where its form tells nothing."""
    for expression, what in _REPORTED:
        found = _around(expression, text, start, end)
        if found:
            return f"{what}: `{found}`"
    return None


def tell_unread(text: str, start: int, end: int, line_start: int, names: re.Pattern[str]) -> str:
    """Why the digits between `start` and `end` were not read as a quantity; `names` finds tests, scales, measures."""
    form = read_form(text, start, end, line_start)
    if form:
        return form
    name = _around(names, text, start, end)
    if name:
        return f"part of the name `{name}`"
    if end - start > numbers.LONGEST:
        return f"a number of more than {numbers.LONGEST} characters"
    if joints.MANTISSA.match(text, end):
        return "a power of ten stands behind it that can't be read"
    return f"it stands inside of `{_around(_WORD, text, start, end) or text[start:end]}`, not by itself"


def _around(expression: re.Pattern[str], text: str, start: int, end: int) -> str | None:
    """What an expression matches around a range of a text, white space collapsed."""
    for found in expression.finditer(text, max(0, start - _AROUND), end + _AROUND):
        if found.start() <= start and end <= found.end():
            return " ".join(found.group().split())
    return None
