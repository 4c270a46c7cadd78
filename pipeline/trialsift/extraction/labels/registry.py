"""The engines that the files in `patterns/entities/` name, run on a passage, the most specific first.

A label without a syntax of its own names the engine `generic`; adding it touches nothing but its file.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from trialsift.extraction.labels.age.engine import Ages
from trialsift.extraction.labels.clues import Clue
from trialsift.extraction.labels.dose.drugs import DrugDoses
from trialsift.extraction.labels.dose.radiotherapy import Radiotherapy
from trialsift.extraction.labels.generic import Generic
from trialsift.extraction.labels.lab.engine import Labs
from trialsift.extraction.labels.measurement import Measurements
from trialsift.extraction.labels.performance_status import PerformanceStatus, read_scales
from trialsift.extraction.mentions.drugs import Drugs
from trialsift.extraction.mentions.lexicon import Lexicon
from trialsift.extraction.quantities.comparators import Comparators
from trialsift.extraction.quantities.units import Units
from trialsift.extraction.structure.passage import Decline, Passage
from trialsift.model.fact import Fact
from trialsift.rules.files import Where
from trialsift.rules.labels import LabelTable, chosen, read_labels
from trialsift.rules.layers import Folder

ENGINES = frozenset({"age", "dose", "generic", "lab", "measurement", "performance_status"})


class Engine(Protocol):
    """Finds the facts of one label, or of a few that share a syntax: nothing where none of its clues points to."""

    @property
    def clues(self) -> tuple[Clue, ...]:
        """What its facts need, known before numbers are read."""

    def find(self, passage: Passage) -> list[Fact]:
        """The facts of a passage; their quantities are claimed."""


def check_engine(label: LabelTable) -> None:
    """Raises PatternError, with the line, for a label whose engine is none."""
    if label.engine not in ENGINES:
        known = ", ".join(sorted(ENGINES))
        raise Where(label.path, ("engine",)).error(f"unknown engine {label.engine!r}; known are {known}")


class Engines:
    """The engines of the labels that are on, in the order in which they may claim a quantity.

    Each sees what those before it have claimed, and leaves that alone. Scores come first: `ECOG 0-1` and `Karnofsky 70`
    are numbers without a unit, which ages and labs would take too. Ages are next, since only words tell them from other
    times; then doses in gray and numbers of fractions, which no other label has. A generic label comes before labs,
    because its file states the very names that it is about. Labs come before drugs: an amount behind the name of a test
    is a value of that test, and what is left is a dose. Measurements are last: many of their units are those of tests
    too (`%`, `mmHg`), and tests are named in more ways.
    """

    def __init__(
        self, folder: Folder, comparators: Comparators, units: Units, labels: Iterable[str] | None = None
    ) -> None:
        self.labels: tuple[LabelTable, ...] = read_labels(folder)
        default = frozenset(label.label for label in self.labels if label.default)
        self.wanted = default if labels is None else chosen(labels, folder) or frozenset()
        self.lexicon = Lexicon(folder, read_scales(folder))
        self.drugs = Drugs(folder)
        for label in self.labels:
            check_engine(label)
        self._engines: list[Engine] = [
            PerformanceStatus(folder, comparators),
            Ages(folder),
            Radiotherapy(folder),
            *(Generic(label, folder) for label in self._of("generic")),
            Labs(folder, self.lexicon, units),
            DrugDoses(folder, self.drugs, comparators),
            *(Measurements(label, self.lexicon, folder) for label in self._of("measurement")),
        ]
        self._bits = [(1 << number, engine) for number, engine in enumerate(self._engines)]

    def _of(self, engine: str) -> list[LabelTable]:
        """The wanted labels that name this engine."""
        return [label for label in self.labels if label.engine == engine and label.label in self.wanted]

    @property
    def clues(self) -> list[tuple[Clue, ...]]:
        """What the facts of each need, in the order of the bits of `Passage.engines`."""
        return [engine.clues for engine in self._engines]

    def find(self, passage: Passage) -> list[Fact]:
        """Facts of a passage with the wanted labels."""
        facts: list[Fact] = []
        for bit, engine in self._bits:
            if passage.engines & bit:
                facts.extend(engine.find(passage))
        if passage.record is not None:
            why = "a fact of a label that is not asked for"
            unwanted = [fact for fact in facts if fact.label not in self.wanted]
            passage.record.declines.extend(Decline(f.start, f.end, f.label, f.rule, why) for f in unwanted)
        return [fact for fact in facts if fact.label in self.wanted]
