"""Sentences with exact gold: pieces of text, some of which are marked with the facts that they state.

A construct composes a `Sentence` out of words and `Mark`s; `make_document` puts it under a heading and counts offsets,
so that gold can't differ from the text that was written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from trialsift.gold import GoldDocument, GoldSpan
from trialsift.model.fact import Bounds, Regimen

Attributes = dict[str, Any]
#: What stands in front of a sentence, by the part of the document it is for.
CARRIERS = {
    "inclusion": "Inclusion Criteria:\n\n- ",
    "exclusion": "Exclusion Criteria:\n\n- ",
    "none": "",
}


@dataclass(frozen=True, slots=True)
class Ends:
    """An interval as the gold format writes it; `above` and `below` are its two ends, None where open."""

    low: float | None = None
    low_inclusive: bool | None = None
    high: float | None = None
    high_inclusive: bool | None = None

    def to_attributes(self) -> Attributes:
        return {
            "low": self.low,
            "low_inclusive": self.low_inclusive,
            "high": self.high,
            "high_inclusive": self.high_inclusive,
        }


def bound(relation: str, number: float) -> Ends:
    """Makes the interval of one comparator: `ge`, `gt`, `le`, `lt` or `eq`."""
    if relation == "eq":
        return Ends(number, True, number, True)
    inclusive = relation[1] == "e"
    return Ends(number, inclusive) if relation[0] == "g" else Ends(None, None, number, inclusive)


def between(low: float, high: float, low_inclusive: bool = True, high_inclusive: bool = True) -> Ends:
    """Makes an interval with two ends."""
    return Ends(low, low_inclusive, high, high_inclusive)


def read_ends(text: str) -> Ends:
    """Reads an interval as wordings/ have it: `[18,75]`, `[9,)`, `(,5]`; a round bracket stands where an end is out."""
    low, high = (float(part) if part else None for part in text[1:-1].split(","))
    return Ends(low, text[0] == "[" if low is not None else None, high, text[-1] == "]" if high is not None else None)


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """The text of a value and what it states, once for each test that it limits. Two equal marks stay two."""

    text: str
    facts: tuple[tuple[str, Attributes], ...]


def mark(text: str, label: str, ends: Ends | str | None = None, **attributes: Any) -> Mark:
    """Marks a text with one fact; `ends` may be a text for `read_ends`."""
    if isinstance(ends, str):
        ends = read_ends(ends)
    return Mark(text, ((label, (ends.to_attributes() if ends else {}) | attributes),))


Piece = str | Mark


@dataclass(frozen=True, slots=True)
class Prescription:
    """A regimen and the marks that state it; `None` where a number is neither stated nor computable."""

    marks: tuple[Mark, ...]
    fractions: Bounds | None = None
    dose_per_fraction: Bounds | None = None
    total_dose: Bounds | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of one construct. `form` names the wording under test; `labels` what is annotated in it."""

    pieces: tuple[Piece, ...]
    form: str
    section: str = "inclusion"
    regimens: tuple[Prescription, ...] = ()
    labels: tuple[str, ...] = ()
    meta: Attributes = field(default_factory=dict)


def compose(template: str, *values: Piece | Sequence[Piece]) -> tuple[Piece, ...]:
    """Fills each `{}` of a template with a text, a mark, or several of them."""
    words = template.split("{}")
    if len(words) != len(values) + 1:
        raise ValueError(f"{template!r} has {len(words) - 1} gaps, but {len(values)} values are given")
    pieces: list[Piece] = [words[0]]
    for value, following in zip(values, words[1:], strict=True):
        pieces += [value] if isinstance(value, (str, Mark)) else list(value)
        pieces.append(following)
    return tuple(piece for piece in pieces if piece != "")


def capitalise(sentence: Sentence) -> Sentence:
    """Begins a sentence with a capital letter, where it begins with a word in lower case that isn't a value."""
    first = sentence.pieces[0]
    if not isinstance(first, str) or not first[:2].isalpha() or not first[:2].islower():
        return sentence
    return replace(sentence, pieces=(first[0].upper() + first[1:], *sentence.pieces[1:]))


def make_document(sentence: Sentence, doc_id: str, construct: str, carrier: str | None = None) -> GoldDocument:
    """Writes a sentence under its heading, and the gold beside it."""
    text = CARRIERS[sentence.section] if carrier is None else carrier
    spans: list[GoldSpan] = []
    ids: dict[int, list[int]] = {}
    for piece in sentence.pieces:
        if isinstance(piece, Mark):
            for label, attributes in piece.facts:
                ids.setdefault(id(piece), []).append(len(spans))
                values = {"polarity": sentence.section, **attributes}
                spans.append(GoldSpan(len(spans), len(text), len(text) + len(piece.text), label, piece.text, values))
            text += piece.text
        else:
            text += piece
    regimens = tuple(
        Regimen(tuple(sorted(i for m in r.marks for i in ids[id(m)])), r.fractions, r.dose_per_fraction, r.total_dose)
        for r in sentence.regimens
    )
    meta = {"construct": construct, "form": sentence.form, **sentence.meta}
    if sentence.labels:
        meta["labels"] = list(sentence.labels)
    return GoldDocument(doc_id, text, tuple(spans), regimens, meta)
