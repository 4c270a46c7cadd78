"""Reads the documents of a piece, an input or a range of one, as a reader of the whole would."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, cast

from trialsift.model.document import Document
from trialsift.readers import Input, ReadFailure, ReadOptions, read_documents
from trialsift.readers.streams import BLOCK, unpack_input
from trialsift.readers.tables.json_records import read_lines
from trialsift.readers.tables.parquet import read_parquet
from trialsift.runs.dask.partitions import Piece

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class PieceDocuments:
    """Iterates over the documents and failures of a piece, once.

    Afterwards `left_out` counts what was left out of an archive, and `broke_off` says whether nothing after the piece
    can be read, so that other pieces of the same input do not count.
    """

    def __init__(self, piece: Piece, options: ReadOptions) -> None:
        self._piece, self._options = piece, options
        self.left_out: Counter[str] = Counter()
        self._item = piece.item(self.left_out)
        self.broke_off = False

    def __iter__(self) -> Iterator[Document | ReadFailure]:
        return islice(self._all(), *self._piece.outcomes)

    def _all(self) -> Iterator[Document | ReadFailure]:
        item, piece = self._item, self._piece
        if isinstance(item, ReadFailure):
            yield item
        elif piece.groups is None and piece.span is None:
            yield from read_documents(item, self._options)
        else:
            try:
                yield from _of_range(item, piece, self._options)
            except ReadFailure as failure:
                self.broke_off = True
                yield failure
            except Exception as error:
                self.broke_off = True
                advice = "a fault of trialsift: please report it with this input"
                yield item.failure("internal", str(error) or repr(error), advice)


def _of_range(item: Input, piece: Piece, options: ReadOptions) -> Iterator[Document | ReadFailure]:
    if piece.groups is not None:
        return read_parquet(unpack_input(item, options), options, range(*piece.groups), piece.before)
    start, stop = piece.span or (0, 0)
    of_span = replace(item, open=lambda: _section(item.open(), start, stop))
    # A file is read in ranges only if it was seen to be UTF-8 when the run was planned.
    return read_lines(unpack_input(of_span, options), replace(options, encoding="utf-8"), piece.before)


def _section(stream: BinaryIO, start: int, stop: int) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(_Section(stream, start, stop), BLOCK))


class _Section(io.RawIOBase):
    """The bytes of a stream from `start` up to `stop`."""

    def __init__(self, stream: BinaryIO, start: int, stop: int) -> None:
        self._stream, self._left = stream, stop - start
        stream.seek(start)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer).cast("B")
        data = self._stream.read(min(len(target), self._left))
        target[: len(data)] = data
        self._left -= len(data)
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()
