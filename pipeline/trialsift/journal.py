"""The journal of a run: what became of every document, one line each, appended as it happens.

All results of a run are written from its journal, in one pass (outputs.py), and from nothing else. So a run that was
stopped at any moment goes on where it was (`Journal.replay`), and ends with the bytes of one that was never stopped.

    {"journal": 1, "setup": {…}, "started": …}    the first line: what the run was made with
    {"input": {…}}                                an input begins: its name, size and time of change
    {"document": {…}, "contexts": […], …}         a document of it, in the gold format, with what tables need besides
    {"failure": {…}}                              a document or record of it that gave no results
    {"end": …}                                    the input has been read to its end
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from trialsift.errors import UserError

JOURNAL = "journal.jsonl"
_VERSION = 1

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Begun:
    """An input that the journal knows: how it was, how many documents and failures it has given, whether it ended."""

    input: Mapping[str, Any]
    outcomes: int
    ended: bool


class Journal:
    """The journal of a run in `folder`, opened for appending; use it in a `with`.

    A line that a kill has cut off is dropped: its document will be read again. Raises UserError for a journal that
    another version of trialsift has written.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / JOURNAL
        if self.path.exists():
            _drop_half_a_line(self.path)
        self._file: BinaryIO = self.path.open("ab", buffering=0)

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, entry: Entry) -> None:
        """Appends an entry, whole or not at all; it survives a kill from here on.

        Raises ValueError for what JSON or UTF-8 can't hold: a number that is none, half of a surrogate pair.
        """
        line = (json.dumps(entry, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8")
        while line:  # unbuffered: one call to the system may take a part only
            line = line[self._file.write(line) :]

    def begin(self, setup: Mapping[str, Any], started: str) -> Entry:
        """The first entry: it is written if there is none yet.

        Raises UserError where the run was begun with another setup: its documents don't go together with new ones.
        """
        first = next(self.entries(), None)
        if first is None:
            first = {"journal": _VERSION, "setup": dict(setup), "started": started}
            self.add(first)
        elif first.get("journal") != _VERSION or first["setup"] != setup:
            known = first.get("setup", {})
            changed = sorted(key for key in {*known, *setup} if known.get(key) != setup.get(key))
            raise UserError(
                f"{self.path.parent.parent}: the run to resume was begun with other {' and '.join(changed)}; "
                "resume it as it was begun, or start over with --force"
            )
        return first

    def entries(self) -> Iterator[Entry]:
        """All entries from the first one on. Raises UserError for a line that is none: a disk has lost it."""
        return _entries(self.path)

    def replay(self, known: Callable[[str], object]) -> Iterator[Begun]:
        """The inputs that the journal knows, in their order; `known` is called with the doc_id of each document."""
        begun: Mapping[str, Any] | None = None
        outcomes = 0
        for entry in self.entries():
            if "input" in entry:
                begun, outcomes = entry["input"], 0
            elif "end" in entry and begun is not None:
                yield Begun(begun, outcomes, True)
                begun = None
            elif begun is not None:
                outcomes += 1
                if "document" in entry:
                    known(entry["document"]["doc_id"])
        if begun is not None:
            yield Begun(begun, outcomes, False)


def has_outcomes(folder: Path) -> bool:
    """Whether the journal in `folder` tells of any document: without one there is nothing to resume."""
    path = folder / JOURNAL
    if not path.exists():
        return False
    _drop_half_a_line(path)
    return any("document" in entry or "failure" in entry for entry in _entries(path))


def _entries(path: Path) -> Iterator[Entry]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                entry = json.loads(line)
            except ValueError:
                entry = None
            if not isinstance(entry, dict):
                raise UserError(f"{path}:{number}: is damaged; start over with --force")
            yield entry


def _drop_half_a_line(path: Path) -> None:
    """Cuts a file behind its last line break. Looks at no more than the end of it."""
    with path.open("rb+") as file:
        size = end = file.seek(0, 2)
        while end:
            start = max(0, end - 65_536)
            file.seek(start)
            found = file.read(end - start).rfind(b"\n")
            if found >= 0:
                if start + found + 1 < size:
                    file.truncate(start + found + 1)
                return
            end = start
        file.truncate(0)
