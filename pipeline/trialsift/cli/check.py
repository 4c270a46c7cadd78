"""`trialsift check` lists problems in gold files and patterns. `trialsift.check` does the work."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class ReportFormat(StrEnum):
    """How problems are printed, as the option spells it."""

    text = "text"
    json = "json"


_Gold = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="GOLD",
        show_default=False,
        help="Gold files (JSON Lines); of several, documents that occur in two are reported too.",
    ),
]
_Patterns = Annotated[
    list[Path] | None,
    typer.Option(
        "--patterns",
        metavar="DIR",
        show_default=False,
        help="Folder of rules to check on top of the built-in ones, which also tells labels and analytes; "
        "may be given several times. Without it and without GOLD the built-in rules are checked.",
    ),
]
_Strict = Annotated[bool, typer.Option("--strict", help="Fail on warnings too.")]
_ReportFormat = Annotated[
    ReportFormat, typer.Option("--format", help="A line a problem and a summary, or one JSON object.")
]


def check(
    gold: _Gold = None,
    patterns: _Patterns = None,
    strict: _Strict = False,
    report_format: _ReportFormat = ReportFormat.text,
) -> None:
    """List every problem in gold files and patterns, with file and line.

    Gold: offsets, attributes, values, overlaps, regimens, and leakage between the files. Patterns: what can't be
    loaded, units, LOINC codes, and every example beside a rule.

    Exit status: 0 no error, 1 errors (with --strict warnings too), 2 misuse.
    """
    from trialsift.checks.run import check as run_checks  # loads the rules: not for `--help`

    report = run_checks(gold or [], extra_patterns=patterns or ())
    if report_format is ReportFormat.json:
        typer.echo(json.dumps(report.to_json(), ensure_ascii=False, indent=2))
    else:
        for problem in report.problems:
            typer.echo(str(problem))
        typer.echo(report.summary())
    raise typer.Exit(1 if report.errors or (strict and report.warnings) else 0)
