"""Plans a run: `plan_steps` iterates over its inputs, and separates what the journal knows from what is left.

`outcomes_of` reads one input independently of others, so it may run anywhere; `DocIds` sees all outcomes of a run in
order. A document that cannot be read, or that the extractor fails on, is an outcome of its own.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, NamedTuple, Protocol

from trialsift.model.document import Document, Part
from trialsift.model.errors import UserError
from trialsift.model.fact import Annotation
from trialsift.readers import Input, ReadFailure, ReadOptions, read_documents
from trialsift.readers.find import find_format
from trialsift.runs.extract.journal import Begun, Journal
from trialsift.runs.extract.outcome import (
    Outcome,
    make_document_outcome,
    make_failure_outcome,
    make_internal_failure,
    make_journal_line,
)

#: Formats with one document per file, JSON aside; and the size in bytes up to which the extracting process reads a
#: file.
_READ_WHOLE, _SMALL = frozenset({"text", "html", "pdf", "ctgov-json", "ctgov-xml"}), 4_000_000
#: First bytes of files that may hold many documents whatever their names; JSON; and JSON with one study.
_OTHERS = b"PK", b"\x1f\x8b", b"PAR1"
_JSON, _STUDY = re.compile(rb"\s*[\[{]"), re.compile(rb'\s*\{\s*"protocolSection"')
#: First bytes of XML, which may hold many records, in files of these endings, and XML that holds one.
_OF_REGISTRIES = frozenset({"text", "ctgov-xml"})
_MANY = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<|This file contains full|Summary\s+EudraCT)|\xff\xfe|\xfe\xff")
_ONE = re.compile(rb"<(?:clinical_study|html)[\s>]|<!doctype html", re.I)
_HEAD, _HEAD_OF_XML = 64, 4096

#: Called with the number of documents done, their total if known, and the name of the next one.
Progress = Callable[[int, int | None, str], None]


class Annotator(Protocol):
    """Reads facts in a text: `trialsift.extraction.extractor.Extractor`, or a stand-in."""

    def annotate(self, text: str, parts: Sequence[Part] = ()) -> Annotation:
        """Returns all facts and regimens of a text."""


def read_outcomes(item: Input | ReadFailure, read: ReadOptions, extractor: Annotator) -> Iterator[Outcome]:
    """Iterates over the outcomes of one input in order. `DocIds` compares their doc_ids."""
    for document in _documents(item, read):
        yield extract_outcome(document, extractor)


def extract_outcome(document: Document | ReadFailure, extractor: Annotator) -> Outcome:
    """Returns the outcome of one document."""
    if isinstance(document, ReadFailure):
        return make_failure_outcome(document)
    try:
        return make_document_outcome(document, extractor.annotate(document.text, document.parts))
    except Exception as error:  # any error concerns this document only, and the others go on
        return make_failure_outcome(make_internal_failure(document.place, error, document.doc_id), document.doc_id)


class DocIds:
    """The doc_ids of a run, as digests of eight bytes, so that a million of them need little memory."""

    def __init__(self) -> None:
        self._seen: set[bytes] = set()

    def check(self, outcome: Outcome) -> Outcome:
        """Returns the outcome, or a failure if an earlier document has its doc_id."""
        if outcome.doc_id is None:
            return outcome
        digest = hashlib.blake2b(outcome.doc_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        if digest in self._seen:
            message = "has the doc_id of a document before it"
            advice = "rename one of them, or run them into different folders"
            return make_failure_outcome(ReadFailure(outcome.place, "duplicate_id", message, advice, outcome.doc_id))
        if outcome.record:
            self._seen.add(digest)
        return outcome


class Mark(NamedTuple):
    """A line of the journal that marks the beginning or end of an input."""

    line: bytes


class Task(NamedTuple):
    """A document to extract from, or a file that holds one; its first `skip` outcomes are known.

    `place` is the file as messages name it, `name` what progress displays, `weight` the approximate number of
    characters.
    """

    given: Document | ReadFailure | Input
    place: str
    name: str
    weight: int = 0
    skip: int = 0


#: A line for the journal, an outcome that the journal knows, or something to do.
Step = Mark | Outcome | Task


def plan_steps(journal: Journal, found: Iterable[Input | ReadFailure], read: ReadOptions) -> Iterator[Step]:
    """Iterates over the steps of a run, in order.

    Everything that the journal knows comes before the first mark or task. Raises UserError if an input has changed or
    disappeared since the run was stopped.
    """
    known = journal.replay()
    for item in found:
        state, begun = find_input_state(item), next(known, None)
        skip, died = 0, False
        if begun is None:
            yield Mark(make_journal_line({"input": state}))
        else:
            _check_unchanged(item, state, begun)
            for outcome in begun:
                yield outcome
                skip += 1
                died = outcome.failure is not None and outcome.failure.code == "worker_died"
            if begun.ended:
                continue
        yield from _plan_tasks(item, read, state.get("size"), skip, died)
        yield Mark(make_journal_line({"end": state["name"]}))
    if (gone := next(known, None)) is not None:
        raise UserError(
            f"{gone.input['name']}: has disappeared since the run was stopped; restore it, or start over with --force"
        )


def _check_unchanged(item: Input | ReadFailure, state: dict[str, Any], begun: Begun) -> None:
    if begun.input != state:
        raise UserError(
            f"{item.place}: has changed since the run was stopped, or the inputs before it have; "
            "the results would mix two states: start over with --force"
        )


def _plan_tasks(
    item: Input | ReadFailure, read: ReadOptions, size: int | None, skip: int, died: bool
) -> Iterator[Task]:
    """Iterates over the tasks of an input after its first `skip` outcomes; `died`: the last of them killed its
    process."""
    if isinstance(item, Input) and size is not None and _is_small(item, read, size):
        if not died:  # otherwise it has no further outcomes
            yield Task(item, item.place, item.name, size, skip)
        return
    for document in islice(_documents(item, read), skip, None):
        if isinstance(document, ReadFailure):
            yield Task(document, item.place, document.place)
        else:
            yield Task(document, document.place, document.source, len(document.text))


def _is_small(item: Input, read: ReadOptions, size: int) -> bool:
    """Whether an input is a file with one document.

    Such a file can be read in the process that extracts from it, and affects no other if it kills that process. An
    archive never is, whatever its name: its left-out members are counted here.
    """
    if item.path is None or item.path.name.lower().endswith(".gz"):
        return False
    kind = read.input_format or find_format(item.path.name)
    if kind not in _READ_WHOLE or (kind != "pdf" and size > _SMALL):
        return False
    with suppress(OSError), item.open() as stream:
        head = stream.read(_HEAD)
        if head.startswith(_OTHERS):
            return False
        if kind in _OF_REGISTRIES and _MANY.match(head):
            return _ONE.search(head + stream.read(_HEAD_OF_XML)) is not None
        if kind == "ctgov-json" or _JSON.match(head):
            return _STUDY.match(head) is not None and b"\n{" not in head + stream.read(_SMALL)
    return True


def _documents(item: Input | ReadFailure, read: ReadOptions) -> Iterator[Document | ReadFailure]:
    return iter([item]) if isinstance(item, ReadFailure) else read_documents(item, read)


def find_input_state(item: Input | ReadFailure) -> dict[str, Any]:
    """Returns what shows whether an input has changed: for a file, its size and modification time."""
    if isinstance(item, ReadFailure) or item.path is None:
        return {"name": item.place}
    try:
        found = [path.stat() for path in (sorted(item.path.iterdir()) if item.path.is_dir() else [item.path])]
    except OSError:
        return {"name": item.name}
    return {"name": item.name, "size": sum(f.st_size for f in found), "changed": max(f.st_mtime_ns for f in found)}
