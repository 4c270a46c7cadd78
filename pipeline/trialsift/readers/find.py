"""From what a user names (folders, files, `-`) to inputs, one by one and in an order that is always the same."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from trialsift.model.errors import UserError
from trialsift.readers.failures import ReadFailure
from trialsift.readers.inputs import Input, InputFormat, ReadOptions
from trialsift.readers.plain.encodings import check_encoding
from trialsift.readers.registry.aact import aact_folder
from trialsift.readers.streams import StandardInput

STDIN = "-"
#: What a folder with results of trialsift is counted as, among what is left out; and the files that tell it.
RESULTS_OF_A_RUN = "results of a run"
RUN = {"annotations.jsonl", "run.json"}
DEFAULTS = ReadOptions()
#: Endings of files that are taken from a folder, by format; each may be followed by `.gz`.
ENDINGS: dict[str, InputFormat] = {
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


def find_inputs(
    given: Sequence[Path | str],
    leave_out: Path | None = None,
    options: ReadOptions = DEFAULTS,
    left_out: Counter[str] | None = None,
) -> Iterator[Input | ReadFailure]:
    """Iterates over the inputs that `given` names: files, folders, or `-` for standard input.

    Folders are searched to any depth, in the order of names, without hidden files. A file that is named twice comes
    once. `leave_out` is a folder whose files don't count: the output, where it lies inside an input. What can't be a
    document because of its name or kind is a ReadFailure.

    Files in folders and archives that have the ending of no format are left out, and so are folders with the results of
    a run; `left_out` counts them by ending, as they are passed over. A file that is named itself may have any ending
    where `options.input_format` says what it is.

    Raises UserError, before it yields anything, for a path that does not exist, a file with an ending of no format, and
    an encoding that Python doesn't know.
    """
    check_inputs(given, options)
    return _Search(options, Counter() if left_out is None else left_out, leave_out).inputs(given)


def check_inputs(given: Sequence[Path | str], options: ReadOptions = DEFAULTS) -> None:
    """Raises UserError unless each of `given` is there and can be an input."""
    if options.encoding is not None:
        check_encoding(options.encoding)
    if not given:
        raise UserError("no input: name a folder, files, or - for standard input")
    for name in map(str, given):
        if name == STDIN:
            continue
        if not name.strip():
            raise UserError("an input is an empty name: name a folder, files, or - for standard input")
        if not os.path.lexists(name):
            raise UserError(f"{printable(name)}: no such file or folder")
        if options.input_format is None and not _is_folder(Path(name)) and ending(name) is None:
            raise UserError(
                f"{printable(name)}: expected a folder or a file that ends in {', '.join(ENDINGS)}, also with .gz; "
                "rename it, or state what it is with --input-format"
            )


def require_inputs(found: Iterator[Input | ReadFailure], given: Sequence[Path | str]) -> Iterator[Input | ReadFailure]:
    """The inputs that were found in `given`, all of them. Raises UserError where there is none at all."""
    first = next(found, None)
    if first is None:
        raise UserError(
            f"{', '.join(map(str, given))}: no file here or below that can be a document; "
            f"expected files that end in {', '.join(ENDINGS)}, also with .gz"
        )
    return chain([first], found)


def ending(name: str) -> InputFormat | None:
    """The format that the ending of a file's name stands for, `.gz` put aside; None for any other."""
    return ENDINGS.get(Path(without_gz(name)).suffix.lower())


def without_gz(name: str) -> str:
    """A file's name without a final `.gz`."""
    return name[:-3] if name.lower().endswith(".gz") else name


def printable(name: str) -> str:
    """A name with what can't be shown as escapes: bytes that are no UTF-8 (Python holds them as lone surrogates),
    control characters, marks that change the direction of writing."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def showable(name: str) -> bool:
    """Whether a name can be a doc_id: nothing in it is invisible, breaks lines or turns the direction of writing."""
    if name.isascii() and name.isprintable():
        return bool(name.strip())
    # U+200C and U+200D are part of how some languages are spelt.
    return bool(name.strip()) and not any(
        c not in "\u200c\u200d" and unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in name
    )


class _Search:
    """A search through all that is given. Files are told apart by device and inode."""

    def __init__(self, options: ReadOptions, left_out: Counter[str], leave_out: Path | None) -> None:
        self.options, self.left_out = options, left_out
        self.out = _identity(leave_out) if leave_out is not None and leave_out.exists() else None
        self.seen: set[tuple[int, int]] = set()

    def inputs(self, given: Sequence[Path | str]) -> Iterator[Input | ReadFailure]:
        stdin = Input(
            StandardInput.PLACE, STDIN, "stdin", StandardInput(self.options.max_expanded), left_out=self.left_out
        )
        for name in dict.fromkeys(map(str, given)):
            if name == STDIN:
                yield stdin
            elif _is_folder(Path(name)):
                yield from self._walk(Path(name), Path(name), ())
            else:
                yield from self._file(Path(name), Path(name).name)

    def _walk(self, folder: Path, root: Path, above: tuple[tuple[int, int], ...]) -> Iterator[Input | ReadFailure]:
        place = printable(str(folder))
        try:
            identity = _identity(folder)
            names = sorted(os.listdir(folder))  # noqa: PTH208  names sort quicker than paths, and need less
        except OSError as error:
            yield ReadFailure(place, "unreadable", f"cannot be listed: {error.strerror}", "check that you may read it")
            return
        if identity == self.out:
            return
        if identity in above:
            yield ReadFailure(place, "link_loop", "is a link to a folder that it lies in", "remove the link")
            return
        if set(names) >= RUN:
            self.left_out[RESULTS_OF_A_RUN] += 1
            return
        if self.options.input_format in (None, "aact") and aact_folder(folder):
            if identity not in self.seen:
                self.seen.add(identity)
                named, table = printable(folder.name or folder.resolve().name), folder / "eligibilities.txt"
                yield Input(place, named, named, partial(_opened, table), folder)
            return
        for name in names:
            path = folder / name
            if name.startswith("."):
                continue
            if _is_folder(path):
                if ending(name) is not None and _identity(path) != self.out:
                    message = "is a folder with the name of a document"
                    yield ReadFailure(printable(str(path)), "not_a_file", message, "rename it")
                else:
                    yield from self._walk(path, root, (*above, identity))
            elif ending(name) is not None:
                yield from self._file(path, path.relative_to(root).as_posix())
            else:
                self.left_out[Path(without_gz(name)).suffix.lower()] += 1

    def _file(self, path: Path, name: str) -> Iterator[Input | ReadFailure]:
        place, stem = printable(str(path)), Path(without_gz(path.name)).stem
        if not showable(path.name):
            yield ReadFailure.of_name(place)
            return
        item = Input(place, printable(name), stem, partial(_opened, path), path, left_out=self.left_out)
        try:
            found = path.stat()
        except OSError:
            yield item  # what is wrong with it shows when it is opened
            return
        if not stat.S_ISREG(found.st_mode):
            yield item.failure("not_a_file", "is no file but a pipe, a socket or a device", "leave it out")
            return
        if (found.st_dev, found.st_ino) not in self.seen:
            self.seen.add((found.st_dev, found.st_ino))
            yield item


def _is_folder(path: Path) -> bool:
    """Whether a path leads to a folder; not where that can't be told: opening it will say why."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _opened(path: Path) -> BinaryIO:
    """A stream of a file's bytes: a function that can be sent to another process."""
    return path.open("rb")


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino
