"""`report.html`: the scores of an evaluation, and every error in its context, gold and prediction side by side.

In: the object that `scores.json` is written from, the errors, gold and predictions. Out: one HTML page. Every number
of the scores is looked up in that object; its cell says where (`data-pointer`, RFC 6901), so that it can be checked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trialsift import __version__
from trialsift.evaluation.confusion import NOTHING
from trialsift.evaluation.errors import ErrorRow
from trialsift.evaluation.regimens import spans_of
from trialsift.gold import GoldDocument, Span
from trialsift.pages.page import render
from trialsift.pages.passages import Segment, segments, window
from trialsift.words import interval_of_rates, rate_words

if TYPE_CHECKING:
    from markupsafe import Markup

    from trialsift.plots import Plot

#: Classes of error in the order of their weight, as a person reads them.
ERROR_CLASSES = {
    "wrong_value": "wrong value",
    "missed": "missed",
    "spurious": "spurious",
    "wrong_attribute": "wrong attribute",
    "wrong_offsets": "wrong offsets",
    "missed_regimen": "missed regimen",
    "spurious_regimen": "spurious regimen",
}


class Scores:
    """The scores of a run as cells of a table, each with its JSON pointer into `scores.json`."""

    def __init__(self, scores: Mapping[str, Any]) -> None:
        self._scores = scores

    def at(self, keys: Sequence[str | int]) -> Any:
        """The value at a path."""
        value: Any = self._scores
        for key in keys:
            value = value[key]
        return value

    def cell(self, keys: Sequence[str | int], style: str = "n") -> Markup:
        """A cell with a count, a rate to three decimals, or an interval of rates; differences with their sign."""
        from markupsafe import Markup

        pointer = "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in keys)
        signed = keys[0] == "comparison" and keys[-1] in ("difference", "interval")
        words = number_words(self.at(keys), signed)
        return Markup('<td class="{}" data-pointer="{}">{}</td>').format(style, pointer, words)

    @staticmethod
    def count(rows: Iterable[Mapping[str, Any]], key: str, value: str) -> int:
        """How many rows have this value."""
        return sum(row[key] == value for row in rows)


def number_words(value: Any, signed: bool = False) -> str:
    """How the report writes a number of the scores: `12`, `0.983`, `0.975–0.991`, `-` for what can't be computed;
    `signed`: `+0.012`, `−0.003 to +0.010`."""
    if signed and value is not None:
        ends = value if isinstance(value, (list, tuple)) else [value]
        return " to ".join(f"{end:+.3f}".replace("-", "−") for end in ends)
    if isinstance(value, (list, tuple)):
        return interval_of_rates((value[0], value[1]))
    return str(value) if isinstance(value, int) else rate_words(value)


@dataclass(frozen=True, slots=True)
class ErrorView:
    """An error as the page shows it: what it is about, and its context with the highlights of either side."""

    number: int
    row: ErrorRow
    kind: str
    gold: list[Segment]
    predicted: list[Segment]


def report_html(
    scores: Mapping[str, Any],
    errors: Sequence[ErrorRow],
    gold: Iterable[GoldDocument],
    predicted: Iterable[GoldDocument],
    plots: Mapping[str, Sequence[Plot]] | None = None,
) -> str:
    """The page. `scores` is what `scores.json` holds; `plots` has those of `scores`, `comparison` and `corpus`."""
    plots = plots or {}
    shown = error_views(errors, gold, predicted)
    return render(
        "report.html.j2",
        styles=("base.css", "report.css"),
        scripts=("base.js", "report.js"),
        version=__version__,
        s=Scores(scores),
        run=scores["run"],
        scores=scores,
        comparison=scores.get("comparison"),
        gold_name=Path(scores["run"]["gold"]).name,
        classes=ERROR_CLASSES,
        confusion=_matrix(scores["confusion"]),
        error_table=_error_table(scores["error_classes"]),
        errors_by_rule=Counter((e.label, e.rule) for e in errors if e.predicted_id is not None),
        errors_by_document=Counter(e.doc_id for e in errors),
        errors=shown,
        filters=_filters(errors),
        plots=plots,
    )


def error_views(
    errors: Sequence[ErrorRow], gold: Iterable[GoldDocument], predicted: Iterable[GoldDocument]
) -> list[ErrorView]:
    """The errors in their order, numbered from 1."""
    gold_by_id = {document.doc_id: document for document in gold}
    predicted_by_id = {document.doc_id: document for document in predicted}
    views = []
    for number, row in enumerate(errors, start=1):
        document = gold_by_id[row.doc_id]
        answer = predicted_by_id.get(row.doc_id, GoldDocument(row.doc_id, document.text))
        here, there = _spans(document, row, row.gold_id), _spans(answer, row, row.predicted_id)
        ranges = [(span.start, span.end) for span in (*here, *there)]
        left, right = window(document.text, min(a for a, _ in ranges), max(b for _, b in ranges))
        sides = [
            segments(document.text, left, right, [(s.start, s.end) for s in spans], _alike(side, row))
            for side, spans in ((document, here), (answer, there))
        ]
        views.append(ErrorView(number, row, ERROR_CLASSES.get(row.error, row.error), *sides))
    return views


def _spans(document: GoldDocument, row: ErrorRow, identifier: int | None) -> list[Span]:
    """The spans of one side of an error: one, those of a regimen, or none."""
    if identifier is None:
        return []
    if row.is_regimen:
        return spans_of(document, document.regimens[identifier])
    return [span for span in document.spans if span.id == identifier]


def _alike(document: GoldDocument, row: ErrorRow) -> list[Span]:
    """The spans that may explain an error: those of its label."""
    labels = ("DOSE", "FRACTIONS") if row.is_regimen else (row.label,)
    return [span for span in document.spans if span.label in labels]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Gold classes down, predicted ones across; a cell is the index of its count in the scores, or None."""

    gold: list[str]
    predicted: list[str]
    cells: dict[tuple[str, str], int]


def _matrix(counts: Sequence[Mapping[str, Any]]) -> Matrix:
    """`nothing` stands last on both sides."""

    def classes(side: str) -> list[str]:
        return sorted({row[side] for row in counts}, key=lambda name: (name == NOTHING, name))

    cells = {(row["gold"], row["predicted"]): index for index, row in enumerate(counts)}
    return Matrix(classes("gold"), classes("predicted"), cells)


def _error_table(counts: Sequence[Mapping[str, Any]]) -> Matrix:
    """Labels down, classes of error across."""
    found = {row["error"] for row in counts}
    labels = list(dict.fromkeys(row["label"] for row in counts))
    known = [name for name in ERROR_CLASSES if name in found]
    cells = {(row["label"], row["error"]): index for index, row in enumerate(counts)}
    return Matrix(labels, known + sorted(found - set(known)), cells)


def _filters(errors: Sequence[ErrorRow]) -> dict[str, list[tuple[str, str, int]]]:
    """What can be chosen in each filter: value, what it is called, number of errors."""
    fields = {
        "label": Counter(e.label for e in errors),
        "class": Counter(e.error for e in errors),
        "document": Counter(e.doc_id for e in errors),
        "rule": Counter(e.rule for e in errors if e.rule),
    }
    return {
        name: [(value, ERROR_CLASSES.get(value, value), counts[value]) for value in sorted(counts)]
        for name, counts in fields.items()
    }
