"""One run against another: what moved, and by which facts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.evaluation.builders import age, document, dose, lab
from tests.evaluation.test_evaluate import GOLD, PREDICTED
from trialsift.evaluation import Evaluation, evaluate
from trialsift.evaluation.comparison import compare, describe_changes, read_scores
from trialsift.gold import GoldSpan
from trialsift.model.errors import UserError
from trialsift.model.fact import Regimen


def earlier(evaluation: Evaluation, folder: Path) -> dict[str, Any]:
    """The evaluation as a later run reads it."""
    path = folder / "scores.json"
    path.write_text(json.dumps(evaluation.to_json()), encoding="utf-8")
    return read_scores(path)


def test_against_itself_nothing_moves(tmp_path: Path) -> None:
    evaluation = evaluate(GOLD, PREDICTED)
    comparison = compare(earlier(evaluation, tmp_path), evaluation)
    assert comparison.changes == ()
    assert comparison.not_compared == ()
    assert comparison.documents == len(GOLD)
    for row in comparison.scores:
        assert row["difference"] in (0, None)
        assert row["interval"] in ((0, 0), None)
        assert row["better"] in (0.5, None)


def test_the_other_way_round_the_sign_changes(tmp_path: Path) -> None:
    some, all_right = evaluate(GOLD, PREDICTED), evaluate(GOLD, GOLD)
    there = compare(earlier(some, tmp_path), all_right)
    back = compare(earlier(all_right, tmp_path), some)
    f1 = {(r["label"], r["level"], r["rate"]): r for r in there.scores}
    assert f1["all labels", "value", "f1"]["before"] == some.micro.value.f1 == 8 / 25
    assert f1["all labels", "value", "f1"]["after"] == 1
    assert f1["all labels", "value", "f1"]["difference"] == pytest.approx(17 / 25)
    assert f1["all labels", "value", "f1"]["better"] == 1
    assert f1["LAB", "detection", "recall"]["before"] == 4 / 5
    for row, other in zip(there.scores, back.scores, strict=True):
        if row["difference"] is not None:
            assert row["difference"] == -other["difference"]
            assert row["interval"] == pytest.approx([-x for x in reversed(other["interval"])])
    assert {c.direction for c in there.changes} == {"better"}
    assert {c.direction for c in back.changes} == {"worse"}
    assert len(there.changes) == len(back.changes)


GOLD_AGE = age(0, 5, 18, polarity="inclusion")


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ([], [GOLD_AGE], ("better", "missed", "right", "", "")),
        ([GOLD_AGE], [], ("worse", "right", "missed", "", "")),
        ([], [age(0, 5, 60)], ("other", "missed", "wrong_value (low)", "", "≥ 60 a")),
        ([age(0, 5, 60)], [], ("other", "wrong_value (low)", "missed", "≥ 60 a", "")),
        (
            [GOLD_AGE, lab(20, 25, "alt", 5)],
            [GOLD_AGE, lab(20, 25, "alt", 6)],
            ("other", "spurious", "spurious", "alt ≥ 5 ULN", "alt ≥ 6 ULN"),
        ),
        ([age(0, 5, 60)], [GOLD_AGE], ("better", "wrong_value (low)", "right", "≥ 60 a", "")),
        ([age(0, 5, 60)], [age(0, 5, 70)], ("other", "wrong_value (low)", "wrong_value (low)", "≥ 60 a", "≥ 70 a")),
        (
            [age(0, 5, 18, polarity="inclusion", negated=True)],
            [age(0, 6, 18, polarity="inclusion")],
            ("better", "wrong_attribute (negated)", "wrong_offsets", "≥ 18 a, negated=True", "≥ 18 a"),
        ),
        (
            [age(0, 5, 18, negated=True)],
            [age(0, 5, 18, polarity="inclusion", negated=True)],
            (
                "better",
                "wrong_attribute (polarity, negated)",
                "wrong_attribute (negated)",
                "≥ 18 a, polarity=absent, negated=True",
                "≥ 18 a, negated=True",
            ),
        ),
        ([GOLD_AGE], [GOLD_AGE, lab(20, 25, "alt", 5)], ("worse", "absent", "spurious", "", "alt ≥ 5 ULN")),
        ([GOLD_AGE, lab(20, 25, "alt", 5)], [GOLD_AGE], ("better", "spurious", "absent", "alt ≥ 5 ULN", "")),
        (
            [age(0, 5, 60)],
            [age(0, 5, 18, negated=True)],
            (
                "better",
                "wrong_value (low)",
                "wrong_attribute (polarity, negated)",
                "≥ 60 a",
                "≥ 18 a, polarity=absent, negated=True",
            ),
        ),
        ([age(0, 5, 60)], [age(0, 5, 60)], None),
    ],
)
def test_a_fact_that_fares_differently(
    tmp_path: Path, before: list[GoldSpan], after: list[GoldSpan], change: tuple[str, ...] | None
) -> None:
    gold = [document("d", GOLD_AGE)]
    one, other = (evaluate(gold, [document("d", *spans)]) for spans in (before, after))
    changes = compare(earlier(one, tmp_path), other).changes
    shown = [(c.direction, c.before, c.after, c.before_value, c.after_value) for c in changes]
    assert shown == ([] if change is None else [change])


def test_each_field_of_an_error_is_checked(tmp_path: Path) -> None:
    scores = evaluate(GOLD, PREDICTED).to_json()
    path = tmp_path / "scores.json"
    for name in ("label", "differs", "predicted_value", "start", "gold_id"):
        errors = [{**scores["errors"][0], name: [1]}]
        path.write_text(json.dumps({**scores, "errors": errors}), encoding="utf-8")
        with pytest.raises(UserError, match=f"errors.0. has no usable '{name}'"):
            read_scores(path)
    path.write_text(json.dumps({**scores, "errors": [{**scores["errors"][0], "error": "odd"}]}), encoding="utf-8")
    with pytest.raises(UserError, match="'odd' is no class of errors"):
        read_scores(path)


def test_a_spurious_fact_with_other_ends_is_the_same(tmp_path: Path) -> None:
    gold = [document("d", GOLD_AGE)]

    def run(*spans: GoldSpan) -> Evaluation:
        return evaluate(gold, [document("d", GOLD_AGE, *spans)])

    before = earlier(run(lab(20, 25, "alt", 5), lab(40, 45, "alt", 5)), tmp_path)
    assert compare(before, run(lab(22, 28, "alt", 5), lab(40, 45, "alt", 5))).changes == ()
    changes = compare(before, run(lab(25, 28, "alt", 5), lab(40, 45, "alt", 5))).changes
    assert [(c.direction, c.start) for c in changes] == [("worse", 25), ("better", 20)]


def test_a_whole_number_is_the_same_gold_with_or_without_a_point(tmp_path: Path) -> None:
    before = evaluate([document("d", age(0, 5, 18))], [])
    assert compare(earlier(before, tmp_path), evaluate([document("d", age(0, 5, 18.0))], [])).documents == 1
    with pytest.raises(UserError, match="no document has the same gold"):
        compare(earlier(before, tmp_path), evaluate([document("d", age(0, 5, 18.5))], []))


def test_changes_are_told_by_what_they_concern(tmp_path: Path) -> None:
    gold = [document("d", GOLD_AGE, age(10, 15, 65, polarity="inclusion"), lab(30, 35, "alt", 5), age(50, 55, 80))]
    before = evaluate(gold, gold)
    after = evaluate(
        gold,
        [
            document(
                "d",
                age(0, 6, 18, polarity="inclusion"),
                age(10, 15, 65, polarity="exclusion"),
                lab(30, 35, "alt", 6),
                age(50, 55, 80),
            )
        ],
    )
    changes = compare(earlier(before, tmp_path), after).to_json()["changes"]
    assert [(c["direction"], c["concerns"]) for c in changes] == [
        ("worse", "offsets"),
        ("worse", "attributes"),
        ("worse", "value"),
    ]
    assert describe_changes(changes) == "0 better, 3 worse (1 value, 1 attributes, 1 offsets), 0 other"


def test_regimens_are_facts_too(tmp_path: Path) -> None:
    def one(low: float) -> Any:
        return document("d", dose(0, 5, 8), regimens=[Regimen((0,), None, None, (low, low))])

    comparison = compare(earlier(evaluate([one(8)], [one(9)]), tmp_path), evaluate([one(8)], [one(8)]))
    assert {(c.direction, c.before, c.after) for c in comparison.changes} == {
        ("better", "missed_regimen", "right"),
        ("better", "spurious_regimen", "absent"),
    }
    assert [r["after"] for r in comparison.scores if r["label"] == "regimens"] == [1, 1, 1]


def test_only_documents_with_the_same_gold_are_compared(tmp_path: Path) -> None:
    before = evaluate([document("a", age(0, 5, 18)), document("b", age(0, 5, 18)), document("c")], [])
    after = evaluate([document("a", age(0, 5, 18)), document("b", age(0, 5, 19)), document("d")], [])
    comparison = compare(earlier(before, tmp_path), after)
    assert comparison.documents == 1
    assert comparison.not_compared == ("b", "c", "d")
    assert comparison.changes == ()


def test_other_gold_altogether_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no document has the same gold"):
        compare(earlier(evaluate([document("a")], []), tmp_path), evaluate([document("b")], []))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no usable JSON"),
        ("[" * 100_000, "no usable JSON"),
        ("[]", "'by_document' is missing"),
        ('{"by_document": []}', "'errors' is missing"),
        ('{"by_document": [{"doc_id": "a"}], "errors": []}', "by_document.0. lacks counts"),
        ('{"by_document": [{"doc_id": "a", "labels": {}, "regimens": null}], "errors": []}', "lacks counts"),
        (
            '{"by_document": [{"doc_id": 1, "gold_sha256": "", "labels": {}, "regimens": null}], "errors": []}',
            "by_document.0.: doc_id or gold_sha256 is no text",
        ),
        (
            '{"by_document": [{"doc_id": "a", "gold_sha256": "", "labels": {}, '
            '"regimens": {"tp": -1, "fp": 0, "fn": 0}}], "errors": []}',
            "by_document.0. lacks counts",
        ),
        ('{"by_document": [], "errors": [{}]}', "errors.0. has no usable 'doc_id'"),
        ('{"by_document": [], "errors": [3]}', "errors.0. has no usable 'doc_id'"),
    ],
)
def test_a_file_that_is_no_scores_json_is_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "scores.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=message) as caught:
        read_scores(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "evaluate again" in str(caught.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="can't be read"):
        read_scores(tmp_path / "none.json")
