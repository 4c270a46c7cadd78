"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from trialsift.readers.inputs import ReadOptions

_MOST_BYTES = 1 << 60

PatternsOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--patterns",
        metavar="DIR",
        show_default=False,
        help="Folder of rules that add to the built-in ones or change them; may be given several times.",
    ),
]
WhereOption = Annotated[
    str | None,
    typer.Option(
        "--where",
        metavar="SQL",
        show_default=False,
        help="Only documents whose row in the table `trials` fulfils this condition: \"conditions like '%sarcoma%'\". "
        "Needs the extra duckdb.",
    ),
]
LabelsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--labels",
        "--label",
        metavar="LABELS",
        show_default=False,
        help="Only facts of these labels (AGE,LAB), also those that are off by default; `default` and `all` stand for "
        "several: default,MEASUREMENT. [default: default]",
    ),
]


class Color(StrEnum):
    """When to use colours, as the option spells it."""

    auto = "auto"
    always = "always"
    never = "never"


ColorOption = Annotated[
    Color,
    typer.Option(
        "--color",
        metavar="auto|always|never",
        help="Colours; auto: on a terminal, unless the variable NO_COLOR is set.",
    ),
]


class InputKind(StrEnum):
    """The formats of inputs, as the option names them."""

    text = "text"
    ctgov_json = "ctgov-json"
    ctgov_xml = "ctgov-xml"
    aact = "aact"
    ictrp_xml = "ictrp-xml"
    ictrp_upload = "ictrp-upload"
    ictrp_csv = "ictrp-csv"
    ctis_json = "ctis-json"
    euctr_text = "euctr-text"
    euctr_json = "euctr-json"
    isrctn_json = "isrctn-json"
    isrctn_xml = "isrctn-xml"
    ctgov_v1 = "ctgov-v1"
    cancergov_json = "cancergov-json"
    bioc_json = "bioc-json"
    pubmed_xml = "pubmed-xml"
    jats_xml = "jats-xml"
    csv = "csv"
    jsonl = "jsonl"
    parquet = "parquet"
    html = "html"
    pdf = "pdf"
    docx = "docx"
    zip = "zip"


InputFormatOption = Annotated[
    InputKind | None,
    typer.Option(
        "--input-format",
        metavar="|".join(kind.value for kind in InputKind),
        show_default=False,
        help="Format of all inputs. [default: told from their content and names]",
    ),
]
TextColumnOption = Annotated[
    list[str] | None,
    typer.Option(
        "--text-column",
        metavar="NAME",
        show_default=False,
        help="Column or key of the text in CSV, JSON Lines and Parquet; may be repeated. [default: text]",
    ),
]
PolarityColumnOption = Annotated[
    str | None,
    typer.Option(
        "--polarity-column",
        metavar="NAME",
        show_default=False,
        help="Column or key that says of each row whether it is an inclusion or an exclusion.",
    ),
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
MaxDocumentOption = Annotated[
    float, typer.Option("--max-document-mb", metavar="MB", min=0, help="Size limit for a document or record.")
]
MaxFileOption = Annotated[
    float,
    typer.Option(
        "--max-file-mb", metavar="MB", min=0, help="Size limit for a file of a format that has to be read whole (JSON)."
    ),
]
MaxExpandedOption = Annotated[
    float, typer.Option("--max-expanded-mb", metavar="MB", min=0, help="Size limit for what a .gz or .zip expands to.")
]
JobsOption = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        "-j",
        metavar="N",
        min=1,
        show_default=False,
        help="Number of processes; the results don't depend on it. [default: one for each core]",
    ),
]


def make_read_options(
    input_format: InputKind | None,
    columns: tuple[list[str] | None, str, str | None],
    encoding: str | None,
    max_document_mb: float,
    max_file_mb: float,
    max_expanded_mb: float,
) -> ReadOptions:
    """Makes the options for reading inputs, with limits in bytes; `columns` are those of texts, id and polarity."""
    from trialsift.readers.inputs import MEGABYTE, ReadOptions

    text_columns, id_column, polarity_column = columns
    texts = tuple(dict.fromkeys(text_columns or ["text"]))

    def convert(megabytes: float) -> int:
        """Converts to bytes; larger limits (`inf` too) become the largest that the libraries accept."""
        return round(min(megabytes * MEGABYTE, _MOST_BYTES))

    return ReadOptions(
        input_format=None if input_format is None else input_format.value,
        encoding=encoding,
        text_column=texts[0] if len(texts) == 1 else texts,
        id_column=id_column,
        polarity_column=polarity_column,
        max_document=convert(max_document_mb),
        max_file=convert(max_file_mb),
        max_expanded=convert(max_expanded_mb),
    )
