"""`trialsift show` prints documents with their facts. document_view.py does the work."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from trialsift.cli.options import (
    Color,
    ColorOption,
    EncodingOption,
    IdColumnOption,
    InputFormatOption,
    LabelsOption,
    MaxDocumentOption,
    MaxExpandedOption,
    MaxFileOption,
    PatternsOption,
    PolarityColumnOption,
    TextColumnOption,
    make_read_options,
)
from trialsift.model.errors import UserError

if TYPE_CHECKING:
    from trialsift.model.document import Document
    from trialsift.readers import ReadOptions


class NotShown(UserError):
    """Some documents can't be read; all others were shown."""

    exit_code = 1


_Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE",
        show_default=False,
        help="Files, folders (searched to any depth), or - for standard input, in any format that extract reads.",
    ),
]
_Explain = Annotated[
    bool,
    typer.Option("--explain", help="Tell of each fact its rule and each step to its value, of other numbers why not."),
]
_Width = Annotated[
    int | None,
    typer.Option(
        "--width",
        metavar="N",
        min=40,
        show_default=False,
        help="Wrap lines at N columns. [default: the terminal's width; lines in a file or pipe aren't wrapped]",
    ),
]


def show(
    inputs: _Inputs,
    explain: _Explain = False,
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
    color: ColorOption = Color.auto,
    width: _Width = None,
) -> None:
    """Show documents with their facts marked, sections named, and regimens as prescriptions.

    Without colours facts stand in ⟦ ⟧. Exit status: 0 all well, 1 some documents can't be read, 2 misuse.
    """
    from trialsift.cli.document_view import show_document  # loads rich and the rules: not for `--help`
    from trialsift.cli.terminal import Printer, open_console
    from trialsift.extraction.extractor import Extractor
    from trialsift.rules.files import find_patterns
    from trialsift.rules.labels import chosen

    rules = find_patterns(None, patterns or ())
    extractor = Extractor(rules, chosen(labels, rules))
    options = make_read_options(
        input_format, (text_column, id_column, polarity_column), encoding, max_document_mb, max_file_mb, max_expanded_mb
    )
    printer = Printer(
        open_console(color, width), extractor.engines.labels, wrap=width is not None or sys.stdout.isatty()
    )
    failures: list[str] = []
    for source in _read_sources(inputs, options, failures):
        show_document(printer, extractor, source, explain)
    if failures:
        raise NotShown("\n       ".join(failures))


def _read_sources(inputs: list[str], options: ReadOptions, failures: list[str]) -> Iterator[Document]:
    """Iterates over the documents of the inputs; adds a message to `failures` for those that can't be read."""
    from trialsift.readers import ReadFailure, find_inputs, read_documents
    from trialsift.readers.find import require_inputs

    for found in require_inputs(find_inputs(inputs, options=options), inputs):
        for source in [found] if isinstance(found, ReadFailure) else read_documents(found, options):
            if isinstance(source, ReadFailure):
                failures.append(str(source))
            else:
                yield source
