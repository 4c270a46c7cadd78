"""The names of the scores that the component declares and the scorer computes."""

from typing import Any

from trialsift.spacy_pipeline.doc_annotation import SPANS_KEY

#: The name of the scorer in spaCy's registry (evaluation/spacy_scorer.py).
SCORER = "trialsift.scorer.v1"
LEVELS = ("value", "detection", "exact")
#: Weights for spaCy's training; only value F1 counts, the other scores are just named.
DEFAULT_SCORE_WEIGHTS: dict[str, float | None] = {
    f"{SPANS_KEY}_{level}_{rate}": 1.0 if (level, rate) == ("value", "f") else None
    for level in (*LEVELS, "regimens", "own_regimens", "alternatives")
    for rate in ("f", "p", "r", "per_type")
    if level in LEVELS or rate != "per_type"
}

Scores = dict[str, Any]
