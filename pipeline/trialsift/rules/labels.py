"""The labels: one `LabelTable` for each file in `patterns/entities/`. A new file adds a label; nothing changes here."""

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
    """A rule as the label's file documents it; each example is a separate test."""

    id: str
    description: str
    examples: tuple[dict[str, Any], ...]
    not_examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyAttributes:
    """What makes up the value of a label besides the numbers `low` and `high`.

    names: attributes that must be equal. unit: whether the unit counts; numbers are compared after conversion.
    inclusive: whether it counts that an end belongs to the interval. null_unit_is_any: whether a value without a unit
    equals the same numbers in any unit.
    """

    names: tuple[str, ...] = ()
    unit: bool = True
    inclusive: bool = True
    null_unit_is_any: bool = False


@dataclass(frozen=True, slots=True)
class LabelTable:
    """A label: its table and columns, its engine, its colour in displaCy, whether it is on by default, and how two of
    its facts are compared. The columns are the attributes beyond those of every fact."""

    label: str
    table: str
    columns: tuple[Column, ...]
    engine: str = "generic"
    colour: str = "#dddddd"
    default: bool = True
    rules: tuple[Rule, ...] = field(default=(), compare=False)  # contains dicts, which cannot be hashed
    path: File = Path()
    compare: KeyAttributes | None = None

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The columns of the table in order: the document, the label's own, context, place, text, rule."""
        return (DOC_ID, *self.columns, *SHARED)


def read_labels(folder: Folder) -> tuple[LabelTable, ...]:
    """Returns the labels in a patterns folder, one for each file in `entities/`, by file name.

    Raises PatternError for a missing key, an invalid column, a rule without examples, or a table that two labels share.
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


def select_labels(folder: Folder, wanted: frozenset[str] | None = None) -> tuple[LabelTable, ...]:
    """Returns the labels whose tables a run has: those on by default, and the wanted ones."""
    return tuple(label for label in read_labels(folder) if label.default or label.label in (wanted or ()))


def chosen(names: Iterable[str] | None, folder: Folder) -> frozenset[str] | None:
    """Returns the labels named by the user, in any case and separated by commas; None if none is named.

    `default` stands for those on by default, `all` for all. Raises PatternError for an unknown label.
    """
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
    """Returns the label that a file defines. Raises PatternError as `read_labels` does."""
    from trialsift.rules.label_file import LabelFile  # imports pydantic
    from trialsift.rules.validation import read_as

    return read_as(LabelFile, path).as_label(path)


@cache
def shipped_labels() -> tuple[LabelTable, ...]:
    """Returns all labels that ship with trialsift, including those that are off by default."""
    return read_labels(patterns_dir())


@cache
def default_labels() -> tuple[LabelTable, ...]:
    """Returns the labels that ship with trialsift and are on by default."""
    return tuple(label for label in shipped_labels() if label.default)
