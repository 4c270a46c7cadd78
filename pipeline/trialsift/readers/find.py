"""Finds inputs in what a user names (folders, files, `-`), one by one and in a fixed order."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from trialsift.model.errors import UserError
from trialsift.readers.failures import ReadFailure
from trialsift.readers.inputs import Input, InputFormat, ReadOptions
from trialsift.readers.names import is_showable
from trialsift.readers.plain.encodings import check_encoding
from trialsift.readers.registry.aact import is_aact_folder
from trialsift.readers.streams import StandardInput

STDIN = "-"
#: The name under which folders with results of trialsift are counted as left out; and the files that mark them.
RESULTS_OF_A_RUN = "results of a run"
RUN = {"annotations.jsonl", "run.json"}
DEFAULTS = ReadOptions()
#: Endings of files that are taken from a folder, by format; `.gz` may follow each.
ENDINGS: dict[str, InputFormat] = {
    ".txt": "text",
    ".text": "text",
    ".md": "text",
    ".json": "ctgov-json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".xml": "ctgov-xml",
    ".nxml": "jats-xml",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".zip": "zip",
}


def find_inputs(
    given: Sequence[Path | str],
    leave_out: Path | None = None,
    options: ReadOptions = DEFAULTS,
    left_out: Counter[str] | None = None,
) -> Iterator[Input | ReadFailure]:
    """Iterates over the inputs that `given` names: files, folders, or `-` for standard input.

    Folders are searched to any depth, in order of names, without hidden files. A file that is named twice comes once.
    `leave_out` is a folder whose files are ignored: the output, if it lies inside an input. A file whose name or kind
    rules it out as a document is a ReadFailure.

    Files in folders and archives whose ending belongs to no format are left out, and so are folders with the results of
    a run; `left_out` counts them by ending as they are skipped. A file named directly may have any ending if
    `options.input_format` is set.

    Raises UserError, before yielding anything, for a path that does not exist, a file whose ending belongs to no
    format, and an encoding unknown to Python.
    """
    check_inputs(given, options)
    return _Search(options, Counter() if left_out is None else left_out, leave_out).inputs(given)


def check_inputs(given: Sequence[Path | str], options: ReadOptions = DEFAULTS) -> None:
    """Raises UserError unless each of `given` exists and can be an input."""
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
        if options.input_format is None and not _is_folder(Path(name)) and find_format(name) is None:
            raise UserError(
                f"{printable(name)}: expected a folder or a file that ends in {', '.join(ENDINGS)}, also with .gz; "
                "rename it, or state what it is with --input-format"
            )


def require_inputs(found: Iterator[Input | ReadFailure], given: Sequence[Path | str]) -> Iterator[Input | ReadFailure]:
    """Returns the inputs that were found in `given`. Raises UserError if there are none."""
    first = next(found, None)
    if first is None:
        raise UserError(
            f"{', '.join(map(str, given))}: no file here or below that can be a document; "
            f"expected files that end in {', '.join(ENDINGS)}, also with .gz"
        )
    return chain([first], found)


def find_format(name: str) -> InputFormat | None:
    """Returns the format that the ending of a file name stands for, ignoring `.gz`; None for any other."""
    return ENDINGS.get(Path(strip_gz(name)).suffix.lower())


def strip_gz(name: str) -> str:
    """Returns a file name without a final `.gz`."""
    return name[:-3] if name.lower().endswith(".gz") else name


def printable(name: str) -> str:
    """Returns a name with everything that cannot be displayed escaped: bytes that are not UTF-8 (lone surrogates in
    Python), control characters, and marks that change the direction of writing."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


class _Search:
    """A search through everything given. Files are identified by device and inode."""

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
        if self.options.input_format in (None, "aact") and is_aact_folder(folder):
            if identity not in self.seen:
                self.seen.add(identity)
                named, table = printable(folder.name or folder.resolve().name), folder / "eligibilities.txt"
                yield Input(place, named, named, partial(_open, table), folder)
            return
        for name in names:
            path = folder / name
            if name.startswith("."):
                continue
            if _is_folder(path):
                if find_format(name) is not None and _identity(path) != self.out:
                    message = "is a folder with the name of a document"
                    yield ReadFailure(printable(str(path)), "not_a_file", message, "rename it")
                else:
                    yield from self._walk(path, root, (*above, identity))
            elif find_format(name) is not None:
                yield from self._file(path, path.relative_to(root).as_posix())
            else:
                self.left_out[Path(strip_gz(name)).suffix.lower()] += 1

    def _file(self, path: Path, name: str) -> Iterator[Input | ReadFailure]:
        place, stem = printable(str(path)), Path(strip_gz(path.name)).stem
        if not is_showable(path.name):
            yield ReadFailure.of_name(place)
            return
        item = Input(place, printable(name), stem, partial(_open, path), path, left_out=self.left_out)
        try:
            found = path.stat()
        except OSError:
            yield item  # opening it will report what is wrong
            return
        if not stat.S_ISREG(found.st_mode):
            yield item.failure("not_a_file", "is no file but a pipe, a socket or a device", "leave it out")
            return
        if (found.st_dev, found.st_ino) not in self.seen:
            self.seen.add((found.st_dev, found.st_ino))
            yield item


def _is_folder(path: Path) -> bool:
    """Whether a path leads to a folder; False if unknown: opening it will report why."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _open(path: Path) -> BinaryIO:
    """Returns a stream of a file's bytes; a plain function can be sent to another process."""
    return path.open("rb")


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino
