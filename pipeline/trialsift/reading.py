"""From inputs to entries: each document is read and extracted before the next one is looked at.

`entries_of` does that for one input and knows nothing of others, so it may run anywhere; `Entries` are those of a whole
run, in their order, kept in the journal. A document that can't be read, or on which the extractor fails, is an entry of
its own and stops nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from trialsift.entries import Entry, document_entry, failure_entry, internal, read_failure
from trialsift.errors import UserError
from trialsift.facts import Annotation
from trialsift.journal import Journal
from trialsift.parts import Part
from trialsift.readers import Input, ReadFailure, ReadOptions, Source, read_documents

Progress = Callable[[int, int | None, str], None]


class Annotator(Protocol):
    """Whatever reads facts in a text: `trialsift.extraction.Extractor`, or a stand-in."""

    def annotate(self, text: str, parts: Sequence[Part] = ()) -> Annotation:
        """All facts and regimens of one text."""


def entries_of(item: Input | ReadFailure, read: ReadOptions, extractor: Annotator) -> Iterator[Entry]:
    """The entries of one input, in its order. No doc_id is compared with any other: `DocIds` does that."""
    for source in _sources(item, read):
        yield entry_of(source, item, extractor)


class DocIds:
    """The doc_ids of a run, as digests: eight bytes each, so that a million of them take little memory."""

    def __init__(self) -> None:
        self._seen: set[bytes] = set()

    def checked(self, entry: Entry) -> Entry:
        """The same entry, or a failure in its place where a document before it has its doc_id."""
        if entry.doc_id is None:
            return entry
        digest = hashlib.blake2b(entry.doc_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        if digest in self._seen:
            return failure_entry(
                read_failure(
                    ReadFailure(
                        entry.place,
                        "duplicate_id",
                        "has the doc_id of a document before it",
                        "rename one of them, or run them into different folders",
                        entry.doc_id,
                    )
                )
            )
        if entry.document is not None:
            self._seen.add(digest)
        return entry


class Entries:
    """The entries of all inputs of a run, to be gone through once: first those that the journal holds, then the others,
    each of which is in the journal before it is handed on.

    `resumed` counts those of before. Raises UserError where an input has changed since, or is gone.
    """

    def __init__(
        self,
        journal: Journal,
        found: Iterator[Input | ReadFailure],
        read: ReadOptions,
        extractor: Annotator,
        progress: Progress | None,
    ) -> None:
        self._journal, self._found, self._read, self._extractor = journal, found, read, extractor
        self._progress = progress
        self.resumed = 0

    def __iter__(self) -> Iterator[Entry]:
        doc_ids, known, done = DocIds(), self._journal.replay(), 0
        for item in self._found:
            now, before = input_state(item), next(known, None)
            skipped = 0
            if before is None:
                self._journal.begin_input(now)
            elif before.input != now:
                raise UserError(
                    f"{item.place}: has changed since the run was stopped, or the inputs before it have; "
                    "the results would be of two states: start over with --force"
                )
            else:
                for entry in before:
                    yield doc_ids.checked(entry)
                    skipped += 1
                done, self.resumed = done + skipped, self.resumed + skipped
                if before.ended:
                    continue
            for number, source in enumerate(_sources(item, self._read)):
                if number < skipped:
                    continue
                if self._progress:
                    self._progress(done, None, source.place if isinstance(source, ReadFailure) else source.name)
                entry = doc_ids.checked(entry_of(source, item, self._extractor))
                self._journal.add(entry.line)
                yield entry
                done += 1
            self._journal.end_input(now)
        if (gone := next(known, None)) is not None:
            raise UserError(
                f"{gone.input['name']}: is gone since the run was stopped; bring it back, or start over with --force"
            )
        if self._progress:
            self._progress(done, done, "")


def _sources(item: Input | ReadFailure, read: ReadOptions) -> Iterator[Source | ReadFailure]:
    return iter([item]) if isinstance(item, ReadFailure) else read_documents(item, read)


def entry_of(source: Source | ReadFailure, item: Input | ReadFailure, extractor: Annotator) -> Entry:
    """What is written of one document, or why there is nothing."""
    if isinstance(source, ReadFailure):
        return failure_entry(read_failure(source))
    place = _place(source, item)
    try:
        return document_entry(source, place, extractor.annotate(source.text, source.parts))
    except Exception as error:  # whatever it is, it is this document's, and the others go on
        return failure_entry(internal(place, error, source.doc_id), source.doc_id)


def input_state(item: Input | ReadFailure) -> dict[str, Any]:
    """What tells whether an input is as it was: of a file its size and time of change."""
    if isinstance(item, ReadFailure) or item.path is None:
        return {"name": item.place}
    try:
        found = [path.stat() for path in (sorted(item.path.iterdir()) if item.path.is_dir() else [item.path])]
    except OSError:
        return {"name": item.name}
    return {"name": item.name, "size": sum(f.st_size for f in found), "changed": max(f.st_mtime_ns for f in found)}


def _place(source: Source, item: Input | ReadFailure) -> str:
    """The file of a document as messages name it: the input, or what lies in it where it is an archive."""
    if isinstance(item, ReadFailure):
        return item.place
    return item.place + source.name.removeprefix(item.name) if source.name.startswith(item.name) else source.name
