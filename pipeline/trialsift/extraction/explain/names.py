"""The piece that names what a value is about: the analyte, scale or measurement, or the drug.

A rule tells on which side of the value its name stands; of several that name the same, the nearest is told.
"""

from __future__ import annotations

from collections.abc import Iterable

from trialsift.extraction.explain.data import Found
from trialsift.extraction.quantities.parts import Token
from trialsift.extraction.structure.passage import Passage
from trialsift.model.fact import Fact


def name_of(fact: Fact, passage: Passage) -> Found | None:
    """The name of a fact, or None where it has none, or it can't be told which words are."""
    if fact.label == "LAB":
        return _analyte(fact, passage)
    told = [note for note in passage.notes if note.fact == fact.start and note.about == "name" and note.place]
    scale = fact.attributes.get("scale")
    for note in told:
        if note.place is not None and (note.meaning == scale if scale is not None else fact.label not in _UNNAMED):
            return Found("name", *note.place, note.meaning)
    return None


_UNNAMED = frozenset({"AGE", "FRACTIONS"})


def _analyte(fact: Fact, passage: Passage) -> Found | None:
    analyte = str(fact.attributes["analyte"])
    tokens = _naming(passage.tokens, analyte)
    inside = [t for t in tokens if fact.start <= t.start and t.end <= fact.end]
    behind = [t for t in tokens if t.start >= fact.end]
    if fact.rule == "lab.name_last":
        nearest = [*inside[:1], *behind[:1]]
    else:
        before = [t for t in tokens if t.end <= fact.start]
        nearest = [*inside[:1], *before[-1:], *_naming(passage.above_tokens, analyte)[-1:], *behind[:1]]
    return Found("name", nearest[0].start, nearest[0].end, analyte) if nearest else None


def _naming(tokens: Iterable[Token], analyte: str) -> list[Token]:
    """The names of an analyte; a collective one (`transaminases`) names several."""
    return [t for t in tokens if isinstance(t.value, tuple) and t.value[0] == "analyte" and analyte in t.value[1:]]
