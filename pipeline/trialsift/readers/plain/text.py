"""Plain text: each file is a document; its text is everything but a byte order mark."""

from __future__ import annotations

from collections.abc import Iterator

from trialsift.model.document import Document
from trialsift.readers.failures import ReadFailure
from trialsift.readers.inputs import Input, ReadOptions
from trialsift.readers.plain.encodings import decode_text


def read_text(item: Input, options: ReadOptions) -> Iterator[Document | ReadFailure]:
    """Iterates over the one document of a text file. Raises ReadFailure if it is none."""
    text, notes = decode_text(item, item.read(options.max_document), options.encoding)
    if not any(sign.isprintable() and not sign.isspace() for sign in text):
        raise item.failure("empty", "holds no text", "fill it or leave it out")
    yield item.document(item.stem, text, notes=notes)
