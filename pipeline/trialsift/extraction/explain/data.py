"""What an explanation consists of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from trialsift.model.fact import Fact, Regimen
from trialsift.model.interval import Interval


class Piece(NamedTuple):
    """Characters of the document that a fact was read from: `text` is `document[start:end]`, `meaning` what they were
    taken for. `kind` is comparator, number, range, unit, name, condition, boost, section or cue."""

    kind: str
    start: int
    end: int
    text: str
    meaning: str


class Step(NamedTuple):
    """A step of normalisation: what was there (in words where nothing is written), and what became of it. `place` is
    that of the piece that it begins from, None without one."""

    name: str
    before: str
    after: str
    place: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A fact, the description of its rule, the pieces in the order of the text, and the steps in the order in which a
    reader asks for them: name, value, unit, what was inferred, polarity, context."""

    fact: Fact
    rule: str
    pieces: tuple[Piece, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class RegimenExplanation:
    """A regimen, and for each of its three numbers a step: the text that states it, or what it was computed from."""

    regimen: Regimen
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Declined:
    """A number of a criterion or a prescription that is part of no fact, and why.

    `text` is `document[start:end]`. `interval` and `unit` (UCUM) are what it was read as, None where it was not read as
    a quantity. `step` is the package of the extraction that passed over it: `quantities`, where it is no value at all,
    or `labels`, where it is the value of nothing that is looked for. `label` is the label that came nearest to taking
    it and `rule` the id of the rule, both empty where none did; `why` is the reason in words, and `reason` the code of
    what the number is instead (docs/how-to/unread.md lists them).
    """

    start: int
    end: int
    text: str
    interval: Interval | None
    unit: str | None
    step: str
    label: str
    rule: str
    why: str
    reason: str


class Found(NamedTuple):
    """A piece on its way: its place and meaning."""

    kind: str
    start: int
    end: int
    meaning: str
