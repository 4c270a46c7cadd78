"""The labels: one `LabelTable` for each file in `patterns/entities/`. A further label is a further file: nothing here
changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from trialsift.rules.columns import DOC_ID, SHARED, Column
from trialsift.rules.files import PatternError, Where, patterns_dir
from trialsift.rules.layers import File, Folder, label_files


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the label's file documents it; each example is a test of its own."""

    id: str
    description: str
    examples: tuple[dict[str, Any], ...]
    not_examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyAttributes:
    """What makes up the value of a label besides the numbers `low` and `high`.

    names: attributes that must be the same as they stand.
    unit: whether the unit counts; numbers are compared after conversion.
    inclusive: whether it counts that an end belongs to the interval.
    null_unit_is_any: whether a value without a unit equals the same numbers in any unit.
    """

    names: tuple[str, ...] = ()
    unit: bool = True
    inclusive: bool = True
    null_unit_is_any: bool = False


@dataclass(frozen=True, slots=True)
class LabelTable:
    """A label: its table, the facts' own attributes that become columns (besides those that every fact has), the
    engine that reads it, its colour in displaCy, whether it is on by default, and how two of its facts are compared."""

    label: str
    table: str
    columns: tuple[Column, ...]
    engine: str = "generic"
    colour: str = "#dddddd"
    default: bool = True
    rules: tuple[Rule, ...] = field(default=(), compare=False)  # holds dicts: no part of the hash
    path: File = Path()
    compare: KeyAttributes | None = None

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The columns of the table in order: the document, the label's own, context, place, text, rule."""
        return (DOC_ID, *self.columns, *SHARED)


def read_labels(folder: Folder) -> tuple[LabelTable, ...]:
    """The labels of a patterns folder, one for each file in `entities/`, by name of the file.

    Raises PatternError where a file lacks a key, a column is none, a rule has no example, or two labels share a table.
    """
    labels = [read_label(path) for path in label_files(folder)]
    if not labels:
        raise PatternError(f"{folder}: entities/ holds no label; expected a .toml file for each")
    for attribute in ("label", "table"):
        names: dict[str, LabelTable] = {}
        for label in labels:
            name = getattr(label, attribute)
            first = names.setdefault(name, label)
            if first is not label:
                raise Where(label.path, (attribute,)).error(
                    f"two files have the {attribute} {name!r}; {Where(first.path)} is the other"
                )
    return tuple(labels)


def tables_of(folder: Folder, wanted: frozenset[str] | None = None) -> tuple[LabelTable, ...]:
    """The labels whose tables a run has: those that are on by default, and those that it wants beside them."""
    return tuple(label for label in read_labels(folder) if label.default or label.label in (wanted or ()))


def chosen(names: Iterable[str] | None, folder: Folder) -> frozenset[str] | None:
    """The labels that somebody names in any case, several by commas: `default` stands for those that are on by default,
    `all` for all. None where none is named. Raises PatternError for an unknown one."""
    if names is None:
        return None
    if isinstance(names, str):
        names = [names]
    known = read_labels(folder)
    several = {"DEFAULT": {one.label for one in known if one.default}, "ALL": {one.label for one in known}}
    found: set[str] = set()
    for name in (part.strip().upper() for given in names for part in given.split(",")):
        if name not in several and name not in several["ALL"]:
            raise PatternError(f"unknown label {name!r}; known are {', '.join(sorted(several['ALL']))}, default, all")
        found |= several.get(name, {name})
    return frozenset(found) or None


def read_label(path: File) -> LabelTable:
    """The label of one file. Raises PatternError as `read_labels` does."""
    from trialsift.rules.label_file import LabelFile  # pydantic: only where rules are read
    from trialsift.rules.validation import read_as

    return read_as(LabelFile, path).as_label(path)


@cache
def shipped_labels() -> tuple[LabelTable, ...]:
    """The labels that ship with trialsift, those that are off by default too."""
    return read_labels(patterns_dir())


@cache
def default_labels() -> tuple[LabelTable, ...]:
    """The labels that ship with trialsift and are on by default."""
    return tuple(label for label in shipped_labels() if label.default)
