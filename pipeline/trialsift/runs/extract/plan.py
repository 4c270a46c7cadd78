"""From inputs to entries.

`entries_of` reads one input and knows nothing of others, so it may run anywhere; `DocIds` looks at all entries of a run
in their order. `steps` tells what a run that is kept in a journal has to do; work.py does it. A document that can't be
read, or on which the extractor fails, is an entry of its own and stops nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, NamedTuple, Protocol

from trialsift.model.document import Part
from trialsift.model.errors import UserError
from trialsift.model.fact import Annotation
from trialsift.readers import Input, ReadFailure, ReadOptions, Source, read_documents
from trialsift.readers.find import ending
from trialsift.runs.extract.entries import Entry, document_entry, entry_line, failure_entry, internal, read_failure
from trialsift.runs.extract.journal import Journal

#: Formats of which a file holds one document, but for JSON; bytes up to which it is read by whoever extracts.
_READ_WHOLE, _SMALL = frozenset({"text", "html", "pdf", "ctgov-json", "ctgov-xml"}), 4_000_000
#: How files begin that may hold many documents whatever they are called; JSON; and JSON with one study.
_OTHERS = b"PK", b"\x1f\x8b", b"PAR1"
_JSON, _STUDY = re.compile(rb"\s*[\[{]"), re.compile(rb'\s*\{\s*"protocolSection"')
_HEAD = 64

Progress = Callable[[int, int | None, str], None]


class Annotator(Protocol):
    """Whatever reads facts in a text: `trialsift.extraction.extractor.Extractor`, or a stand-in."""

    def annotate(self, text: str, parts: Sequence[Part] = ()) -> Annotation:
        """All facts and regimens of one text."""


def entries_of(item: Input | ReadFailure, read: ReadOptions, extractor: Annotator) -> Iterator[Entry]:
    """The entries of one input, in its order. No doc_id is compared with any other: `DocIds` does that."""
    for source in _sources(item, read):
        yield entry_of(source, item.place if isinstance(source, ReadFailure) else place_of(source, item), extractor)


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
        if entry.record:
            self._seen.add(digest)
        return entry


class Mark(NamedTuple):
    """A line of the journal that tells where an input begins or ends."""

    line: bytes


class Known(NamedTuple):
    """An entry that the journal holds from before the run was stopped."""

    entry: Entry


class Task(NamedTuple):
    """A document to extract from, or a file to read that holds one: its first `skip` entries are known. `place` is the
    file as messages name it, `name` what progress shows, `weight` about how many characters there are."""

    source: Source | ReadFailure | Input
    place: str
    name: str
    weight: int = 0
    skip: int = 0


Step = Mark | Known | Task


def steps(journal: Journal, found: Iterable[Input | ReadFailure], read: ReadOptions) -> Iterator[Step]:
    """All that a run has to do, in order: first what the journal knows, all of which is read before the first task or
    mark comes. Raises UserError where an input has changed since, or is gone."""
    known = journal.replay()
    for item in found:
        now, before = input_state(item), next(known, None)
        skip, died = 0, False
        if before is None:
            yield Mark(entry_line({"input": now}))
        elif before.input != now:
            raise UserError(
                f"{item.place}: has changed since the run was stopped, or the inputs before it have; "
                "the results would be of two states: start over with --force"
            )
        else:
            for entry in before:
                yield Known(entry)
                skip += 1
                died = entry.failure is not None and entry.failure.code == "worker_died"
            if before.ended:
                continue
        if isinstance(item, Input) and _is_small(item, read, now.get("size")):
            if not died:  # that is all that comes of it
                yield Task(item, item.place, item.name, now["size"], skip)
        else:
            for source in islice(_sources(item, read), skip, None):
                if isinstance(source, ReadFailure):
                    yield Task(source, item.place, source.place)
                else:
                    yield Task(source, place_of(source, item), source.name, len(source.text))
        yield Mark(entry_line({"end": now["name"]}))
    if (gone := next(known, None)) is not None:
        raise UserError(
            f"{gone.input['name']}: is gone since the run was stopped; bring it back, or start over with --force"
        )


def _is_small(item: Input, read: ReadOptions, size: int | None) -> bool:
    """Whether an input is a file with one document, so that it can be read where that is extracted, and costs no other
    if it ends the process. An archive is not, whatever its name: what is left out of it is counted here."""
    if size is None or item.path is None or item.path.name.lower().endswith(".gz"):
        return False
    kind = read.input_format or ending(item.path.name)
    if kind not in _READ_WHOLE or (kind != "pdf" and size > _SMALL):
        return False
    with suppress(OSError), item.open() as stream:
        head = stream.read(_HEAD)
        if head.startswith(_OTHERS):
            return False
        if kind == "ctgov-json" or _JSON.match(head):
            return _STUDY.match(head) is not None and b"\n{" not in head + stream.read(_SMALL)
    return True


def _sources(item: Input | ReadFailure, read: ReadOptions) -> Iterator[Source | ReadFailure]:
    return iter([item]) if isinstance(item, ReadFailure) else read_documents(item, read)


def entry_of(source: Source | ReadFailure, place: str, extractor: Annotator) -> Entry:
    """The entry of one document."""
    if isinstance(source, ReadFailure):
        return failure_entry(read_failure(source))
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


def place_of(source: Source, item: Input | ReadFailure) -> str:
    """The file of a document as messages name it: the input, or what lies in it where it is an archive."""
    if isinstance(item, ReadFailure):
        return item.place
    return item.place + source.name.removeprefix(item.name) if source.name.startswith(item.name) else source.name
