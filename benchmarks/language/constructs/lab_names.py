"""The name of a test, what stands between it and its limit, and the sentence around both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from benchmarks.language.analytes import BY_ANALYTE, TESTS
from benchmarks.language.labs import draw_draft, mark_limit, write_inside
from benchmarks.language.registry import construct
from benchmarks.language.sentences import Sentence, compose
from benchmarks.language.wordings import read_wordings

_WORDINGS = read_wordings("lab_names")

FILLERS = _WORDINGS["fillers"]
#: Fillers that are themselves a comparator, or want a value without one.
_EQUAL = {" equal to ", " = "}


@construct("lab/name", "labs")
def write_names(draw: Random) -> Iterator[Sentence]:
    """Every name of every test, in a plain criterion."""
    for test in TESTS:
        for name in test.names:
            for _ in range(2):
                draft = draw_draft(draw, tests=[test])
                yield replace(draft, name=draw.choice([name, name, name[0].upper() + name[1:]])).make_sentence(name)


@construct("lab/between name and value", "labs")
def write_fillers(draw: Random) -> Iterator[Sentence]:
    """What stands between the name of a test and its limit."""
    for filler in FILLERS:
        for _ in range(4):
            draft = draw_draft(draw)
            if filler in _EQUAL:
                continue
            tail = (")",) if filler == " (" else ()
            yield replace(draft, filler=filler, tail=tail).make_sentence(filler)


@construct("lab/carrier sentence", "labs")
def write_carriers(draw: Random) -> Iterator[Sentence]:
    """The sentence around name and value."""
    for template in _WORDINGS["carriers"]:
        for _ in range(4):
            draft = draw_draft(draw)
            while draft.section == "exclusion":
                draft = draw_draft(draw)
            name = draft.name if template.startswith("{}") else write_inside(draft.name)
            yield Sentence(compose(template, name, draft.make_mark()), template)


@construct("lab/value before name", "labs")
def write_value_first(draw: Random) -> Iterator[Sentence]:
    """The limit stands in front of the name of the test."""
    templates = (
        """{} {}|{} of {}|A value of {} for {}|{} for {}|{} in {}|Values of {} for {}|A level of {} for {}""".split("|")
    )
    for template in templates:
        for _ in range(5):
            draft = draw_draft(draw)
            if template in ("{} {}", "{} in {}") and draft.amount.unit in ("ULN",):
                continue
            name = write_inside(draft.name)
            yield Sentence(compose(template, draft.make_mark(), name), template, draft.section)
    counts = _WORDINGS["counted"]
    for analyte, word in counts:
        for unit in ("/mm3", "/µL", " per mm3", " per microliter", "/uL"):
            draft = draw_draft(draw, unit="/uL", tests=[BY_ANALYTE[analyte]])
            text = f"{draft.comparator} {draft.number} {word}{unit}"
            made = mark_limit(text, draft.tests, draft.ends, "/uL")
            yield Sentence((made,), "100,000 platelets/mm3", draft.section)


@construct("lab/misspelt name", "labs")
def write_misspelt(draw: Random) -> Iterator[Sentence]:
    """A letter is wrong, missing or too many, and nothing else can be meant."""
    for name, analyte in _WORDINGS["misspelt"]:
        for _ in range(2):
            yield replace(draw_draft(draw, tests=[BY_ANALYTE[analyte]]), name=name).make_sentence(name)
