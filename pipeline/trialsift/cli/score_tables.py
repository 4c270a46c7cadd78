"""How scores look on a screen: 80 columns are enough, on a terminal and in a file.

In: an `Evaluation`. Out: text on standard output; the table that matters most comes last, where a terminal or the
tail of a log shows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from itertools import zip_longest
from pathlib import Path

from rich.console import Console
from rich.table import Table

from trialsift.cli.terminal import make_table
from trialsift.evaluation.comparison import Comparison, changes_words
from trialsift.evaluation.counts import LabelCounts, ScoreCounts
from trialsift.evaluation.evaluate import Evaluation
from trialsift.model.display import count_words, interval_of_rates, rate_words, signed_words

_WIDTH = 80


def print_scores(evaluation: Evaluation, written: Iterable[Path]) -> None:
    """Prints detection and exact scores, attribute accuracies, the files written, then the headline table."""
    console = Console(highlight=False, markup=False)
    console.width = max(console.width, _WIDTH)
    console.print(_other_levels(evaluation))
    console.print("\nAccuracy over the spans whose value is right:")
    accuracies = [f"{name} {rate_words(a.rate)} ({a.right}/{a.total})" for name, a in evaluation.attributes.items()]
    for one, other in zip_longest(accuracies[::2], accuracies[1::2], fillvalue=""):
        console.print(f"  {one:<39}{other}".rstrip(), soft_wrap=True)
    read = f"{count_words(len(evaluation.documents), 'document')}, {count_words(len(evaluation.errors), 'error')}"
    console.print(f"\n{read}. Written: " + ", ".join(map(str, written)), soft_wrap=True)
    console.print("Value: precision, recall, F1 with its 95 % interval; detect, exact: F1 of these.")
    console.print(_headline(evaluation))


def print_comparison(comparison: Comparison, against: str) -> None:
    """Prints, below the scores, how value F1 moved against an earlier run, and how many facts fare differently."""
    console = Console(highlight=False, markup=False)
    moved = next(r for r in comparison.scores if (r["label"], r["level"], r["rate"]) == ("all labels", "value", "f1"))
    interval = "" if moved["interval"] is None else f" ({signed_words(moved['interval'])})"
    console.print(
        f"\nAgainst {against}, {count_words(comparison.documents, 'document')}: value F1 "
        f"{rate_words(moved['before'])} → {rate_words(moved['after'])}, {signed_words(moved['difference'])}{interval}; "
        f"facts: {changes_words(asdict(change) for change in comparison.changes)}.",
        soft_wrap=True,
    )


def _headline(evaluation: Evaluation) -> Table:
    table = make_table("value", ["gold", "pred", "P", "R", "F1", "95 % of F1", "detect", "exact"])
    for name, by_document in _rows(evaluation):
        counts = sum(by_document, LabelCounts())
        interval = evaluation.bootstrap.intervals([c.value for c in by_document])["f1"]
        table.add_row(
            name,
            str(counts.gold),
            str(counts.predicted),
            *_rates(counts.value),
            interval_of_rates(interval),
            rate_words(counts.detection.f1),
            rate_words(counts.exact.f1),
        )
    regimens = evaluation.regimens
    table.add_row(
        "regimens",
        str(regimens.tp + regimens.fn),
        str(regimens.tp + regimens.fp),
        *_rates(regimens),
        interval_of_rates(evaluation.regimen_intervals["f1"]),
        "",
        "",
    )
    return table


def _other_levels(evaluation: Evaluation) -> Table:
    table = make_table("detection, exact", ["detect P", "R", "F1", "exact P", "R", "F1"])
    for name, by_document in _rows(evaluation):
        counts = sum(by_document, LabelCounts())
        table.add_row(name, *_rates(counts.detection), *_rates(counts.exact))
    return table


def _rows(evaluation: Evaluation) -> list[tuple[str, list[LabelCounts]]]:
    labels = [(label, evaluation.by_document(label)) for label in evaluation.label_names]
    return [*labels, ("all labels", evaluation.by_document())]


def _rates(tally: ScoreCounts) -> tuple[str, str, str]:
    return rate_words(tally.precision), rate_words(tally.recall), rate_words(tally.f1)
