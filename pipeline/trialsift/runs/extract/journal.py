"""The journal of a run: the outcome of every document, one per line, appended as it happens.

An outcome is in the journal before it is written anywhere else, so an interrupted run can be resumed: it begins with
the outcomes in the journal (`Journal.replay`), and ends with the same bytes as an uninterrupted one.

    {"journal": 1, "setup": {…}, "started": …}    the first line: what the run was made with
    {"input": {…}}                                an input begins: its name, size and modification time
    {"document": {…}, "contexts": […], …}         one of its documents, in the gold format, with what tables also need
    {"failure": {…}}                              a document or record of it that gave no results
    {"end": …}                                    the input has been read to its end
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from trialsift.model.errors import UserError
from trialsift.runs.extract.outcome import Outcome, make_journal_line, restore_outcome

JOURNAL = "journal.jsonl"
_VERSION = 1

_Record = dict[str, Any]


class Begun:
    """An input that the journal knows; iterates over its outcomes, once.

    `input` is the recorded state of the input; `ended`, known after the last outcome, whether it was read to its end.
    """

    def __init__(self, state: Mapping[str, Any], records: Iterator[_Record]) -> None:
        self.input, self.ended, self._records = state, False, records

    def __iter__(self) -> Iterator[Outcome]:
        for record in self._records:
            if "end" in record:
                self.ended = True
                return
            yield restore_outcome(record)


class Journal:
    """The journal of a run in `folder`, opened for appending; a context manager.

    A line that a kill has cut off is dropped: its document will be read again.
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

    def add(self, line: bytes) -> None:
        """Appends a line; from then on it survives a kill."""
        written = self._file.write(line)
        while written < len(line):  # unbuffered: a system call may write only part of it
            written += self._file.write(line[written:])

    def begin(self, setup: Mapping[str, Any], started: str) -> Mapping[str, Any]:
        """Returns the first line, which is written if there is none yet.

        Raises UserError if the run was begun with another setup or by another version of trialsift: their outcomes
        cannot be combined with new ones.
        """
        first = next(_records(self.path), None)
        if first is None:
            first = {"journal": _VERSION, "setup": dict(setup), "started": started}
            self.add(make_journal_line(first))
        elif first.get("journal") != _VERSION or first["setup"] != setup:
            known = first.get("setup", {})
            changed = sorted(key for key in {*known, *setup} if known.get(key) != setup.get(key))
            raise UserError(
                f"{self.path.parent.parent}: the run to resume was begun with other {' and '.join(changed)}; "
                "resume it as it was begun, or start over with --force"
            )
        return first

    def replay(self) -> Iterator[Begun]:
        """Iterates over the inputs that the journal knows, in order.

        Each must be exhausted before the next one is requested, and all of them before anything is added. Raises
        UserError for a damaged line.
        """
        records = _records(self.path)
        for record in records:
            if "input" in record:
                yield Begun(record["input"], records)


def has_outcomes(folder: Path) -> bool:
    """Whether the journal in `folder` has any outcome: without one there is nothing to resume."""
    path = folder / JOURNAL
    if not path.exists():
        return False
    _drop_half_a_line(path)
    return any("document" in record or "failure" in record for record in _records(path))


def _records(path: Path) -> Iterator[_Record]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                record = json.loads(line)
            except ValueError:
                record = None
            if not isinstance(record, dict):
                raise UserError(f"{path}:{number}: is damaged; start over with --force")
            yield record


def _drop_half_a_line(path: Path) -> None:
    """Truncates a file after its last line break. Reads only its end."""
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
