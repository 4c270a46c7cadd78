"""From inputs to entries of the journal: each document is read, extracted and entered before the next one is looked at.

A document that can't be read, or on which the extractor fails, is an entry of its own and stops nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any, Protocol

from trialsift.errors import UserError
from trialsift.facts import Annotation, annotation_record
from trialsift.journal import Entry, Journal
from trialsift.outputs import Failure, internal
from trialsift.parts import Part
from trialsift.readers import Input, ReadFailure, ReadOptions, Source, read_documents

Progress = Callable[[int, int | None, str], None]


class Annotator(Protocol):
    """Whatever reads facts in a text: `trialsift.extraction.Extractor`, or a stand-in."""

    def annotate(self, text: str, parts: Sequence[Part] = ()) -> Annotation:
        """All facts and regimens of one text."""


def fill_journal(
    journal: Journal,
    found: Iterator[Input | ReadFailure],
    read: ReadOptions,
    extractor: Annotator,
    progress: Progress | None,
) -> int:
    """Reads all inputs that the journal doesn't hold yet into it; how many documents and failures it held before."""
    doc_ids = _DocIds()
    known = journal.replay(doc_ids.add)
    done = resumed = 0
    for item in found:
        now, before = _state(item), next(known, None)
        if before is not None and before.input != now:
            raise UserError(
                f"{item.place}: has changed since the run was stopped, or the inputs before it have; "
                "the results would be of two states: start over with --force"
            )
        skipped = 0 if before is None else before.outcomes
        done, resumed = done + skipped, resumed + skipped
        if before is None:
            journal.add({"input": now})
        elif before.ended:
            continue
        for number, source in enumerate([item] if isinstance(item, ReadFailure) else read_documents(item, read)):
            if number < skipped:
                continue
            if progress:
                progress(done, None, source.place if isinstance(source, ReadFailure) else source.name)
            _record(journal, source, _place(source, item), extractor, doc_ids)
            done += 1
        journal.add({"end": now["name"]})
    if (gone := next(known, None)) is not None:
        raise UserError(
            f"{gone.input['name']}: is gone since the run was stopped; bring it back, or start over with --force"
        )
    if progress:
        progress(done, done, "")
    return resumed


class _DocIds:
    """The doc_ids of a run, as digests: eight bytes each, so that a million of them take little memory."""

    def __init__(self) -> None:
        self._seen: set[bytes] = set()

    def add(self, doc_id: str) -> None:
        """Takes another one in."""
        self._seen.add(self._digest(doc_id))

    def __contains__(self, doc_id: str) -> bool:
        return self._digest(doc_id) in self._seen

    @staticmethod
    def _digest(doc_id: str) -> bytes:
        return hashlib.blake2b(doc_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _state(item: Input | ReadFailure) -> dict[str, Any]:
    """What tells whether an input is as it was: of a file its size and time of change."""
    if isinstance(item, ReadFailure) or item.path is None:
        return {"name": item.place}
    try:
        found = [path.stat() for path in (sorted(item.path.iterdir()) if item.path.is_dir() else [item.path])]
    except OSError:
        return {"name": item.name}
    return {"name": item.name, "size": sum(f.st_size for f in found), "changed": max(f.st_mtime_ns for f in found)}


def _place(source: Source | ReadFailure, item: Input | ReadFailure) -> str:
    """The file of a document as messages name it: the input, or what lies in it where it is an archive."""
    if isinstance(source, ReadFailure) or isinstance(item, ReadFailure):
        return item.place
    return item.place + source.name.removeprefix(item.name) if source.name.startswith(item.name) else source.name


def _record(journal: Journal, source: Source | ReadFailure, place: str, extractor: Annotator, doc_ids: _DocIds) -> None:
    """Enters one document: all that is written of it, or why there is nothing."""
    if isinstance(source, ReadFailure):
        journal.add({"failure": _failure(source)})
        return
    try:
        if source.doc_id in doc_ids:
            raise ReadFailure(
                place,
                "duplicate_id",
                "has the doc_id of a document before it",
                "rename one of them, or run them into different folders",
                source.doc_id,
            )
        entry = _document(source, extractor)
    except ReadFailure as failure:
        journal.add({"failure": _failure(failure)})
        return
    except Exception as error:  # whatever it is, it is this document's, and the others go on
        journal.add({"failure": internal(place, error, source.doc_id)})
        return
    try:
        journal.add(entry)
    except ValueError as error:  # what no file of results can hold
        journal.add({"failure": internal(place, error, source.doc_id)})
    else:
        doc_ids.add(source.doc_id)


def _document(source: Source, extractor: Annotator) -> Entry:
    annotation = extractor.annotate(source.text, source.parts)
    meta: dict[str, Any] = {"source": source.name, **source.notes}
    if source.parts:
        meta["parts"] = [[part.start, part.end, part.name] for part in source.parts]
    entry: Entry = {
        "document": annotation_record(source.doc_id, source.text, annotation, meta),
        "contexts": [list(context) for context in annotation.contexts],
    }
    if source.registry is not None:
        entry["registry"] = asdict(source.registry)
    return entry


def _failure(failure: ReadFailure) -> dict[str, Any]:
    return asdict(Failure(failure.place, failure.record or None, failure.code, failure.message, failure.advice))
