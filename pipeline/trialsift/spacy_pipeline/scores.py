"""The names of the scores that spaCy is told of: what the component declares, and what the scorer fills in."""

from typing import Any

from trialsift.spacy_pipeline.doc_annotation import SPANS_KEY

#: The scorer, by the name under which spaCy's registry finds it (evaluation/spacy_scorer.py).
SCORER = "trialsift.scorer.v1"
LEVELS = ("value", "detection", "exact")
#: What weighs in a training that has gold of this kind; the other scores are only named.
DEFAULT_SCORE_WEIGHTS: dict[str, float | None] = {
    f"{SPANS_KEY}_{level}_{rate}": 1.0 if (level, rate) == ("value", "f") else None
    for level in (*LEVELS, "regimens")
    for rate in ("f", "p", "r", "per_type")
    if (level, rate) != ("regimens", "per_type")
}

Scores = dict[str, Any]
