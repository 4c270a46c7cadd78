"""XML with many records in a file: read one by one, in constant memory, so that a bad one harms no other.

The bytes are divided at the tags of records; each is then parsed by itself, within the start tag of the root, which may
declare namespaces. A document type without declarations of its own, such as PubMed's, is passed over, never fetched;
one that declares entities is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from trialsift.readers.failures import ReadFailure
from trialsift.readers.inputs import Input, ReadOptions, report_too_large
from trialsift.readers.plain.transcoded import transcode
from trialsift.readers.registry.elements import parse_element
from trialsift.readers.streams import BLOCK

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_PROLOGUE = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*+(?P<subset>\[.*?\]\s*)?>)*+", re.DOTALL | re.I)
_ROOT = re.compile(rb"<(?P<name>[A-Za-z_][\w:.-]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*+>")
_ENCODING = re.compile(rb"\A\s*<\?xml[^>]*?\bencoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
_WIDE = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
#: Encodings in which tags are the bytes of ASCII.
_ASCII_INSIDE = re.compile(rb"utf-?8|us-ascii|ascii|iso-?8859-\d+|windows-125\d|cp125\d|latin-?1", re.I)
#: A root begins within so many bytes, and no tag of a record is longer.
_HEAD, _LONGEST_TAG = 1 << 16, 200
_AGAIN = "fetch the file again"


@dataclass(frozen=True, slots=True)
class Found:
    """A record of a file: its element, or why there is none. `where`: its place in the file."""

    where: str
    element: Element | None = None
    failure: ReadFailure | None = None


def iter_xml_records(item: Input, options: ReadOptions, names: tuple[str, ...]) -> Iterator[Found]:
    """Iterates over the elements of these names in a file, in order; one that can't be read is a failure.

    Raises ReadFailure for a file that is no XML, has no records, or is cut off behind the last.
    """
    with _open(item) as stream:
        yield from _Splitter(item, stream, options.max_document, names).records()


def _open(item: Input) -> BinaryIO:
    """Returns a stream of bytes in which tags can be found."""
    with item.open() as stream:
        head = stream.read(_HEAD)
    declared = _ENCODING.match(head)
    encoding = next((name for mark, name in _WIDE if head.startswith(mark)), None)
    if encoding is None and declared and not _ASCII_INSIDE.fullmatch(declared[1]):
        encoding = declared[1].decode("ascii")
    if encoding is None:
        return item.open()
    try:
        return transcode(item, item.open(), encoding)
    except LookupError as error:
        message = f"declares an encoding that can't be read ({error})"
        raise item.failure("encoding", message, "convert it to UTF-8") from error


class _Splitter:
    """Finds the records in a stream."""

    def __init__(self, item: Input, stream: BinaryIO, limit: int, names: tuple[str, ...]) -> None:
        self._item, self._stream, self._limit = item, stream, limit
        self._buffer, self._line = b"", 1  # the line is that of the first byte in the buffer
        self._head = self._root = self._end = b""
        self._cut = False  # whether the file ended within a record
        choice = rf"(?:[\w.-]+:)?(?:{'|'.join(map(re.escape, names))})"
        self._mark = re.compile(rf"<(?P<open>{choice})(?=[\s/>])|</{choice}\s*>".encode())

    def records(self) -> Iterator[Found]:
        """Iterates over the records."""
        self._read_head()
        count, ended = 0, not self._root
        while True:
            ended = self._skip_to_record() or ended
            if not self._mark.match(self._buffer):
                break
            count += 1
            yield self._read_record(f"record {count}, line {self._line}")
        if not count:
            raise self._item.failure("empty", "holds no records", "leave it out, or fetch it again")
        if not ended and not self._cut:
            message = f"breaks off behind record {count}: the end tag of the file is missing"
            last = self._line + self._buffer.count(b"\n")
            raise self._item.failure("malformed", message, _AGAIN, f"line {last}")

    def _read_head(self) -> None:
        """Reads up to the records. If the root is itself a record, nothing surrounds them."""
        while len(self._buffer) < _HEAD and self._fill():
            pass
        self._buffer = self._buffer.removeprefix(b"\xef\xbb\xbf")
        if not self._buffer.strip():
            raise self._item.failure("empty", "holds no text", "fill it or leave it out")
        prologue = _PROLOGUE.match(self._buffer)
        assert prologue is not None
        if b"<!ENTITY" in (prologue["subset"] or b"").upper():
            message = "declares a document type with entities, which are never expanded or fetched"
            raise self._item.failure("forbidden", message, "remove the declaration `<!DOCTYPE …>`")
        root = _ROOT.match(self._buffer, prologue.end())
        if root is None:
            raise self._item.failure("malformed", "is no XML: no element begins it", _AGAIN)
        encoding = _ENCODING.match(self._buffer)
        if encoding and _ASCII_INSIDE.fullmatch(encoding[1]):
            self._head = b'<?xml version="1.0" encoding="' + encoding[1] + b'"?>'
        if self._mark.match(self._buffer, prologue.end()):
            self._drop(prologue.end())
        else:
            self._root, self._end = root[0], b"</" + root["name"]
            self._drop(root.end())

    def _skip_to_record(self) -> bool:
        """Drops what stands before the next record, or all if there is none. Returns whether the root ends there."""
        ended = False
        while True:
            found = next((m for m in self._mark.finditer(self._buffer) if m["open"]), None)
            before = self._buffer[: found.start()] if found else self._buffer
            ended = ended or (self._end != b"" and self._end in before)
            if found:
                self._drop(found.start())
                return ended
            self._drop(max(0, len(self._buffer) - _LONGEST_TAG))
            if not self._fill():
                return ended

    def _read_record(self, where: str) -> Found:
        """Returns the record that begins the buffer, and drops it."""
        opened = self._mark.match(self._buffer)
        assert opened is not None
        start = opened.end()
        if self._buffer[start : start + _LONGEST_TAG].lstrip().startswith(b"/>"):
            self._drop(self._buffer.index(b">", start) + 1)
            message = "is an element with nothing in it"
            return Found(where, failure=self._item.failure("empty", message, "leave it out", where))
        while (found := self._mark.search(self._buffer, start)) is None:
            start = max(start, len(self._buffer) - _LONGEST_TAG)
            if len(self._buffer) > self._limit + BLOCK or not self._fill():
                break
        if found is None or found["open"]:
            return self._lose(where, found.start() if found else len(self._buffer), cut=found is None)
        data = self._buffer[: found.end()]
        self._drop(found.end())
        if len(data) > self._limit:
            return Found(where, failure=report_too_large(self._item, self._limit, where))
        try:
            element = parse_element(
                self._item, self._head + self._root + data + self._end + b">" * bool(self._end), where
            )
        except ReadFailure as failure:
            return Found(where, failure=failure)
        return Found(where, element[0] if self._root else element)

    def _lose(self, where: str, end: int, *, cut: bool) -> Found:
        """Drops a record without an end tag, up to `end`, where the file ends (`cut`) or another begins."""
        self._drop(end)
        self._cut = cut
        if end > self._limit:
            return Found(where, failure=report_too_large(self._item, self._limit, where))
        message = "breaks off: its end tag is missing" if cut else "has no end tag before the next record begins"
        return Found(where, failure=self._item.failure("malformed", message, _AGAIN, where))

    def _fill(self) -> bool:
        """Reads on; whether there was anything. The larger the buffer, the more, so that time stays linear."""
        data = self._stream.read(max(BLOCK, min(len(self._buffer), 1 << 22)))
        self._buffer += data
        return bool(data)

    def _drop(self, count: int) -> None:
        self._line += self._buffer.count(b"\n", 0, count)
        self._buffer = self._buffer[count:]
