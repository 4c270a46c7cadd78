"""The file of a label under `patterns/entities/`: the keys that all labels share.

An engine that needs more keys extends `LabelFile` in a model of its own.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from trialsift.rules.columns import DOC_ID, DTYPES, SHARED, SHORT_COLUMNS, Column
from trialsift.rules.files import Where
from trialsift.rules.labels import KeyAttributes, LabelTable, Rule
from trialsift.rules.layers import File
from trialsift.rules.validation import Table

#: Tables and views of a run that belong to no label (a test compares them with tables/schema.py and tables/files/).
TAKEN = frozenset(
    {"agreement", "criteria", "criteria_members", "documents", "eligible_ages", "eligible_labs", "errors", "facts"}
    | {"regimen_mentions", "regimens", "rt_regimens", "trials"}
)
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def _matching(expression: str, expected: str) -> AfterValidator:
    """Returns a validator for texts that an expression must match completely."""

    def check(text: str) -> str:
        if not re.fullmatch(expression, text):
            raise ValueError(f"expected {expected}")
        return text

    return AfterValidator(check)


def _not_taken(table: str) -> str:
    if table in TAKEN:
        raise ValueError("which is a table or a view that every run may have")
    return table


def _column(entry: Any) -> Any:
    if isinstance(entry, str) and entry in SHORT_COLUMNS:
        return entry
    texts = isinstance(entry, list) and len(entry) in (3, 4) and all(isinstance(part, str) for part in entry)
    if not texts or not _NAME.fullmatch(entry[0]) or entry[1] not in DTYPES:
        expected = f"[name, {' or '.join(DTYPES)}, description], perhaps with a unit"
        raise ValueError(f"expected {expected}, or one of {', '.join(SHORT_COLUMNS)}")
    return entry


def _example(entry: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(entry.get("text"), str):
        raise ValueError("expected { text = …, … }")
    return entry


class RuleEntry(Table):
    """A `[[rule]]`: its pattern, and the examples that test it."""

    id: str
    description: str
    examples: Annotated[list[Annotated[dict[str, Any], AfterValidator(_example)]], Field(min_length=1)]
    not_examples: list[str]


class Compare(Table):
    """The contents of `KeyAttributes`, as a label's file writes them."""

    names: list[str] = Field(default_factory=list)
    unit: bool = True
    inclusive: bool = True
    null_unit_is_any: bool = False


class LabelFile(Table, extra="ignore"):
    """The keys of every label's file. Further keys are left to the engine."""

    label: Annotated[str, _matching(r"[A-Z][A-Z0-9_]*", "capitals, digits and _")]
    table: Annotated[str, _matching(_NAME.pattern, "small letters, digits and _"), AfterValidator(_not_taken)]
    columns: list[Annotated[Any, AfterValidator(_column)]]
    engine: str
    colour: Annotated[str, _matching(r"#[0-9A-Fa-f]{6}|[a-z-]+", "# and six hexadecimal digits, or a name")]
    default: bool
    compare: Compare | None = None
    rule: Annotated[list[RuleEntry], Field(min_length=1)]

    def as_label(self, path: File) -> LabelTable:
        """Returns the label that this file defines. Raises PatternError for a duplicate column."""
        columns: list[Column] = []
        for entry in self.columns:
            columns.extend(SHORT_COLUMNS[entry] if isinstance(entry, str) else [Column(*entry)])
        names = [column.name for column in columns]
        every = [column.name for column in (DOC_ID, *columns, *SHARED)]
        for name in names:
            if every.count(name) > 1:
                why = "stands twice" if names.count(name) > 1 else "is a column of every table"
                raise Where(path, ("columns",), "columns").error(f"{name!r} {why}; the lists of all layers are one")
        rules = tuple(
            Rule(rule.id, rule.description, tuple(rule.examples), tuple(rule.not_examples)) for rule in self.rule
        )
        compare = self.compare
        keys = None if compare is None else KeyAttributes(**{**dict(compare), "names": tuple(compare.names)})
        return LabelTable(
            self.label, self.table, tuple(columns), self.engine, self.colour, self.default, rules, path, keys
        )
