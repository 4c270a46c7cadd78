"""`trialsift extract`: documents in, a folder of tables out. The work is done by run.extract_run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from trialsift.cli.options import PatternsOption
from trialsift.words import count_words

if TYPE_CHECKING:
    from trialsift.run import Progress, RunSummary
    from trialsift.table_files import Format

_SHOWN_FAILURES = 10


class TableFormat(StrEnum):
    """The formats of tables, as the option spells them."""

    csv = "csv"
    parquet = "parquet"


def extract(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT",
            show_default=False,
            help="Folders of .txt files (searched to any depth), .txt files, or - for standard input. "
            "Plain text, UTF-8, one document a file.",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="DIR", show_default=False, help="Folder for the results; made if need be."),
    ],
    formats: Annotated[
        list[TableFormat] | None,
        typer.Option(
            "--format",
            metavar="csv|parquet",
            show_default=False,
            help="Format of the tables; may be given twice. [default: csv]",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the results of an earlier run in DIR.")] = False,
    patterns: PatternsOption = None,
    view: Annotated[
        bool, typer.Option("--view", help="Write view.html too, a page to read documents and facts in.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No progress, no summary; only what failed, on stderr.")
    ] = False,
) -> None:
    """Extract doses, fractions, ages, performance status, labs and regimens from trial documents.

    Writes into DIR: annotations.jsonl, tables/*.csv, errors.csv (documents that failed, and why), run.json.
    Exit status: 0 all well, 1 some documents failed, 2 misuse.
    """
    from trialsift.run import extract_run  # pandas and the rules: not for `--help`

    chosen = cast("list[Format]", list(dict.fromkeys(f.value for f in formats or [TableFormat.csv])))
    with _progress_bar(shown=not quiet and sys.stderr.isatty()) as progress:
        summary = extract_run(
            inputs, out, formats=chosen, force=force, patterns=patterns, view=view, progress=progress, argv=sys.argv[1:]
        )
    if not quiet:
        typer.echo(_in_words(summary))
    if summary.failures:
        typer.echo(_failures_in_words(summary), err=quiet)
    raise typer.Exit(summary.exit_status)


@contextmanager
def _progress_bar(shown: bool) -> Iterator[Progress | None]:
    """A bar on stderr, and the function that moves it; None where none is shown."""
    if not shown:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    with Progress(
        TextColumn("Reading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("", total=None)

        def move(done: int, total: int, name: str) -> None:
            changes: dict[str, Any] = {"completed": done, "total": total, "description": name}
            bar.update(task, **changes)

        yield move


def _in_words(summary: RunSummary) -> str:
    counts = {**summary.facts, "regimens": summary.regimens}
    width = max(map(len, counts))
    return "\n".join(
        [
            f"Read {count_words(summary.documents, 'document')} in {summary.duration_seconds:.1f} s: "
            f"{count_words(sum(summary.facts.values()), 'fact')}, {count_words(summary.regimens, 'regimen')}.",
            *(f"  {name:<{width}} {count:>7,}" for name, count in counts.items()),
            f"Written to {summary.out}:",
            *(f"  {name}" for name in summary.files),
        ]
    )


def _failures_in_words(summary: RunSummary) -> str:
    failures = summary.failures
    lines = [f"{count_words(len(failures), 'document')} failed, see {summary.out / 'errors.csv'}:"]
    lines += [f"  {f.file}: {f.message} ({f.what_to_do})" for f in failures[:_SHOWN_FAILURES]]
    if len(failures) > _SHOWN_FAILURES:
        lines.append(f"  … and {len(failures) - _SHOWN_FAILURES} more")
    return "\n".join(lines)
