"""`trialsift evaluate`: scores predictions against gold annotations. A thin wrapper over `trialsift.evaluation`.

Reads two JSON Lines files of the gold format (or reads gold and extracts afresh from its texts), prints the scores,
and writes `scores.json` (all counts, rates and intervals) and `errors.csv` (every error with its context).
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Annotated, Any

import typer

from trialsift import __version__
from trialsift.errors import UserError
from trialsift.evaluation.errors import ErrorRow
from trialsift.evaluation.evaluate import Evaluation, label_names
from trialsift.evaluation.evaluate import evaluate as evaluate_documents
from trialsift.evaluation.thresholds import parse_threshold, shortfalls
from trialsift.facts import annotation_record
from trialsift.gold import GoldDocument, parse_document, read_gold
from trialsift.resources import patterns_dir, patterns_hash
from trialsift.spreadsheet import make_safe

SCORES, ERRORS = "scores.json", "errors.csv"


class BelowThreshold(UserError):
    """A score is below what `--fail-under` asks for: the run is fine, its result is not."""

    exit_code = 1


def evaluate(
    gold: Annotated[Path, typer.Option(help="Gold annotations, JSON Lines.", show_default=False)],
    out: Annotated[Path, typer.Option(help="Folder for scores.json and errors.csv.", show_default=False)],
    pred: Annotated[
        Path | None,
        typer.Option(
            help="Predicted annotations in the same format; without it they are extracted now from gold's own texts.",
            show_default=False,
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the scores that are in --out.")] = False,
    fail_under: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE",
            show_default=False,
            help="End with code 1 if a score is lower: value_f1=0.9, detection_recall, exact_f1, LAB.value_f1, "
            "regimens_f1. May be given several times.",
        ),
    ] = None,
    bootstrap: Annotated[int, typer.Option(min=0, help="Resamples for the 95 % intervals; 0 for none.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the resampling.")] = 0,
) -> None:
    """Score predictions against gold annotations: precision, recall and F1 with 95 % intervals, and every error."""
    _check_out(out, force)
    documents = read_gold(gold)
    if not documents:
        raise UserError(f"{gold}: no documents; expected one JSON object a line")
    thresholds = [parse_threshold(text, label_names(documents)) for text in fail_under or []]
    predictions = extract(documents) if pred is None else read_gold(pred)
    evaluation = evaluate_documents(documents, predictions, bootstrap, seed)
    run: dict[str, Any] = {
        "trialsift_version": __version__,
        "gold": str(gold),
        "predictions": None if pred is None else str(pred),
        "bootstrap": {"resamples": bootstrap, "seed": seed, "level": 0.95},
    }
    if pred is None:
        run["patterns_sha256"] = patterns_hash(patterns_dir())
    written = write_results(out, evaluation, run)
    for warning in evaluation.warnings:
        typer.echo(f"Warning: {warning}", err=True)

    from trialsift.cli.score_tables import print_scores  # rich takes a while, and only this line needs it

    print_scores(evaluation, written)
    missed = shortfalls(evaluation, thresholds)
    if missed:
        raise BelowThreshold("; ".join(missed))


def extract(documents: list[GoldDocument]) -> list[GoldDocument]:
    """Predictions for the texts of these documents, as the installed patterns make them now."""
    from trialsift.extraction import Extractor  # a scorer of two files needs no extraction

    extractor = Extractor()
    return [
        parse_document(annotation_record(d.doc_id, d.text, extractor.annotate(d.text)), f"extraction from {d.doc_id}")
        for d in documents
    ]


def write_results(out: Path, evaluation: Evaluation, run: dict[str, Any]) -> tuple[Path, Path]:
    """Writes scores.json and errors.csv into a folder, which is made if need be; returns their paths.

    Raises UserError if the folder can't be written. Text in the CSV can't be taken for a formula by a spreadsheet.
    """
    import pandas as pd

    scores_path, errors_path = out / SCORES, out / ERRORS
    rows = [
        {k: make_safe(v) if isinstance(v, str) else v for k, v in asdict(error).items()} for error in evaluation.errors
    ]
    table = pd.DataFrame(rows, columns=[f.name for f in fields(ErrorRow)])
    scores = json.dumps({"run": run, **evaluation.to_json()}, ensure_ascii=False, indent=2, allow_nan=False)
    try:
        out.mkdir(parents=True, exist_ok=True)
        table.to_csv(errors_path, index=False, encoding="utf-8", lineterminator="\n")
        scores_path.write_text(scores + "\n", encoding="utf-8")
    except OSError as error:
        raise UserError(f"{out}: can't be written ({error.strerror}); choose another folder for --out") from None
    return scores_path, errors_path


def _check_out(out: Path, force: bool) -> None:
    if out.exists() and not out.is_dir():
        raise UserError(f"{out}: is a file; expected a folder for --out")
    existing = [name for name in (SCORES, ERRORS) if (out / name).exists()]
    if existing and not force:
        raise UserError(f"{out / existing[0]} exists already: give another folder for --out, or --force to overwrite")
