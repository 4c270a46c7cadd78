"""Fields of nested JSON objects whose shape varies: a list or its only entry, an absent field or an empty text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_DEEPEST = 50


class UnlikeError(Exception):
    """A field holds an object or a list where a text is expected. The argument says which."""


def iter_values(value: Any, path: str) -> Iterator[Any]:
    """Iterates over all values at a path of keys (`a.b.c`) in an object; a list on the way stands for its entries."""
    keys = path.split(".") if path else []
    for entry in _iter_entries(value):
        if not keys:
            yield entry
        elif isinstance(entry, Mapping) and keys[0] in entry:
            yield from iter_values(entry[keys[0]], ".".join(keys[1:]))


def iter_objects(value: Any, path: str) -> Iterator[Mapping[str, Any]]:
    """Iterates over the objects at a path; other values there are left out."""
    return (entry for entry in iter_values(value, path) if isinstance(entry, Mapping))


def find_texts(value: Any, path: str) -> list[str]:
    """Returns the texts and numbers at a path, as texts, without empty ones. An object stands for its `value`, as
    an element of XML with attributes does; one without raises UnlikeError."""
    found = []
    for entry in iter_values(value, path):
        if isinstance(entry, Mapping) and not isinstance(entry.get("value"), str | int | float):
            raise UnlikeError(f"has an object as {path}; expected a text")
        entry = entry["value"] if isinstance(entry, Mapping) else entry
        if entry is not None and not isinstance(entry, bool) and str(entry).strip():
            found.append(str(entry))
    return found


def find_text(value: Any, *paths: str) -> str | None:
    """Returns the first text or number at the first of these paths that has one."""
    return next((texts[0] for path in paths if (texts := find_texts(value, path))), None)


def find_flag(value: Any, path: str) -> bool | None:
    """Returns the first answer at a path: true or false, yes or no."""
    for entry in iter_values(value, path):
        if isinstance(entry, bool):
            return entry
        if isinstance(entry, str) and entry.strip().lower() in ("yes", "no", "true", "false"):
            return entry.strip().lower() in ("yes", "true")
    return None


def _iter_entries(value: Any, depth: int = 0) -> Iterator[Any]:
    if isinstance(value, list) and depth < _DEEPEST:
        for entry in value:
            yield from _iter_entries(entry, depth + 1)
    elif not isinstance(value, list):
        yield value
