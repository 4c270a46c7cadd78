"""Pages and papers for tests: read from bytes or from a fixture, and what the extractor finds in them."""

from __future__ import annotations

import io
from collections.abc import Sequence

from tests.support.extractors import shared_extractor
from tests.support.paths import ROOT
from trialsift.model.document import Document
from trialsift.model.fact import Fact
from trialsift.readers import Input, InputFormat, ReadFailure, ReadOptions, read_documents

FIXTURES = ROOT / "tests" / "readers" / "fixtures"
EXTRACTOR = shared_extractor(context=False)


def read_bytes(data: bytes, of: InputFormat, options: ReadOptions | None = None) -> list[Document | ReadFailure]:
    """What the reader of a format makes of bytes."""
    source = Input(f"page.{of}", f"page.{of}", "page", lambda: io.BytesIO(data))
    return list(read_documents(source, options or ReadOptions(input_format=of)))


def document(data: bytes | str, of: InputFormat = "html") -> Document:
    """The one document in bytes."""
    [found] = read_bytes(data.encode() if isinstance(data, str) else data, of)
    assert isinstance(found, Document), found
    return found


def failure(data: bytes, of: InputFormat, options: ReadOptions | None = None) -> ReadFailure:
    """Why bytes give no document."""
    [found] = read_bytes(data, of, options)
    assert isinstance(found, ReadFailure), found
    return found


def facts(text: str) -> list[tuple[str, str, str]]:
    """Label, what it is of, and text of each fact, the polarity in front where it is an exclusion."""
    return facts_of(EXTRACTOR.annotate(text).facts)


def facts_of(found: Sequence[Fact]) -> list[tuple[str, str, str]]:
    """The same of facts."""
    return [(fact.label, _of(fact), _text(fact)) for fact in found]


def _of(fact: Fact) -> str:
    keys = ("analyte", "scale", "agent", "role", "scope")
    return str(next((fact.attributes[key] for key in keys if fact.attributes.get(key)), ""))


def _text(fact: Fact) -> str:
    return f"not {fact.text}" if fact.attributes["polarity"] == "exclusion" else fact.text
