"""`trialsift view` writes a page of a run's documents and facts. runs/view.py does the work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trialsift.cli.options import PatternsOption, WhereOption
from trialsift.reports import MOST_SHOWN


def view(
    run: Annotated[
        Path,
        typer.Argument(
            metavar="RUN",
            show_default=False,
            help="Folder that `trialsift extract` wrote, or a file of annotations (JSON Lines, gold too).",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="The page. [default: view.html in RUN, or FILE.html]"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing page.")] = False,
    patterns: PatternsOption = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="Show the first N documents only.")] = MOST_SHOWN,
    where: WhereOption = None,
) -> None:
    """Write one HTML page with the documents of a run, their facts highlighted, to open in a browser.

    The page is self-contained and works offline. Exit status: 0 all well, 2 misuse.
    """
    from trialsift.rules.files import find_patterns
    from trialsift.runs.view import write_view  # loads rules and plots: not for `--help`

    rules = find_patterns(None, patterns or ())
    written = write_view(run, out, force=force, patterns=rules, most=limit, where=where)
    if written.shown < written.documents:
        typer.echo(f"The first {written.shown:,} of {written.documents:,} documents; --limit shows more.")
    if written.no_plots is not None:
        typer.echo(written.no_plots)
    typer.echo(f"Written: {written.path}")
