"""Counts by rule."""

from __future__ import annotations

from tests.evaluation.builders import age, document, span
from tests.evaluation.test_evaluate import GOLD, PREDICTED
from trialsift.evaluation import evaluate
from trialsift.evaluation.rules import RuleCounts


def test_each_rule_has_its_own_counts() -> None:
    gold = [document("a", age(0, 5, 18), age(10, 15, 60)), document("b", age(0, 5, 70)), document("c", age(0, 5, 1))]
    predicted = [
        document(
            "a",
            span("AGE", 0, 5, "age.named", low=18, unit="a"),
            span("AGE", 10, 15, "age.bare", low=61, unit="a"),
            span("AGE", 20, 25, "age.bare", low=61, unit="a"),
        ),
        document("b", span("AGE", 0, 5, "age.named", low=70, unit="a")),
    ]
    evaluation = evaluate(gold, predicted)
    assert evaluation.rules == {("AGE", "age.bare"): RuleCounts(2, 1, 0), ("AGE", "age.named"): RuleCounts(2, 2, 2)}
    bare, named = evaluation.to_json()["rules"]
    assert (named["rule"], named["precision"], named["recall"]) == ("age.named", 1, 2 / 4)
    assert (bare["precision"], bare["recall"]) == (0, 0)


def test_predictions_without_a_rule_stand_together() -> None:
    rules = evaluate(GOLD, PREDICTED).rules
    assert set(rules) == {("AGE", ""), ("LAB", "")}
    assert rules["LAB", ""] == RuleCounts(9, 4, 3)


def test_a_label_without_gold_has_no_recall() -> None:
    (row,) = evaluate([document("a")], [document("a", age(0, 5, 18))]).to_json()["rules"]
    assert (row["precision"], row["recall"]) == (0, None)


def test_only_documents_with_gold_values_count() -> None:
    gold = document("a", age(0, 5, 18), complete_attributes=False)
    assert evaluate([gold], [document("a", age(0, 5, 20))]).rules == {}
