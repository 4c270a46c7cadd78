"""Reads files of decisions, as `review.html` exports them, and says what is wrong with which line.

    {"doc_id": "NCT01", "kind": "fact", "fact": 3, "start": 17, "end": 25, "label": "LAB", "text": "≥ 9 g/dL",
     "action": "correct", "value": ">= 8 g/dL", "attributes": {"analyte": "hemoglobin"}, "by": "AB", "at": "2026-…"}

`action`: accept, reject, correct, add (a fact that was missed), or read (the whole document was: `kind` is document).
`kind`: fact, regimen, unread, registry, added or document. `fact` and `regimen` are numbers of the run's
annotations.jsonl, from 0. `value` is what somebody typed, `attributes` are those that change, `place` the characters
that the fact is moved to. Several files may be given; of several decisions on one thing the last holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from trialsift.gold import iterate_lines, parse_json
from trialsift.model.errors import UserError
from trialsift.model.fact import Scalar
from trialsift.runs.review.queue import FACT, REGIMEN, REGISTRY, UNREAD

ADDED, DOCUMENT = "added", "document"
ACCEPT, REJECT, CORRECT, ADD, READ = "accept", "reject", "correct", "add", "read"
#: What can be decided on each kind of item.
ACTIONS: Mapping[str, tuple[str, ...]] = {
    FACT: (ACCEPT, REJECT, CORRECT),
    REGIMEN: (ACCEPT, REJECT),
    UNREAD: (ACCEPT, REJECT, CORRECT),
    REGISTRY: (ACCEPT,),
    ADDED: (ADD,),
    DOCUMENT: (READ,),
}
_KEYS = {
    "doc_id": str,
    "kind": str,
    "action": str,
    "by": str,
    "at": str,
    "run": str,
    "label": str,
    "text": str,
    "value": str,
    "note": str,
    "start": int,
    "end": int,
    "fact": int,
    "regimen": int,
    "attributes": dict,
    "place": list,
}
_MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided on one thing. `where` is its file and line, `number` that of a fact or regimen."""

    where: str
    doc_id: str
    kind: str
    action: str
    by: str
    at: str
    number: int | None = None
    start: int = 0
    end: int = 0
    label: str = ""
    text: str = ""
    value: str | None = None
    attributes: Mapping[str, Scalar] = field(default_factory=dict)
    place: tuple[int, int] | None = None
    note: str | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        """What it decides on: equal for two decisions on one thing."""
        if self.number is not None or self.kind in (REGISTRY, DOCUMENT):
            return self.doc_id, self.kind, self.number, self.label
        name = self.attributes.get("analyte", "") if self.kind == ADDED else ""
        return self.doc_id, self.kind, self.start, self.end, self.label, name


def refuse(problems: Sequence[str]) -> UserError:
    """Returns the error that lists what can't be taken, line by line."""
    told = list(problems[:_MOST_TOLD])
    if len(problems) > _MOST_TOLD:
        told.append(f"and {len(problems) - _MOST_TOLD:,} more")
    lines = "1 decision" if len(problems) == 1 else f"{len(problems):,} decisions"
    return UserError(f"{lines} can't be taken; nothing was written. Mend or remove:\n" + "\n".join(told))


def read_decisions(paths: Iterable[Path], run: str) -> tuple[list[Decision], int]:
    """Returns the decisions that hold, in their order, and the number of those that a later one replaced.

    `run` is the key of the run (`find_run_key`). Raises UserError that lists the lines that are no decisions, and
    for files that can't be read.
    """
    held: dict[tuple[Any, ...], Decision] = {}
    problems, replaced = [], 0
    for path in paths:
        for line, content in iterate_lines(path):
            where = f"{path}:{line}"
            try:
                decision = parse_decision(parse_json(content, where), where, run)
            except UserError as error:
                problems.append(str(error))
                continue
            replaced += held.pop(decision.key, None) is not None
            held[decision.key] = decision
    if problems:
        raise refuse(problems)
    return list(held.values()), replaced


def parse_decision(record: Any, where: str, run: str) -> Decision:
    """Reads one decision from its JSON object. Raises UserError that says what was expected."""
    if not isinstance(record, dict):
        raise UserError(f"{where}: is no object; expected a decision as review.html exports it")
    for key, value in record.items():
        _check_key(key, value, where)
    for key in ("doc_id", "kind", "action", "by", "at"):
        if not record.get(key):
            raise UserError(f"{where}: the key {key!r} is missing or empty; expected doc_id, kind, action, by and at")
    kind, action = record["kind"], record["action"]
    if kind not in ACTIONS:
        raise UserError(f"{where}: kind is {kind!r}; expected {', '.join(ACTIONS)}")
    if action not in ACTIONS[kind]:
        raise UserError(f"{where}: action is {action!r}; expected {' or '.join(ACTIONS[kind])} for the kind {kind!r}")
    if record.get("run", run) != run:
        raise UserError(
            f"{where}: was decided on another run (its key is {record['run']}, this run's is {run}); name that run, or "
            "review this one"
        )
    _check_time(record["at"], where)
    number = record.get(kind) if kind in (FACT, REGIMEN) else None
    if kind in (FACT, REGIMEN) and (number is None or number < 0):
        raise UserError(f"{where}: the key {kind!r} is missing; expected its number in annotations.jsonl, from 0")
    return Decision(
        where,
        record["doc_id"],
        kind,
        action,
        record["by"],
        record["at"],
        number,
        record.get("start", 0),
        record.get("end", 0),
        record.get("label", ""),
        record.get("text", ""),
        record.get("value"),
        record.get("attributes", {}),
        _read_place(record.get("place"), where),
        record.get("note"),
    )


def _check_key(key: str, value: Any, where: str) -> None:
    expected = _KEYS.get(key)
    if expected is None:
        raise UserError(f"{where}: unknown key {key!r}; known are {', '.join(_KEYS)}")
    if type(value) is not expected:
        raise UserError(f"{where}: {key} is {value!r}; expected {_IN_WORDS[expected]}")


_IN_WORDS = {str: "a text", int: "a whole number", dict: "an object", list: "[start, end]"}


def _check_time(at: str, where: str) -> None:
    try:
        datetime.fromisoformat(at)
    except ValueError:
        raise UserError(f"{where}: at is {at!r}; expected a time such as 2026-05-04T10:30:00Z") from None


def _read_place(place: Any, where: str) -> tuple[int, int] | None:
    if place is None:
        return None
    if len(place) != 2 or not all(type(value) is int for value in place):
        raise UserError(f"{where}: place is {place!r}; expected [start, end]")
    return place[0], place[1]
