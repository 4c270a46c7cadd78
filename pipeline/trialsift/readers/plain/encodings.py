"""Decodes bytes: as UTF-8, by a byte order mark or `--encoding`, or by an encoding detected with certainty.

Encodings other than UTF-8 are noted (`encoding`, Python's name). Text that can be read in two ways is a ReadFailure
that shows both.
"""

from __future__ import annotations

import codecs

from trialsift.model.errors import UserError
from trialsift.readers.failures import ReadFailure
from trialsift.readers.inputs import Input
from trialsift.readers.plain.detection import Answer, Detector, find_unmarked_utf16

#: UTF-32 first: its mark begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = "leave it out, or export it as plain text"


#: Python codecs that turn bytes into characters but are no encodings of documents.
_NO_TEXTS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})


def check_encoding(name: str) -> None:
    """Raises UserError for an encoding that Python doesn't know, or that is not one of texts (`base64`, `idna`)."""
    try:
        if find_codec_name(name).replace("_", "-") in _NO_TEXTS:
            raise LookupError(name)
        b"a".decode(name)
    except UnicodeError:
        pass  # a single byte is no UTF-16
    except (LookupError, ValueError):
        raise UserError(
            f"{name!r}: no encoding of texts; --encoding takes a name such as utf-8, cp1252, mac-roman or utf-16-le"
        ) from None


def decode_text(item: Input, data: bytes, encoding: str | None = None) -> tuple[str, dict[str, str]]:
    """Returns the text of bytes, and notes. `encoding` forces one. Raises ReadFailure for bytes that are no text, or
    cannot be read with certainty."""
    stated = encoding or find_marked(data)
    if stated:
        text, note = _stated(item, data, stated), find_codec_name(stated)
    else:
        text, note = _told(item, data)
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise item.failure("binary", f"holds a NUL byte in line {line}, so it is no text", _BINARY)
    return text, {} if note == "utf-8" else {"encoding": note}


def find_marked(data: bytes) -> str | None:
    """Returns the encoding that a byte order mark states, other than UTF-8."""
    return next((encoding for mark, encoding in MARKS if data.startswith(mark)), None)


def find_codec_name(encoding: str) -> str:
    """Returns Python's name of an encoding, the same for all its aliases. UTF-8's mark makes no difference."""
    name = codecs.lookup(encoding).name
    return "utf-8" if name == "utf-8-sig" else name


def report_undecodable(item: Input, error: UnicodeError, line: int, stated: str, record: str = "") -> ReadFailure:
    """Returns the failure of bytes that contradict their stated or marked encoding."""
    what = f"byte 0x{error.object[error.start]:02x}" if isinstance(error, UnicodeDecodeError) else str(error)
    message = f"is not {stated.upper() if stated.startswith('utf') else stated}: {what}"
    if not record:
        message += f" in line {line}"
    return item.failure("encoding", message, "convert it to UTF-8, or state another --encoding", record)


def report_uncertain(item: Input, byte: int, line: int, answer: Answer, record: str = "") -> ReadFailure:
    """Returns the failure of bytes that are not UTF-8, in an unknown encoding."""
    where = "" if record else f" in line {line}"
    message = f"is not UTF-8: byte 0x{byte:02x}{where}"
    advice = "convert it (iconv -f WINDOWS-1252 -t UTF-8, if that is what it is), or state its --encoding"
    if answer.binary:
        return item.failure("binary", f"{message}, among control characters: it is no text", _BINARY, record)
    if answer.readings:
        shown = ", ".join(f"{text!r} as {name}" for name, text in answer.readings[:4])
        message += f", and what it is can't be told: {shown}"
        advice = f"look which is right and state it, such as --encoding {answer.readings[0][0]}, or convert it to UTF-8"
    return item.failure("encoding", message, advice, record)


def _stated(item: Input, data: bytes, encoding: str) -> str:
    name = "utf-8-sig" if find_codec_name(encoding) == "utf-8" else encoding
    try:
        return data.decode(name).removeprefix("\ufeff")
    except UnicodeError as error:
        good = data[: error.start] if isinstance(error, UnicodeDecodeError) else b""
        raise report_undecodable(item, error, good.count(b"\n") + 1, encoding) from error


def _told(item: Input, data: bytes) -> tuple[str, str]:
    body = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        first, line = body[error.start], body[: error.start].count(b"\n") + 1
    else:
        wide = find_unmarked_utf16(body) if "\0" in text else None
        return (body.decode(wide), wide) if wide else (text, "utf-8")
    wide = find_unmarked_utf16(body) if b"\0" in body else None
    if wide:
        return body.decode(wide), wide
    detector = Detector()
    detector.feed(body)
    answer = detector.answer() if body is data else Answer(None)  # a mark says UTF-8, wrongly
    if answer.encoding is None:
        raise report_uncertain(item, first, line, answer)
    return body.decode(answer.encoding), answer.encoding
