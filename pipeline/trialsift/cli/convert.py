"""`trialsift convert` converts annotations from one format to another. `trialsift.convert` does the work."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trialsift.model.display import format_count

if TYPE_CHECKING:
    from trialsift.gold.formats.convert import Conversion


class AnnotationFormat(StrEnum):
    """The formats of annotations, as the options spell them."""

    jsonl = "jsonl"
    brat = "brat"
    docbin = "docbin"
    csv = "csv"
    label_studio = "label-studio"
    prodigy = "prodigy"


_Source = Annotated[
    Path,
    typer.Argument(
        metavar="SOURCE",
        show_default=False,
        help="Annotations, gold or predicted: a .jsonl or .spacy file, a folder of brat, or of spans.csv, tasks of "
        "Label Studio (.json), or of Prodigy (.jsonl, with --from prodigy).",
    ),
]
_Target = Annotated[
    Path,
    typer.Argument(
        metavar="TARGET",
        show_default=False,
        help="A .jsonl or .spacy file, or with --to brat, csv or label-studio a folder; created if it doesn't exist.",
    ),
]
_FromFormat = Annotated[
    AnnotationFormat | None,
    typer.Option("--from", help="Format of SOURCE. [default: told from its ending or content]", show_default=False),
]
_ToFormat = Annotated[
    AnnotationFormat | None,
    typer.Option("--to", help="Format of TARGET. [default: told from its ending]", show_default=False),
]
_Force = Annotated[
    bool, typer.Option("--force", help="Replace the files of an earlier conversion at TARGET; others stay.")
]
_SpansKey = Annotated[
    str | None,
    typer.Option(
        "--spans-key",
        metavar="KEY",
        show_default=False,
        help="Span group of a DocBin to read, or `ents` for its entities.",
    ),
]


def convert(
    source: _Source,
    target: _Target,
    from_format: _FromFormat = None,
    to_format: _ToFormat = None,
    force: _Force = False,
    spans_key: _SpansKey = None,
) -> None:
    """Convert annotations between JSON Lines, brat, Label Studio, Prodigy, spaCy's DocBin and CSV, without loss.

    The result is read back and compared with SOURCE before it is moved to TARGET. Spans of brat, Label Studio and
    Prodigy that have no values get those that trialsift reads there, and the summary says so.
    Exit status: 0 all well, 2 misuse.
    """
    from trialsift.gold.formats.convert import convert as convert_files

    done = convert_files(
        source,
        target,
        from_format.value if from_format else None,
        to_format.value if to_format else None,
        force,
        spans_key,
    )
    typer.echo(_describe(done))


def _describe(done: Conversion) -> str:
    counted = ((done.documents, "document"), (done.spans, "span"), (done.regimens, "regimen"))
    counts = [format_count(number, noun) for number, noun in counted]
    files = f" ({len(done.files):,} files)" if len(done.files) > 1 else ""
    return (
        f"Converted {', '.join(counts)} from {done.from_format} to {done.to_format}.\n"
        f"Written to {done.target}{files}\nverified: reads back the same"
        + "".join(f"\nnote: {note}" for note in done.notes)
    )
