"""`trialsift check`: what is wrong in gold files and patterns. A thin wrapper over `trialsift.checks`."""

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


def check(
    gold: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="GOLD",
            show_default=False,
            help="Gold files, JSON Lines; several are searched for documents that stand in two of them as well.",
        ),
    ] = None,
    patterns: Annotated[
        list[Path] | None,
        typer.Option(
            "--patterns",
            metavar="DIR",
            show_default=False,
            help="Folder of rules to check as it lies over the built-in ones, and to take labels and analytes from; "
            "may be given several times. Without it and without GOLD the built-in ones are checked.",
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail too.")] = False,
    report_format: Annotated[
        ReportFormat, typer.Option("--format", help="A line a problem and a summary, or one JSON object.")
    ] = ReportFormat.text,
) -> None:
    """Check gold files and patterns: every problem with its file and line.

    Gold: offsets, attributes, values, overlaps, regimens, and leakage between the files. Patterns: what can't be
    loaded, units, LOINC codes, and every example beside a rule.

    Exit status: 0 no error, 1 errors (with --strict warnings too), 2 misuse.
    """
    from trialsift.checks.run import check as run_checks  # the rules: not for `--help`

    report = run_checks(gold or [], extra_patterns=patterns or ())
    if report_format is ReportFormat.json:
        typer.echo(json.dumps(report.to_json(), ensure_ascii=False, indent=2))
    else:
        for problem in report.problems:
            typer.echo(str(problem))
        typer.echo(report.summary())
    raise typer.Exit(1 if report.errors or (strict and report.warnings) else 0)
