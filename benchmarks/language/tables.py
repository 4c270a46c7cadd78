"""The table of constructs, as text, Markdown and CSV, and the list of failing sentences."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tabulate import tabulate

from benchmarks.language.score import Failure, Row
from trialsift.evaluation.counts import ScoreCounts

COLUMNS = ("construct", "kind", "sentences", "facts", "precision", "recall", "regimens", "context", "failing")
#: Failing sentences that are shown of one form.
_SHOWN = 1


def list_rows(rows: Iterable[Row]) -> list[dict[str, str | int | float | None]]:
    """Makes the cells of the table; rates are None where nothing was asked."""
    return [
        {
            "construct": row.construct,
            "kind": row.kind,
            "sentences": row.sentences,
            "facts": row.facts.tp + row.facts.fn,
            "precision": row.precision,
            "recall": row.recall,
            "regimens": row.regimens.f1 if row.regimens.tp + row.regimens.fn else None,
            "context": row.context[0] / row.context[1] if row.context[1] else None,
            "failing": len(row.failures),
        }
        for row in rows
    ]


def sum_rows(rows: Sequence[Row]) -> Row:
    """Adds up all rows but those of counter-sentences, which have no facts to find."""
    asked = [row for row in rows if row.kind != "counter"]
    return Row(
        "all but counter-sentences",
        "",
        "",
        sum(row.sentences for row in asked),
        sum(row.clean for row in asked),
        sum((row.facts for row in asked), ScoreCounts()),
        sum((row.regimens for row in asked), ScoreCounts()),
        (sum(row.context[0] for row in asked), sum(row.context[1] for row in asked)),
        tuple(failure for row in asked for failure in row.failures),
    )


def format_markdown(rows: Sequence[Row]) -> str:
    """Writes the table as Markdown, with a last row for all."""
    whole = [*rows, sum_rows(rows)] if len(rows) > 1 else rows
    cells = [[_show(value) for value in row.values()] for row in list_rows(whole)]
    return (
        tabulate(
            cells, headers=COLUMNS, tablefmt="pipe", disable_numparse=True, colalign=("left", "left", *["right"] * 7)
        )
        + "\n"
    )


def _show(value: str | int | float | None) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def format_csv(rows: Sequence[Row]) -> str:
    """Writes the table as CSV; rates in full, empty where nothing was asked."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(list_rows(rows))
    return text.getvalue()


def list_failures(rows: Iterable[Row], shown: int = _SHOWN) -> Iterator[str]:
    """Lists failing sentences, constructs with the most of them first, `shown` of each form; then wrong context."""
    for row in sorted(rows, key=lambda row: (-len(row.failures), -len(row.wrong_context))):
        for failures, what in ((row.failures, ""), (row.wrong_context, ", context")):
            if failures:
                yield f"{row.construct}{what}: {len(failures)} of {row.sentences}"
                yield from _list_forms(failures, shown)


def _list_forms(failures: Sequence[Failure], shown: int) -> Iterator[str]:
    forms = Counter(failure.form for failure in failures)
    listed: Counter[str] = Counter()
    for failure in sorted(failures, key=lambda failure: -forms[failure.form]):
        listed[failure.form] += 1
        if listed[failure.form] <= shown:
            wrong = "; ".join(failure.wrong)
            yield f"  {forms[failure.form]} × {failure.form!r}: {failure.text!r}: {wrong}"


def write_tables(rows: Sequence[Row], folder: Path) -> None:
    """Writes constructs.csv, constructs.md and failures.txt into a folder, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "constructs.csv").write_text(format_csv(rows), encoding="utf-8")
    (folder / "constructs.md").write_text(format_markdown(rows), encoding="utf-8")
    (folder / "failures.txt").write_text("".join(line + "\n" for line in list_failures(rows, 100)), encoding="utf-8")
