"""Makes the plots of `report.html` from the object of `scores.json` and the predictions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from trialsift.evaluation.evaluate import GROUPS
from trialsift.gold import GoldDocument
from trialsift.reports.plots import (
    DifferenceRow,
    Plot,
    Score,
    ScoreRow,
    corpus_plots,
    find_missing,
    plot_differences,
    plot_reliability,
    plot_reviewed,
    plot_scores,
)


def make_report_plots(scores: Mapping[str, Any], predicted: Sequence[GoldDocument]) -> dict[str, list[Plot]] | str:
    """Returns plots by section: `scores`, `comparison`, `calibration`, and `corpus`, which shows what the predictions
    state. Without matplotlib, a sentence that says how to install it."""
    if missing := find_missing():
        return missing
    rows = [
        ScoreRow(label, *(_make_score(counts[level]) for level in ("detection", "value", "exact")))
        for label, counts in [*scores["labels"].items(), ("all labels", scores["micro"])]
    ]
    rows += [ScoreRow(key.replace("_", " "), value=_make_score(scores[key])) for key in GROUPS]
    differences = [
        DifferenceRow(row["label"], row["difference"], row["interval"])
        for row in scores.get("comparison", {}).get("scores", ())
        if row["level"] == "value" and row["rate"] == "f1"
    ]
    moved = plot_differences(differences, title="Difference in value F1", first="the earlier run", second="this run")
    calibration = scores.get("calibration")
    sure = [] if calibration is None else [plot_reliability(calibration), plot_reviewed(calibration)]
    return {
        "calibration": [plot for plot in sure if plot is not None],
        "scores": _list_plot(plot_scores(rows)),
        "comparison": _list_plot(moved),
        "corpus": corpus_plots(predicted),
    }


def _list_plot(plot: Plot | None) -> list[Plot]:
    return [] if plot is None else [plot]


def _make_score(counts: Mapping[str, Any]) -> Score | None:
    return None if counts["f1"] is None else Score(counts["f1"], counts["interval"]["f1"])
