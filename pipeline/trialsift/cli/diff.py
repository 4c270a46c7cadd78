"""`trialsift diff` compares two runs. `trialsift.diff` does the work."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trialsift.cli.options import Color, ColorOption
from trialsift.model.errors import UserError

if TYPE_CHECKING:
    from trialsift.runs.diff import Diff

_LISTED = 20


class DiffFormat(StrEnum):
    """How differences are written, as the option spells it."""

    text = "text"
    csv = "csv"
    json = "json"


_RUN = "Folder that `trialsift extract` wrote, or a file of annotations (JSON Lines, gold too; .gz of it)."


_Before = Annotated[Path, typer.Argument(metavar="A", show_default=False, help=f"The earlier run. {_RUN}")]
_After = Annotated[Path, typer.Argument(metavar="B", show_default=False, help="The later run, in the same forms.")]
_Labels = Annotated[
    list[str] | None,
    typer.Option(
        "--label",
        "--labels",
        metavar="LABELS",
        show_default=False,
        help="Only facts of these labels (AGE,LAB); REGIMEN for regimens. [default: all]",
    ),
]
_DiffFormat = Annotated[
    DiffFormat | None,
    typer.Option(
        "--format",
        metavar="text|csv|json",
        show_default=False,
        help="Text to read, a CSV row a difference, or one JSON object. [default: told from FILE, else text]",
    ),
]
_Out = Annotated[
    Path | None,
    typer.Option("--out", "-o", metavar="FILE", show_default=False, help="File to write, instead of the screen."),
]
_Force = Annotated[bool, typer.Option("--force", help="Replace FILE if it is there.")]
_Limit = Annotated[
    int | None,
    typer.Option(
        "--limit",
        metavar="N",
        min=0,
        show_default=False,
        help=f"Text lists N differences of a kind; the counts are of all, CSV and JSON have all. [default: {_LISTED}]",
    ),
]
_ExitCode = Annotated[bool, typer.Option("--exit-code", help="End with status 1 if the runs differ.")]


def diff(
    before: _Before,
    after: _After,
    labels: _Labels = None,
    diff_format: _DiffFormat = None,
    out: _Out = None,
    force: _Force = False,
    limit: _Limit = None,
    exit_code: _ExitCode = False,
    color: ColorOption = Color.auto,
) -> None:
    """Compare two runs: facts and regimens that came, went or changed, by label and by rule.

    A fact changed if both runs have one with its label on overlapping characters and any attribute, the rule or the
    offsets differ. Exit status: 0 all well, 1 the runs differ and --exit-code is given, 2 misuse.
    """
    if out is not None:
        _check_out(out, force, (before, after))
    chosen = diff_format or _tell_format(out)
    if limit is not None and chosen is not DiffFormat.text:
        raise UserError(f"--limit {limit}: {chosen} has all differences; leave --limit out, or use --format text")
    from trialsift.runs.diff import diff as compare_runs  # loads numpy: not for `--help`

    names = None if labels is None else {name.strip().upper() for given in labels for name in given.split(",")}
    found = compare_runs(before, after, names)
    for name in sorted(names or ()):
        if not (found.by_label[name].before or found.by_label[name].after):
            typer.echo(f"Warning: --label {name}: no document of both runs has facts with this label", err=True)
    _write(found, chosen, out, _LISTED if limit is None else limit, color)
    raise typer.Exit(1 if exit_code and found.differs else 0)


def _tell_format(out: Path | None) -> DiffFormat:
    """The format that the ending of FILE stands for. Raises UserError where it stands for one that isn't written."""
    text = dict.fromkeys(("", ".txt", ".text", ".log", ".md"), DiffFormat.text)
    endings = {".csv": DiffFormat.csv, ".json": DiffFormat.json, **text}
    ending = "" if out is None else out.suffix.lower()
    if ending not in endings:
        raise UserError(f"{out}: expected a file that ends in .txt, .csv or .json; or state a format with --format")
    return endings[ending]


def _check_out(out: Path, force: bool, runs: tuple[Path, Path]) -> None:
    if any(out.resolve() == run.resolve() for run in runs):
        raise UserError(f"{out}: is one of the runs to compare; name another file with --out")
    if out.is_dir():
        raise UserError(f"{out}: is a folder; --out takes a file")
    if out.exists() and not force:
        raise UserError(f"{out}: exists already; name another file with --out, or replace it with --force")


def _write(found: Diff, chosen: DiffFormat, out: Path | None, limit: int, color: Color) -> None:
    from trialsift.cli.diff_view import format_csv, format_json, format_text, print_diff
    from trialsift.cli.terminal import escape, open_console

    if chosen is DiffFormat.text and out is None:
        print_diff(open_console(color), found, limit, wrap=sys.stdout.isatty())
        return
    if chosen is DiffFormat.text:
        content = format_text(found, limit)
    else:
        content = format_csv(found) if chosen is DiffFormat.csv else format_json(found)
    if out is None:
        typer.echo(content.encode(), nl=False)
        return
    from trialsift.model.atomic_write import replace_texts

    try:
        replace_texts(out.parent, {out.name: content})
    except OSError as error:
        raise UserError(f"{out}: can't be written ({error.strerror}); name another file with --out") from None
    typer.echo(f"Written: {escape(str(out))}")
