"""Looks up scores by name and compares them with minimum values, for `--fail-under`.

Names: `value_f1`, `detection_recall` … over all labels; `LAB.value_f1` for one label; `regimens_f1`, `own_regimens_f1`,
`alternatives_f1`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from trialsift.evaluation.bootstrap import RATES
from trialsift.evaluation.counts import LEVELS
from trialsift.evaluation.evaluate import GROUPS, Evaluation
from trialsift.model.errors import UserError

#: Scores over all labels or, after a label and a dot, for one label.
SPAN_SCORES = tuple(f"{level}_{rate}" for level in LEVELS for rate in RATES)
#: Scores of what has no label.
GROUP_SCORES = tuple(f"{name}_{rate}" for name in GROUPS for rate in RATES)


@dataclass(frozen=True, slots=True)
class Threshold:
    """A score's name and its minimum, 0 to 1."""

    name: str
    least: float


def parse_threshold(text: str, labels: Iterable[str]) -> Threshold:
    """Parses `value_f1=0.9` or `LAB.value_f1=0.9`.

    Raises UserError, listing the valid names, for an unknown score or a label that is not among `labels`.
    """
    name, separator, number = text.partition("=")
    name = name.strip()
    label, dot, plain = name.rpartition(".")
    known = plain in SPAN_SCORES if dot else plain in (*SPAN_SCORES, *GROUP_SCORES)
    labels = list(labels)
    if not known or (dot and label not in labels):
        raise UserError(
            f"--fail-under {text}: {name!r} is no score; valid names are "
            f"{', '.join((*SPAN_SCORES, *GROUP_SCORES))}, all but the last nine also after a label and "
            f"a dot (LABEL.value_f1), with the labels {', '.join(labels)}"
        )
    try:
        least = float(number)
    except ValueError:
        least = -1.0
    if not separator or not 0 <= least <= 1:
        raise UserError(f"--fail-under {text}: expected NAME=VALUE with a value from 0 to 1, such as value_f1=0.9")
    return Threshold(name, least)


def find_score(evaluation: Evaluation, name: str) -> float | None:
    """Returns the score of that name; None for 0/0. Raises KeyError for a name that `parse_threshold` would refuse."""
    label, _, plain = name.rpartition(".")
    level, _, rate = plain.rpartition("_")
    if plain in GROUP_SCORES:
        counts = evaluation.groups[level]
    else:
        counts = (evaluation.labels[label] if label else evaluation.micro).level(level)
    return {"precision": counts.precision, "recall": counts.recall, "f1": counts.f1}[rate]


def list_shortfalls(evaluation: Evaluation, thresholds: Iterable[Threshold]) -> list[str]:
    """Describes each threshold that is not met. A score of 0/0 meets none."""
    result = []
    for threshold in thresholds:
        reached = find_score(evaluation, threshold.name)
        if reached is None:
            result.append(f"{threshold.name} can't be computed (0/0), {threshold.least:g} was asked for")
        elif reached < threshold.least:
            result.append(f"{threshold.name} is {reached:.4f}, {threshold.least:g} was asked for")
    return result
