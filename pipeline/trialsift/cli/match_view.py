"""Prints the trials of a patient on a terminal: eligible ones with what would decide, others with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.style import Style
from rich.text import Text

from trialsift.cli.terminal import BOLD, DIM, escape
from trialsift.model.display import format_count
from trialsift.runs.match.match import ELIGIBLE, NOT_ELIGIBLE, NOTICE

if TYPE_CHECKING:
    import pandas as pd

_STYLES = {ELIGIBLE: Style(color="green", bold=True), NOT_ELIGIBLE: Style(color="red", bold=True)}
_LONGEST = 200  # characters of a criterion's line


def print_matches(console: Console, frame: pd.DataFrame, limit: int) -> None:
    """Prints the rows of one patient, up to `limit` of each verdict."""
    for number, verdict in enumerate((ELIGIBLE, NOT_ELIGIBLE)):
        rows = frame[frame["verdict"] == verdict]
        if number == 0:
            name = escape(str(frame["patient"].iloc[0])) if len(frame) else ""
            _print(console, Text(f"═══ {name}  {format_count(len(frame), 'trial')}", BOLD))
        _print(console, Text(f"{verdict}: {len(rows):,}", _STYLES[verdict]))
        for row in rows.head(limit).astype(object).where(rows.head(limit).notna(), None).to_dict("records"):
            _print_row(console, {str(key): value for key, value in row.items()})
        if len(rows) > limit:
            _print(console, Text(f"  … and {len(rows) - limit:,} more (--limit)", DIM))


def print_notice(console: Console) -> None:
    """Prints what every reader of a verdict has to know."""
    _print(console, Text(NOTICE, DIM))


def _print_row(console: Console, row: dict[str, Any]) -> None:
    name = row["doc_id"] if row["nct_id"] in (None, row["doc_id"]) else f"{row['doc_id']} ({row['nct_id']})"
    counts = f"{row['n_met']} of {row['n_criteria']} criteria met" if row["n_criteria"] else "no criteria with numbers"
    if row["n_unknown"]:
        counts += f", {row['n_unknown']} unknown"
    if row["n_open"]:
        counts += f", {row['n_open']} can't be judged"
    _print(console, Text.assemble(("  " + escape(name), BOLD), f"  {counts}"))
    if row["not_met"] is not None:
        given = "" if row["patient_value"] is None else f" — {row['patient_value']}"
        _print(console, Text(f"    not met: {escape(row['not_met'])}{escape(given)}"))
    if row["context"] is not None:
        line = row["context"] if len(row["context"]) <= _LONGEST else row["context"][: _LONGEST - 1] + "…"
        _print(console, Text(f"    {row['start']}–{row['end']}: {escape(line)}", DIM))
    if row["verdict"] == ELIGIBLE and row["unknown"] is not None:
        _print(console, Text(f"    would decide: {escape(row['unknown'])}"))
    if row["converted"] is not None:
        _print(console, Text(f"    converted: {escape(row['converted'])}", DIM))


def _print(console: Console, line: Text) -> None:
    console.print(line, soft_wrap=True)
