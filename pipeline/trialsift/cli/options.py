"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

PatternsOption = Annotated[
    Path | None,
    typer.Option(
        "--patterns",
        metavar="DIR",
        show_default=False,
        help="Folder of rules and lexicons in place of the built-in one.",
    ),
]


class InputKind(StrEnum):
    """The formats of inputs, as the option spells them."""

    text = "text"
    ctgov_json = "ctgov-json"
    ctgov_xml = "ctgov-xml"
    aact = "aact"
    csv = "csv"
    jsonl = "jsonl"
    parquet = "parquet"
    html = "html"
    pdf = "pdf"
    zip = "zip"


InputFormatOption = Annotated[
    InputKind | None,
    typer.Option(
        "--input-format",
        metavar="|".join(kind.value for kind in InputKind),
        show_default=False,
        help="What all inputs are. [default: told from their content and names]",
    ),
]
TextColumnOption = Annotated[
    str, typer.Option("--text-column", metavar="NAME", help="Column or key of the text in CSV, JSON Lines and Parquet.")
]
IdColumnOption = Annotated[str, typer.Option("--id-column", metavar="NAME", help="Column or key of the doc_id there.")]
EncodingOption = Annotated[
    str | None,
    typer.Option(
        "--encoding",
        metavar="NAME",
        show_default=False,
        help="Encoding of texts that are not UTF-8, such as windows-1252. [default: detected where that is certain]",
    ),
]
