"""Renders `report.html`: the scores of an evaluation, and every error with gold and prediction side by side.

In: the object of `scores.json`, the errors, gold and predictions. Out: one HTML page. Every score is looked up in that
object, and its cell has the JSON pointer (`data-pointer`, RFC 6901), so that it can be checked.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trialsift.evaluation.comparison import describe_changes
from trialsift.evaluation.confusion import NOTHING
from trialsift.evaluation.errors import ErrorRow
from trialsift.gold import GoldDocument, GoldSpan
from trialsift.model.display import format_count, format_difference, format_rate, format_rate_interval
from trialsift.model.version import __version__
from trialsift.reports.accuracy import read_accuracy
from trialsift.reports.page import render
from trialsift.reports.passages import Segment, cut_segments, find_windows

if TYPE_CHECKING:
    from markupsafe import Markup

    from trialsift.reports.plots import Plot

#: Classes of error by decreasing weight, with their names in the report.
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
        """Returns the value at a path."""
        value: Any = self._scores
        for key in keys:
            value = value[key]
        return value

    def cell(self, keys: Sequence[str | int], style: str = "n") -> Markup:
        """Makes a cell with a count, a rate to three decimals, or an interval of rates; differences have a sign."""
        from markupsafe import Markup

        pointer = "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in keys)
        signed = keys[0] == "comparison" and keys[-1] in ("difference", "interval")
        words = format_number(self.at(keys), signed)
        return Markup('<td class="{}" data-pointer="{}">{}</td>').format(style, pointer, words)


def format_number(value: Any, signed: bool = False) -> str:
    """Formats a number of the scores: `12`, `0.983`, `0.975–0.991`, `-` for 0/0.

    With `signed`: `+0.012`, `−0.003 to +0.010`.
    """
    if signed:
        return format_difference(value)
    if isinstance(value, (list, tuple)):
        return format_rate_interval((value[0], value[1]))
    return str(value) if isinstance(value, int) else format_rate(value)


@dataclass(frozen=True, slots=True)
class ErrorView:
    """An error as the page shows it: its row, and its context with the highlights of each side."""

    number: int
    row: ErrorRow
    kind: str
    gold: list[Segment]
    predicted: list[Segment]


def render_report(
    scores: Mapping[str, Any],
    errors: Sequence[ErrorRow],
    gold: Iterable[GoldDocument],
    predicted: Iterable[GoldDocument],
    plots: Mapping[str, Sequence[Plot]] | str | None = None,
) -> str:
    """Renders the page. `scores` is the content of `scores.json`; `plots` may have `scores`, `comparison`, `corpus`, or
    be a sentence that says why there are none."""
    plots, no_plots = ({}, plots) if isinstance(plots, str) else (plots or {}, None)
    shown = make_error_views(errors, gold, predicted)
    return render(
        "report.html.j2",
        styles=("base.css", "parts.css", "report.css"),
        scripts=("base.js", "report.js"),
        version=__version__,
        s=Scores(scores),
        run=scores["run"],
        scores=scores,
        comparison=scores.get("comparison"),
        accuracy=read_accuracy(),
        gold_name=Path(scores["run"]["gold"]).name,
        classes=ERROR_CLASSES,
        confusion=_make_matrix(scores["confusion"]),
        error_table=_make_error_table(scores["error_classes"]),
        errors_by_rule=Counter((e.label, e.rule) for e in errors if e.predicted_id is not None),
        errors_by_document=Counter(e.doc_id for e in errors),
        errors=shown,
        filters=_list_filters(errors),
        plots=plots,
        no_plots=no_plots,
        format_count=format_count,
        describe_changes=describe_changes,
    )


def make_error_views(
    errors: Sequence[ErrorRow], gold: Iterable[GoldDocument], predicted: Iterable[GoldDocument]
) -> list[ErrorView]:
    """Makes the views of the errors in order, numbered from 1."""
    gold_by_id = {document.doc_id: _Side(document) for document in gold}
    predicted_by_id = {document.doc_id: _Side(document) for document in predicted}
    views = []
    for number, row in enumerate(errors, start=1):
        here = gold_by_id[row.doc_id]
        text = here.document.text
        other = predicted_by_id.get(row.doc_id) or _Side(GoldDocument(row.doc_id, text))
        places = [here.places(row, row.gold_id), other.places(row, row.predicted_id)]
        shown = find_windows(text, places[0] + places[1])
        views.append(
            ErrorView(
                number,
                row,
                ERROR_CLASSES.get(row.error, row.error),
                *(side.segments(row, shown, main) for side, main in zip((here, other), places, strict=True)),
            )
        )
    return views


class _Side:
    """One side's annotation of a document, with its spans by id and by label."""

    def __init__(self, document: GoldDocument) -> None:
        self.document = document
        self._by_id = {span.id: span for span in document.spans}
        self._by_label: dict[str, list[GoldSpan]] = defaultdict(list)
        for span in sorted(document.spans, key=lambda span: span.start):
            self._by_label[span.label].append(span)
        self._longest = max((span.end - span.start for span in document.spans), default=0)

    def places(self, row: ErrorRow, identifier: int | None) -> list[tuple[int, int]]:
        """Returns the ranges of this side of an error: one span, those of a regimen, or none."""
        if identifier is None:
            return []
        ids = self.document.regimens[identifier].facts if row.is_regimen else (identifier,)
        return sorted((self._by_id[i].start, self._by_id[i].end) for i in ids)

    def segments(
        self, row: ErrorRow, shown: Sequence[tuple[int, int]], main: Sequence[tuple[int, int]]
    ) -> list[Segment]:
        """Cuts the shown ranges; other spans of the error's label are highlighted too, since they may explain it."""
        labels = ("DOSE", "FRACTIONS") if row.is_regimen else (row.label,)
        result: list[Segment] = []
        for left, right in shown:
            if result:
                result.append(Segment(" … "))
            others = [span for label in labels for span in self._find_near(label, left, right)]
            result += cut_segments(self.document.text, left, right, main, others)
        return result

    def _find_near(self, label: str, left: int, right: int) -> list[GoldSpan]:
        spans = self._by_label[label]
        first = bisect_left(spans, left - self._longest, key=lambda span: span.start)
        return spans[first : bisect_left(spans, right, key=lambda span: span.start)]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Gold classes as rows, predicted ones as columns; a cell is the index of its count in the scores."""

    gold: list[str]
    predicted: list[str]
    cells: dict[tuple[str, str], int]


def _make_matrix(counts: Sequence[Mapping[str, Any]]) -> Matrix:
    """Makes the confusion matrix; `nothing` comes last on both sides."""

    def classes(side: str) -> list[str]:
        return sorted({row[side] for row in counts}, key=lambda name: (name == NOTHING, name))

    cells = {(row["gold"], row["predicted"]): index for index, row in enumerate(counts)}
    return Matrix(classes("gold"), classes("predicted"), cells)


def _make_error_table(counts: Sequence[Mapping[str, Any]]) -> Matrix:
    """Makes the table of errors, labels as rows and classes as columns."""
    found = {row["error"] for row in counts}
    labels = list(dict.fromkeys(row["label"] for row in counts))
    known = [name for name in ERROR_CLASSES if name in found]
    cells = {(row["label"], row["error"]): index for index, row in enumerate(counts)}
    return Matrix(labels, known + sorted(found - set(known)), cells)


def _list_filters(errors: Sequence[ErrorRow]) -> dict[str, list[tuple[str, str, int]]]:
    """Lists the choices of each filter: value, displayed name, number of errors."""
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
