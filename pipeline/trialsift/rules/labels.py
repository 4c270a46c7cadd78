"""The labels: one `LabelTable` for each file in `patterns/entities/`. A further label is a further file: nothing here
changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from trialsift.rules.columns import DOC_ID, DTYPES, SHARED, SHORT_COLUMNS, Column
from trialsift.rules.files import PatternError, Where, check_keys, patterns_dir, read_toml
from trialsift.rules.layers import File, Folder, label_files


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the label's file documents it; each example is a test of its own."""

    id: str
    description: str
    examples: tuple[dict[str, Any], ...]
    not_examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LabelTable:
    """A label: its table, the facts' own attributes that become columns (besides those that every fact has), the
    engine that reads it, its colour in displaCy, and whether it is on by default."""

    label: str
    table: str
    columns: tuple[Column, ...]
    engine: str = "generic"
    colour: str = "#dddddd"
    default: bool = True
    rules: tuple[Rule, ...] = field(default=(), compare=False)  # holds dicts: no part of the hash
    path: File = Path()

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The columns of the table in order: the document, the label's own, context, place, text, rule."""
        return (DOC_ID, *self.columns, *SHARED)


_EXPECTED_LISTS = {"columns": "a list of columns", "rule": "[[rule]] in double brackets"}
_KINDS_OF_VALUE: dict[type, str] = {str: "text in quotes", bool: "true or false", list: "a list"}

#: Tables and views of a run that are no label's (a test compares them with tables/schema.py and tables/files/).
TAKEN = frozenset(
    {"agreement", "documents", "eligible_ages", "eligible_labs", "errors", "facts", "regimens", "rt_regimens", "trials"}
)
_LABEL, _TABLE = re.compile(r"[A-Z][A-Z0-9_]*"), re.compile(r"[a-z][a-z0-9_]*")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}|[a-z-]+")

#: Keys of every label's file; an engine may know further ones.
LABEL_KEYS = frozenset({"label", "table", "columns", "engine", "colour", "default", "rule"})


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
    table = read_toml(path)
    for key in sorted(LABEL_KEYS):
        if key not in table:
            raise Where(path).error(f"the key {key!r} is missing")
    for key, kind in (("label", str), ("table", str), ("engine", str), ("colour", str), ("default", bool)):
        if not isinstance(table[key], kind):
            raise Where(path, (key,)).error(f"{key} is {table[key]!r}; expected {_KINDS_OF_VALUE[kind]}")
    shapes = (
        ("label", _LABEL, "capitals, digits and _"),
        ("table", _TABLE, "small letters, digits and _"),
        ("colour", _COLOUR, "# and six hexadecimal digits, or a name"),
    )
    for key, written, expected in shapes:
        if not written.fullmatch(table[key]):
            raise Where(path, (key,)).error(f"{key} is {table[key]!r}; expected {expected}")
    if table["table"] in TAKEN:
        raise Where(path, ("table",)).error(f"table is {table['table']!r}, a table or a view that every run may have")
    for key in ("columns", "rule"):
        if not isinstance(table[key], list):
            raise Where(path, (key,)).error(f"{key} is {table[key]!r:.60}; expected {_EXPECTED_LISTS[key]}")
    columns: list[Column] = []
    for entry in table["columns"]:
        if isinstance(entry, str) and entry in SHORT_COLUMNS:
            columns.extend(SHORT_COLUMNS[entry])
        elif isinstance(entry, list) and _is_column(entry):
            columns.append(Column(*entry))
        else:
            expected = f"[name, {' or '.join(DTYPES)}, description], perhaps with a unit"
            raise Where(path, ("columns",), "columns").error(
                f"{entry!r}; expected {expected}, or one of {', '.join(SHORT_COLUMNS)}"
            )
    names = [column.name for column in columns]
    every = [column.name for column in (DOC_ID, *columns, *SHARED)]
    for name in names:
        if every.count(name) > 1:
            why = "stands twice" if names.count(name) > 1 else "is a column of every table"
            raise Where(path, ("columns",), "columns").error(f"{name!r} {why}; the lists of all layers are one")
    rules = []
    if not table["rule"]:
        raise Where(path, ("rule",)).error("has no rule; expected one [[rule]] at least")
    for index, rule in enumerate(table["rule"]):
        place = ("rule", index)
        if not isinstance(rule, dict):
            raise Where(path, place).error(f"rule is {rule!r:.60}; expected {_EXPECTED_LISTS['rule']}")
        required = {"id", "description", "examples", "not_examples"}
        check_keys(path, f"rule {rule.get('id', '?')}", rule, required, set(), place)
        for key, shape in (("id", str), ("description", str), ("examples", list), ("not_examples", list)):
            if not isinstance(rule[key], shape):
                raise Where(path, (*place, key)).error(f"{key} is {rule[key]!r:.60}; expected {_KINDS_OF_VALUE[shape]}")
        if not rule["examples"]:
            raise Where(path, place).error(f"the rule {rule['id']!r} has no example")
        for example in rule["examples"]:
            if not isinstance(example, dict) or "text" not in example:
                raise (
                    Where(path, place)
                    .within("examples")
                    .error(f"the rule {rule['id']!r}: {example!r}; expected {{ text = …, … }}")
                )
        rules.append(Rule(rule["id"], rule["description"], tuple(rule["examples"]), tuple(rule["not_examples"])))
    return LabelTable(
        table["label"],
        table["table"],
        tuple(columns),
        table["engine"],
        table["colour"],
        table["default"],
        tuple(rules),
        path,
    )


def _is_column(entry: list[Any]) -> bool:
    told = len(entry) in (3, 4) and all(isinstance(part, str) for part in entry)
    return told and _TABLE.fullmatch(entry[0]) is not None and entry[1] in DTYPES


@cache
def shipped_labels() -> tuple[LabelTable, ...]:
    """The labels that ship with trialsift, those that are off by default too."""
    return read_labels(patterns_dir())


@cache
def default_labels() -> tuple[LabelTable, ...]:
    """The labels that ship with trialsift and are on by default."""
    return tuple(label for label in shipped_labels() if label.default)
