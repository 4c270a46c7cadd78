"""One input to its documents: recognised, then read by the reader of its format."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from trialsift.readers.failures import ReadFailure
from trialsift.readers.find import ending
from trialsift.readers.inputs import Input, InputFormat, Reader, ReadOptions
from trialsift.readers.sources import Source

#: Where the reader of each format is: imported when the first file of that format comes.
_READERS: dict[InputFormat, str] = {
    "text": "trialsift.readers.text:read_text",
    "ctgov-json": "trialsift.readers.ctgov_json:read_ctgov_json",
    "ctgov-xml": "trialsift.readers.ctgov_xml:read_ctgov_xml",
    "aact": "trialsift.readers.aact:read_aact",
    "html": "trialsift.readers.html:read_html",
    "pdf": "trialsift.readers.pdf:read_pdf",
}


def read_documents(source: Input, options: ReadOptions) -> Iterator[Source | ReadFailure]:
    """The documents of an input in their order; a ReadFailure for each that can't be read, and for an input that
    can't be read to its end."""
    try:
        yield from _reader(options.input_format or recognised(source))(source, options)
    except ReadFailure as failure:
        yield failure


def recognised(source: Input) -> InputFormat:
    """The format of an input, by its content and its name. Raises ReadFailure for one of no format."""
    if source.path is not None and source.path.is_dir():
        return "aact"  # find.py hands on no other folder
    return ending(source.name) or "text"  # type: ignore[return-value]


def _reader(name: InputFormat) -> Reader:
    module, _, function = _READERS[name].partition(":")
    reader: Reader = getattr(import_module(module), function)
    return reader
