"""Inputs for tests of readers, and what comes of them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from trialsift.model.document import Document
from trialsift.readers import Input, ReadFailure, ReadOptions, find_inputs, read_documents

OPTIONS = ReadOptions()


def in_memory(data: bytes, name: str = "bad.txt") -> Input:
    """An input of these bytes."""
    return Input(name, name, Path(name).stem, lambda: io.BytesIO(data))


def results(data: bytes, name: str, options: ReadOptions = OPTIONS) -> list[Document | ReadFailure]:
    """What is read from a file of these bytes."""
    return list(read_documents(in_memory(data, name), options))


def read_all(*given: Path | str, options: ReadOptions = OPTIONS) -> Iterator[Document | ReadFailure]:
    """What is read from all that is given."""
    for found in find_inputs(given, options=options):
        yield from [found] if isinstance(found, ReadFailure) else read_documents(found, options)


def documents(found: list[Document | ReadFailure]) -> dict[str, str]:
    """The texts by doc_id, of what has to be documents without exception."""
    assert [str(failure) for failure in found if isinstance(failure, ReadFailure)] == []
    return {source.doc_id: source.text for source in found if isinstance(source, Document)}


def only_failure(found: list[Document | ReadFailure]) -> ReadFailure:
    """The failure that is all there is."""
    [failure] = found
    assert isinstance(failure, ReadFailure)
    return failure
