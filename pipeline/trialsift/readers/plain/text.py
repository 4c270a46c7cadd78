"""Plain text: a file is a document, and its text is all its characters but a byte order mark."""

from __future__ import annotations

from collections.abc import Iterator

from trialsift.readers.failures import ReadFailure
from trialsift.readers.inputs import Input, ReadOptions
from trialsift.readers.plain.encodings import decoded
from trialsift.readers.sources import Source

__all__ = ["decoded", "read_text"]


def read_text(source: Input, options: ReadOptions) -> Iterator[Source | ReadFailure]:
    """The document that a text file is. Raises ReadFailure where it is none."""
    text, notes = decoded(source, source.read(options.max_document), options.encoding)
    if not text.strip():
        raise source.failure("empty", "holds no text", "fill it or leave it out")
    yield Source(source.stem, source.name, text, notes=notes)
