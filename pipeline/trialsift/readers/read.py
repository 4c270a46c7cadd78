"""Reads the documents of one input: unpacks it, recognises its format, and calls that format's reader."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from trialsift.model.document import Document
from trialsift.readers.failures import ReadFailure
from trialsift.readers.inputs import Input, InputFormat, Reader, ReadOptions, reading
from trialsift.readers.recognise import recognise_format
from trialsift.readers.streams import unpack_input

_JSON = "trialsift.readers.registry.json_files:read_registry_json"
#: The reader of each format, imported for the first file of that format.
_READERS: dict[InputFormat, str] = {
    "text": "trialsift.readers.plain.text:read_text",
    "csv": "trialsift.readers.tables.csv_tables:read_csv",
    "jsonl": "trialsift.readers.tables.json_records:read_json_records",
    "parquet": "trialsift.readers.tables.parquet:read_parquet",
    "zip": "trialsift.readers.zips:read_zip",
    "ctgov-json": "trialsift.readers.registry.ctgov_json:read_ctgov_json",
    "ctgov-xml": "trialsift.readers.registry.ctgov_xml:read_ctgov_xml",
    "aact": "trialsift.readers.registry.aact:read_aact",
    "ictrp-xml": "trialsift.readers.registry.ictrp:read_portal_xml",
    "ictrp-csv": "trialsift.readers.registry.ictrp:read_portal_csv",
    "ictrp-upload": "trialsift.readers.registry.ictrp_upload:read_upload_xml",
    "ctis-json": _JSON,
    "euctr-json": _JSON,
    "isrctn-json": _JSON,
    "ctgov-v1": _JSON,
    "cancergov-json": _JSON,
    "bioc-json": _JSON,
    "pubmed-xml": "trialsift.readers.registry.pubmed:read_pubmed",
    "jats-xml": "trialsift.readers.registry.jats:read_jats",
    "euctr-text": "trialsift.readers.registry.euctr:read_euctr",
    "isrctn-xml": "trialsift.readers.registry.isrctn:read_isrctn_xml",
    "html": "trialsift.readers.html.page:read_html",
    "pdf": "trialsift.readers.pdf.pages:read_pdf",
    "docx": "trialsift.readers.word.document:read_docx",
}


def read_documents(item: Input, options: ReadOptions) -> Iterator[Document | ReadFailure]:
    """Iterates over the documents of an input in order, with a ReadFailure for each that cannot be read.

    An input that cannot be read to its end also yields one. Raises nothing: errors of readers become ReadFailures.
    """
    try:
        with reading(item):
            folder = item.path is not None and item.path.is_dir()
        opened = item if folder else unpack_input(item, options)
        yield from _reader("aact" if folder else _format(opened, options))(opened, options)
    except ReadFailure as failure:
        yield failure
    except Exception as error:
        yield item.failure(
            "internal", str(error) or repr(error), "a fault of trialsift: please report it with this input"
        )


def _format(item: Input, options: ReadOptions) -> InputFormat:
    if options.input_format is None:
        return recognise_format(item, options.text_columns)
    with item.open() as stream:
        packed = stream.read(4) == b"PK\x03\x04"
    return "zip" if packed else options.input_format  # a stated format is that of the members


def _reader(name: InputFormat) -> Reader:
    module, _, function = _READERS[name].partition(":")
    reader: Reader = getattr(import_module(module), function)
    return reader
