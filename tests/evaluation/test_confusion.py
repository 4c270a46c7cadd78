"""What was taken for what, counted by hand."""

from __future__ import annotations

import pytest

from tests.evaluation.builders import age, document, dose, fractions, lab, span
from tests.evaluation.test_evaluate import GOLD, PREDICTED
from trialsift.evaluation import evaluate
from trialsift.evaluation.confusion import NOTHING
from trialsift.evaluation.evaluate import score_document
from trialsift.gold import GoldSpan

GY = "DOSE radiation"


@pytest.mark.parametrize(
    ("gold", "predicted", "counts"),
    [
        (
            [dose(0, 5, 2, "per_fraction")],
            [dose(0, 5, 2)],
            {("DOSE radiation per_fraction", f"{GY} total"): 1},
        ),
        ([fractions(0, 5, 25)], [dose(3, 8, 25)], {("FRACTIONS", f"{GY} total"): 1}),
        ([fractions(0, 5, 25)], [dose(5, 8, 25)], {("FRACTIONS", NOTHING): 1, (NOTHING, f"{GY} total"): 1}),
        (
            [age(0, 5, 18), age(10, 12, 70)],
            [age(0, 5, 18), lab(4, 9, "alt", 5), lab(10, 12, "alt", 5)],
            {("AGE", "AGE"): 1, ("AGE", "LAB"): 1, (NOTHING, "LAB"): 1},
        ),
        (
            [span("DOSE", 0, 5, modality="drug", low=5, unit="mg")],
            [span("DOSE", 0, 5, modality="drug", low=6, unit="mg")],
            {("DOSE drug", "DOSE drug"): 1},
        ),
        ([], [], {}),
    ],
)
def test_each_cell(gold: list[GoldSpan], predicted: list[GoldSpan], counts: dict[tuple[str, str], int]) -> None:
    assert dict(score_document(document("d", *gold), document("d", *predicted)).confusion) == counts


@pytest.mark.parametrize(("complete", "name"), [("value_without_role", "DOSE radiation"), (False, "DOSE")])
def test_a_class_names_only_what_is_gold(complete: object, name: str) -> None:
    gold = document("d", dose(0, 5, 2), complete_attributes=complete)
    assert dict(score_document(gold, document("d", dose(0, 5, 2, "other"))).confusion) == {(name, name): 1}


def test_rows_and_columns_add_up_to_gold_and_predictions() -> None:
    evaluation = evaluate(GOLD, PREDICTED)
    counts = evaluation.confusion
    assert sum(n for (gold, _), n in counts.items() if gold != NOTHING) == evaluation.micro.gold
    assert sum(n for (_, predicted), n in counts.items() if predicted != NOTHING) == evaluation.micro.predicted
