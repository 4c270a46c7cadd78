"""`trialsift match` compares patients with the trials of a run. `trialsift.match_patients` does the work."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trialsift.cli.options import Color, ColorOption
from trialsift.model.display import format_count
from trialsift.model.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trialsift.runs.match.match import PatientMatches

_LISTED = 20
_TABLES = (".csv", ".jsonl", ".parquet")
_ENDINGS = (*_TABLES, ".xlsx", ".duckdb", ".html")
_Paths = Annotated[
    list[Path],
    typer.Argument(
        metavar="[PATIENTS] RUN",
        show_default=False,
        help="File of patients (.csv, .json, .jsonl), unless options describe one; and the folder that `trialsift "
        "extract` wrote.",
    ),
]
_Age = Annotated[
    str | None, typer.Option("--age", metavar="AGE", show_default=False, help="Age in years, or as in '18 months'.")
]
_Ecog = Annotated[
    str | None, typer.Option("--ecog", metavar="0-5", show_default=False, help="ECOG performance status.")
]
_Kps = Annotated[
    str | None, typer.Option("--kps", metavar="0-100", show_default=False, help="Karnofsky performance status.")
]
_Sex = Annotated[str | None, typer.Option("--sex", metavar="female|male", show_default=False, help="Sex.")]
_Labs = Annotated[
    list[str] | None,
    typer.Option(
        "--lab",
        metavar="TEST=RESULT",
        show_default=False,
        help="Result of a test with its unit, and the laboratory's limits if known: 'hemoglobin=9.2 g/dL', 'alt=80 "
        "U/L;uln=40 U/L'; may be given several times.",
    ),
]
_Has = Annotated[
    list[str] | None,
    typer.Option(
        "--has", metavar="FINDING", show_default=False, help="What the patient has: 'liver metastases'; several times."
    ),
]
_HasNot = Annotated[
    list[str] | None,
    typer.Option("--has-not", metavar="FINDING", show_default=False, help="What the patient doesn't have."),
]
_Out = Annotated[
    list[Path] | None,
    typer.Option(
        "--out",
        "-o",
        metavar="FILE",
        show_default=False,
        help="What to write, by its ending: a table with a row for each patient and trial (.csv, .jsonl, .parquet); "
        "that and the criteria one by one as a workbook of Excel (.xlsx) or for SQL (.duckdb); or a page for a browser "
        "(.html). May be given several times.",
    ),
]
_Judgements = Annotated[
    Path | None,
    typer.Option(
        "--judgements",
        metavar="FILE",
        show_default=False,
        help="A table (.csv, .jsonl, .parquet) with a row for each patient and criterion: met or not, and why.",
    ),
]
_Force = Annotated[bool, typer.Option("--force", help="Replace files that are there.")]
_Limit = Annotated[
    int | None,
    typer.Option(
        "--limit",
        metavar="N",
        min=0,
        show_default=False,
        help="So many trials of each verdict are listed for a patient, on the screen (by default 20) or on a page "
        "(2,000 divided by the number of patients, at least 20); files of other kinds have all.",
    ),
]
_Patterns = Annotated[
    Path | None,
    typer.Option("--patterns", metavar="DIR", show_default=False, help="Folder of rules, if the run had its own."),
]


def match(
    paths: _Paths,
    age: _Age = None,
    ecog: _Ecog = None,
    kps: _Kps = None,
    sex: _Sex = None,
    labs: _Labs = None,
    has: _Has = None,
    has_not: _HasNot = None,
    out: _Out = None,
    judgements: _Judgements = None,
    force: _Force = False,
    limit: _Limit = None,
    patterns: _Patterns = None,
    color: ColorOption = Color.auto,
) -> None:
    """Compare patients with trials: who is not eligible, and by which criterion; who is so far, and what would decide.

    Only criteria with numbers are judged. Not a medical device. Exit status: 0 all well, 2 misuse.
    """
    fields = {"age": age, "ecog": ecog, "kps": kps, "sex": sex, "has": has, "has_not": has_not}
    described = {name: value for name, value in fields.items() if value}
    if labs:
        described["labs"] = _split_labs(labs)  # type: ignore[assignment]
    run, patients = _choose_patients(paths, described)
    files = out or []
    _check_files(files, judgements, force)
    from trialsift.runs.match.match import iterate_matches  # loads pandas: not for `--help`

    matches = iterate_matches(run, patients, patterns)
    if files or judgements is not None:
        _write(matches, files, judgements, limit, run.resolve().name)
    else:
        _print(matches, _LISTED if limit is None else limit, color)


def _split_labs(given: list[str]) -> dict[str, str]:
    """Splits `alt=80 U/L;uln=40 U/L` into the name and the result."""
    labs: dict[str, str] = {}
    for one in given:
        name, sign, result = one.partition("=")
        if not sign or not name.strip() or not result.strip():
            raise UserError(f"--lab {one!r}: expected a test and its result: --lab 'hemoglobin=9.2 g/dL'")
        if name.strip() in labs:
            raise UserError(f"--lab {one!r}: {name.strip()} is there twice; expected one result of a test")
        labs[name.strip()] = result.strip()
    return labs


def _choose_patients(paths: list[Path], described: dict[str, Any]) -> tuple[Path, Any]:
    """Returns the run, and the file of patients or the one that options describe."""
    if len(paths) > 2:
        raise UserError(f"{paths[2]}: expected a file of patients and one run")
    if len(paths) == 2 and described:
        raise UserError(f"{paths[0]}: expected either a file of patients or options such as --age, not both")
    if len(paths) == 1 and not described:
        raise UserError(f"{paths[0]}: no patient; name a file of patients before it, or describe one: --age 71")
    return paths[-1], paths[0] if len(paths) == 2 else {"patient": "patient", **described}


def _check_files(files: list[Path], judgements: Path | None, force: bool) -> None:
    given = [
        *((path, "--out", _ENDINGS) for path in files),
        *([] if judgements is None else [(judgements, "--judgements", _TABLES)]),
    ]
    for number, (path, option, endings) in enumerate(given):
        if path.suffix.lower() not in endings:
            raise UserError(f"{path}: expected a file for {option} that ends in {', '.join(endings)}")
        if path.is_dir():
            raise UserError(f"{path}: is a folder; {option} takes a file")
        if path.exists() and not force:
            raise UserError(f"{path}: exists already; name another file with {option}, or replace it with --force")
        if path.resolve() in [other.resolve() for other, *_ in given[:number]]:
            raise UserError(f"{path}: is given twice; expected each file once")


def _print(matches: Iterator[PatientMatches], limit: int, color: Color) -> None:
    from trialsift.cli.match_view import print_matches, print_notice
    from trialsift.cli.terminal import open_console

    console = open_console(color)
    for one in matches:
        print_matches(console, one.rows, limit)
    print_notice(console)


def _write(
    matches: Iterator[PatientMatches], files: list[Path], judgements: Path | None, limit: int | None, title: str
) -> None:
    from trialsift.cli.terminal import escape
    from trialsift.runs.match.match import NOTICE
    from trialsift.runs.match.write import write_matches

    written = [*files, *([] if judgements is None else [judgements])]
    try:
        patients, trials = write_matches(matches, files, judgements, title=title, most=limit)
    except OSError as error:
        place = error.filename or written[0]
        raise UserError(f"{place}: can't be written ({error.strerror}); name another file with --out") from None
    typer.echo(NOTICE, err=True)
    size = f"{format_count(patients, 'patient')} × {format_count(trials, 'trial')}"
    for path in written:
        typer.echo(f"Written: {escape(str(path))} ({size})")
