"""Reads the lines of a table or of JSON Lines, in constant memory."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO

from trialsift.readers.failures import ReadFailure
from trialsift.readers.inputs import Input, ReadOptions, report_too_large
from trialsift.readers.plain.detection import Answer, Detector
from trialsift.readers.plain.encodings import find_codec_name, find_marked, report_uncertain, report_undecodable
from trialsift.readers.plain.transcoded import transcode
from trialsift.readers.streams import BLOCK


class TextLines:
    """The lines of an unpacked input with their ends, as text. `number` is that of the last line, from 1.

    If a line is not UTF-8 and only ASCII precedes it, the encoding is detected from the whole file, once; `notes` then
    names it. `spoilt` is what is known about a line that is a ReadFailure: its characters as far as they decode, or a
    quote if an overlong line has an odd number of them.
    """

    def __init__(self, item: Input, options: ReadOptions) -> None:
        self._item, self._limit = item, options.max_document
        with item.open() as stream:
            stated = options.encoding or find_marked(stream.read(4))
        name = None if stated is None else find_codec_name(stated)
        self._other = None if name == "utf-8" else name
        self._told: str | None = None
        self._ascii, self._asked, self._answer = True, stated is not None, Answer(None)
        self._stream = self._opened()
        self.notes = {} if self._other is None else {"encoding": self._other}
        self.number, self.spoilt = 0, ""

    def __enter__(self) -> TextLines:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def __iter__(self) -> Iterator[str | ReadFailure]:
        while (line := self.next()) is not None:
            yield line

    @property
    def where(self) -> str:
        """The place of the last line."""
        return f"line {self.number}"

    def next(self) -> str | ReadFailure | None:
        """Returns the next line; a ReadFailure if it is too long or cannot be decoded; None at the end.

        Raises ReadFailure if the file cannot be read any further.
        """
        data = self._stream.readline(len(codecs.BOM_UTF8) + self._limit + 2)
        if not data:
            return None
        self.number += 1
        if self.number == 1:
            data = data.removeprefix(codecs.BOM_UTF8)
        if len(data.rstrip(b"\r\n")) <= self._limit:
            return self._decoded(data)
        quotes = data.count(b'"')
        while data and not data.endswith(b"\n"):
            data = self._stream.readline(BLOCK)
            quotes += data.count(b'"')
        self.spoilt = '"' * (quotes % 2)
        return report_too_large(self._item, self._limit, self.where)

    def back_to(self, number: int) -> None:
        """Goes back, so that the line after this one comes next."""
        self._stream.close()
        self._stream, self.number = self._opened(), 0
        while self.number < number:
            self.next()

    def _opened(self) -> BinaryIO:
        stream = self._item.open()
        if self._other is None:
            return stream
        return transcode(self._item, stream, self._other)

    def _decoded(self, data: bytes) -> str | ReadFailure:
        if self._told is None:
            try:
                text = data.decode("utf-8")
            except UnicodeDecodeError as error:
                byte = data[error.start]
            else:
                self._ascii = self._ascii and data.isascii()
                return text
            if self._ascii and not self._asked:
                self._asked, self._answer = True, _answer(self._item)
                self._told = self._answer.encoding
            if self._told is None:
                self.spoilt = data.decode("utf-8", "replace")
                return report_uncertain(self._item, byte, self.number, self._answer, self.where)
            self.notes = {"encoding": self._told}
        try:
            return data.decode(self._told)
        except UnicodeError as error:
            self.spoilt = data.decode(self._told, "replace")
            return report_undecodable(self._item, error, self.number, self._told, self.where)


def _answer(item: Input) -> Answer:
    detector = Detector()
    # A truncated file has the encoding of what is there; its reader reports the truncation.
    with suppress(ReadFailure), item.open() as stream:
        while data := stream.readline(1 << 20):
            detector.feed(data)
    return detector.answer()
