"""What became of one document of a run: an `Entry`, as it passes from a reader into the journal and into the results.

In: a document with its annotation, a failure, or a line of a journal. Out: the same entry, whichever it was made of, so
that a run which goes on from its journal writes the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, NamedTuple

from trialsift.model.fact import Annotation, Fact, Regimen, annotation_record
from trialsift.model.prescription import NUMBERS
from trialsift.readers import ReadFailure, RegistryFields, Source

#: JSON as all files of a run have it; ValueError for a number that is none.
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


class Failure(NamedTuple):
    """A document without results: a row of errors.csv."""

    file: str
    record: str | None
    code: str
    message: str
    what_to_do: str


class Document(NamedTuple):
    """A document with its annotation. `encoding` is that of a text that is no UTF-8."""

    doc_id: str
    source: str
    text: str
    annotation: Annotation
    registry: RegistryFields | None
    encoding: str | None


class Entry(NamedTuple):
    """A document, with its `record` in the gold format, or a failure. `place` is the file as messages name it; `doc_id`
    that of the document, also of one on which trialsift stumbled, None for what gave no document; `rest` what the
    journal holds besides the record."""

    place: str
    doc_id: str | None
    record: bytes
    rest: bytes
    document: Document | None = None
    failure: Failure | None = None

    @property
    def line(self) -> bytes:
        """The line of the journal."""
        return b'{"document": %b, %b' % (self.record, self.rest) if self.record else self.rest


def document_entry(source: Source, place: str, annotation: Annotation) -> Entry:
    """The entry of a document. Raises ValueError for what JSON or UTF-8 can't hold: a number that is none, half of a
    surrogate pair."""
    meta: dict[str, Any] = {"source": source.name, **source.notes}
    if source.parts:
        meta["parts"] = [[part.start, part.end, part.name] for part in source.parts]
    record = _encode(annotation_record(source.doc_id, source.text, annotation, meta)).encode()
    more: dict[str, Any] = {"contexts": [list(context) for context in annotation.contexts]}
    if source.registry is not None:
        more["registry"] = asdict(source.registry)
    rest = (_encode(more)[1:] + "\n").encode()
    document = Document(
        source.doc_id, source.name, source.text, annotation, source.registry, source.notes.get("encoding")
    )
    return Entry(place, source.doc_id, record, rest, document)


def failure_entry(failure: Failure, doc_id: str | None = None) -> Entry:
    """The entry of a failure. Raises ValueError as `document_entry` does."""
    return Entry(failure.file, doc_id, b"", entry_line({"failure": failure._asdict()}), failure=failure)


def read_failure(failure: ReadFailure) -> Failure:
    """What is written of a document that can't be read."""
    return Failure(failure.place, failure.record or None, failure.code, failure.message, failure.advice)


def internal(place: str, error: Exception, record: str | None = None) -> Failure:
    """The failure of a document on which trialsift itself stumbles."""
    advice = "a fault of trialsift: please report it with this document"
    return Failure(place, record, "internal", f"{type(error).__name__}: {error}", advice)


def entry_of_record(record: Mapping[str, Any]) -> Entry:
    """The entry that a line of the journal holds; such a line is never written again."""
    if "failure" in record:
        failure = Failure(**record["failure"])
        return Entry(failure.file, None, b"", b"", failure=failure)
    document = record["document"]
    doc_id, meta = document["doc_id"], document["meta"]
    registry = RegistryFields(**record["registry"]) if "registry" in record else None
    text, annotation = document["text"], _annotation(document, record["contexts"])
    known = Document(doc_id, meta["source"], text, annotation, registry, meta.get("encoding"))
    return Entry(str(meta["source"]), doc_id, _encode(document).encode(), b"", known)


def entry_line(record: Mapping[str, Any]) -> bytes:
    """A line of the journal. Raises ValueError for what JSON or UTF-8 can't hold."""
    return (_encode(record) + "\n").encode()


def _annotation(record: Mapping[str, Any], contexts: Any) -> Annotation:
    facts = tuple(
        Fact(s["label"], s["start"], s["end"], s["text"], s["rule"], s["attributes"]) for s in record["spans"]
    )
    regimens = tuple(Regimen(tuple(r["spans"]), *(_pair(r[key]) for key in NUMBERS)) for r in record["regimens"])
    return Annotation(facts, regimens, tuple((start, end) for start, end in contexts))


def _pair(value: list[Any] | None) -> Any:
    return None if value is None else tuple(value)
