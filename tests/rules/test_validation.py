"""A rule file against its model: each mistake with its line, what was expected, and the table that it is in."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from pydantic import Field

from trialsift.rules.files import PatternError
from trialsift.rules.layers import Patterns
from trialsift.rules.validation import Examples, Expression, Phrase, Table, read_as


class Limits(Table):
    low: float
    high: float


class Entry(Table):
    id: str
    examples: Examples
    limits: Limits | None = None


class Contents(Table):
    on: bool
    count: int = Field(default=1, ge=1)
    words: dict[Literal["before", "behind"], list[Expression]]
    names: dict[str, Limits] = Field(default_factory=dict)
    phrases: list[Phrase] = Field(default_factory=list)
    rule: list[Entry]


FILE = """on = true
count = 2
phrases = [
  "one",
  "two",
]

[words]
before = [
  'aged?',
  'old',
]

[names]
x = { low = 1, high = 2.5 }

[[rule]]
id = "first"
examples = ["a"]

[[rule]]
id = "second"
examples = ["b"]
limits = { low = 1, high = 2 }
"""


def written(folder: Path, content: str) -> Path:
    path = folder / "rules.toml"
    path.write_text(content, encoding="utf-8")
    return path


def test_a_file_as_it_should_be(tmp_path: Path) -> None:
    contents = read_as(Contents, written(tmp_path, FILE))
    assert [rule.id for rule in contents.rule] == ["first", "second"]
    assert contents.names["x"] == Limits(low=1, high=2.5)
    assert contents.words == {"before": ["aged?", "old"]}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("on = true\n", "", ": the key 'on' is missing"),
        ("on = true", "on = 1", ":1: on is 1; expected true or false"),
        ("on = true", "off = true", ":1: unknown key 'off'; known are count, names, on, phrases, rule, words"),
        ("count = 2", "count = 0", ":2: count is 0; expected greater than or equal to 1"),
        ("count = 2", 'count = "2"', ":2: count is '2'; expected a whole number"),
        ("count = 2", "count = true", ":2: count is True; expected a whole number"),
        ('"two"', '""', ":3: phrases holds ''; expected text that is not empty"),
        ('"one"', "1", ":3: phrases holds 1; expected text in quotes"),
        ("before =", "befor =", ":9: [words]: unknown key 'befor'; known are before, behind"),
        ("'old'", "'(old'", ":11: [words]: before holds '(old'; missing ), unterminated subpattern at position 0"),
        ("'old'", "'old|'", ":11: [words]: before holds 'old|'; expected an expression that does not match the empty"),
        ("low = 1, high = 2.5", "low = 1", ":15: [names.x]: the key 'high' is missing"),
        ("{ low = 1, high = 2.5 }", "[1]", ":15: [names]: x is [1]; expected a table"),
        ("high = 2.5", 'high = "2"', ":15: [names.x]: high is '2'; expected a number"),
        ("high = 2.5", "high = 2.5, top = 3", ":15: [names.x]: unknown key 'top'; known are high, low"),
        ('["b"]', "[]", ":23: [[rule]] number 2 (second): examples is []; expected one entry at least"),
        ('["b"]', '["b", 7]', ":23: [[rule]] number 2 (second): examples holds 7; expected text in quotes"),
        ('id = "second"\n', "", ":21: [[rule]] number 2: the key 'id' is missing"),
        ("low = 1, high = 2 }", "lo = 1, high = 2 }", ":24: [[rule]] number 2 (second), limits: unknown key 'lo'"),
    ],
)
def test_a_mistake(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in FILE
    path = written(tmp_path, FILE.replace(old, new, 1))
    with pytest.raises(PatternError) as caught:
        read_as(Contents, path)
    assert str(caught.value).startswith(f"rules.toml{expected}")
    assert caught.value.path == path


def test_a_single_table_in_place_of_several(tmp_path: Path) -> None:
    content = FILE[: FILE.index("[[rule]]")] + '[rule]\nid = "first"\nexamples = ["a"]\n'
    with pytest.raises(PatternError, match=r"expected \[\[rule\]\] in double brackets"):
        read_as(Contents, written(tmp_path, content))


def test_a_mistake_in_a_layer_on_top_is_told_there(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "over").mkdir()
    written(tmp_path / "base", FILE)
    over = written(tmp_path / "over", '[[rule]]\nid = "third"\nexamples = [\n  "c",\n  "",\n]\nlimit = 1\n')
    with pytest.raises(PatternError) as caught:
        read_as(Contents, Patterns(tmp_path / "base", (tmp_path / "over",)) / "rules.toml")
    assert str(caught.value).startswith(f"{over}:7: [[rule]] number 3 (third): unknown key 'limit'")
    assert (caught.value.path, caught.value.line) == (over, 7)


def test_a_json_file(tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    path.write_text('{"on": true, "words": {},\n "rule": [\n  {"id": "a", "examples": ["x"]},\n  {"id": "b"}]}')
    with pytest.raises(
        PatternError, match=r"^rules\.json:4: \[\[rule\]\] number 2 \(b\): the key 'examples' is missing"
    ):
        read_as(Contents, path)
