"""What is written of a document, as a line of a partition's `entries.jsonl`, and back.

The document itself, a record in the gold format, is a line of `annotations.jsonl` beside it: merging copies that, and
parses nothing of it.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from trialsift.runs.extract.entries import Entry, Failure
from trialsift.runs.extract.render import Counts, Rendered
from trialsift.tables.files import Encoded, Format

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
#: Formats that take rows as they are, and those of them that hold texts.
_ROWS, _TEXTS = {"parquet", "duckdb", "omop"}, {"duckdb", "omop"}


def line_of(rendered: Rendered, formats: Collection[Format]) -> bytes:
    """The line of a document or a failure, with what a run in these formats writes of it."""
    entry = rendered.entry
    line: dict[str, Any] = {"place": entry.place, "doc_id": entry.doc_id}
    if rendered.failure is not None:
        line |= {"failure": rendered.failure._asdict(), "recorded": bool(entry.record)}
    if rendered.rows is not None and rendered.counts is not None:
        line |= {"lines": {name: lines.decode() for name, lines in rendered.rows.lines.items()}}
        line |= {"counts": rendered.counts, "encoding": rendered.encoding}
        if not _ROWS.isdisjoint(formats):
            line["rows"] = rendered.rows.rows
        if not _TEXTS.isdisjoint(formats):
            line |= {"source": rendered.source, "text": rendered.text}
    return _encode(line).encode() + b"\n"


def rendered_of(line: bytes, records: Any) -> Rendered:
    """What a line was made of; `records` are the lines of `annotations.jsonl`, of which it takes its own.

    Raises ValueError, KeyError, TypeError or StopIteration for a line that is none.
    """
    found = json.loads(line)
    place, doc_id = found["place"], found["doc_id"]
    if "failure" in found:
        failure = Failure(**found["failure"])
        return Rendered(Entry(place, doc_id, b"{}" if found["recorded"] else b"", b"", failure=failure), failure)
    lines = {name: lines.encode() for name, lines in found["lines"].items()}
    return Rendered(
        Entry(place, doc_id, next(records)[:-1], b""),
        None,
        Encoded(lines, found.get("rows")),
        Counts(*found["counts"]),
        found["encoding"],
        found.get("source", ""),
        found.get("text", ""),
    )
