"""Where workers write partitions, each of which appears complete or not at all.

    FOLDER/00007/manifest.json    what the partition is, its results in numbers, SHA-256 of its files, versions
    FOLDER/00007/annotations.jsonl  its documents in the gold format
    FOLDER/00007/entries.jsonl    the outcome of each of them, and what is written about it (lines.py)
    FOLDER/00007/labs.parquet …   its tables, for those who read the parts themselves
    FOLDER/00007.cut.json         instead of a folder: the partitions into which it was cut

A worker writes into a folder of its own and renames it. In object stores, which cannot rename, the manifest comes last.
A partition computed twice has the same bytes: the second one is discarded.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, cast
from uuid import uuid4

from trialsift.model.atomic_write import replace_texts
from trialsift.runs.dask.partitions import Partition, is_url

MANIFEST, ENTRIES = "manifest.json", "entries.jsonl"
#: How a line begins that says which input the entries after it belong to.
PIECE = b'{"input": '


class Store:
    """The folder of a run's partitions: a path that all machines see, or a URL."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._remote: Any = None
        if is_url(folder):
            import fsspec

            self._remote, self._root = fsspec.url_to_fs(folder)

    def commit(self, number: str, write: Callable[[Path], Mapping[str, Any]]) -> dict[str, Any]:
        """Lets `write` fill a folder, puts it in place with the manifest that `write` returns, and returns that. Raises
        OSError as the file system does."""
        if self._remote is not None:
            with tempfile.TemporaryDirectory() as name:
                manifest = _filled(Path(name), write)
                target = f"{self._root}/{number}"
                self._remote.makedirs(target, exist_ok=True)
                for path in sorted(Path(name).iterdir(), key=lambda path: path.name == MANIFEST):
                    self._remote.put_file(str(path), f"{target}/{path.name}")
                return manifest
        attempt = Path(self.folder, f".{number}.{uuid4().hex[:12]}")
        attempt.mkdir(parents=True)
        try:
            manifest = _filled(attempt, write)
            with suppress(OSError):  # another worker was first, or renaming failed: the check below tells
                attempt.rename(Path(self.folder, number))
        finally:
            shutil.rmtree(attempt, ignore_errors=True)
        if not Path(self.folder, number, MANIFEST).is_file():
            raise OSError(f"{Path(self.folder, number)}: the partition can't be put in its place")
        return manifest

    def manifest(self, partition: Partition) -> dict[str, Any] | None:
        """Returns the manifest of a partition; None if it is missing or belongs to another partition."""
        found = self._json(f"{partition.number}/{MANIFEST}")
        return found if found is not None and found.get("digest") == partition.digest() else None

    def has_other(self, partition: Partition) -> bool:
        """Whether another partition is in its place, because the inputs have changed."""
        found = self._json(f"{partition.number}/{MANIFEST}")
        return found is not None and found.get("digest") != partition.digest()

    def open(self, number: str, name: str) -> BinaryIO:
        """Returns a file of a partition."""
        if self._remote is None:
            return Path(self.folder, number, name).open("rb")
        return cast(BinaryIO, self._remote.open(f"{self._root}/{number}/{name}", "rb"))

    def find_begun(self, number: str) -> list[tuple[int, int]]:
        """Returns how far each killed attempt at a partition had come: the index of a piece, and how many of its
        documents and failures had been written."""
        if self._remote is not None:
            return []
        attempts = sorted(Path(self.folder).glob(f".{number}.*/{ENTRIES}"))
        return [far for attempt in attempts if (far := _far(attempt)) is not None]

    def cut(self, number: str) -> dict[str, Any] | None:
        """Returns the note about a partition that was cut."""
        return self._json(f"{number}.cut.json")

    def note_cut(self, number: str, note: Mapping[str, Any]) -> None:
        """Notes that a partition was cut."""
        text = json.dumps(note) + "\n"
        if self._remote is None:
            Path(self.folder).mkdir(parents=True, exist_ok=True)
            replace_texts(Path(self.folder), {f"{number}.cut.json": text})
        else:
            self._remote.pipe_file(f"{self._root}/{number}.cut.json", text.encode())

    def tidy(self) -> None:
        """Removes what dead workers have left of attempts, which a reader of the parts would take for rows."""
        if self._remote is None:
            for attempt in Path(self.folder).glob(".*.*"):
                shutil.rmtree(attempt, ignore_errors=True)

    def clear(self) -> None:
        """Removes all partitions."""
        if self._remote is None:
            shutil.rmtree(self.folder, ignore_errors=True)
        elif self._remote.exists(self._root):
            self._remote.rm(self._root, recursive=True)

    def _json(self, name: str) -> dict[str, Any] | None:
        try:
            if self._remote is None:
                data = Path(self.folder, name).read_bytes()
            else:
                data = self._remote.cat_file(f"{self._root}/{name}")
        except (FileNotFoundError, NotADirectoryError):
            return None
        found: dict[str, Any] = json.loads(data)
        return found


def _filled(folder: Path, write: Callable[[Path], Mapping[str, Any]]) -> dict[str, Any]:
    manifest = {**write(folder), "files": {p.name: _sha256(p) for p in sorted(folder.iterdir())}}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return manifest


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _far(path: Path) -> tuple[int, int] | None:
    piece, outcomes = -1, 0
    with path.open("rb") as file:
        for line in file:
            if line.startswith(PIECE):
                piece, outcomes = piece + 1, 0
            else:
                outcomes += line.endswith(b"\n")
    return None if piece < 0 else (piece, outcomes)
