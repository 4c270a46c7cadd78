"""The outcome of one document in a run, as it passes from a reader into the journal and the results.

It is the same whether made from a document with its annotation, from a failure, or from a line of the journal, so that
a resumed run writes the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, NamedTuple

from trialsift.model.document import Document, Part, RegistryFields
from trialsift.model.fact import Annotation, Fact, Regimen, annotation_record
from trialsift.model.prescription import NUMBERS
from trialsift.model.unread import NumberAccount
from trialsift.readers import ReadFailure

#: JSON as in all files of a run; raises ValueError for NaN and infinity.
encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


class Failure(NamedTuple):
    """A document without results: a row of errors.csv."""

    file: str
    record: str | None
    code: str
    message: str
    what_to_do: str


class Outcome(NamedTuple):
    """A document with its annotation and its `record` in the gold format, or a failure.

    `place` is the file as messages name it. `doc_id` is set even if the extractor failed on the document; it is None if
    there was no document. `rest` is what the journal holds besides the record.
    """

    place: str
    doc_id: str | None
    record: bytes
    rest: bytes
    document: Document | None = None
    annotation: Annotation | None = None
    failure: Failure | None = None

    @property
    def line(self) -> bytes:
        """Returns the line of the journal."""
        return b'{"document": %b, %b' % (self.record, self.rest) if self.record else self.rest


def make_document_outcome(document: Document, annotation: Annotation) -> Outcome:
    """Returns the outcome of an annotated document.

    Raises ValueError for what JSON or UTF-8 cannot represent: NaN, infinity, half of a surrogate pair.
    """
    meta: dict[str, Any] = {"source": document.source, **document.notes}
    if document.parts:
        meta["parts"] = [[part.start, part.end, part.name] for part in document.parts]
    record = encode(annotation_record(document.doc_id, document.text, annotation, meta)).encode()
    more: dict[str, Any] = {"contexts": [list(context) for context in annotation.contexts]}
    if annotation.numbers is not None:
        more["numbers"] = annotation.numbers.to_record()
    if document.registry is not None:
        more["registry"] = asdict(document.registry)
    rest = (encode(more)[1:] + "\n").encode()
    return Outcome(document.place, document.doc_id, record, rest, document, annotation)


def make_failure_outcome(failure: Failure | ReadFailure, doc_id: str | None = None) -> Outcome:
    """Returns the outcome of a failure, with `doc_id` if there was a document. Raises ValueError as `document_outcome`
    does."""
    if isinstance(failure, ReadFailure):
        record = failure.record or None
        failure = Failure(failure.place, record, failure.code, failure.message, failure.advice)
    return Outcome(failure.file, doc_id, b"", make_journal_line({"failure": failure._asdict()}), failure=failure)


def make_internal_failure(place: str, error: Exception, record: str | None = None) -> Failure:
    """Returns the failure of a document that trialsift itself fails on."""
    advice = "a fault of trialsift: please report it with this document"
    return Failure(place, record, "internal", f"{type(error).__name__}: {error}", advice)


def restore_outcome(record: Mapping[str, Any]) -> Outcome:
    """Returns the outcome in a line of the journal. It has no `rest`, since such a line is never written again."""
    if "failure" in record:
        failure = Failure(**record["failure"])
        return Outcome(failure.file, None, b"", b"", failure=failure)
    gold = dict(record["document"])
    for made in ("criteria", "confidence"):  # anew of the facts (written.py)
        gold.pop(made, None)
    notes = dict(gold["meta"])
    source, parts = notes.pop("source"), tuple(Part(*part) for part in notes.pop("parts", ()))
    registry = _read_registry(record["registry"]) if "registry" in record else None
    document = Document(gold["doc_id"], source, gold["text"], parts, registry, notes, source)
    annotation = _annotation(gold, record["contexts"], record.get("numbers"))
    return Outcome(source, document.doc_id, encode(gold).encode(), b"", document, annotation)


def _read_registry(record: dict[str, Any]) -> RegistryFields:
    lists = {name: tuple(record.get(name, ())) for name in ("conditions", "other_ids")}
    return RegistryFields(**{**record, **lists})


def make_journal_line(record: Mapping[str, Any]) -> bytes:
    """Returns a line of the journal. Raises ValueError for what JSON or UTF-8 cannot represent."""
    return (encode(record) + "\n").encode()


def _annotation(record: Mapping[str, Any], contexts: Any, numbers: Any) -> Annotation:
    facts = tuple(
        Fact(s["label"], s["start"], s["end"], s["text"], s["rule"], s["attributes"]) for s in record["spans"]
    )
    regimens = tuple(Regimen(tuple(r["spans"]), *(_pair(r[key]) for key in NUMBERS)) for r in record["regimens"])
    account = None if numbers is None else NumberAccount.from_record(numbers)
    return Annotation(facts, regimens, tuple((start, end) for start, end in contexts), numbers=account)


def _pair(value: list[Any] | None) -> Any:
    return None if value is None else tuple(value)
