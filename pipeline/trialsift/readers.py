"""From what a user names (folders, files, `-`) to documents: `find_sources`, then `read_source` one by one.

The text is never edited: offsets in all results count its characters as they stand in the file, less a byte order
mark. So line ends stay `\\r\\n` where they are.
"""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from trialsift.errors import UserError

STDIN = "-"
ENDING = ".txt"


@dataclass(frozen=True, slots=True)
class SourceRef:
    """A document that was found and not yet read. `path` is None for standard input; `name` is the file relative
    to the folder that was given, or the file's own name."""

    doc_id: str
    path: Path | None
    name: str

    @property
    def place(self) -> str:
        """The file as a message names it."""
        return "standard input" if self.path is None else _printable(str(self.path))


@dataclass(frozen=True, slots=True)
class Source:
    """A document: `text` is all its characters without a byte order mark, line ends as in the file."""

    doc_id: str
    path: Path | None
    text: str


class ReadFailure(Exception):
    """A document that can't be read; the others of a run still can.

    `kind` is the class of the error, `message` says what is wrong and where in the file, `advice` what to do.
    """

    def __init__(self, place: str, kind: str, message: str, advice: str) -> None:
        super().__init__(f"{place}: {message}; {advice}")
        self.place, self.kind, self.message, self.advice = place, kind, message, advice


def find_sources(inputs: Sequence[Path | str]) -> list[SourceRef]:
    """The documents that `inputs` name: `.txt` files, folders of them (searched to any depth, in the order of their
    names, hidden files and folders left out), or `-` for standard input. A file that is named twice counts once.

    Raises UserError for a path that does not exist, a folder without a `.txt` file or that can't be listed, a file
    with another ending, and for two files whose names would give the same `doc_id`.
    """
    found: dict[str, SourceRef] = {}
    for given in inputs:
        for ref in _refs(given):
            other = found.setdefault(ref.doc_id, ref)
            if other is not ref and not _same_file(other, ref):
                raise UserError(
                    f"{other.place} and {ref.place} would both be the document {ref.doc_id!r}: "
                    "rename one of them, or run them into different folders"
                )
    if not found:
        raise UserError("no input: name a folder, .txt files, or - for standard input")
    return list(found.values())


def read_source(ref: SourceRef) -> Source:
    """The document behind `ref`, decoded strictly as UTF-8, a byte order mark dropped.

    Raises ReadFailure when the file can't be opened, it or its name is no UTF-8, it holds NUL bytes, or
    nothing but white space.
    """
    if ref.doc_id != _printable(ref.doc_id):
        raise ReadFailure(
            ref.place,
            "UnicodeEncodeError",
            "has a name that is not UTF-8, and the name is the document's doc_id",
            "rename it, for instance with convmv",
        )
    try:
        data = sys.stdin.buffer.read() if ref.path is None else ref.path.read_bytes()
    except OSError as error:
        raise ReadFailure(
            ref.place,
            type(error).__name__,
            f"cannot be read: {error.strerror or error}",
            "check that the file is there and that you may read it",
        ) from error
    text = _decode(ref, data)
    if not text.strip():
        raise ReadFailure(ref.place, "EmptyFile", "holds no text", "fill it or leave it out")
    return Source(ref.doc_id, ref.path, text)


def _decode(ref: SourceRef, data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ReadFailure(
            ref.place,
            "UnicodeDecodeError",
            "is UTF-16, expected UTF-8",
            "convert it, for instance with iconv -f UTF-16 -t UTF-8",
        )
    body = data.removeprefix(codecs.BOM_UTF8)
    nul = body.find(b"\0")
    if nul >= 0:
        raise ReadFailure(
            ref.place,
            "BinaryFile",
            f"holds a NUL byte in {_line(body, nul)}, so it is no text",
            "leave it out, or export the document as plain text",
        )
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ReadFailure(
            ref.place,
            type(error).__name__,
            f"is not UTF-8: byte 0x{body[error.start]:02x} in {_line(body, error.start)}",
            "convert it, for instance with iconv -f WINDOWS-1252 -t UTF-8",
        ) from error


def _printable(name: str) -> str:
    """A name with its bytes that are no UTF-8 (Python holds them as lone surrogates) written as escapes."""
    return name.encode("utf-8", "backslashreplace").decode()


def _line(body: bytes, offset: int) -> str:
    return f"line {body.count(10, 0, offset) + 1}"


def _refs(given: Path | str) -> Iterator[SourceRef]:
    """The documents behind one argument of the user."""
    if str(given) == STDIN:
        yield SourceRef("stdin", None, STDIN)
        return
    if not str(given).strip():
        raise UserError("an input is an empty name: name a folder, .txt files, or - for standard input")
    path = Path(given)
    if path.is_dir():
        files = list(_text_files(path))
        if not files:
            raise UserError(
                f"{path}: no {ENDING} file in this folder or below; "
                f"documents are plain text, one a file, named *{ENDING}"
            )
        for file in files:
            yield SourceRef(file.stem, file, _printable(file.relative_to(path).as_posix()))
    elif not path.exists():
        raise UserError(f"{path}: no such file or folder")
    elif not _is_text(path.name):
        raise UserError(
            f"{path}: expected a folder or a file with the ending {ENDING}; "
            "save the document as plain text under such a name"
        )
    else:
        yield SourceRef(path.stem, path, _printable(path.name))


def _text_files(folder: Path) -> Iterator[Path]:
    def fail(error: OSError) -> NoReturn:  # os.walk would pass over it in silence, and a whole folder be missing
        raise UserError(f"{error.filename}: cannot be listed: {error.strerror}; check that you may read it") from error

    files: list[Path] = []
    for parent, folders, names in os.walk(folder, onerror=fail):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files.extend(Path(parent) / name for name in names if not name.startswith(".") and _is_text(name))
    yield from sorted(files)


def _is_text(name: str) -> bool:
    return Path(name).suffix.lower() == ENDING


def _same_file(one: SourceRef, other: SourceRef) -> bool:
    if one.path is None or other.path is None:
        return one.path is other.path
    return one.path.resolve() == other.path.resolve()
