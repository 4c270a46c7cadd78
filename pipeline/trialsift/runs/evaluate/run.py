"""`trialsift evaluate` as a function for notebooks and tests: two files in, scores and reports out.

Reads gold and predictions (or extracts them from the texts of gold), scores them, compares them with an earlier run if
one is named, and writes the folder described in write.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict, Unpack

from trialsift.evaluation.calibration import calibrate
from trialsift.evaluation.comparison import Comparison, compare, read_scores
from trialsift.evaluation.evaluate import Evaluation, evaluate, list_labels
from trialsift.evaluation.thresholds import list_shortfalls, parse_threshold
from trialsift.gold import GoldDocument, parse_document, read_gold
from trialsift.model.errors import UserError
from trialsift.model.fact import annotation_record
from trialsift.model.version import __version__
from trialsift.rules.files import find_patterns
from trialsift.rules.layers import Patterns, hash_patterns
from trialsift.runs.evaluate.write import check_out, write_results
from trialsift.runs.folder import find_annotations


@dataclass(frozen=True, slots=True)
class EvaluationRun:
    """The scores, the comparison if any, the files written, and a sentence for each score below its threshold."""

    evaluation: Evaluation
    comparison: Comparison | None
    written: tuple[Path, ...]
    shortfalls: tuple[str, ...]


class EvaluationOptions(TypedDict, total=False):
    """The keyword arguments of `evaluate_run`, which explains them; `_Settings` has their defaults."""

    against: Path | None
    force: bool
    fail_under: Sequence[str]
    resamples: int
    seed: int
    extra_patterns: Path | str | Sequence[Path | str]


@dataclass(frozen=True, kw_only=True)
class _Settings:
    gold: Path
    pred: Path | None
    against: Path | None = None
    force: bool = False
    fail_under: Sequence[str] = ()
    resamples: int = 1000
    seed: int = 0
    extra_patterns: Path | str | Sequence[Path | str] = ()


def evaluate_run(
    gold: Path, out: Path, pred: Path | None = None, **options: Unpack[EvaluationOptions]
) -> EvaluationRun:
    """Scores `pred` (by default: facts extracted now from the texts of gold) against `gold`, both JSON Lines. `pred`
    may also be the folder of a run.

    `extra_patterns` are folders laid over the shipped rules for that extraction. `against` is the `scores.json` of an
    earlier run; `fail_under` are thresholds such as `value_f1=0.9`; `resamples` and `seed` are those of the bootstrap.
    A score that is too low is no error here: see `list_shortfalls`.

    Raises UserError for files or names that cannot be used, for `extra_patterns` together with `pred`, and for an `out`
    that holds results already, unless `force` is set; PatternError for rules that cannot be used.
    """
    settings = _Settings(gold=gold, pred=pred, **options)
    if pred is not None and settings.extra_patterns:
        raise UserError(f"{pred}: predictions are there already, and rules (--patterns) would change nothing in them")
    rules = find_patterns(extra=settings.extra_patterns)
    check_out(out, settings.force)
    earlier = None if settings.against is None else read_scores(settings.against)
    documents = read_gold(gold)
    if not documents:
        raise UserError(f"{gold}: no documents; expected one JSON object a line")
    thresholds = [parse_threshold(text, list_labels(documents)) for text in settings.fail_under]
    predictions = extract(documents, rules) if pred is None else read_gold(find_annotations(pred))
    evaluation = evaluate(documents, predictions, settings.resamples, settings.seed)
    comparison = None if earlier is None else compare(earlier, evaluation, settings.resamples, settings.seed)
    scores = _make_scores(settings, hash_patterns(rules), evaluation, comparison)
    calibration = calibrate(documents, predictions, evaluation.errors)
    scores["calibration"] = None if calibration is None else calibration.to_json()
    written = write_results(out, scores, evaluation.errors, documents, predictions)
    return EvaluationRun(evaluation, comparison, written, tuple(list_shortfalls(evaluation, thresholds)))


def _make_scores(
    settings: _Settings, patterns: str, evaluation: Evaluation, comparison: Comparison | None
) -> dict[str, Any]:
    """Returns the contents of `scores.json`; `patterns` is the hash of the rules."""
    run: dict[str, Any] = {
        "trialsift_version": __version__,
        "gold": str(settings.gold),
        "predictions": None if settings.pred is None else str(settings.pred),
        "bootstrap": {"resamples": settings.resamples, "seed": settings.seed, "level": 0.95},
    }
    if settings.pred is None:
        run["patterns_sha256"] = patterns
    scores = {"run": run, **evaluation.to_json()}
    if comparison is not None:
        scores["comparison"] = {"against": str(settings.against), **comparison.to_json()}
    return scores


def extract(documents: Sequence[GoldDocument], patterns: Patterns | None = None) -> list[GoldDocument]:
    """Returns predictions for the texts of these documents, by these patterns (default: the shipped ones): for the
    labels that are on by default, and for others annotated there."""
    from trialsift.extraction.confidence import read_rater
    from trialsift.extraction.extractor import Extractor  # scoring two files needs no extraction
    from trialsift.rules.labels import read_labels

    patterns, scored = patterns or find_patterns(), set(list_labels(documents))
    wanted = frozenset(one.label for one in read_labels(patterns) if one.default or one.label in scored)
    extractor, rater = Extractor(patterns, wanted), read_rater(patterns)
    predictions = []
    for document in documents:
        annotation = extractor.annotate(document.text, document.parts)
        record = annotation_record(document.doc_id, document.text, annotation)
        record["confidence"] = rater.rate(document.text, annotation).to_record()
        predictions.append(parse_document(record, f"extraction from {document.doc_id}"))
    return predictions
