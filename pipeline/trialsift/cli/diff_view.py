"""Formats the differences of two runs: for a terminal, as CSV, as JSON.

The counts come last, where a terminal shows them.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping

from rich.console import Console
from rich.style import Style
from rich.text import Text

from trialsift.cli.terminal import DIM, Printer, escape, make_table
from trialsift.model.display import format_count
from trialsift.runs.diff import COLUMNS, Diff, DiffCounts, Difference, DocumentDifference, Kind
from trialsift.runs.diff_pairs import Statement
from trialsift.tables.files.spreadsheet import make_safe

_SIGNS: dict[Kind, tuple[str, Style]] = {
    "went": ("-", Style(color="red", bold=True)),
    "came": ("+", Style(color="green", bold=True)),
    "changed": ("~", Style(color="yellow", bold=True)),
}
_DOCUMENTS: dict[Kind, str] = {"went": "only in A", "came": "only in B", "changed": "another text in B"}
_WIDTH = 80


def format_csv(found: Diff) -> str:
    """Formats a row for each difference, as in `Diff.to_frame`, with texts made safe for spreadsheets."""
    file = io.StringIO()
    table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    table.writeheader()
    for row in found.to_rows():
        table.writerow({k: make_safe(v) if isinstance(v, str) else v for k, v in row.items()})
    return file.getvalue()


def format_json(found: Diff) -> str:
    """Formats `Diff.to_json`, indented."""
    return json.dumps(found.to_json(), ensure_ascii=False, indent=2) + "\n"


def format_text(found: Diff, limit: int) -> str:
    """Formats the output of `print_diff` without colours and wrapping."""
    file = io.StringIO()
    print_diff(
        Console(file=file, color_system=None, width=_WIDTH, highlight=False, markup=False), found, limit, wrap=False
    )
    return file.getvalue()


def print_diff(console: Console, found: Diff, limit: int, wrap: bool) -> None:
    """Prints up to `limit` differences of each kind, then the counts of all by rule and by label."""
    console.width = max(console.width, _WIDTH)
    printer = Printer(console, (), wrap)
    for kind in _SIGNS:
        _print_differences(printer, kind, getattr(found, kind), limit)
    _print_documents(printer, found.documents, limit)
    if found.came or found.went or found.changed:
        rules = {f"{label} {rule}": counts for (label, rule), counts in found.by_rule.items() if counts.differ}
        _print_counts(console, "by rule", rules)
    _print_counts(console, "by label", found.by_label)
    printer.line(Text(_sum_up(found)))


def _print_differences(printer: Printer, kind: Kind, differences: tuple[Difference, ...], limit: int) -> None:
    if not differences:
        return
    names = Counter(change.name for difference in differences for change in difference.changes)
    detail = "".join(f", {escape(name)} {count:,}" for name, count in names.most_common())
    _print_heading(printer, f"{kind} ({len(differences):,}{detail})", len(differences), limit)
    sign, style = _SIGNS[kind]
    for one in differences[:limit]:
        line = Text.assemble((sign, style), f" {escape(one.doc_id)}, line {one.line}: {escape(one.label)} ")
        if one.before is not None and one.after is not None:
            line.append(f"{_describe(one.before)}: ").append(escape("; ".join(map(str, one.changes))), style)
        else:
            line.append(" ".join(_describe(side) for side in (one.before, one.after) if side is not None))
        printer.line(line, hanging=True)
        printer.line(Text(f"    {escape(one.context)}", DIM), hanging=True)


def _describe(statement: Statement) -> str:
    rule = "" if statement.rule is None else f" [{statement.rule}]"
    return escape(statement.value + rule)


def _print_documents(printer: Printer, documents: tuple[DocumentDifference, ...], limit: int) -> None:
    if not documents:
        return
    _print_heading(printer, f"documents not compared ({len(documents):,})", len(documents), limit)
    for one in documents[:limit]:
        sign, style = _SIGNS[one.kind]
        counts = f"{format_count(one.facts, 'fact')}, {format_count(one.regimens, 'regimen')}"
        line = Text.assemble((sign, style), f" {escape(one.doc_id)}: {_DOCUMENTS[one.kind]} ({counts})")
        printer.line(line, hanging=True)


def _print_heading(printer: Printer, words: str, number: int, limit: int) -> None:
    listed = f"; the first {limit:,}, --limit lists more" if 0 < limit < number else "" if limit else "; none listed"
    printer.heading(words + listed)


def _print_counts(console: Console, name: str, counts: Mapping[str, DiffCounts]) -> None:
    table = make_table(name, ["before", "went", "came", "changed", "after"])
    for row, one in counts.items():
        table.add_row(escape(row), *(f"{n:,}" for n in (one.before, one.went, one.came, one.changed, one.after)))
    console.print()
    console.print(table)


def _sum_up(found: Diff) -> str:
    kinds = ", ".join(f"{len(getattr(found, kind)):,} {kind}" for kind in _SIGNS)
    counts = kinds if found.came or found.went or found.changed else "no difference"
    words = f"{counts[0].upper()}{counts[1:]} in {format_count(found.compared, 'document')}"
    others = Counter(one.kind for one in found.documents)
    if others:
        words += "; not compared: " + ", ".join(f"{others[k]:,} {said}" for k, said in _DOCUMENTS.items() if others[k])
    return f"{words}."
