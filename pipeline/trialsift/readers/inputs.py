"""An input as the readers of formats see it: a name, and its bytes with any compression taken off.

A reader of a format is called with an input and options, and iterates over documents. It raises `ReadFailure` where the
input as a whole can't be used, and yields one for each record that can't, so that the records behind it are still read.
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

InputFormat = Literal["text", "ctgov-json", "ctgov-xml", "aact", "csv", "jsonl", "parquet", "html", "pdf", "zip"]

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How inputs are read. Limits in bytes: `max_document` for one document or record, `max_file` for a file of a
    format that has to be read whole (a page of studies as JSON), `max_expanded` for what one compressed file becomes,
    and for standard input.

    `input_format` None: each file is recognised by its content and name. `encoding` is that of all texts and tables, a
    name of Python's; None: UTF-8, or another where it can be told with certainty (see encodings.py).
    """

    input_format: InputFormat | None = None
    encoding: str | None = None
    text_column: str = "text"
    id_column: str = "doc_id"
    max_document: int = 20 * MEGABYTE
    max_file: int = 500 * MEGABYTE
    max_expanded: int = 10_000 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Input:
    """A file or a member of an archive. `place` names it in messages, `name` in `meta.source`; `stem` is its name
    without folder and endings (the doc_id where a file is a document); `open` gives a fresh stream of its bytes, for a
    reader of a format decompressed and checked (see streams.py); `path` is the file itself, None for standard input and
    members of archives (`inside`). `left_out` counts the members of an archive that have the ending of no format.
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
        """A document of this input."""
        return Document(doc_id, self.name, text, parts, registry, notes or {}, self.place)

    def failure(self, code: str, message: str, advice: str, record: str = "") -> ReadFailure:
        """A ReadFailure of this input."""
        return ReadFailure(self.place, code, message, advice, record)

    def read(self, limit: int, option: str = "--max-document-mb") -> bytes:
        """All its bytes. Raises ReadFailure if it can't be read, or holds more than `limit`, which `option` raises."""
        data = io.BytesIO()
        with reading(self), self.open() as stream:  # in portions: a single read takes memory for all it may give
            while data.tell() <= limit and (portion := stream.read(min(MEGABYTE, limit + 1 - data.tell()))):
                data.write(portion)
        if data.tell() > limit:
            raise too_large(self, limit, "", option)
        return data.getvalue()


Reader = Callable[[Input, ReadOptions], Iterator[Document | ReadFailure]]


def too_large(item: Input, limit: int, record: str, option: str = "--max-document-mb") -> ReadFailure:
    """For an input, or a record of it, of more than `limit` bytes, which `option` raises."""
    size = f"{limit / MEGABYTE:,.0f} MB" if limit >= MEGABYTE else f"{limit:,} bytes"
    return item.failure("too_large", f"holds more than {size}", f"leave it out, or raise {option}", record)


@contextmanager
def reading(item: Input) -> Iterator[None]:
    """Turns what goes wrong while bytes are read into a ReadFailure of `item`."""
    try:
        yield
    except EOFError as error:  # gzip: the end is missing
        raise item.failure("truncated", "is compressed, and breaks off", "fetch the file again") from error
    except (gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, lzma.LZMAError) as error:
        raise item.failure("damaged", f"can't be decompressed ({error})", "fetch the file again") from error
    except OSError as error:
        if error.errno is None:  # no word of the system's: bzip2 in a zip
            raise item.failure("damaged", f"can't be read ({error})", "fetch the file again") from error
        if error.errno == errno.ELOOP:
            raise item.failure("link_loop", "is a link that leads to itself", "remove the link") from error
        raise item.failure(
            "unreadable",
            f"cannot be read: {error.strerror or error}",
            "check that the file is there and that you may read it",
        ) from error
