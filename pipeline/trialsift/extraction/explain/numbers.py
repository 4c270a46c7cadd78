"""Where all numbers of criteria and prescriptions went: into a fact, or to the reason why they are part of none.

`account_for_numbers` counts them, and tells those that may be facts. A number is a run of digits with the signs that
numbers are written with, or a number in words where it was read as one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from trialsift.extraction.explain.declined import (
    Passed,
    Places,
    Teller,
    find_passed,
    find_told,
    is_criterion,
    is_in_criteria,
    locate,
)
from trialsift.extraction.explain.suspects import REASONS, Suspects, Suspicion
from trialsift.extraction.explain.words import read_explanation_words, read_unread_words
from trialsift.extraction.extractor import Extractor, Reading
from trialsift.extraction.quantities.numbers import NUMBER_WORD
from trialsift.extraction.structure.passage import Passage
from trialsift.extraction.structure.section import find_section
from trialsift.model.document import Part
from trialsift.model.fact import Annotation
from trialsift.model.unread import NumberAccount, Unread

_DIGITS = re.compile(r"\d+(?:[.,·'’]\d+)*")
_WORDS = re.compile(NUMBER_WORD)


class NumberAnnotator:
    """Reads facts as `Extractor` does, and tells where all numbers went: `annotation.numbers`. Takes two to three times
    as long, since it reads sentences too in which no fact can stand."""

    def __init__(self, extractor: Extractor) -> None:
        self._extractor = extractor

    def annotate(self, text: str, parts: Sequence[Part] = ()) -> Annotation:
        """All facts of a text as `Extractor.annotate` gives them, with the account of its numbers."""
        reading = self._extractor.read(text, parts, explaining=True)
        return replace(reading.annotation, numbers=account_for_numbers(self._extractor, reading))


class CountedNumber(NamedTuple):
    """A number of the document: its place, and the code of where it went (docs/how-to/unread.md lists them)."""

    start: int
    end: int
    reason: str


def account_for_numbers(extractor: Extractor, reading: Reading) -> NumberAccount:
    """Accounts for the numbers of a text that `extractor.read` has read with `explaining`."""
    passed = find_passed(extractor, reading)
    suspected = _suspect(extractor, reading, passed)
    counted = _count(extractor, reading, passed, suspected)
    unread = [_make_unread(reading, one, suspicion) for one, suspicion in suspected]
    unread.sort(key=lambda number: (REASONS.index(number.reason), number.start, number.end))
    return NumberAccount(tuple(unread), Counter(number.reason for number in counted))


def count_numbers(extractor: Extractor, text: str, parts: Sequence[Part] = ()) -> list[CountedNumber]:
    """All numbers of the criteria and prescriptions of a text, in its order, with the code of where each went."""
    reading = extractor.read(text, parts, explaining=True)
    passed = find_passed(extractor, reading)
    return _count(extractor, reading, passed, _suspect(extractor, reading, passed))


def _suspect(extractor: Extractor, reading: Reading, passed: Sequence[Passed]) -> list[tuple[Passed, Suspicion]]:
    """Those that may be facts, and in other passages those with a bound in a unit of a test."""
    suspects = Suspects(
        extractor.engines, read_explanation_words(extractor.patterns), read_unread_words(extractor.patterns)
    )
    found = []
    for one in [*passed, *_find_elsewhere(extractor, reading)]:
        criterion = one.passage is not None and is_criterion(one.passage, reading)
        suspicion = suspects.suspect(one, criterion=criterion)
        if suspicion is not None:
            found.append((one, suspicion))
    return found


def _find_elsewhere(extractor: Extractor, reading: Reading) -> Iterator[Passed]:
    """Quantities outside of criteria and prescriptions that are part of no fact, where a number may well be one."""
    told = {(passage.start, passage.end) for passage in find_told(extractor, reading)}
    taken, teller = Places((fact.start, fact.end) for fact in reading.facts), Teller(extractor)
    for passage in reading.read:
        if (passage.start, passage.end) not in told and any(q.operator or q.unit for q in passage.quantities):
            yield from teller.tell(passage, taken)


def _count(
    extractor: Extractor, reading: Reading, passed: Sequence[Passed], suspected: Iterable[tuple[Passed, Suspicion]]
) -> list[CountedNumber]:
    """All numbers of criteria and prescriptions, each with its code."""
    text, told = reading.copy.text, Places((p.start, p.end) for p in find_told(extractor, reading))
    codes = {(p.declined.start, p.declined.end): p.declined.reason for p in passed}
    codes |= {(p.declined.start, p.declined.end): suspicion.reason for p, suspicion in suspected}
    places = sorted(
        [(f.start, f.end, "fact") for f in reading.facts] + [(*place, code) for place, code in codes.items()]
    )
    numbers = [match.span() for match in _DIGITS.finditer(text)] + [match.span() for match in _WORDS.finditer(text)]
    counted = []
    for start, end in sorted(numbers):
        if not (is_in_criteria(reading, start) or told.meet(start, end)):
            continue
        code = next((code for a, b, code in places if a < end and start < b), None)
        if code is not None or text[start].isdigit():
            counted.append(CountedNumber(*reading.copy.locate(start, end), code or "word"))
    return counted


def _make_unread(reading: Reading, passed: Passed, suspicion: Suspicion) -> Unread:
    """A number that may be a fact, where it stands in the document itself."""
    declined, passage = locate(passed.declined, reading.copy), passed.passage
    start, end = (passed.declined.start, passed.declined.end) if passage is None else (passage.start, passage.end)
    return Unread(
        declined.start,
        declined.end,
        declined.text,
        reading.copy.locate(start, end),
        _find_polarity(reading, passed.declined.start, passage),
        suspicion.label,
        suspicion.name,
        declined.interval,
        declined.unit,
        suspicion.reason,
        declined.why,
    )


def _find_polarity(reading: Reading, start: int, passage: Passage | None) -> str:
    if passage is not None and passage.unheaded:
        return "inclusion"
    return find_section(reading.sections, start).polarity or "none"
