"""Writes spans and regimens as the lines of brat's `.ann`. Format: brat's manual, "brat standoff format".

    T3  LAB 10 15;16 20   ≥ 18 years                       a span, split at line ends as in brat
    A1  polarity T3 inclusion                              an attribute with a list of values
    A2  negated T3                                         a flag that is true
    #1  AnnotatorNotes T3   {"attributes": {"low": 18}}    everything else: numbers, units, null, false, the rule
    E1  REGIMEN:T9 Span:T3 Span2:T4                        a regimen; T9 is its trigger, on the first of its spans
    #2  AnnotatorNotes T9   {"fractions": [25, 25], …}     its bounds

The number of a T is the span's id. The bounds are noted on the trigger rather than the event, because edsnlp fails on a
note on an event. Both are read, and a note on the event, which brat writes, takes precedence. An `A` line takes
precedence over the note.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from trialsift.gold import GoldDocument, GoldError, GoldSpan
from trialsift.gold.formats.brat_config import REGIMEN, ROLE
from trialsift.model.fact import FLAGS
from trialsift.model.listed_values import LISTED_VALUES
from trialsift.model.prescription import NUMBERS

#: Names that brat allows for types.
_NAME = re.compile(r"[A-Za-z0-9_-]+")
_LINE_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_UNBROKEN = re.compile(f"[^{_LINE_BREAKS}]+")
#: Line ends of some readers that JSON doesn't escape.
_ESCAPED = {ord(c): f"\\u{ord(c):04x}" for c in "\x85\u2028\u2029"}


def format_one_line(value: Any) -> str:
    """Encodes a value as JSON that no reader splits into two lines. Raises ValueError for what JSON can't hold."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).translate(_ESCAPED)


def format_annotation_lines(document: GoldDocument) -> Iterator[str]:
    """Yields the lines of a document's `.ann`, without line ends.

    Raises GoldError for a label that brat's standoff can't hold.
    """
    attributes = notes = 0
    free = max([-1, *(span.id for span in document.spans)]) + 1
    numbers: dict[int, int] = {}
    for span in document.spans:
        if not _NAME.fullmatch(span.label) or span.label == REGIMEN:
            raise GoldError(
                f"document {document.doc_id!r}: the label {span.label!r} can't stand in brat's standoff; expected "
                f"letters of a–z, digits, _ and -, and another name than {REGIMEN}"
            )
        if span.id < 0:
            numbers[span.id], free = free, free + 1
        number = numbers.setdefault(span.id, span.id)
        yield _format_bound(number, span.label, document.text, span.start, span.end)
        listed = {name: value for name, value in span.attributes.items() if _is_listed(name, value)}
        for name, value in listed.items():
            attributes += 1
            yield f"A{attributes}\t{name} T{number}" + ("" if value is True else f" {value}")
        note = _make_note(document.text, span, listed)
        if note is not None:
            notes += 1
            yield f"#{notes}\tAnnotatorNotes T{number}\t{format_one_line(note)}"
    by_id = {span.id: span for span in document.spans}
    for event, regimen in enumerate(document.regimens, start=1):
        first = by_id[regimen.facts[0]]
        yield _format_bound(free, REGIMEN, document.text, first.start, first.end)
        roles = (f"{ROLE}{'' if i == 1 else i}:T{numbers[fact]}" for i, fact in enumerate(regimen.facts, start=1))
        yield f"E{event}\t{REGIMEN}:T{free} {' '.join(roles)}"
        notes += 1
        bounds = {name: getattr(regimen, name) for name in NUMBERS}
        yield f"#{notes}\tAnnotatorNotes T{free}\t{format_one_line(bounds)}"
        free += 1


def replace_line_breaks(text: str) -> str:
    """Replaces each line end by a space, as T lines do."""
    return "".join(" " if c in _LINE_BREAKS else c for c in text)


def trim_line_breaks(text: str, start: int, end: int) -> tuple[int, int]:
    """Trims line ends from the edges of a range, unless nothing else is in it."""
    covered = text[start:end]
    left = len(covered) - len(covered.lstrip(_LINE_BREAKS))
    right = len(covered) - len(covered.rstrip(_LINE_BREAKS))
    return (start, end) if left == len(covered) else (start + left, end - right)


def _format_bound(number: int, label: str, text: str, start: int, end: int) -> str:
    pieces = [(start + m.start(), start + m.end()) for m in _UNBROKEN.finditer(text[start:end])] or [(start, end)]
    ranges = ";".join(f"{s} {e}" for s, e in pieces)
    return f"T{number}\t{label} {ranges}\t" + " ".join(replace_line_breaks(text[s:e]) for s, e in pieces)


def _is_listed(name: str, value: Any) -> bool:
    """Whether an attribute is written as an `A` line."""
    return value is True if name in FLAGS else isinstance(value, str) and value in LISTED_VALUES.get(name, ())


def _make_note(text: str, span: GoldSpan, listed: Mapping[str, Any]) -> dict[str, Any] | None:
    note: dict[str, Any] = {"attributes": {k: v for k, v in span.attributes.items() if k not in listed}}
    if span.rule is not None:
        note["rule"] = span.rule
    if span.id < 0:
        note["id"] = span.id
    if trim_line_breaks(text, span.start, span.end) != (span.start, span.end):
        note["start"], note["end"] = span.start, span.end
    if span.extra:
        note["extra"] = dict(span.extra)
    return note if note["attributes"] or len(note) > 1 else None
