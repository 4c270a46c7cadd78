"""Prints scores in 80 columns, on a terminal or into a file.

In: an `Evaluation`. Out: text on standard output, with the most important table last, where a terminal or the tail of a
log shows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from itertools import zip_longest
from pathlib import Path

from rich.console import Console
from rich.table import Table

from trialsift.cli.terminal import make_table
from trialsift.evaluation.comparison import Comparison, describe_changes
from trialsift.evaluation.counts import LabelCounts, ScoreCounts
from trialsift.evaluation.evaluate import Evaluation
from trialsift.model.display import format_count, format_difference, format_rate, format_rate_interval

_WIDTH = 80


def print_scores(evaluation: Evaluation, written: Iterable[Path]) -> None:
    """Prints detection and exact scores, attribute accuracies, the files written, then the headline table."""
    console = Console(highlight=False, markup=False)
    console.width = max(console.width, _WIDTH)
    console.print(_make_other_levels(evaluation))
    console.print("\nAccuracy over the spans whose value is right:")
    accuracies = [f"{name} {format_rate(a.rate)} ({a.right}/{a.total})" for name, a in evaluation.attributes.items()]
    for one, other in zip_longest(accuracies[::2], accuracies[1::2], fillvalue=""):
        console.print(f"  {one:<39}{other}".rstrip(), soft_wrap=True)
    read = f"{format_count(len(evaluation.documents), 'document')}, {format_count(len(evaluation.errors), 'error')}"
    console.print(f"\n{read}. Written: " + ", ".join(map(str, written)), soft_wrap=True)
    console.print("Value: precision, recall, F1 with its 95 % interval; detect, exact: F1 of these.")
    console.print(_make_headline(evaluation))


def print_comparison(comparison: Comparison, against: str) -> None:
    """Prints, below the scores, how value F1 changed against an earlier run, and how many facts changed."""
    console = Console(highlight=False, markup=False)
    moved = next(r for r in comparison.scores if (r["label"], r["level"], r["rate"]) == ("all labels", "value", "f1"))
    interval = "" if moved["interval"] is None else f" ({format_difference(moved['interval'])})"
    facts = describe_changes(asdict(change) for change in comparison.changes)
    console.print(
        f"\nAgainst {against}, {format_count(comparison.documents, 'document')}: value F1 "
        f"{format_rate(moved['before'])} → {format_rate(moved['after'])}, "
        f"{format_difference(moved['difference'])}{interval}; facts: {facts}.",
        soft_wrap=True,
    )


def _make_headline(evaluation: Evaluation) -> Table:
    table = make_table("value", ["gold", "pred", "P", "R", "F1", "95 % of F1", "detect", "exact"])
    for name, by_document in _list_rows(evaluation):
        counts = sum(by_document, LabelCounts())
        interval = evaluation.bootstrap.compute_intervals([c.value for c in by_document])["f1"]
        table.add_row(
            name,
            str(counts.gold),
            str(counts.predicted),
            *_format_rates(counts.value),
            format_rate_interval(interval),
            format_rate(counts.detection.f1),
            format_rate(counts.exact.f1),
        )
    for name, pairs in evaluation.groups.items():
        table.add_row(
            name.replace("_", " "),
            str(pairs.tp + pairs.fn),
            str(pairs.tp + pairs.fp),
            *_format_rates(pairs),
            format_rate_interval(evaluation.group_intervals[name]["f1"]),
            "",
            "",
        )
    return table


def _make_other_levels(evaluation: Evaluation) -> Table:
    table = make_table("detection, exact", ["detect P", "R", "F1", "exact P", "R", "F1"])
    for name, by_document in _list_rows(evaluation):
        counts = sum(by_document, LabelCounts())
        table.add_row(name, *_format_rates(counts.detection), *_format_rates(counts.exact))
    return table


def _list_rows(evaluation: Evaluation) -> list[tuple[str, list[LabelCounts]]]:
    labels = [(label, evaluation.by_document(label)) for label in evaluation.label_names]
    return [*labels, ("all labels", evaluation.by_document())]


def _format_rates(counts: ScoreCounts) -> tuple[str, str, str]:
    return format_rate(counts.precision), format_rate(counts.recall), format_rate(counts.f1)
