"""From what a user names (folders, files, `-`) to inputs, one by one and in an order that is always the same."""

from __future__ import annotations

import gzip
import io
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, cast

from trialsift.errors import UserError
from trialsift.readers.aact import aact_folder
from trialsift.readers.failures import ReadFailure
from trialsift.readers.inputs import Input

STDIN = "-"
#: Endings of files that are taken from a folder, by format; each may be followed by `.gz`.
ENDINGS = {
    ".txt": "text",
    ".text": "text",
    ".json": "ctgov-json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".xml": "ctgov-xml",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
    ".zip": "zip",
}


def find_inputs(given: Sequence[Path | str], leave_out: Path | None = None) -> Iterator[Input | ReadFailure]:
    """The files behind `given`: files, folders (searched to any depth, in the order of their names, hidden ones left
    out), or `-` for standard input. A file that is named twice comes once. `leave_out` is a folder whose files don't
    count: the output, where it lies inside an input. What can't be a document for its name or kind is a ReadFailure.

    Raises UserError, before it yields anything, for a path that does not exist and a file with an ending of no format.
    """
    check_inputs(given)
    return _inputs(given, leave_out)


def check_inputs(given: Sequence[Path | str]) -> None:
    """Raises UserError unless each of `given` is there and can be an input."""
    if not given:
        raise UserError("no input: name a folder, files, or - for standard input")
    for name in map(str, given):
        if name == STDIN:
            continue
        if not name.strip():
            raise UserError("an input is an empty name: name a folder, files, or - for standard input")
        if not os.path.lexists(name):
            raise UserError(f"{printable(name)}: no such file or folder")
        if not Path(name).is_dir() and ending(name) is None:
            raise UserError(
                f"{printable(name)}: expected a folder or a file that ends in {', '.join(ENDINGS)}, also with .gz; "
                "rename it, or state what it is with --input-format"
            )


def ending(name: str) -> str | None:
    """The format that the ending of a file's name stands for, `.gz` put aside; None for any other."""
    return ENDINGS.get(Path(without_gz(name)).suffix.lower())


def without_gz(name: str) -> str:
    """A file's name without a final `.gz`."""
    return name[:-3] if name.lower().endswith(".gz") else name


def printable(name: str) -> str:
    """A name with what can't be shown as escapes: bytes that are no UTF-8 (Python holds them as lone surrogates),
    control characters, marks that change the direction of writing."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def _inputs(given: Sequence[Path | str], leave_out: Path | None) -> Iterator[Input | ReadFailure]:
    seen: set[tuple[int, int]] = set()
    out = _identity(leave_out) if leave_out is not None and leave_out.exists() else None
    for name in map(str, given):
        if name == STDIN:
            yield Input("standard input", STDIN, "stdin", lambda: io.BytesIO(sys.stdin.buffer.read()))
        elif Path(name).is_dir():
            yield from _walk(Path(name), Path(name), (), seen, out)
        else:
            yield from _file(Path(name), Path(name).name, seen)


def _walk(
    folder: Path,
    root: Path,
    above: tuple[tuple[int, int], ...],
    seen: set[tuple[int, int]],
    out: tuple[int, int] | None,
) -> Iterator[Input | ReadFailure]:
    place = printable(str(folder))
    try:
        identity = _identity(folder)
        names = sorted(os.listdir(folder))
    except OSError as error:
        yield ReadFailure(place, "unreadable", f"cannot be listed: {error.strerror}", "check that you may read it")
        return
    if identity == out:
        return
    if identity in above:
        yield ReadFailure(place, "link_loop", "is a link to a folder that it lies in", "remove the link")
        return
    if aact_folder(folder):
        if identity not in seen:
            seen.add(identity)
            named = folder.name or folder.resolve().name
            table = folder / "eligibilities.txt"
            yield Input(place, printable(named), printable(named), lambda: _open(table), folder)
        return
    for name in names:
        path = folder / name
        if name.startswith("."):
            continue
        if path.is_dir():
            if ending(name) is not None:
                yield ReadFailure(
                    printable(str(path)), "not_a_file", "is a folder with the name of a document", "rename it"
                )
            else:
                yield from _walk(path, root, (*above, identity), seen, out)
        elif ending(name) is not None:
            yield from _file(path, path.relative_to(root).as_posix(), seen)


def _file(path: Path, name: str, seen: set[tuple[int, int]]) -> Iterator[Input | ReadFailure]:
    place = printable(str(path))
    if printable(path.name) != path.name:
        yield ReadFailure(
            place,
            "bad_name",
            "has a name with characters that can't be shown, and the name is the document's doc_id",
            "rename it",
        )
        return
    source = Input(place, printable(name), _stem(path.name), lambda: _open(path), path)
    try:
        found = path.stat()
    except OSError:
        yield source  # what is wrong with it shows when it is opened
        return
    if not stat.S_ISREG(found.st_mode):
        yield source.failure("not_a_file", "is no file but a pipe, a socket or a device", "leave it out")
        return
    if (found.st_dev, found.st_ino) not in seen:
        seen.add((found.st_dev, found.st_ino))
        yield source


def _open(path: Path) -> BinaryIO:
    if path.name.lower().endswith(".gz"):
        return cast(BinaryIO, gzip.open(path))
    return path.open("rb")


def _stem(name: str) -> str:
    return Path(without_gz(name)).stem


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino
