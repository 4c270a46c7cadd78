"""The criteria of all trials as arrays: a row for each limit, grouped into criteria, grouped into trials."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trialsift.runs.match.values import SEX, SEXES, Category

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_NO_CONDITION = -1


@dataclass(frozen=True, slots=True)
class Limits:
    """Intervals, an element each: the index of its category, and its ends (infinite where open)."""

    category: Ints
    low: Floats
    low_inclusive: Flags
    high: Floats
    high_inclusive: Flags


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition: the rows of the limits in it, and what else it asks for. Only a clear one can be answered."""

    when: tuple[int, ...] = ()
    sex: str | None = None
    has: tuple[str, ...] = ()
    denied: bool = False
    clear: bool = False


@dataclass(frozen=True, slots=True)
class Formula:
    """All criteria of a run.

    `limits` has the members of all criteria in order, and behind them the limits of conditions. By member: `open` and
    the index of its `condition` (-1 for none), and what is
    `said` of it: the words of the condition, and why it is open. By criterion: `first`, its first member, `trial`, its
    `words`, and `source`, its row of `criteria` (-1 for a registry's field).
    """

    doc_ids: list[str]
    nct_ids: list[Any]
    categories: list[Category]
    limits: Limits
    open: Flags
    condition: Ints
    said: list[tuple[str | None, str | None]]
    conditions: list[Condition]
    first: Ints
    trial: Ints
    source: Ints
    words: list[str]

    @property
    def tests(self) -> set[str]:
        """The tests that have limits."""
        return {str(category.name) for category in self.categories if category.label == "LAB"}


def compile_formula(criteria: pd.DataFrame, trials: pd.DataFrame) -> Formula:
    """Returns the criteria of a run. Raises KeyError or ValueError for tables that aren't those of a run."""
    builder = _Builder()
    doc_ids = [str(doc_id) for doc_id in trials["doc_id"]]
    places = {doc_id: place for place, doc_id in enumerate(doc_ids)}
    rows: list[list[int]] = [[] for _ in doc_ids]
    for row, doc_id in enumerate(criteria["doc_id"]):
        rows[places[str(doc_id)]].append(row)
    formulas, words = criteria["formula"].tolist(), criteria["members"].tolist()
    fields = [trials[name].tolist() for name in _REGISTRY]
    for place, registry in enumerate(zip(*fields, strict=True)):
        for row in rows[place]:
            builder.add(place, row, words[row], json.loads(formulas[row]))
        for said, member in _read_registry(*registry):
            builder.add(place, -1, said, [member])
    return builder.build(doc_ids, trials["nct_id"].tolist())


_REGISTRY = ("registry_sex", "registry_age_low", "registry_age_high", "age_agreement")


def _read_registry(sex: Any, low: Any, high: Any, agreement: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Iterates over the limits in a registry's own fields; ages that the text contradicts are left out."""
    named = "" if pd.isna(sex) else str(sex).strip().lower()
    if named in SEXES:
        yield f"sex {named} (registry)", {"label": SEX, "low": SEXES[named], "high": SEXES[named]}
    if not pd.isna(agreement) and agreement == "differs":
        return
    for end, value, sign in (("low", low, "≥"), ("high", high, "≤")):
        if not pd.isna(value):
            yield f"age {sign} {value:g} years (registry)", {"label": "AGE", end: float(value), "unit": "a"}


@dataclass(slots=True)
class _Builder:
    """Collects limits, criteria and conditions, and numbers what is equal."""

    members: list[Mapping[str, Any]] = field(default_factory=list)
    within: list[Mapping[str, Any]] = field(default_factory=list)
    condition: list[int] = field(default_factory=list)
    conditions: dict[str, tuple[int, Mapping[str, Any], list[int]]] = field(default_factory=dict)
    first: list[int] = field(default_factory=list)
    trial: list[int] = field(default_factory=list)
    source: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def add(self, trial: int, source: int, words: str, members: Iterable[Mapping[str, Any]]) -> None:
        """Adds a criterion."""
        self.first.append(len(self.members))
        self.trial.append(trial)
        self.source.append(source)
        self.words.append(words)
        for member in members:
            self.members.append(member)
            condition = member.get("condition")
            self.condition.append(_NO_CONDITION if condition is None else self._number(condition))

    def _number(self, condition: Mapping[str, Any]) -> int:
        key = json.dumps({name: value for name, value in condition.items() if name != "text"}, sort_keys=True)
        if key not in self.conditions:
            first = len(self.within)
            self.within.extend(condition.get("when", ()))
            self.conditions[key] = len(self.conditions), condition, list(range(first, len(self.within)))
        return self.conditions[key][0]

    def build(self, doc_ids: list[str], nct_ids: list[Any]) -> Formula:
        """Returns all that was added."""
        numbers: dict[Category, int] = {}
        limits = _make_limits([*self.members, *self.within], numbers)
        behind = len(self.members)
        conditions = [
            Condition(
                tuple(row + behind for row in rows),
                given.get("sex"),
                tuple(" ".join(sorted(name.split())) for name in given.get("has", ())),
                bool(given.get("denied")),
                bool(given.keys() & {"when", "sex", "has"}),
            )
            for _, given, rows in self.conditions.values()
        ]
        return Formula(
            doc_ids,
            nct_ids,
            list(numbers),
            limits,
            np.array(["open" in member for member in self.members], dtype=bool),
            np.array(self.condition, dtype=np.int64),
            [(member.get("condition", {}).get("text"), member.get("open")) for member in self.members],
            conditions,
            np.array(self.first, dtype=np.int64),
            np.array(self.trial, dtype=np.int64),
            np.array(self.source, dtype=np.int64),
            self.words,
        )


def _make_limits(given: list[Mapping[str, Any]], numbers: dict[Category, int]) -> Limits:
    """Returns limits as arrays, and numbers their categories."""
    category = [
        numbers.setdefault(Category(one["label"], one.get("name"), one.get("unit")), len(numbers)) for one in given
    ]
    return Limits(
        np.array(category, dtype=np.int64),
        np.array([one.get("low", -np.inf) for one in given], dtype=np.float64),
        np.array([one.get("low_inclusive", True) for one in given], dtype=bool),
        np.array([one.get("high", np.inf) for one in given], dtype=np.float64),
        np.array([one.get("high_inclusive", True) for one in given], dtype=bool),
    )
