"""Rules in layers: a whole folder of patterns, and folders laid over it that add to it or change it.

    patterns / "units.csv"     that file of all layers, as one (PatternFile); resources.py reads it
    patterns.label_files()     those in entities/, of all layers
    located(file, place)       in which layer a place of the whole stands: every mistake is told with file and line

A row of a CSV whose first cell stands below already adds its aliases there, and its other cells replace those below;
other rows are added. In TOML and JSON tables merge, lists are appended to, single values replace.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trialsift.rules.positions import Place

ENTITIES = "entities"
#: All files that readers know, besides those of labels.
FILES = (
    "analytes.csv",
    "background.toml",
    "comparators.toml",
    "context.json",
    "drugs.csv",
    "exceptions.toml",
    "measures.csv",
    "radiation_roles.toml",
    "sections.toml",
    "units.csv",
)


@dataclass(frozen=True, slots=True)
class Patterns:
    """A whole folder of rules and lexicons, and those laid over it, the last one on top."""

    base: Path
    over: tuple[Path, ...] = ()
    contents: str = ""  # SHA-256 of all files: what is kept of them is made again when they have changed

    @property
    def layers(self) -> tuple[Path, ...]:
        """All folders, from the lowest on."""
        return (self.base, *self.over)

    def __truediv__(self, relative: str) -> PatternFile:
        return PatternFile(self, relative)

    def __str__(self) -> str:
        return " + ".join(map(str, self.layers))

    def label_files(self) -> list[PatternFile]:
        """The files of labels, by name."""
        names = {path.name for layer in self.layers for path in (layer / ENTITIES).glob("*.toml")}
        return [self / f"{ENTITIES}/{name}" for name in sorted(names)]


@dataclass(frozen=True, slots=True)
class PatternFile:
    """A file of patterns as one: what all layers have under this name, relative to their folders."""

    patterns: Patterns
    relative: str

    @property
    def name(self) -> str:
        """The name without its folder."""
        return self.relative.rpartition("/")[2]

    @property
    def paths(self) -> list[tuple[int, Path]]:
        """The number of each layer that has it, and the path there; that in the lowest, where none has it."""
        layers = [(number, layer / self.relative) for number, layer in enumerate(self.patterns.layers)]
        return [(number, path) for number, path in layers if path.exists()] or layers[:1]

    def __str__(self) -> str:
        return str(self.paths[0][1])


#: A reader takes a folder by itself too.
Folder = Path | Patterns
File = Path | PatternFile


def label_files(folder: Folder) -> list[PatternFile]:
    """The files of labels, by name."""
    return (Patterns(folder) if isinstance(folder, Path) else folder).label_files()


def paths_of(file: File) -> list[tuple[int, Path]]:
    """The layers of a file with their paths; of a path, itself."""
    return [(0, file)] if isinstance(file, Path) else file.paths


def located(file: File, place: Place, text_there: str = "") -> tuple[int, Path, Place]:
    """Layer, path and place there of a place in the whole of a TOML or JSON file: in the topmost layer that has it (and
    `text_there` below it, where that is given)."""
    here = [(layer, path, _content(path), Place()) for layer, path in paths_of(file)]
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


def _content(path: Path) -> Any:
    """What a file holds; nothing where it can't be read, which its reader tells."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (OSError, ValueError):
        return None


def _holds(content: Any, text: str) -> bool:
    if isinstance(content, dict | list):
        return any(_holds(one, text) for one in (content.values() if isinstance(content, dict) else content))
    return bool(content == text)


def patterns_hash(folder: Folder) -> str:
    """SHA-256 over names and contents of all files of a patterns folder, and of those laid over it: what a run was made
    with."""
    if isinstance(folder, Patterns) and folder.over:
        digests = map(patterns_hash, folder.layers)
        return hashlib.sha256("\n".join(digests).encode()).hexdigest()
    base = folder.base if isinstance(folder, Patterns) else folder
    digest = hashlib.sha256()
    for path in sorted(base.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(base).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
