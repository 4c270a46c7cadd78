"""`trialsift evaluate`: scores predictions against gold annotations. A thin wrapper over `trialsift.evaluation`.

Reads two JSON Lines files of the gold format (or reads gold and extracts afresh from its texts), prints the scores,
and writes them with results.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from trialsift import __version__
from trialsift.errors import UserError
from trialsift.evaluation.comparison import compare, read_scores
from trialsift.evaluation.evaluate import evaluate as evaluate_documents
from trialsift.evaluation.evaluate import label_names
from trialsift.evaluation.thresholds import parse_threshold, shortfalls
from trialsift.facts import annotation_record
from trialsift.gold import GoldDocument, parse_document, read_gold
from trialsift.resources import patterns_dir, patterns_hash
from trialsift.results import check_out, write_results


class BelowThreshold(UserError):
    """A score is below what `--fail-under` asks for: the run is fine, its result is not."""

    exit_code = 1


def evaluate(
    gold: Annotated[Path, typer.Option(help="Gold annotations, JSON Lines.", show_default=False)],
    out: Annotated[
        Path, typer.Option(help="Folder for report.html, report.md, scores.json and errors.csv.", show_default=False)
    ],
    pred: Annotated[
        Path | None,
        typer.Option(
            help="Predicted annotations in the same format; without it they are extracted now from gold's own texts.",
            show_default=False,
        ),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="SCORES.JSON",
            help="scores.json of an earlier run on the same gold, to be compared with.",
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
    bootstrap: Annotated[
        int, typer.Option(min=0, max=100_000, help="Resamples for the 95 % intervals; 0 for none.")
    ] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the resampling.")] = 0,
) -> None:
    """Score predictions against gold annotations: precision, recall and F1 with 95 % intervals, and every error."""
    check_out(out, force)
    earlier = None if against is None else read_scores(against)
    documents = read_gold(gold)
    if not documents:
        raise UserError(f"{gold}: no documents; expected one JSON object a line")
    thresholds = [parse_threshold(text, label_names(documents)) for text in fail_under or []]
    predictions = extract(documents) if pred is None else read_gold(pred)
    evaluation = evaluate_documents(documents, predictions, bootstrap, seed)
    comparison = None if earlier is None else compare(earlier, evaluation, bootstrap, seed)
    run: dict[str, Any] = {
        "trialsift_version": __version__,
        "gold": str(gold),
        "predictions": None if pred is None else str(pred),
        "bootstrap": {"resamples": bootstrap, "seed": seed, "level": 0.95},
    }
    if pred is None:
        run["patterns_sha256"] = patterns_hash(patterns_dir())
    scores = {"run": run, **evaluation.to_json()}
    if comparison is not None:
        scores["comparison"] = {"against": str(against), **comparison.to_json()}
    written = write_results(out, scores, evaluation.errors, documents, predictions)
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
