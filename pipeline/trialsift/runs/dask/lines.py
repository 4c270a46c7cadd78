"""Converts what is written about an outcome to a line of a partition's `entries.jsonl`, and back.

The document itself, a record in the gold format, is a line of `annotations.jsonl` beside it, which merging copies
without parsing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from trialsift.runs.extract.outcome import Failure, Outcome
from trialsift.runs.extract.written import Written
from trialsift.tables.files import Encoded, Format

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
#: Formats that take rows as they are, and those among them that hold texts.
_ROWS, _TEXTS = {"parquet", "xlsx", "duckdb", "omop", "fhir"}, {"duckdb", "omop"}
_COUNTS = ("facts", "regimens", "implausible", "doubtful", "unusual", "ages_agreed", "encoding", "number_counts")


def make_line(written: Written, formats: Collection[Format]) -> bytes:
    """Returns the line for a document or failure, with what a run in these formats writes about it."""
    outcome = written.outcome
    line: dict[str, Any] = {"place": outcome.place, "doc_id": outcome.doc_id}
    if written.failure is not None:
        line |= {"failure": written.failure._asdict(), "recorded": bool(outcome.record)}
    if written.rows is not None:
        line |= {"lines": {name: lines.decode() for name, lines in written.rows.lines.items()}}
        line |= {name: getattr(written, name) for name in _COUNTS}
        if written.numbers:
            line |= {"trial": written.trial, "numbers": written.numbers}
        if not _ROWS.isdisjoint(formats):
            line["rows"] = written.rows.rows
        if not _TEXTS.isdisjoint(formats):
            line |= {"source": written.source, "text": written.text}
    return _encode(line).encode() + b"\n"


def read_line(line: bytes, records: Iterator[bytes]) -> Written:
    """Returns what a line was made from; takes its own record from `records`, the lines of `annotations.jsonl`.

    Raises ValueError, KeyError, TypeError or StopIteration for a damaged line.
    """
    found = json.loads(line)
    place, doc_id = found["place"], found["doc_id"]
    if "failure" in found:
        failure = Failure(**found["failure"])
        return Written(Outcome(place, doc_id, b"{}" if found["recorded"] else b"", b"", failure=failure), failure)
    rows = Encoded({name: lines.encode() for name, lines in found["lines"].items()}, found.get("rows"))
    counts = {name: found[name] for name in (*_COUNTS, "source", "text", "trial") if name in found}
    counts["numbers"] = tuple(found.get("numbers", ()))
    return Written(Outcome(place, doc_id, next(records)[:-1], b""), None, rows, **counts)
