"""Renders `report.md`: the scores of an evaluation as a pull-request comment for GitHub and GitLab.

In: the object of `scores.json`, and the errors. Out: Markdown, with tables by tabulate.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from trialsift.evaluation.comparison import describe_changes
from trialsift.evaluation.errors import ErrorRow
from trialsift.evaluation.evaluate import GROUPS
from trialsift.model.display import format_count
from trialsift.reports.report import ERROR_CLASSES, format_number

#: A comment has a limited length; `errors.csv` and `report.html` list all.
MOST_ERRORS, MOST_CHANGES = 30, 50
_MARKDOWN = re.compile(r"([\\`*_\[\]#|~<>&$])")
#: Text that GitHub and GitLab turn into links, mentions or emoji: `https://`, `www.`, `@name`, `:tada:`.
_LINKED = re.compile(r"(?<=[:@])(?=\S)|(?<=www)(?=\.)|(?<=GH)(?=-\d)")


def render_markdown(scores: Mapping[str, Any], errors: Sequence[ErrorRow]) -> str:
    """Renders the report: headline table, comparison if there is one, classes of error, the first errors."""
    run, value = scores["run"], scores["micro"]["value"]
    parts = [
        f"## Evaluation of {escape(Path(run['gold']).name)}",
        f"{format_count(scores['documents'], 'document')}. Value F1 **{format_number(value['f1'])}** "
        f"({format_number(value['interval']['f1'])}), regimens F1 **{format_number(scores['regimens']['f1'])}**, "
        f"{format_count(len(errors), 'error')}.",
        *(f"> **Warning:** {escape(warning)}" for warning in scores["warnings"]),
        _format_scores(scores),
    ]
    if "comparison" in scores:
        parts += _format_comparison(scores["comparison"])
    if errors:
        parts += ["### Errors", _format_classes(scores), _format_errors(errors)]
    return "\n\n".join(parts) + "\n"


def escape(value: object) -> str:
    """Escapes a document's text, so that nothing in it is mark-up, a mention, a link or a line end."""
    return _LINKED.sub("\u200b", _MARKDOWN.sub(r"\\\1", " ".join(str(value).split())))


def _format_scores(scores: Mapping[str, Any]) -> str:
    rows = []
    labels = [(escape(label), counts) for label, counts in scores["labels"].items()]
    for name, counts in [*labels, ("**all labels**", scores["micro"])]:
        value = counts["value"]
        rows.append(
            [
                name,
                counts["gold"],
                counts["predicted"],
                *(format_number(value[rate]) for rate in ("precision", "recall", "f1")),
                format_number(value["interval"]["f1"]),
                format_number(counts["detection"]["f1"]),
                format_number(counts["exact"]["f1"]),
            ]
        )
    for key in GROUPS:
        counts = scores[key]
        rows.append(
            [
                key.replace("_", " "),
                counts["tp"] + counts["fn"],
                counts["tp"] + counts["fp"],
                *(format_number(counts[rate]) for rate in ("precision", "recall", "f1")),
                format_number(counts["interval"]["f1"]),
                "",
                "",
            ]
        )
    return _format_table(["label", "gold", "predicted", "P", "R", "value F1", "95 %", "detection F1", "exact F1"], rows)


def _format_comparison(comparison: Mapping[str, Any]) -> list[str]:
    rows = [
        [
            escape(row["label"]),
            format_number(row["before"]),
            format_number(row["after"]),
            format_number(row["difference"], signed=True),
            format_number(row["interval"], signed=True),
        ]
        for row in comparison["scores"]
        if row["level"] == "value" and row["rate"] == "f1"
    ]
    changes = comparison["changes"]
    not_compared = comparison["not_compared"]
    said = (
        f"; not compared, since their gold differs or one run lacks them: {len(not_compared)}" if not_compared else ""
    )
    parts = [
        f"### Compared with {escape(comparison['against'])}",
        f"{format_count(comparison['documents'], 'document')}{said}. Facts: {describe_changes(changes)}.",
        _format_table(["value F1", "before", "after", "difference", "95 %"], rows),
    ]
    if changes:
        listed = [
            [
                change["direction"],
                escape(change["doc_id"]),
                escape(change["label"]),
                escape(change["text"]),
                escape(change["gold_value"]),
                escape(f"{change['before']} {change['before_value']}"),
                escape(f"{change['after']} {change['after_value']}"),
            ]
            for change in changes[:MOST_CHANGES]
        ]
        table = _format_table(["", "document", "label", "text", "gold", "before", "after"], listed)
        parts.append(_fold(_describe_extent("change", len(changes), MOST_CHANGES), table))
    return parts


def _format_classes(scores: Mapping[str, Any]) -> str:
    counts = {(row["label"], row["error"]): row["count"] for row in scores["error_classes"]}
    labels = list(dict.fromkeys(label for label, _ in counts))
    kinds = [kind for kind in ERROR_CLASSES if any(error == kind for _, error in counts)]
    rows = [[escape(label), *(counts.get((label, kind), 0) for kind in kinds)] for label in labels]
    return _format_table(["label", *(ERROR_CLASSES[kind] for kind in kinds)], rows)


def _format_errors(errors: Sequence[ErrorRow]) -> str:
    rows = [
        [
            escape(e.label),
            ERROR_CLASSES.get(e.error, escape(e.error)) + (f" ({escape(e.differs)})" if e.differs else ""),
            f"{escape(e.doc_id)}:{e.line}",
            escape(e.gold_value),
            escape(e.predicted_value),
            escape(e.context),
        ]
        for e in errors[:MOST_ERRORS]
    ]
    table = _format_table(["label", "error", "place", "gold", "predicted", "context"], rows)
    return _fold(_describe_extent("error", len(errors), MOST_ERRORS), table)


def _describe_extent(what: str, total: int, most: int) -> str:
    shown = format_count(total, what)
    return f"All of {shown}" if total <= most else f"The first {most} of {shown}"


def _fold(summary: str, body: str) -> str:
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def _format_table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    from tabulate import tabulate

    return tabulate(rows, headers=header, tablefmt="pipe", disable_numparse=True)
