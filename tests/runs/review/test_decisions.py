"""Files of decisions: what holds of several on one thing, and what is refused with file and line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from trialsift.model.errors import UserError
from trialsift.runs.review.decisions import read_decisions

GOOD = {
    "doc_id": "a",
    "kind": "fact",
    "fact": 0,
    "start": 1,
    "end": 2,
    "label": "LAB",
    "action": "accept",
    "by": "AB",
    "at": "2026-05-04T10:30:00Z",
}


def write(path: Path, *records: Any) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_the_last_decision_on_a_thing_holds(tmp_path: Path) -> None:
    first = write(tmp_path / "1.jsonl", GOOD, {**GOOD, "fact": 1})
    second = write(tmp_path / "2.jsonl", {**GOOD, "action": "reject", "by": "CD"})
    held, replaced = read_decisions([first, second], "key")
    assert [(one.number, one.action, one.by) for one in held] == [(1, "accept", "AB"), (0, "reject", "CD")]
    assert replaced == 1
    assert held[1].where == f"{second}:1"


def test_additions_on_the_same_characters_are_two(tmp_path: Path) -> None:
    added = {key: value for key, value in GOOD.items() if key != "fact"} | {"kind": "added", "action": "add"}
    path = write(tmp_path / "1.jsonl", *({**added, "attributes": {"analyte": name}} for name in ("alt", "ast")))
    assert len(read_decisions([path], "key")[0]) == 2


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kind": "guess"}, "kind is 'guess'; expected fact, regimen, unread"),
        ({"action": "add"}, "action is 'add'; expected accept or reject or correct for the kind 'fact'"),
        ({"by": ""}, "the key 'by' is missing or empty"),
        ({"at": "yesterday"}, "at is 'yesterday'; expected a time such as"),
        ({"run": "other"}, "was decided on another run"),
        ({"start": "1"}, "start is '1'; expected a whole number"),
        ({"fact": -1}, "the key 'fact' is missing"),
        ({"place": [1]}, "place is [1]; expected [start, end]"),
        ({"colour": "red"}, "unknown key 'colour'"),
    ],
)
def test_what_is_no_decision(tmp_path: Path, change: dict[str, Any], told: str) -> None:
    path = write(tmp_path / "some.jsonl", GOOD, {**GOOD, **change})
    with pytest.raises(UserError) as refused:
        read_decisions([path], "key")
    assert "1 decision can't be taken; nothing was written" in str(refused.value)
    assert f"{path}:2: {told}" in str(refused.value)


def test_all_lines_that_cannot_be_taken_are_told(tmp_path: Path) -> None:
    path = write(tmp_path / "some.jsonl", *({"doc_id": "a"} for _ in range(30)))
    path.write_bytes(path.read_bytes() + b"{no json\n")
    with pytest.raises(UserError, match="31 decisions can't be taken") as refused:
        read_decisions([path], "key")
    assert f"{path}:20: " in str(refused.value)
    assert "and 11 more" in str(refused.value)
