"""The labels: one file each in `patterns/entities/`, and the engine that reads it.

`read_labels` gives what every part of the project needs to know of a label; `Engines` builds the engines that the
files name and runs them on a passage, the most specific first.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from ..facts import Fact
from ..lexicon import Drugs, Lexicon
from ..quantity.comparators import Comparators
from ..resources import PatternError, read_toml
from .age import Ages
from .drugs import DrugDoses
from .labs import Labs
from .passage import Passage
from .performance_status import PerformanceStatus, read_scales
from .radiotherapy import Radiotherapy


class Engine(Protocol):
    """Finds the facts of one label, or of a few that share a syntax."""

    def find(self, passage: Passage) -> list[Fact]:
        """The facts of a passage; their quantities are claimed."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as its file documents it; `examples` are tests."""

    id: str
    description: str
    examples: tuple[dict[str, Any], ...]
    not_examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """A label: its table, engine, colour in displaCy, and whether it is on by default."""

    label: str
    table: str
    engine: str
    colour: str
    default: bool
    key_attributes: tuple[str, ...]
    rules: tuple[Rule, ...]
    path: Path


def read_labels(folder: Path) -> tuple[Label, ...]:
    """All labels of a patterns folder, by name. Raises PatternError for a rule without an example."""
    labels = []
    for path in sorted((folder / "entities").glob("*.toml")):
        table = read_toml(path)
        for key in ("label", "table", "engine", "colour", "default", "key_attributes", "rule"):
            if key not in table:
                raise PatternError(f"{path.name}: the key {key!r} is missing")
        rules = []
        for rule in table["rule"]:
            missing = {"id", "description", "examples", "not_examples"} - set(rule)
            if missing:
                raise PatternError(f"{path.name}: a rule lacks {sorted(missing)[0]!r}")
            if not rule["examples"]:
                raise PatternError(f"{path.name}: the rule {rule['id']!r} has no example")
            rules.append(Rule(rule["id"], rule["description"], tuple(rule["examples"]), tuple(rule["not_examples"])))
        labels.append(Label(table["label"], table["table"], table["engine"], table["colour"], table["default"],
                            tuple(table["key_attributes"]), tuple(rules), path))
    if not labels:
        raise PatternError(f"{folder}: no label in entities/")
    return tuple(labels)


class Engines:
    """The engines of the labels that are on, in the order in which they may claim a quantity."""

    def __init__(self, folder: Path, comparators: Comparators, labels: frozenset[str] | None = None) -> None:
        self.labels = read_labels(folder)
        known = {label.label for label in self.labels}
        if labels is not None and labels - known:
            raise PatternError(f"unknown label {sorted(labels - known)[0]!r}; known are {', '.join(sorted(known))}")
        self.wanted = labels if labels is not None else frozenset(label.label for label in self.labels if label.default)
        self.lexicon = Lexicon(folder, read_scales(folder))
        self._engines: list[Engine] = [
            PerformanceStatus(folder, comparators), Ages(folder), Radiotherapy(), Labs(folder, self.lexicon), DrugDoses(Drugs(folder))]

    def find(self, passage: Passage) -> list[Fact]:
        """Facts of a passage with the wanted labels."""
        facts = [fact for engine in self._engines for fact in engine.find(passage)]
        return [fact for fact in facts if fact.label in self.wanted]
