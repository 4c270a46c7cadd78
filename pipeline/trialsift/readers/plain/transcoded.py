"""A stream of UTF-8 over one in another encoding, where a line end or a tag may not be single bytes."""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING, BinaryIO, cast

from trialsift.readers.inputs import Input
from trialsift.readers.plain.encodings import report_undecodable
from trialsift.readers.streams import BLOCK

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


def transcode(item: Input, stream: BinaryIO, encoding: str) -> BinaryIO:
    """Returns a stream of UTF-8 over one of an input in `encoding`, by Python's name, which it closes when closed."""
    return cast(BinaryIO, io.BufferedReader(_Transcoded(item, stream, encoding), BLOCK))


class _Transcoded(io.RawIOBase):
    def __init__(self, item: Input, stream: BinaryIO, encoding: str) -> None:
        self._item, self._stream, self._encoding = item, stream, encoding
        self._decoder = codecs.getincrementaldecoder(encoding)("strict")
        self._ready = b""
        self._line = 1
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer).cast("B")
        while not self._ready and not self._ended:
            data = self._stream.read1(BLOCK)  # type: ignore[attr-defined]
            self._ended = not data
            try:
                self._ready = self._decoder.decode(data, final=self._ended).encode("utf-8")
            except UnicodeError as error:
                raise report_undecodable(self._item, error, self._line, self._encoding) from error
            self._line += self._ready.count(b"\n")
        data, self._ready = self._ready[: len(target)], self._ready[len(target) :]
        target[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()
