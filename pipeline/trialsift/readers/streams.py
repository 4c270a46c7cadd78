"""The bytes of an input: decompressed, within limits, with every error as a ReadFailure."""

from __future__ import annotations

import gzip
import io
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from trialsift.readers.failures import ReadFailure
from trialsift.readers.inputs import MEGABYTE, Input, ReadOptions, reading, report_too_large

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

GZIP = b"\x1f\x8b"
#: Bytes read at once; and bytes held in memory before a temporary file takes them.
BLOCK = 1 << 16
IN_MEMORY = 8 * MEGABYTE


def unpack_input(item: Input, options: ReadOptions) -> Input:
    """Returns the input with an `open` that decompresses gzip (detected by its magic bytes, not by `.gz`) and stops
    after `options.max_expanded` bytes. Its streams raise nothing but ReadFailure, even while being read.

    Raises ReadFailure for a file that cannot be opened, and for one named `.gz` that is not gzip.
    """
    with reading(item), item.open() as raw:
        magic = raw.read(len(GZIP))
    packed = magic == GZIP
    if not packed and item.name.lower().endswith(".gz"):
        if not magic:
            raise item.failure("empty", "holds nothing", "fill it or leave it out")
        raise item.failure(
            "damaged", "ends in .gz, but is not compressed by gzip", "fetch it again, or rename it if it is no gzip"
        )
    return replace(item, open=lambda: _opened(item, packed, options.max_expanded))


@contextmanager
def open_seekable(item: Input, options: ReadOptions) -> Iterator[BinaryIO]:
    """Yields a seekable stream of an unpacked input: the file itself, or a temporary copy if it was compressed. Raises
    ReadFailure if the copy exceeds `options.max_file` bytes."""
    with item.open() as stream:
        if stream.seekable():
            yield stream
            return
        with tempfile.TemporaryFile() as copy:
            _copy(stream, copy, options.max_file)
            if copy.tell() > options.max_file:
                raise report_too_large(item, options.max_file, "", "--max-file-mb")
            copy.seek(0)
            yield cast(BinaryIO, copy)


class StandardInput:
    """Standard input, which can be read only once. It is copied when first opened, into memory or a temporary file;
    each call returns a fresh stream."""

    PLACE = "standard input"

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._copy: tempfile.SpooledTemporaryFile[bytes] | None = None

    def __call__(self) -> BinaryIO:
        """Returns a stream of its bytes. Raises ReadFailure if there are more than the limit allows."""
        if self._copy is None:
            if sys.stdin is None:
                raise ReadFailure(self.PLACE, "unreadable", "is closed", "name a file instead of -")
            copy = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  lives as long as the input
            _copy(sys.stdin.buffer, copy, self._limit)
            self._copy = copy
        self._copy.seek(0, io.SEEK_END)
        if self._copy.tell() > self._limit:
            message = f"holds more than {self._limit / MEGABYTE:,.0f} MB"
            raise ReadFailure(self.PLACE, "too_large", message, "raise --max-expanded-mb")
        return cast(BinaryIO, io.BufferedReader(_View(self._copy), BLOCK))


def _copy(stream: BinaryIO, copy: IO[bytes], limit: int) -> None:
    """Copies a stream, up to one byte more than `limit`."""
    left = limit + 1
    while left and (data := stream.read(min(BLOCK, left))):
        copy.write(data)
        left -= len(data)


class _View(io.RawIOBase):
    """A file with an independent position."""

    def __init__(self, file: tempfile.SpooledTemporaryFile[bytes]) -> None:
        self._file, self._at = file, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_CUR:
            offset, whence = offset + self._at, io.SEEK_SET
        self._file.seek(offset, whence)
        self._at = self._file.tell()
        return self._at

    def readinto(self, buffer: WriteableBuffer) -> int:
        self._file.seek(self._at)
        target = memoryview(buffer).cast("B")
        data = self._file.read(len(target))
        target[: len(data)] = data
        self._at += len(data)
        return len(data)


class _Checked(io.RawIOBase):
    """A stream that turns errors, and more than `limit` bytes, into a ReadFailure of its input."""

    def __init__(self, item: Input, raw: BinaryIO, stream: BinaryIO, limit: int | None) -> None:
        self._item, self._raw, self._stream, self._limit, self._count = item, raw, stream, limit, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        # A zip member seeks back by decompressing from its beginning, which may take forever.
        return self._limit is None and not isinstance(self._raw, zipfile.ZipExtFile) and self._raw.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)  # OSError tells libraries that the place does not exist

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer).cast("B")
        with reading(self._item):
            # One underlying read at a time: data before a damaged place has been handed on when it is reached.
            data = self._stream.read1(len(target))  # type: ignore[attr-defined]
        target[: len(data)] = data
        self._count += len(data)
        if self._limit is not None and self._count > self._limit:
            raise self._item.failure(
                "expands_too_far",
                f"is compressed, and becomes more than {self._limit / MEGABYTE:,.0f} MB",
                "leave it out, or raise --max-expanded-mb",
            )
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
            self._raw.close()
        super().close()


def _opened(item: Input, packed: bool, limit: int) -> BinaryIO:
    with reading(item):
        raw = item.open()
    stream = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if packed else raw
    return cast(BinaryIO, io.BufferedReader(_Checked(item, raw, stream, limit if packed else None), BLOCK))
