"""Which line of a file of patterns a table, rule or key stands in: TOML and JSON parsers don't say.

In: a file, and a place in it as keys and indices (`("rule", 0, "examples")` is the key `examples` of the first
`[[rule]]`). Out: the number of its line. Only mistakes need one, so nothing is noted of it before.
"""

from __future__ import annotations

import json
import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

#: The keys and indices that lead from the top of a file to a table, rule or key.
Place = tuple[str | int, ...]


def find_line(path: Path, place: Place, text_there: str = "") -> int | None:
    """Returns the line in which a place of a TOML or JSON file begins, or the nearest table around it; None if there is
    none.

    With `text_there`, one of the texts in a list that spans several lines, the line of that text.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
    lines = _find_json_lines(text) if path.suffix == ".json" else _find_toml_lines(text)
    first = next((lines[place[:n]] for n in range(len(place), 0, -1) if place[:n] in lines), None)
    if first is None or not text_there:
        return first
    written = {text_there, json.dumps(text_there, ensure_ascii=False)[1:-1]}
    behind = min((line for line in lines.values() if line > first), default=text.count("\n") + 2)
    several = enumerate(text.split("\n")[first - 1 : behind - 1], start=first)
    return next((number for number, line in several if any(w in line for w in written)), first)


@lru_cache(maxsize=4)  # where one mistake is there are others
def _find_toml_lines(text: str) -> dict[Place, int]:
    """Returns the lines of all headers and keys, which are kept and not to be changed. A statement is the smallest run
    of lines that is valid TOML by itself."""
    lines: dict[Place, int] = {}
    table: Place = ()
    pending, first = "", 1
    for number, line in enumerate(text.split("\n"), start=1):
        pending += line + "\n"
        try:
            statement = tomllib.loads(pending)
        except tomllib.TOMLDecodeError:
            continue
        begins, pending, header = first, "", pending.lstrip().startswith("[")
        first = number + 1
        if not statement:
            continue
        keys = _find_keys(statement)
        if not header:
            lines.setdefault((*table, *keys), begins)
            lines.setdefault((*table, keys[0]), begins)
            continue
        table = keys
        if line.lstrip().startswith("[["):
            table = (*keys, next(n for n in range(number) if (*keys, n) not in lines))
        lines.setdefault(keys, begins)
        lines.setdefault(table, begins)
    return lines


def _find_keys(statement: dict[str, Any]) -> Place:
    """`{"a": {"b": …}}` → a, b: the one chain of keys that a statement names."""
    keys: list[str | int] = []
    inner: Any = statement
    while isinstance(inner, dict) and len(inner) == 1:
        key, inner = next(iter(inner.items()))
        keys.append(key)
    return tuple(keys)


def _find_json_lines(text: str) -> dict[Place, int]:
    """Returns the lines of the elements in the top-level lists of a JSON object."""
    lines: dict[Place, int] = {}
    decoder = json.JSONDecoder()
    behind = 0
    for opening in re.finditer(r'"(\w+)"\s*:\s*\[\s*', text):
        if opening.start() < behind:
            continue
        at, index = opening.end(), 0
        while at < len(text) and text[at] == "{":
            lines.setdefault((opening[1], index), text.count("\n", 0, at) + 1)
            try:
                _, at = decoder.raw_decode(text, at)
            except json.JSONDecodeError:
                break
            at = next((i for i in range(at, len(text)) if text[i] not in " \t\r\n,"), len(text))
            index += 1
        behind = at
    return lines
