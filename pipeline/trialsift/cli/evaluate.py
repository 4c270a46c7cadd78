"""`trialsift evaluate` scores predictions against gold annotations. runs/evaluate does the work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trialsift.cli.options import PatternsOption
from trialsift.model.errors import UserError


class BelowThreshold(UserError):
    """A score is below the minimum of `--fail-under`; the run itself succeeded."""

    exit_code = 1


_Gold = Annotated[Path, typer.Option(metavar="FILE", help="Gold annotations, JSON Lines.", show_default=False)]
_Out = Annotated[
    Path,
    typer.Option(
        metavar="DIR", help="Folder for report.html, report.md, scores.json and errors.csv.", show_default=False
    ),
]
_Pred = Annotated[
    Path | None,
    typer.Option(
        metavar="RUN",
        help="Folder that `trialsift extract` wrote, or a file of annotations. [default: extracted now from gold's own "
        "texts]",
        show_default=False,
    ),
]
_Against = Annotated[
    Path | None,
    typer.Option(
        metavar="SCORES.JSON",
        help="scores.json of an earlier run on the same gold, to compare with.",
        show_default=False,
    ),
]
_Force = Annotated[bool, typer.Option("--force", help="Overwrite the scores that are in --out.")]
_FailUnder = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=VALUE",
        show_default=False,
        help="Exit with status 1 if a score is lower: value_f1=0.9, detection_recall, exact_f1, LAB.value_f1, "
        "regimens_f1. May be given several times.",
    ),
]
_Bootstrap = Annotated[
    int, typer.Option(metavar="N", min=0, max=100_000, help="Bootstrap resamples for the 95 % intervals; 0 for none.")
]
_Seed = Annotated[int, typer.Option(metavar="N", min=0, help="Seed of the resampling.")]


def evaluate(
    gold: _Gold,
    out: _Out,
    pred: _Pred = None,
    patterns: PatternsOption = None,
    against: _Against = None,
    force: _Force = False,
    fail_under: _FailUnder = None,
    bootstrap: _Bootstrap = 1000,
    seed: _Seed = 0,
) -> None:
    """Score predictions against gold annotations: precision, recall and F1 with 95 % intervals, and every error.

    Exit status: 0 all well, 1 a score is below --fail-under, 2 misuse.
    """
    from trialsift.runs.evaluate.run import evaluate_run  # loads numpy and the patterns: not for `--help`

    done = evaluate_run(
        gold,
        out,
        pred,
        against=against,
        force=force,
        fail_under=fail_under or [],
        resamples=bootstrap,
        seed=seed,
        extra_patterns=patterns or (),
    )
    for warning in done.evaluation.warnings:
        typer.echo(f"Warning: {warning}", err=True)

    from trialsift.cli.score_tables import print_comparison, print_scores  # loads rich: only for output

    print_scores(done.evaluation, done.written)
    if done.comparison is not None:
        print_comparison(done.comparison, str(against))
    if done.shortfalls:
        raise BelowThreshold("; ".join(done.shortfalls))
