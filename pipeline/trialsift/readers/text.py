"""Plain text: a file is a document, and its text is all its characters but a byte order mark."""

from __future__ import annotations

from collections.abc import Iterator

from trialsift.readers.failures import ReadFailure
from trialsift.readers.inputs import Input, ReadOptions
from trialsift.readers.sources import Source


def read_text(source: Input, options: ReadOptions) -> Iterator[Source | ReadFailure]:
    """The document that a text file is. Raises ReadFailure where it is none."""
    text, notes = decoded(source, source.read(options.max_document))
    if not text.strip():
        raise source.failure("empty", "holds no text", "fill it or leave it out")
    yield Source(source.stem, source.name, text, notes=notes)


def decoded(source: Input, data: bytes) -> tuple[str, dict[str, str]]:
    """The text of bytes, and what to note of it. Raises ReadFailure for bytes that are no text."""
    body = data.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in body:
        raise source.failure("binary", "holds a NUL byte, so it is no text", "leave it out, or export it as plain text")
    try:
        return body.decode("utf-8"), {}
    except UnicodeDecodeError as error:
        raise source.failure("encoding", f"is not UTF-8: byte 0x{body[error.start]:02x}", "convert it") from error
