"""Scores by name and the least that they have to be."""

from __future__ import annotations

import pytest

from tests.evaluation.test_evaluate import GOLD, PREDICTED
from trialsift.evaluation import evaluate
from trialsift.evaluation.thresholds import Threshold, find_score, list_shortfalls, parse_threshold
from trialsift.model.errors import UserError

LABELS = ["AGE", "LAB", "TUMOUR_SIZE"]


@pytest.mark.parametrize(
    ("text", "threshold"),
    [
        ("value_f1=0.9", Threshold("value_f1", 0.9)),
        ("detection_recall=1", Threshold("detection_recall", 1)),
        ("LAB.exact_precision=0", Threshold("LAB.exact_precision", 0)),
        ("TUMOUR_SIZE.value_f1=.5", Threshold("TUMOUR_SIZE.value_f1", 0.5)),
        ("regimens_f1 = 0.5", Threshold("regimens_f1", 0.5)),
    ],
)
def test_names(text: str, threshold: Threshold) -> None:
    assert parse_threshold(text, LABELS) == threshold


@pytest.mark.parametrize(
    "text",
    [
        "f1=0.9",
        "value=0.9",
        "=0.9",
        "",
        "DOSE.value_f1=0.9",
        "LAB.regimens_f1=0.9",
        "LAB.value=1",
        ".value_f1=1",
        "lab.value_f1=1",
    ],
)
def test_an_unknown_name_is_answered_with_the_valid_ones(text: str) -> None:
    with pytest.raises(UserError, match=r"valid names are detection_precision, .*regimens_f1.*AGE, LAB"):
        parse_threshold(text, LABELS)


@pytest.mark.parametrize(
    "text", ["value_f1", "value_f1=", "value_f1=high", "value_f1=90", "value_f1=-1", "value_f1=nan"]
)
def test_a_value_is_between_0_and_1(text: str) -> None:
    with pytest.raises(UserError, match="a value from 0 to 1"):
        parse_threshold(text, LABELS)


def test_scores_by_name() -> None:
    evaluation = evaluate(GOLD, PREDICTED)
    assert find_score(evaluation, "value_precision") == 4 / 11
    assert find_score(evaluation, "AGE.detection_recall") == 2 / 3
    assert find_score(evaluation, "regimens_f1") is None
    assert find_score(evaluation, "PERFORMANCE_STATUS.value_f1") is None


def test_shortfalls() -> None:
    evaluation = evaluate(GOLD, PREDICTED)
    assert list_shortfalls(evaluation, [Threshold("value_f1", 0.32), Threshold("AGE.detection_precision", 1)]) == []
    assert list_shortfalls(evaluation, [Threshold("value_f1", 0.33), Threshold("regimens_f1", 0)]) == [
        "value_f1 is 0.3200, 0.33 was asked for",
        "regimens_f1 can't be computed (0/0), 0 was asked for",
    ]
