"""`report.md`: the scores of an evaluation as a comment on a pull request, which GitHub and GitLab render.

In: the object that `scores.json` is written from, and the errors. Out: Markdown, with tables by tabulate.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from trialsift.evaluation.comparison import changes_words
from trialsift.evaluation.errors import ErrorRow
from trialsift.model.display import count_words
from trialsift.reports.report import ERROR_CLASSES, number_words

#: More are in `errors.csv` and `report.html`; a comment has a limited length.
MOST_ERRORS, MOST_CHANGES = 30, 50
_MARKDOWN = re.compile(r"([\\`*_\[\]#|~<>&$])")
#: What GitHub and GitLab make links, mentions or pictures of without mark-up: `https://`, `www.`, `@name`, `:tada:`.
_LINKED = re.compile(r"(?<=[:@])(?=\S)|(?<=www)(?=\.)|(?<=GH)(?=-\d)")


def report_markdown(scores: Mapping[str, Any], errors: Sequence[ErrorRow]) -> str:
    """The report: headline table, comparison if there is one, classes of error, the first errors."""
    run = scores["run"]
    parts = [
        f"## Evaluation of {text(Path(run['gold']).name)}",
        f"{count_words(scores['documents'], 'document')}. Value F1 **{number_words(scores['micro']['value']['f1'])}** "
        f"({number_words(scores['micro']['value']['interval']['f1'])}), "
        f"regimens F1 **{number_words(scores['regimens']['f1'])}**, {count_words(len(errors), 'error')}.",
        *(f"> **Warning:** {text(warning)}" for warning in scores["warnings"]),
        _scores_table(scores),
    ]
    if "comparison" in scores:
        parts += _comparison(scores["comparison"])
    if errors:
        parts += ["### Errors", _classes_table(scores), _errors_list(errors)]
    return "\n\n".join(parts) + "\n"


def text(value: object) -> str:
    """A document's text as Markdown shows it: nothing in it is mark-up, a mention, a link or a new line."""
    return _LINKED.sub("\u200b", _MARKDOWN.sub(r"\\\1", " ".join(str(value).split())))


def _scores_table(scores: Mapping[str, Any]) -> str:
    rows = []
    labels = [(text(label), counts) for label, counts in scores["labels"].items()]
    for name, counts in [*labels, ("**all labels**", scores["micro"])]:
        value = counts["value"]
        rows.append(
            [
                name,
                counts["gold"],
                counts["predicted"],
                *(number_words(value[rate]) for rate in ("precision", "recall", "f1")),
                number_words(value["interval"]["f1"]),
                number_words(counts["detection"]["f1"]),
                number_words(counts["exact"]["f1"]),
            ]
        )
    regimens = scores["regimens"]
    rows.append(
        [
            "regimens",
            regimens["tp"] + regimens["fn"],
            regimens["tp"] + regimens["fp"],
            *(number_words(regimens[rate]) for rate in ("precision", "recall", "f1")),
            number_words(regimens["interval"]["f1"]),
            "",
            "",
        ]
    )
    return _table(["label", "gold", "predicted", "P", "R", "value F1", "95 %", "detection F1", "exact F1"], rows)


def _comparison(comparison: Mapping[str, Any]) -> list[str]:
    rows = [
        [
            text(row["label"]),
            number_words(row["before"]),
            number_words(row["after"]),
            number_words(row["difference"], signed=True),
            number_words(row["interval"], signed=True),
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
        f"### Compared with {text(comparison['against'])}",
        f"{count_words(comparison['documents'], 'document')}{said}. Facts: {changes_words(changes)}.",
        _table(["value F1", "before", "after", "difference", "95 %"], rows),
    ]
    if changes:
        listed = [
            [
                change["direction"],
                text(change["doc_id"]),
                text(change["label"]),
                text(change["text"]),
                text(change["gold_value"]),
                text(f"{change['before']} {change['before_value']}"),
                text(f"{change['after']} {change['after_value']}"),
            ]
            for change in changes[:MOST_CHANGES]
        ]
        table = _table(["", "document", "label", "text", "gold", "before", "after"], listed)
        parts.append(_folded(_first("change", len(changes), MOST_CHANGES), table))
    return parts


def _classes_table(scores: Mapping[str, Any]) -> str:
    counts = {(row["label"], row["error"]): row["count"] for row in scores["error_classes"]}
    labels = list(dict.fromkeys(label for label, _ in counts))
    kinds = [kind for kind in ERROR_CLASSES if any(error == kind for _, error in counts)]
    rows = [[text(label), *(counts.get((label, kind), 0) for kind in kinds)] for label in labels]
    return _table(["label", *(ERROR_CLASSES[kind] for kind in kinds)], rows)


def _errors_list(errors: Sequence[ErrorRow]) -> str:
    rows = [
        [
            text(e.label),
            ERROR_CLASSES.get(e.error, text(e.error)) + (f" ({text(e.differs)})" if e.differs else ""),
            f"{text(e.doc_id)}:{e.line}",
            text(e.gold_value),
            text(e.predicted_value),
            text(e.context),
        ]
        for e in errors[:MOST_ERRORS]
    ]
    table = _table(["label", "error", "place", "gold", "predicted", "context"], rows)
    return _folded(_first("error", len(errors), MOST_ERRORS), table)


def _first(what: str, total: int, most: int) -> str:
    shown = count_words(total, what)
    return f"All of {shown}" if total <= most else f"The first {most} of {shown}"


def _folded(summary: str, body: str) -> str:
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def _table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    from tabulate import tabulate

    return tabulate(rows, headers=header, tablefmt="pipe", disable_numparse=True)
