"""`trialsift show`: documents on a terminal, with what was read in them. A thin wrapper over document_view.py."""

from __future__ import annotations

import sys
from typing import Annotated

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
    TextColumnOption,
    read_options,
)
from trialsift.model.errors import UserError


class NotShown(UserError):
    """Documents that can't be read; all others were shown."""

    exit_code = 1


def show(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE",
            show_default=False,
            help="Files, folders (searched to any depth), or - for standard input, in any format that extract reads.",
        ),
    ],
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="Tell of each fact its rule and each step to its value, of other numbers why not.",
        ),
    ] = False,
    input_format: InputFormatOption = None,
    text_column: TextColumnOption = "text",
    id_column: IdColumnOption = "doc_id",
    encoding: EncodingOption = None,
    max_document_mb: MaxDocumentOption = 20,
    max_file_mb: MaxFileOption = 500,
    max_expanded_mb: MaxExpandedOption = 10_000,
    patterns: PatternsOption = None,
    labels: LabelsOption = None,
    color: ColorOption = Color.auto,
    width: Annotated[
        int | None,
        typer.Option(
            "--width",
            metavar="N",
            min=40,
            show_default=False,
            help="Wrap lines at N columns. [default: those of the terminal; lines in a file or pipe aren't wrapped]",
        ),
    ] = None,
) -> None:
    """Show documents with their facts marked, sections named, and regimens as prescriptions.

    Without colours facts stand in ⟦ ⟧. Exit status: 0 all well, 1 some documents can't be read, 2 misuse.
    """
    from trialsift.cli.document_view import show_document  # rich and the rules: not for `--help`
    from trialsift.cli.terminal import Printer, open_console
    from trialsift.extraction.extractor import Extractor
    from trialsift.readers import ReadFailure, find_inputs, read_documents
    from trialsift.rules.files import patterns_of
    from trialsift.rules.labels import chosen

    rules = patterns_of(None, patterns or ())
    extractor = Extractor(rules, chosen(labels, rules))
    wrap = width is not None or sys.stdout.isatty()
    printer = Printer(open_console(color, width), extractor.engines.labels, wrap)
    failures = []
    options = read_options(
        input_format, text_column, id_column, encoding, max_document_mb, max_file_mb, max_expanded_mb
    )
    found = find_inputs(inputs, options=options)
    sources = (s for i in found for s in ([i] if isinstance(i, ReadFailure) else read_documents(i, options)))
    for source in sources:
        if isinstance(source, ReadFailure):
            failures.append(str(source))
        else:
            show_document(printer, extractor, source, explain)
    if failures:
        raise NotShown("\n       ".join(failures))
