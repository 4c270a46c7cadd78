"""Finds trialsift's own JSON among the notes of an annotation tool, which people write there too."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from trialsift.gold import GoldError, parse_json


def split_notes(notes: Sequence[tuple[str, str]], marks: Sequence[str], keys: set[str]) -> tuple[dict[str, Any], str]:
    """Returns trialsift's own JSON among the notes, recognised by a key in `marks`, and the other notes, joined.

    Each note comes with its place. Raises GoldError for JSON that can't be read, or has other keys than `keys`.
    """
    own: dict[str, Any] = {}
    free = []
    for note, where in notes:
        text = note.strip()
        if not text.startswith("{") or not any(f'"{mark}"' in text for mark in marks):
            free.append(note)
            continue
        try:
            value, end = json.JSONDecoder().raw_decode(text)
        except (ValueError, RecursionError) as error:
            message = f"the note begins as JSON and is none ({error}); put it right, or remove it"
            raise GoldError(f"{where}: {message}") from None
        if not any(mark in value for mark in marks):
            free.append(note)
            continue
        if own:
            raise GoldError(f"{where}: a second note with attributes or bounds; expected one")
        own = parse_json(text[:end].encode("utf-8"), where)
        if own.keys() - keys:
            unknown = min(own.keys() - keys)
            raise GoldError(f"{where}: the note has the key {unknown!r}; expected {', '.join(sorted(keys))}")
        if text[end:].strip():
            free.append(text[end:].strip())
    return own, "\n".join(free)


def add_note(extra: Mapping[str, Any], free: str) -> dict[str, Any]:
    """Returns the unknown keys of a span with what a person wrote, under `note`."""
    if not free:
        return dict(extra)
    return {**extra, "note": "\n".join([*([str(extra["note"])] if "note" in extra else []), free])}
