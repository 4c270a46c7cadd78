"""Makes the tables in columns.md from the schema. Run it after a column has changed: python docs/columns.py"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from trialsift.rules.labels import Column, LabelTable, shipped_labels
from trialsift.tables.schema import DECISIONS, ERRORS, JUDGEMENTS, MATCHES, PATIENTS, REVIEW, table_columns

#: What stands before the generated part of columns.md.
MARKER = "<!-- made by docs/columns.py: change tables/schema.py or patterns/entities/, not what is below -->"
_ROWS = {
    "regimen_mentions": "A row is a statement of a radiotherapy prescription, in the order of the text.",
    "regimens": "A row is a distinct regimen of an arm: a course, a phase of it, or a boost.",
    "trials": "A row is a document.",
    "agreement": "A row is an end of the age limits on which registry and text don't agree.",
    "criteria": "A row is a criterion of eligibility: a single limit, or a group of alternatives.",
    "unread": "A row is a number that no rule took although it may be a fact, the likeliest of a document first. "
    "Written where `--unread` asks for it.",
    "matches": "A row is a patient and a trial: what `trialsift match` writes, and `match_patients` returns.",
    "judgements": "A row is a patient and a criterion of a trial: what `trialsift match --judgements` writes, and "
    "`judge_criteria` returns.",
    "patients": "A row is a patient: in the workbook and the DuckDB file of `trialsift match`.",
    "review": "A row is something to look at, the most doubtful first: what `trialsift review` writes.",
    "decisions": "A row is a decision that `trialsift review --apply` took, in the order of the files.",
    "errors": "A row is an input without results; `errors.csv` lies beside the folder of tables.",
}
_DTYPES = {"string": "text", "boolean": "true or false", "Int64": "whole number", "Float64": "number"}


def columns_markdown(labels: tuple[LabelTable, ...] | None = None) -> str:
    """Returns a section for each table: name, type, unit and meaning of its columns. Without `labels`: as shipped."""
    labels = shipped_labels() if labels is None else labels
    rows = {table.table: _describe_rows(table) for table in labels} | _ROWS
    tables = {**table_columns(labels, unread=True), "matches": MATCHES, "judgements": JUDGEMENTS, "patients": PATIENTS}
    tables |= {"review": REVIEW, "decisions": DECISIONS, "errors": ERRORS}
    return "\n".join(f"## {name}\n\n{rows[name]}\n\n{_make_table(columns)}" for name, columns in tables.items())


def with_columns(document: str, labels: tuple[LabelTable, ...] | None = None) -> str:
    """Returns the document with what is below its marker made anew. Raises ValueError for one without the marker."""
    before, marker, _ = document.partition(MARKER)
    if not marker:
        raise ValueError(f"the line {MARKER!r} is missing")
    return f"{before}{marker}\n\n{columns_markdown(labels)}"


def _describe_rows(table: LabelTable) -> str:
    where = "" if table.default else f" Off by default: written where `--labels` names `{table.label}`."
    return f"A row is a fact of the label `{table.label}`, in the order of the text.{where}"


def _make_table(columns: Iterable[Column]) -> str:
    lines = ["| column | type | unit | what stands in it |", "| --- | --- | --- | --- |"]
    for name, dtype, description, unit in columns:
        lines.append(f"| `{name}` | {_DTYPES[dtype]} | {unit or ''} | {description} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    page = Path(__file__).with_suffix(".md")
    page.write_text(with_columns(page.read_text(encoding="utf-8")), encoding="utf-8")
