"""What a report needs besides the evaluation."""

from __future__ import annotations

from typing import Any

from trialsift.evaluation import Evaluation


def bare_scores(evaluation: Evaluation, gold: str = "folder/gold_1.jsonl") -> dict[str, Any]:
    """The content of `scores.json` for predictions from a file."""
    run = {"gold": gold, "predictions": "pred.jsonl", "bootstrap": {"resamples": 20}}
    return {"run": run, **evaluation.to_json()}
