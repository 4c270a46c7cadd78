"""`trialsift review` orders what a run read by doubt, and applies what was decided. runs/review/ does the work."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trialsift.cli.options import PatternsOption
from trialsift.model.display import format_count
from trialsift.model.errors import UserError

if TYPE_CHECKING:
    from trialsift.rules.layers import Patterns

_GOLD = "gold.jsonl"


def review(
    run: Annotated[
        Path,
        typer.Argument(metavar="RUN", show_default=False, help="Folder that `trialsift extract` wrote."),
    ],
    out: Annotated[
        list[Path] | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE|DIR",
            show_default=False,
            help="What to write, by its ending: a page (.html) or a table (.csv, .jsonl, .parquet); may be given "
            "several times. With --apply the folder of the corrected run. [default: review.html and review.csv in RUN]",
        ),
    ] = None,
    first: Annotated[
        str | None,
        typer.Option(
            "--first",
            metavar="N|N%",
            show_default=False,
            help="How much of the queue the page has, from its start: a number, or a share such as 5%; tables have all "
            "of it. [default: 2000]",
        ),
    ] = None,
    decisions: Annotated[
        list[Path] | None,
        typer.Option(
            "--apply",
            metavar="FILE",
            show_default=False,
            help="Decisions that a page exported (JSON Lines); may be given several times. Writes corrected tables and "
            "gold into the folder that --out names.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    patterns: PatternsOption = None,
) -> None:
    """What to look at first: the facts of a run and the numbers it left, ordered by doubt, and a page to settle them.

    The page is self-contained, works offline and keeps what is decided. Exit status: 0 all well, 2 misuse.
    """
    from trialsift.rules.files import find_patterns

    rules = find_patterns(None, patterns or ())
    if decisions:
        _apply(run, decisions, out or [], first, force, rules)
    else:
        _write(run, out or [], first, force, rules)


def _write(run: Path, files: list[Path], first: str | None, force: bool, patterns: Patterns) -> None:
    part = None if first is None else _read_share(first)
    from trialsift.runs.review.write import write_review  # loads rules and pandas: not for `--help`

    written = write_review(run, files, first=part, force=force, patterns=patterns)
    if written.shown < written.items and any(path.suffix.lower() == ".html" for path in written.files):
        typer.echo(
            f"The page has the first {written.shown:,} of {format_count(written.items, 'item')}; --first shows more."
        )
    for path in written.files:
        typer.echo(f"Written: {path}")


def _apply(
    run: Path, decisions: list[Path], out: list[Path], first: str | None, force: bool, patterns: Patterns
) -> None:
    if len(out) != 1:
        raise UserError("--apply: expected one --out, the folder for the corrected run")
    if first is not None:
        raise UserError("--first: limits a page, and --apply writes none; leave it out")
    from trialsift.runs.review.apply import apply_decisions

    done = apply_decisions(run, decisions, out[0], force=force, patterns=patterns)
    actions = ", ".join(f"{count:,} {action}" for action, count in done.actions.items())
    typer.echo(f"{format_count(done.decisions, 'decision')} ({actions}) on {format_count(done.documents, 'document')}.")
    if done.replaced:
        typer.echo(f"{done.replaced:,} of the lines were replaced by a later one on the same thing.")
    partly = done.documents - done.settled
    if partly:
        typer.echo(
            f"{format_count(partly, 'document')} of {_GOLD} {'was' if partly == 1 else 'were'} reviewed in part: what "
            "nobody decided on is there as it was read."
        )
    typer.echo(f"Written: {done.out}")


def _read_share(first: str) -> float | int:
    """Reads `200` or `5%`. Raises UserError for anything else."""
    number, percent = first.removesuffix("%"), first.endswith("%")
    try:
        value = float(number) / 100 if percent else int(number)
    except ValueError:
        value = 0
    if not value > 0 or (percent and value > 1):
        raise UserError(f"--first {first}: expected a number of items such as 200, or a share such as 5%")
    return value
