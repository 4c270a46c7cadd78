"""Layers of rules: a complete folder of patterns, and folders that add to it or change it.

    patterns / "units.csv"     that file in all layers, as one (PatternFile); files.py reads it
    patterns.label_files()     the files in entities/, in all layers
    patterns.wording_files()   the files in wording/
    locate(file, place)       the layer of a place in the combined file, for messages with file and line

A row of a CSV file whose first cell exists in a lower layer adds its aliases there and replaces the other cells; other
rows are added. In TOML and JSON, tables are merged, lists extended, and single values replaced.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from trialsift.rules.positions import Place

ENTITIES = "entities"
WORDING = "wording"
#: The folders of files that may have any name.
FOLDERS = (ENTITIES, WORDING)
#: All file names that readers know, labels aside.
FILES = (
    "alpha_beta.csv",
    "analytes.csv",
    "background.toml",
    "comparators.toml",
    "confidence.toml",
    "context.json",
    "drug_doses.csv",
    "drugs.csv",
    "exceptions.toml",
    "measures.csv",
    "radiation_roles.toml",
    "sections.toml",
    "units.csv",
    "words.toml",
)


@dataclass(frozen=True, slots=True)
class Patterns:
    """A complete folder of rules and lexicons, and the folders laid over it, the topmost last."""

    base: Path
    over: tuple[Path, ...] = ()
    contents: str = ""  # SHA-256 of all files; invalidates caches when they change

    @property
    def layers(self) -> tuple[Path, ...]:
        """All folders, from the lowest to the topmost."""
        return (self.base, *self.over)

    def __truediv__(self, relative: str) -> PatternFile:
        return PatternFile(self, relative)

    def __str__(self) -> str:
        return " + ".join(map(str, self.layers))

    def label_files(self) -> list[PatternFile]:
        """The files of labels, by name."""
        return self._list_folder(ENTITIES)

    def wording_files(self) -> list[PatternFile]:
        """The files of wordings, by name."""
        return self._list_folder(WORDING)

    def _list_folder(self, folder: str) -> list[PatternFile]:
        names = {path.name for layer in self.layers for path in (layer / folder).glob("*.toml")}
        return [self / f"{folder}/{name}" for name in sorted(names)]


@dataclass(frozen=True, slots=True)
class PatternFile:
    """A file of patterns in all layers, addressed by its path relative to their folders."""

    patterns: Patterns
    relative: str

    @property
    def name(self) -> str:
        """The file name without its folder."""
        return self.relative.rpartition("/")[2]

    @property
    def paths(self) -> list[tuple[int, Path]]:
        """The layers that have the file, by number and path; the lowest one if none has it."""
        layers = [(number, layer / self.relative) for number, layer in enumerate(self.patterns.layers)]
        return [(number, path) for number, path in layers if path.exists()] or layers[:1]

    def __str__(self) -> str:
        return str(self.paths[0][1])


#: Readers also accept a plain folder.
Folder = Path | Patterns
File = Path | PatternFile


def label_files(folder: Folder) -> list[PatternFile]:
    """Returns the files of labels, by name."""
    return (Patterns(folder) if isinstance(folder, Path) else folder).label_files()


def wording_files(folder: Folder) -> list[PatternFile]:
    """Returns the files of wordings, by name."""
    return (Patterns(folder) if isinstance(folder, Path) else folder).wording_files()


def find_paths(file: File) -> list[tuple[int, Path]]:
    """Returns the layers of a file with their paths; for a path, the path itself."""
    return [(0, file)] if isinstance(file, Path) else file.paths


def locate(file: File, place: Place, text_there: str = "") -> tuple[int, Path, Place]:
    """Locates a place of a combined TOML or JSON file: layer, path, and place in that file.

    The topmost layer that has it is taken; with `text_there`, one that holds this text in the list at the place.
    """
    here = [(layer, path, _read_content(path), Place()) for layer, path in find_paths(file)]
    for key in place:
        further = list(_below(here, key))
        if not further:
            break
        here = further
    here = [one for one in here if text_there and _holds(one[2], text_there)] or here
    layer, path, _, there = here[-1]
    return layer, path, (*there, *place[len(there) :])


def _below(here: list[tuple[int, Path, Any, Place]], key: str | int) -> Iterator[tuple[int, Path, Any, Place]]:
    before = 0
    for layer, path, content, place in here:
        if isinstance(key, str) and isinstance(content, dict) and key in content:
            yield layer, path, content[key], (*place, key)
        elif isinstance(key, int) and isinstance(content, list):
            if before <= key < before + len(content):
                yield layer, path, content[key - before], (*place, key - before)
            before += len(content)


def _read_content(path: Path) -> Any:
    """Returns the contents of a file; nothing if it cannot be read, which its reader will report."""
    try:
        return _parse(path.suffix, path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=16)  # many places are located in one file
def _parse(suffix: str, text: str) -> Any:
    return json.loads(text) if suffix == ".json" else tomllib.loads(text)


def _holds(content: Any, text: str) -> bool:
    if isinstance(content, dict | list):
        return any(_holds(one, text) for one in (content.values() if isinstance(content, dict) else content))
    return bool(content == text)


def hash_patterns(folder: Folder) -> str:
    """Returns the SHA-256 of the names and contents of all files in a patterns folder and its overlays."""
    if isinstance(folder, Patterns) and folder.over:
        digests = map(hash_patterns, folder.layers)
        return hashlib.sha256("\n".join(digests).encode()).hexdigest()
    base = folder.base if isinstance(folder, Patterns) else folder
    digest = hashlib.sha256()
    for path in sorted(base.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(base).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
