"""The line of a place in TOML and JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from trialsift.rules.files import patterns_dir, read_toml
from trialsift.rules.positions import Place, find_line

SHIPPED = sorted(patterns_dir().rglob("*.toml"))

TOML = """\
# [[rule]]
label = "AGE"

[words]
before = [
  'aged?', # [[rule]]
  "older\\nthan",
]
"two words" = '''
[[rule]]
id = "none"
'''
inline = { one = 1 }

[[rule]]
id = "first"
  [[rule]]  # indented
id = "second"
"""


@pytest.mark.parametrize(
    ("place", "text", "expected"),
    [
        (("label",), "", 2),
        (("words",), "", 4),
        (("words", "before"), "", 5),
        (("words", "before"), "aged?", 6),
        (("words", "before"), "older\nthan", 7),
        (("words", "before"), "not there", 5),
        (("words", "two words"), "", 9),
        (("words", "inline"), "", 13),
        (("words", "inline", "one"), "", 13),
        (("words", "unknown"), "", 4),
        (("rule",), "", 15),
        (("rule", 0), "", 15),
        (("rule", 0, "id"), "", 16),
        (("rule", 1), "", 17),
        (("rule", 1, "id"), "", 18),
        (("rule", 1, "missing"), "", 17),
        (("nothing",), "", None),
        ((), "", None),
    ],
)
def test_toml(tmp_path: Path, place: Place, text: str, expected: int | None) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(TOML, encoding="utf-8")
    assert find_line(path, place, text) == expected


def test_a_file_that_is_not_there_has_no_lines(tmp_path: Path) -> None:
    assert find_line(tmp_path / "none.toml", ("rule", 0)) is None


def places(table: dict[str, Any], lines: list[str], above: Place = ()) -> list[tuple[Place, str]]:
    """Every table and key with what its line begins with; a table within a line is that of a key."""
    found: list[tuple[Place, str]] = []
    for key, value in table.items():
        header = f"[{'.'.join(map(str, (*above, key)))}]"
        if isinstance(value, dict) and header in lines:
            found += [((*above, key), header), *places(value, lines, (*above, key))]
        elif isinstance(value, list) and value and not above and all(isinstance(entry, dict) for entry in value):
            for index, entry in enumerate(value):
                found += [((key, index), f"[[{key}]]"), *places(entry, lines, (key, index))]
        else:
            found.append(((*above, key), key))
    return found


@pytest.mark.parametrize("path", SHIPPED, ids=[path.name for path in SHIPPED])
def test_every_place_of_a_shipped_file(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    for place, begins in places(read_toml(path), lines):
        line = find_line(path, place)
        assert line is not None
        assert lines[line - 1].startswith((begins, f'"{begins}"')), place


def test_every_rule_of_context_json() -> None:
    path = patterns_dir() / "context.json"
    lines = path.read_text(encoding="utf-8").split("\n")
    for index, rule in enumerate(json.loads("\n".join(lines))["context_rules"][:40]):
        line = find_line(path, ("context_rules", index))
        assert line is not None
        assert f'"literal": {json.dumps(rule["literal"])}' in lines[line - 1]
