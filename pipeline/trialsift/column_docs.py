"""The documentation of all columns, made from tables/schema.py: what docs/columns.md lists.

In: the labels. Out: Markdown, a heading and a table of columns for each table of a run.
"""

from __future__ import annotations

from collections.abc import Iterable

from trialsift.rules.columns import Column
from trialsift.rules.labels import LabelTable, shipped_labels
from trialsift.tables.schema import ERRORS, table_columns

#: What stands before the generated part of docs/columns.md.
MARKER = "<!-- made from the schema by docs/columns.py: change labels.py or patterns/entities/, not what is below -->"
_ROWS = {
    "regimens": "A statement of a radiotherapy prescription a row, in the order of the text.",
    "trials": "A document a row.",
    "agreement": "An end of the age limits on which registry and text don't agree a row.",
    "errors": "An input without results a row; `errors.csv` lies beside the folder of tables.",
}
_DTYPES = {"string": "text", "boolean": "true or false", "Int64": "whole number", "Float64": "number"}


def columns_markdown(labels: tuple[LabelTable, ...] | None = None) -> str:
    """A section for each table, by default with the labels that ship: name, type, unit and meaning of its columns."""
    labels = shipped_labels() if labels is None else labels
    rows = {table.table: _row_of(table) for table in labels}
    tables = {**table_columns(labels), "errors": ERRORS}
    return "\n".join(
        f"## {name}\n\n{({**rows, **_ROWS})[name]}\n\n{_table(columns)}" for name, columns in tables.items()
    )


def _row_of(table: LabelTable) -> str:
    where = "" if table.default else f" Off by default: written where `--labels` names `{table.label}`."
    return f"A fact of the label `{table.label}` a row, in the order of the text.{where}"


def with_columns(document: str, labels: tuple[LabelTable, ...] | None = None) -> str:
    """The document with what is below its marker made anew. Raises ValueError for one without the marker."""
    before, marker, _ = document.partition(MARKER)
    if not marker:
        raise ValueError(f"the line {MARKER!r} is missing")
    return f"{before}{marker}\n\n{columns_markdown(labels)}"


def _table(columns: Iterable[Column]) -> str:
    lines = ["| column | type | unit | what stands in it |", "| --- | --- | --- | --- |"]
    for name, dtype, description, unit in columns:
        lines.append(f"| `{name}` | {_DTYPES[dtype]} | {unit or ''} | {description} |")
    return "\n".join(lines) + "\n"
