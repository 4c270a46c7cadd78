"""Inputs for the tests of registry records."""

from __future__ import annotations

import io
from pathlib import Path

from tests.support.paths import ROOT
from trialsift.model.document import Document
from trialsift.readers import Input, InputFormat, ReadFailure, ReadOptions, find_inputs, read_documents

FIXTURES = ROOT / "tests" / "readers" / "fixtures"


def in_memory(data: bytes | str, name: str = "studies.json") -> Input:
    """An input with this content."""
    content = data.encode() if isinstance(data, str) else data
    return Input(name, name, Path(name).stem, lambda: io.BytesIO(content))


def results(source: Input, form: InputFormat | None = None, **limits: int) -> list[Document | ReadFailure]:
    """What the reader of an input gives."""
    return list(read_documents(source, ReadOptions(form, **limits)))


def failure(source: Input, form: InputFormat | None = None, **limits: int) -> ReadFailure:
    """The failure of an input that gives nothing else."""
    (found,) = results(source, form, **limits)
    assert isinstance(found, ReadFailure)
    return found


def documents(path: Path) -> dict[str, Document]:
    """The documents of a file or folder, none of which fails, by doc_id."""
    found: dict[str, Document] = {}
    for source in find_inputs([path]):
        assert isinstance(source, Input)
        for document in results(source):
            assert isinstance(document, Document), document
            found[document.doc_id] = document
    return found


def part(document: Document, name: str) -> str:
    """The content of a part."""
    (found,) = [document.text[p.start : p.end] for p in document.parts if p.name == name]
    return found
