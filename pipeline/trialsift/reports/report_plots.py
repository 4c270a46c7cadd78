"""The plots of `report.html`: from the object that `scores.json` is written from, and from the predictions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from trialsift.gold import GoldDocument
from trialsift.reports.plots import DifferenceRow, Plot, Score, ScoreRow, corpus_plots, difference_bars, score_bars


def report_plots(scores: Mapping[str, Any], predicted: Sequence[GoldDocument]) -> dict[str, list[Plot]]:
    """Plots by section: `scores`, `comparison`, and `corpus`, which shows what the predictions state."""
    rows = [
        ScoreRow(label, *(_score(counts[level]) for level in ("detection", "value", "exact")))
        for label, counts in [*scores["labels"].items(), ("all labels", scores["micro"])]
    ]
    rows.append(ScoreRow("regimens", value=_score(scores["regimens"])))
    differences = [
        DifferenceRow(row["label"], row["difference"], row["interval"])
        for row in scores.get("comparison", {}).get("scores", ())
        if row["level"] == "value" and row["rate"] == "f1"
    ]
    moved = difference_bars(differences, title="Difference in value F1", first="the earlier run", second="this run")
    return {
        "scores": _drawn(score_bars(rows)),
        "comparison": _drawn(moved),
        "corpus": corpus_plots(predicted),
    }


def _drawn(plot: Plot | None) -> list[Plot]:
    return [] if plot is None else [plot]


def _score(counts: Mapping[str, Any]) -> Score | None:
    return None if counts["f1"] is None else Score(counts["f1"], counts["interval"]["f1"])
