"""The command line: one file per command, each a thin wrapper over a plain function.

`main` turns a user's mistake into one line on stderr and an exit status: 0 success, 1 some documents failed, 2 misuse,
130 interrupted.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import Annotated

import typer

from trialsift.cli.check import check
from trialsift.cli.convert import convert
from trialsift.cli.diff import diff
from trialsift.cli.evaluate import evaluate
from trialsift.cli.extract import extract
from trialsift.cli.match import match
from trialsift.cli.review import review
from trialsift.cli.show import show
from trialsift.cli.view import view
from trialsift.model.errors import UserError
from trialsift.model.version import __version__

app = typer.Typer(
    name="trialsift",
    help="Reads trial documents and writes tables of what they say in numbers: doses, fraction counts, age ranges, "
    "performance-status limits, lab thresholds, and radiotherapy regimens.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
app.command(short_help="Documents in, tables of numbers out.")(extract)
app.command(short_help="Documents on the terminal, their facts marked and explained.")(show)
app.command(short_help="Score predictions against gold annotations.")(evaluate)
app.command(short_help="Patients against trials: who is eligible so far, and why not.")(match)
app.command(short_help="What two runs read differently.")(diff)
app.command(short_help="A page to read documents and facts in.")(view)
app.command(short_help="What to look at first, and a page to settle it.")(review)
app.command(short_help="What is wrong in gold files and patterns, with file and line.")(check)
app.command(short_help="Annotations to brat, DocBin, CSV, and back.")(convert)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"trialsift {__version__}")
        raise typer.Exit


def _print_accuracy(wanted: bool) -> None:
    if wanted:
        from trialsift.reports.accuracy import describe_accuracy

        typer.echo(f"trialsift {__version__}\n\n{describe_accuracy()}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
    about: Annotated[
        bool,
        typer.Option("--about", callback=_print_accuracy, is_eager=True, help="Show how accurate it is, and exit."),
    ] = False,
) -> None:
    """Options before the command; the help text comes from the app."""


def main() -> None:
    """Runs the command `trialsift`, and exits with its status."""
    _quiet_matplotlib()
    try:
        app()
    except UserError as error:
        _fail(str(error), error.exit_code)
    except OSError as error:  # a folder that can't be entered, a name that is too long, a full disk
        _fail(f"{error.filename or 'trialsift'}: {error.strerror or error}", UserError.exit_code)
    except KeyboardInterrupt:
        _fail("interrupted", 130)


def _quiet_matplotlib() -> None:
    """Sets a backend without windows, whatever a notebook has set, and silences warnings about a missing cache."""
    os.environ["MPLBACKEND"] = "svg"
    logging.getLogger("matplotlib").setLevel(logging.ERROR)


def _fail(message: str, status: int) -> None:
    typer.echo(f"Error: {message}", err=True)
    sys.exit(status)
