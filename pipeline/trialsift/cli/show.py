"""`trialsift show`: documents on a terminal, with what was read in them. A thin wrapper over document_view.py."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from trialsift.cli.options import (
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

if TYPE_CHECKING:
    from rich.console import Console


class Color(StrEnum):
    """When to use colours, as the option spells it."""

    auto = "auto"
    always = "always"
    never = "never"


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
        bool, typer.Option("--explain", help="Tell for each fact the rule, the characters it matched, and each step.")
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
    color: Annotated[
        Color,
        typer.Option(
            "--color",
            metavar="auto|always|never",
            help="Colours; auto: on a terminal, unless the variable NO_COLOR is set. Without them facts stand in ⟦ ⟧.",
        ),
    ] = Color.auto,
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

    Exit status: 0 all well, 1 some documents can't be read, 2 misuse.
    """
    from trialsift.cli.document_view import show_document  # rich and the rules: not for `--help`
    from trialsift.cli.terminal import Printer
    from trialsift.extraction.extractor import Extractor
    from trialsift.readers import ReadFailure, find_inputs, read_documents
    from trialsift.rules.files import patterns_of
    from trialsift.rules.labels import chosen

    rules = patterns_of(None, patterns or ())
    extractor = Extractor(rules, chosen(labels, rules))
    wrap = width is not None or sys.stdout.isatty()
    printer = Printer(_console(color, width), extractor.engines.labels, wrap)
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


def _console(color: Color, width: int | None) -> Console:
    """A console that takes text as it is. The variables that rich heeds decide nothing here but the kind of colours."""
    import os

    from rich.console import Console

    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:  # a terminal that has no ≥ shows \u2265
        reconfigure(errors="backslashreplace")
    on_terminal = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    coloured = color is Color.always or (color is Color.auto and on_terminal)

    def console(system: Literal["auto", "256"] | None) -> Console:
        return Console(
            force_terminal=coloured,
            no_color=False,
            color_system=system,
            width=width,
            highlight=False,
            markup=False,
            emoji=False,
        )

    made = console("auto" if coloured else None)
    # `always` into a pipe or on a terminal that rich doesn't know
    return console("256") if coloured and made.color_system is None else made
