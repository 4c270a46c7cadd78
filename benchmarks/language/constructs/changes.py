"""Invariance and direction: changes that must leave the facts as they are, and changes that must turn them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from benchmarks.language.constructs.ages import mark_age
from benchmarks.language.constructs.performance_status import mark_status
from benchmarks.language.constructs.radiation import mark_dose
from benchmarks.language.labs import Draft, draw_draft
from benchmarks.language.registry import construct
from benchmarks.language.sentences import Mark, Piece, Prescription, Sentence, bound, compose
from benchmarks.language.wordings import read_wordings

_WORDINGS = read_wordings("changes")

_BULLETS = _WORDINGS["bullets"]
_INCLUSION = _WORDINGS["inclusion"]
_EXCLUSION = _WORDINGS["exclusion"]


def _draw_included(draw: Random) -> Draft:
    draft = draw_draft(draw)
    return draft if draft.section == "inclusion" else _draw_included(draw)


def _draw_any(draw: Random) -> tuple[Piece, ...]:
    """Draws a plain criterion of one of the three labels."""
    kind = draw.choice(("lab", "lab", "age", "status"))
    if kind == "lab":
        draft = _draw_included(draw)
        return (draft.name, draft.filler, draft.make_mark())
    if kind == "age":
        text, ends = draw.choice(_WORDINGS["plain_ages"])
        return ("Age ", mark_age(text, ends))
    text, high = draw.choice([("0-1", 1), ("≤ 2", 2), ("0 or 1", 1), ("0, 1, or 2", 2)])
    return ("ECOG performance status ", mark_status(text, "ECOG", 0, high))


@construct("invariance/bullet or number of the line", "structure", "invariance")
def change_bullets(draw: Random) -> Iterator[Sentence]:
    for bullet in _BULLETS:
        for _ in range(6):
            yield Sentence(_draw_any(draw), repr(bullet), meta={"carrier": f"Inclusion Criteria:\n\n{bullet}"})


@construct("invariance/value at the head of the line", "structure", "invariance")
def change_bullets_before_values(draw: Random) -> Iterator[Sentence]:
    """`1. 18 years or older`: the number of the line stands right before the value."""
    for bullet in _BULLETS:
        for text, ends in _WORDINGS["bare_ages"]:
            yield Sentence((mark_age(text, ends),), repr(bullet), meta={"carrier": f"Inclusion Criteria:\n\n{bullet}"})


@construct("invariance/all on one line", "structure", "invariance")
def change_lines(draw: Random) -> Iterator[Sentence]:
    """Criteria in one paragraph, numbered or not."""
    for first, second, third in _WORDINGS["line_numbers"]:
        for _ in range(6):
            pieces = (first, *_draw_any(draw), second, *_draw_any(draw), third, *_draw_any(draw))
            yield Sentence(
                tuple(p for p in pieces if p),
                repr(second),
                meta={
                    "carrier": draw.choice(("Inclusion Criteria: ", "Inclusion criteria: ", "Inclusion Criteria:\n"))
                },
            )


@construct("invariance/neighbours", "structure", "invariance")
def change_neighbours(draw: Random) -> Iterator[Sentence]:
    """A sentence before, or behind, or both."""
    others = _WORDINGS["neighbours_others"]
    for before in (True, False):
        for joiner in ("\n- ", "\n", ". ", "; ", "\n\n", ", ", "\r\n", "\n  - ", " \n", ".  "):
            for _ in range(5):
                other = draw.choice(others)
                fact = _draw_any(draw)
                pieces = (other, joiner, *fact) if before else (*fact, joiner, other)
                yield Sentence(pieces, f"{'before' if before else 'behind'} {joiner!r}")


@construct("invariance/punctuation and case", "structure", "invariance")
def change_ends(draw: Random) -> Iterator[Sentence]:
    for tail in _WORDINGS["tails"]:
        for _ in range(5):
            yield Sentence((*_draw_any(draw), tail), repr(tail))


@construct("direction/heading", "structure", "direction", ("polarity",))
def turn_headings(draw: Random) -> Iterator[Sentence]:
    """The same limits under headings of inclusion and of exclusion."""
    for section, headings in (("inclusion", _INCLUSION), ("exclusion", _EXCLUSION)):
        for heading in headings:
            for join in ("\n- ", "\n\n1. ", " ", "\n"):
                if join == " " and heading[-1] not in ":-":
                    continue
                draft = draw_draft(draw)
                while draft.section != section:
                    draft = draw_draft(draw)
                yield replace(draft.make_sentence(heading), meta={"carrier": heading + join})


@construct("direction/comparator turned", "quantities", "direction")
def turn_comparators(draw: Random) -> Iterator[Sentence]:
    """Two sentences that differ in the comparator only: the other end must be open."""
    opposites = _WORDINGS["comparators_opposites"]
    for first, one, second, two in opposites:
        for _ in range(3):
            draft = draw_draft(draw, one)
            for text, relation in ((first, one), (second, two)):
                turned = replace(draft, comparator=text, relation=relation)
                yield turned.make_sentence(f"{first} | {second}")


@construct("direction/history", "doses", "direction", ("historical",))
def turn_history(draw: Random) -> Iterator[Sentence]:
    """A threshold on earlier treatment is historical; a dose of this trial is not."""
    past = _WORDINGS["history_past"]
    now = _WORDINGS["history_now"]
    for templates, historical in ((past, True), (now, False)):
        for template in templates:
            for number in (50, 60, 66):
                extra = {"historical": True} if historical else {}
                section = "exclusion" if historical else "none"
                text, ends, role = (
                    (f"> {number} Gy", bound("gt", number), "other")
                    if historical
                    else (f"{number} Gy", bound("eq", number), "total")
                )
                made: Mark = mark_dose(text, role, ends, **extra)
                regimens = () if historical else (Prescription((made,), total_dose=(number, number)),)
                yield Sentence(compose(template, made), template, section, regimens)
