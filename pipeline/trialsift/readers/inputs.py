"""An input as readers see it: a name, and its decompressed bytes.

The reader of a format is called with an input and options, and iterates over documents. It raises `ReadFailure` if the
input as a whole cannot be used, and yields one for each unusable record, so that later records are still read.
"""

from __future__ import annotations

import errno
import gzip
import io
import lzma
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal

from trialsift.model.document import Document, Part, RegistryFields
from trialsift.readers.failures import ReadFailure

InputFormat = Literal[
    "text", "ctgov-json", "ctgov-xml", "aact", "ictrp-xml", "ictrp-upload", "ictrp-csv", "ctis-json",
    "euctr-text", "euctr-json", "isrctn-json", "isrctn-xml", "ctgov-v1", "cancergov-json", "bioc-json",
    "pubmed-xml", "jats-xml", "csv", "jsonl", "parquet", "html", "pdf", "docx", "zip"
]  # fmt: skip

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How inputs are read. Limits are in bytes.

    `max_document`: one document or record. `max_file`: a file in a format that must be read whole (a page of studies as
    JSON). `max_expanded`: a compressed file once expanded, and standard input. `input_format`: None recognises each
    file by its content and name. `encoding`: that of all texts and tables, by Python's name; None stands for UTF-8, or
    another one if it can be detected with certainty (encodings.py). `text_column`: of tables and records; of several
    each begins with its name as a heading. `polarity_column` says of each row whether it is an inclusion or exclusion.
    """

    input_format: InputFormat | None = None
    encoding: str | None = None
    text_column: str | tuple[str, ...] = "text"
    id_column: str = "doc_id"
    polarity_column: str | None = None
    max_document: int = 20 * MEGABYTE
    max_file: int = 500 * MEGABYTE
    max_expanded: int = 10_000 * MEGABYTE

    @property
    def text_columns(self) -> tuple[str, ...]:
        """The columns of the text, in their order."""
        return (self.text_column,) if isinstance(self.text_column, str) else self.text_column

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """All columns that are read, each with the option that names it."""
        found = [(column, "--text-column") for column in self.text_columns] + [(self.id_column, "--id-column")]
        return (*found, *([(self.polarity_column, "--polarity-column")] if self.polarity_column is not None else []))


@dataclass(frozen=True, slots=True)
class Input:
    """A file or a member of an archive.

    `place` names it in messages, `name` in `meta.source`. `stem` is its name without folder and endings (the doc_id if
    the file is one document). `open` returns a fresh stream of its bytes, decompressed and checked for readers
    (streams.py). `path` is the file itself, None for standard input and archive members (`inside`). `left_out` counts
    archive members whose ending belongs to no format.
    """

    place: str
    name: str
    stem: str
    open: Callable[[], BinaryIO]
    path: Path | None = None
    inside: bool = False
    left_out: Counter[str] | None = field(default=None, compare=False)

    def document(
        self,
        doc_id: str,
        text: str,
        parts: tuple[Part, ...] = (),
        registry: RegistryFields | None = None,
        notes: Mapping[str, str] | None = None,
    ) -> Document:
        """Returns a document of this input."""
        return Document(doc_id, self.name, text, parts, registry, notes or {}, self.place)

    def failure(self, code: str, message: str, advice: str, record: str = "") -> ReadFailure:
        """Returns a ReadFailure of this input."""
        return ReadFailure(self.place, code, message, advice, record)

    def read(self, limit: int, option: str = "--max-document-mb") -> bytes:
        """Returns all its bytes. Raises ReadFailure if it cannot be read, or holds more than `limit`, which `option`
        raises."""
        data = io.BytesIO()
        with reading(self), self.open() as stream:  # in blocks: a single read allocates memory for all it may return
            while data.tell() <= limit and (portion := stream.read(min(MEGABYTE, limit + 1 - data.tell()))):
                data.write(portion)
        if data.tell() > limit:
            raise report_too_large(self, limit, "", option)
        return data.getvalue()


Reader = Callable[[Input, ReadOptions], Iterator[Document | ReadFailure]]


def report_too_large(item: Input, limit: int, record: str, option: str = "--max-document-mb") -> ReadFailure:
    """Returns the failure of an input or record with more than `limit` bytes, which `option` raises."""
    size = f"{limit / MEGABYTE:,.0f} MB" if limit >= MEGABYTE else f"{limit:,} bytes"
    return item.failure("too_large", f"holds more than {size}", f"leave it out, or raise {option}", record)


@contextmanager
def reading(item: Input) -> Iterator[None]:
    """Turns errors that occur while bytes are read into a ReadFailure of `item`."""
    try:
        yield
    except EOFError as error:  # gzip: the end is missing
        raise item.failure("truncated", "is compressed, and breaks off", "fetch the file again") from error
    except (gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, lzma.LZMAError) as error:
        raise item.failure("damaged", f"can't be decompressed ({error})", "fetch the file again") from error
    except OSError as error:
        if error.errno is None:  # not a system error: bzip2 in a zip
            raise item.failure("damaged", f"can't be read ({error})", "fetch the file again") from error
        if error.errno == errno.ELOOP:
            raise item.failure("link_loop", "is a link that leads to itself", "remove the link") from error
        raise item.failure(
            "unreadable",
            f"cannot be read: {error.strerror or error}",
            "check that the file is there and that you may read it",
        ) from error
