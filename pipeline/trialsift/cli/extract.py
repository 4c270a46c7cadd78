"""`trialsift extract` writes a folder of tables from documents. `trialsift.extract_run` does the work."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from trialsift.cli.options import (
    EncodingOption,
    IdColumnOption,
    InputFormatOption,
    JobsOption,
    LabelsOption,
    MaxDocumentOption,
    MaxExpandedOption,
    MaxFileOption,
    PatternsOption,
    PolarityColumnOption,
    TextColumnOption,
    make_read_options,
)
from trialsift.model.display import format_count
from trialsift.model.errors import UserError

if TYPE_CHECKING:
    from trialsift.runs.dask import Dask
    from trialsift.runs.extract.plan import Progress
    from trialsift.runs.extract.summary import Summary
    from trialsift.tables.files import Format

_SHOWN_FAILURES = 10
_REDRAWN = 0.1  # seconds


class TableFormat(StrEnum):
    """The formats of tables, as the option spells them."""

    csv = "csv"
    parquet = "parquet"
    jsonl = "jsonl"
    xlsx = "xlsx"
    duckdb = "duckdb"
    omop = "omop"
    fhir = "fhir"


_Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT",
        show_default=False,
        help="Files, folders (searched to any depth), or - for standard input. Plain text, ClinicalTrials.gov as "
        "JSON, XML or AACT tables, CSV, JSON Lines, Parquet, HTML, PDF; .gz of these, and .zip.",
    ),
]
_Out = Annotated[
    Path,
    typer.Option(
        "--out", "-o", metavar="DIR", show_default=False, help="Folder for the results; created if it doesn't exist."
    ),
]
_Formats = Annotated[
    list[TableFormat] | None,
    typer.Option(
        "--format",
        metavar="csv|parquet|jsonl|xlsx|duckdb|omop|fhir",
        show_default=False,
        help="Format of the tables; may be given more than once. [default: csv]",
    ),
]
_Force = Annotated[bool, typer.Option("--force", help="Replace the results of an earlier run in DIR.")]
_Resume = Annotated[
    bool,
    typer.Option("--resume", help="Continue a run in DIR that was stopped; the results are the same, byte for byte."),
]
_AlphaBeta = Annotated[
    float | None,
    typer.Option(
        "--alpha-beta",
        metavar="GY",
        show_default=False,
        help="The α/β ratio for BED and EQD2 of all regimens, in Gy. [default: that of the tumour's site, where a "
        "registry record names its condition, else 10]",
    ),
]
_Unread = Annotated[
    bool,
    typer.Option(
        "--unread",
        help="Also write the table `unread`, numbers that no rule took although they may be facts, and tell where all "
        "numbers of criteria and prescriptions went. Takes two to three times as long.",
    ),
]
_MinConfidence = Annotated[
    float,
    typer.Option(
        "--min-confidence",
        metavar="0–1",
        help="Leave out facts and regimens that are less sure than this; by default none are left out.",
        show_default=False,
    ),
]
_View = Annotated[bool, typer.Option("--view", help="Also write view.html, a page to read documents and facts in.")]
_Dask = Annotated[
    str | None,
    typer.Option(
        "--dask",
        metavar="ADDRESS|local",
        show_default=False,
        help="Let the workers of a Dask cluster do the reading: tcp://HOST:8786, or `local` for processes on this "
        "machine. Inputs may be URLs (s3://…). See docs/cluster.md.",
    ),
]
_DaskParts = Annotated[
    str | None,
    typer.Option(
        "--dask-parts",
        metavar="DIR|URL",
        show_default=False,
        help="Where workers write their parts, which are kept. [default: in --out, until the run is complete]",
    ),
]
_PartitionMb = Annotated[
    float | None,
    typer.Option(
        "--partition-mb",
        metavar="MB",
        show_default=False,
        help="Size of the inputs that a worker of --dask gets at a time. [default: 4]",
        min=0.001,
        max=100_000,
    ),
]
_Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary; only failures, on stderr.")]


def extract(
    inputs: _Inputs,
    out: _Out,
    formats: _Formats = None,
    force: _Force = False,
    resume: _Resume = False,
    input_format: InputFormatOption = None,
    text_column: TextColumnOption = None,
    id_column: IdColumnOption = "doc_id",
    polarity_column: PolarityColumnOption = None,
    encoding: EncodingOption = None,
    max_document_mb: MaxDocumentOption = 20,
    max_file_mb: MaxFileOption = 500,
    max_expanded_mb: MaxExpandedOption = 10_000,
    patterns: PatternsOption = None,
    labels: LabelsOption = None,
    alpha_beta: _AlphaBeta = None,
    unread: _Unread = False,
    min_confidence: _MinConfidence = 0.0,
    view: _View = False,
    jobs: JobsOption = None,
    dask: _Dask = None,
    dask_parts: _DaskParts = None,
    partition_mb: _PartitionMb = None,
    quiet: _Quiet = False,
) -> None:
    """Extract doses, fractions, ages, performance status, labs and regimens from trial documents.

    Writes into DIR: annotations.jsonl, tables/*.csv, errors.csv (documents that failed, and why), run.json.
    Exit status: 0 all well, 1 some documents failed, 2 misuse, 130 interrupted (then --resume goes on).
    """
    from trialsift.runs.extract.run import extract_run  # loads pandas and the rules: not for `--help`

    with _offer_resume(out), _progress_bar(shown=not quiet and sys.stderr.isatty()) as progress:
        summary = extract_run(
            inputs,
            out,
            formats=cast("list[Format]", list(dict.fromkeys(f.value for f in formats or [TableFormat.csv]))),
            force=force,
            resume=resume,
            extra_patterns=patterns or (),
            labels=labels,
            read=make_read_options(
                input_format,
                (text_column, id_column, polarity_column),
                encoding,
                max_document_mb,
                max_file_mb,
                max_expanded_mb,
            ),
            alpha_beta=alpha_beta,
            unread=unread,
            min_confidence=min_confidence,
            view=view,
            progress=progress,
            argv=sys.argv[1:],
            jobs=jobs,
            dask=_choose_cluster(dask, dask_parts, partition_mb),
        )
    if not quiet:
        typer.echo(_describe(summary))
    if summary.failed:
        typer.echo(_describe_failures(summary), err=quiet)
    raise typer.Exit(summary.exit_status)


def _choose_cluster(address: str | None, parts: str | None, partition_mb: float | None) -> Dask | None:
    from trialsift.runs.dask import Dask

    if address is None:
        if (parts, partition_mb) != (None, None):
            raise UserError("--dask-parts and --partition-mb go with --dask: name a scheduler there, or `local`")
        return None
    return Dask(address, parts, 4 if partition_mb is None else partition_mb)


@contextmanager
def _offer_resume(out: Path) -> Iterator[None]:
    """Ends an interrupted command with status 130, and says how to resume it if possible."""
    try:
        yield
    except KeyboardInterrupt:
        from trialsift.runs.folder import is_stopped

        kept = f" What has been read is kept in {out}: --resume goes on with it." if is_stopped(out) else ""
        typer.echo(f"Interrupted.{kept}", err=True)
        raise typer.Exit(130) from None


@contextmanager
def _progress_bar(shown: bool) -> Iterator[Progress | None]:
    """Shows a bar on stderr and yields the function that moves it; yields None if none is shown."""
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
        auto_refresh=False,  # draws without a thread: a process with threads can't be forked
    ) as bar:
        task, drawn = bar.add_task("", total=None), 0.0

        def move(done: int, total: int | None, name: str) -> None:
            nonlocal drawn
            if total is None and monotonic() - drawn < _REDRAWN:
                return
            drawn = monotonic()
            changes: dict[str, Any] = {"completed": done, "total": total, "description": name}
            bar.update(task, refresh=True, **changes)

        yield move


def _describe(summary: Summary) -> str:
    from trialsift.readers.find import printable

    counts = {**summary.facts, "regimens": summary.regimens}
    width = max(map(len, counts))
    time = f"{summary.duration_seconds:.1f} s{_tell_resumed(summary)}"
    return "\n".join(
        [
            f"Read {format_count(summary.documents, 'document')} in {time}: "
            f"{format_count(sum(summary.facts.values()), 'fact')}, {format_count(summary.regimens, 'regimen')}.",
            *(f"  {name:<{width}} {count:>7,}" for name, count in counts.items()),
            *_tell_complete(summary),
            *_tell_left_out(summary),
            *_tell_agreement(summary),
            *_tell_implausible(summary),
            *_tell_numbers(summary),
            *_tell_cut(summary),
            f"Written to {printable(str(summary.out))}:",
            *(f"  {name}" for name in summary.files),
        ]
    )


def _tell_left_out(summary: Summary) -> list[str]:
    if not summary.left_out:
        return []
    endings = ", ".join(f"{ending or 'no ending'} {count:,}" for ending, count in summary.left_out.items())
    return [f"Left out {format_count(sum(summary.left_out.values()), 'file')} of other kinds ({endings})."]


def _tell_agreement(summary: Summary) -> list[str]:
    from trialsift.tables.agreement import describe_agreement

    both, agreeing = summary.ages_agreed
    words = describe_agreement(both, agreeing)
    if words is None:
        return []
    rest = "" if agreeing == both else "; the table `agreement` has the others"
    return [f"{words[0].upper()}{words[1:]}{rest}."]


def _tell_implausible(summary: Summary) -> list[str]:
    facts, unusual = sum(summary.doubtful.values()), summary.unusual
    counts = [format_count(facts, "fact")] if facts else []
    counts += [format_count(summary.implausible, "regimen")] if summary.implausible else []
    lines = [f"{' and '.join(counts)} can't well be meant; the column `implausible` says why."] if counts else []
    if unusual:
        verb = "points" if unusual == 1 else "point"
        lines.append(
            f"{format_count(unusual, 'threshold')} {verb} in an unusual direction: `unusual_direction` in `labs`."
        )
    return lines


def _tell_numbers(summary: Summary) -> list[str]:
    if not summary.numbers:
        return []
    from trialsift.runs.extract.summary import describe_numbers

    return [describe_numbers(summary.numbers)]


def _tell_cut(summary: Summary) -> list[str]:
    if not summary.cut_cells:
        return []
    from trialsift.tables.files.workbook import describe_cut

    cut = describe_cut(sum(summary.cut_cells.values()))
    return [f"{cut} ({', '.join(sorted(summary.cut_cells))}); the other formats hold them whole."]


def _tell_complete(summary: Summary) -> list[str]:
    if not summary.was_complete:
        return []
    return ["The run was complete: inputs were not read again. --force reads those that have come or changed since."]


def _tell_resumed(summary: Summary) -> str:
    if summary.was_complete:
        return ""
    return f" ({summary.resumed:,} of them before the stop)" if summary.resumed else ""


def _describe_failures(summary: Summary) -> str:
    from trialsift.readers.find import printable

    failures = summary.failures[:_SHOWN_FAILURES]
    errors = printable(str(summary.out / "errors.csv"))
    lines = [f"{format_count(summary.failed, 'input')} failed, see {errors}:"]
    lines += [f"  {f.file}{', ' if f.record else ''}{f.record or ''}: {f.message} ({f.what_to_do})" for f in failures]
    if summary.failed > len(failures):
        lines.append(f"  … and {summary.failed - len(failures):,} more")
    return "\n".join(lines)
