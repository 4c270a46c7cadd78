"""Radiotherapy apart from single prescriptions: limits, levels of a dose, and the prose of papers."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from benchmarks.language.constructs.radiation import COURSES, fill_course, mark_dose, mark_fractions
from benchmarks.language.registry import construct
from benchmarks.language.sentences import Ends, Mark, Prescription, Sentence, bound, mark, read_ends
from benchmarks.language.wordings import read_wordings

_WORDINGS = read_wordings("radiation")


@construct("radiation/limits on organs and prior dose", "doses")
def write_other(draw: Random) -> Iterator[Sentence]:
    """Constraints, equivalents and thresholds: role `other`, no regimen."""
    cases = _WORDINGS["other_cases"]
    for template, text, interval in cases:
        ends = read_ends(interval)
        head, tail = template.split("{}")
        high = Ends(None, None, ends.high, ends.high_inclusive) if "aximum" in head and ends.low == ends.high else ends
        yield Sentence(tuple(p for p in (head, mark_dose(text, "other", high), tail) if p), template, "none")


@construct("radiation/open number of fractions", "doses")
def write_open_fractions(draw: Random) -> Iterator[Sentence]:
    for text, number, relation in _WORDINGS["open_fractions"]:
        ends = bound(relation, number)
        for lead in ("Radiotherapy in ", "SBRT delivered in ", "Stereotactic radiotherapy with "):
            made = mark(text, "FRACTIONS", ends)
            low, high = (number, None) if relation[0] == "g" else (None, number)
            yield Sentence((lead, made), text, "none", (Prescription((made,), (low, high)),))


@construct("radiation/range of doses per fraction", "doses")
def write_fraction_doses(draw: Random) -> Iterator[Sentence]:
    for template in _WORDINGS["fraction_dose_templates"]:
        for text, interval in _WORDINGS["fraction_doses"]:
            ends = read_ends(interval)
            made = mark_dose(text, "per_fraction", ends)
            head, tail = template.split("{}")
            regimen = Prescription((made,), None, (ends.low, ends.high))
            yield Sentence(tuple(p for p in (head, made, tail) if p), template, "none", (regimen,))


@construct("radiation/levels of a dose", "doses")
def write_levels(draw: Random) -> Iterator[Sentence]:
    """Each level is a prescription of its own."""
    for template in _WORDINGS["level_templates"]:
        for style, joiner in _WORDINGS["level_styles"]:
            pieces: list[str | Mark] = []
            regimens: tuple[Prescription, ...] = ()
            for i, (fractions, dose) in enumerate(((5, 6), (5, 7), (5, 8)), start=1):
                course = fill_course(style, fractions, dose)
                pieces += [joiner if i > 1 else "", template.format(i), *course.pieces]
                regimens += course.regimens
            yield Sentence(tuple(p for p in pieces if p != ""), template, "none", regimens)


@construct("radiation/prose of papers", "doses")
def write_prose(draw: Random) -> Iterator[Sentence]:
    for template in _WORDINGS["prose"]:
        for _ in range(4):
            yield fill_course(template, *draw.choice(COURSES))
    for template in _WORDINGS["prose_range_templates"]:
        for text, interval, number, low, high in _WORDINGS["prose_ranges"]:
            ends = read_ends(interval)
            marks = mark_dose(text, "total", ends), mark_fractions(number, low, high)
            regimen = Prescription(marks, (low, high), None, (ends.low, ends.high))
            head, middle, tail = template.split("{}")
            pieces = (head, marks[0], middle, marks[1], tail)
            yield Sentence(tuple(p for p in pieces if p), template, "none", (regimen,))
