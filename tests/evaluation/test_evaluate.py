"""Whole evaluations, counted by hand: several documents, every count different."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evaluation.builders import age, document, dose, fractions, lab, span
from trialsift.evaluation import evaluate
from trialsift.evaluation.counts import LEVELS, Accuracy, LabelCounts, ScoreCounts
from trialsift.gold import GoldDocument, read_gold
from trialsift.model.errors import UserError
from trialsift.model.fact import Regimen

GOLD = [
    document(
        "a",
        lab(0, 10, "alt", high=2.5),
        lab(0, 10, "ast", high=2.5),  # two analytes on the same characters
        lab(20, 30, "platelets", 100, unit="10*9/L"),
        lab(40, 50, "hemoglobin", 9, unit="g/dL"),
        lab(60, 65, "inr", high=1.5, unit="1"),
        age(0, 10, 18),
    ),  # and another label on them
    document("b", age(0, 5, 18), age(5, 10, 65)),  # adjacent
    document(
        "c",
        fractions(0, 5, 25),
        fractions(10, 15, 0),
        dose(20, 25, 2, "per_fraction"),
        dose(30, 35, 50),
        dose(40, 45, 10),
        dose(50, 55, 60),
    ),
    document("d"),
]
PREDICTED = [
    document("d"),
    document("b", age(5, 10, 18), lab(20, 30, "alt", 1), lab(20, 30, "ast", 1), lab(40, 50, "inr", 2)),
    document(
        "a",
        lab(0, 10, "ast", high=2.5),  # exact
        lab(0, 12, "alt", high=2.5),  # value, offsets differ
        lab(20, 30, "platelets", 100_000, unit="/uL"),  # exact, in another unit
        lab(40, 50, "hemoglobin", 8, unit="g/dL"),  # wrong value
        lab(70, 75, "creatinine", high=2),
        lab(80, 85, "ldh", high=2),  # spurious
        age(0, 10, 18),
    ),
]


@pytest.mark.parametrize(
    ("label", "counts"),
    [
        ("LAB", LabelCounts(ScoreCounts(4, 5, 1), ScoreCounts(3, 6, 2), ScoreCounts(2, 7, 3), wrong_value=1)),
        ("AGE", LabelCounts(ScoreCounts(2, 0, 1), ScoreCounts(1, 1, 2), ScoreCounts(1, 1, 2), wrong_value=1)),
        ("FRACTIONS", LabelCounts(ScoreCounts(0, 0, 2), ScoreCounts(0, 0, 2), ScoreCounts(0, 0, 2))),
        ("DOSE", LabelCounts(ScoreCounts(0, 0, 4), ScoreCounts(0, 0, 4), ScoreCounts(0, 0, 4))),
        ("PERFORMANCE_STATUS", LabelCounts()),
    ],
)
def test_counts_by_label(label: str, counts: LabelCounts) -> None:
    assert evaluate(GOLD, PREDICTED).labels[label] == counts


def test_micro_counts_and_rates() -> None:
    micro = evaluate(GOLD, PREDICTED).micro
    assert micro == LabelCounts(ScoreCounts(6, 5, 8), ScoreCounts(4, 7, 10), ScoreCounts(3, 8, 11), wrong_value=2)
    assert (micro.gold, micro.predicted) == (14, 11)
    assert (micro.correct, micro.wrong_value, micro.missed, micro.spurious) == (4, 2, 8, 5)
    assert micro.value.precision == 4 / 11
    assert micro.value.recall == 4 / 14
    assert micro.value.f1 == 8 / 25


def test_json_is_what_was_counted() -> None:
    scores = evaluate(GOLD, PREDICTED, resamples=50).to_json()
    assert scores["documents"] == 4
    assert scores["micro"]["value"]["tp"] == 4
    assert scores["labels"]["LAB"]["detection"] == {
        "tp": 4,
        "fp": 5,
        "fn": 1,
        "precision": 4 / 9,
        "recall": 4 / 5,
        "f1": 8 / 14,
        "interval": scores["labels"]["LAB"]["detection"]["interval"],
    }
    assert scores["labels"]["PERFORMANCE_STATUS"]["value"]["f1"] is None
    assert scores["labels"]["PERFORMANCE_STATUS"]["value"]["interval"]["f1"] is None
    assert [d["doc_id"] for d in scores["by_document"]] == ["a", "b", "c", "d"]
    assert scores["by_document"][1]["labels"]["LAB"]["spurious"] == 3
    low, high = scores["micro"]["value"]["interval"]["f1"]
    assert 0 <= low <= 8 / 25 <= high <= 1


def test_swapping_swaps_precision_and_recall() -> None:
    everything = [*PREDICTED, document("c")]
    one, other = evaluate(GOLD, everything), evaluate(everything, GOLD)
    for label in one.label_names:
        for level in LEVELS:
            tally, swapped = one.labels[label].level(level), other.labels[label].level(level)
            assert (tally.tp, tally.fp, tally.fn) == (swapped.tp, swapped.fn, swapped.fp), (label, level)
            assert (tally.precision, tally.recall) == (swapped.recall, swapped.precision)


def test_twice_the_documents_twice_the_counts() -> None:
    def again(documents: list[GoldDocument]) -> list[GoldDocument]:
        return documents + [GoldDocument(d.doc_id + "2", d.text, d.spans, d.regimens, d.meta) for d in documents]

    once, twice = evaluate(GOLD, PREDICTED).micro, evaluate(again(GOLD), again(PREDICTED)).micro
    assert twice == once + once
    assert twice.value.f1 == once.value.f1


def test_nothing_at_all_on_either_side() -> None:
    empty = [document("a"), document("b")]
    assert evaluate([], []).micro == LabelCounts()
    assert evaluate(empty, empty).micro.value.f1 is None
    assert evaluate(empty, [document("a", age(0, 5, 18)), document("b")]).micro.detection == ScoreCounts(fp=1)
    assert evaluate([document("a", age(0, 5, 18))], []).micro.detection == ScoreCounts(fn=1)


def test_zero_is_a_value() -> None:
    ecog = {"scale": "ECOG", "low": 0, "high": 0}
    gold = [document("a", span("PERFORMANCE_STATUS", 0, 5, **ecog))]
    assert evaluate(gold, gold).micro.value == ScoreCounts(tp=1)
    wrong = [document("a", span("PERFORMANCE_STATUS", 0, 5, scale="ECOG", low=0, high=1))]
    assert evaluate(gold, wrong).micro.value == ScoreCounts(fp=1, fn=1)


def test_only_the_labels_that_meta_names_are_scored() -> None:
    spans = [age(0, 5, 18), lab(10, 15, "alt", high=5)]
    predicted = [document("a", *spans, dose(20, 25, 8))]
    evaluation = evaluate([document("a", *spans, labels=["LAB"])], predicted)
    assert evaluation.label_names == ("LAB",)
    assert evaluation.micro.value == ScoreCounts(tp=1)
    assert any("not scored: AGE" in w for w in evaluation.warnings)
    assert evaluate([document("a", *spans, labels=[])], predicted).micro == LabelCounts()


def test_a_further_label_is_scored_where_meta_names_it() -> None:
    bmi = span("MEASUREMENT", 0, 5, measure="bmi", low=30, unit="kg/m2")
    size = span("TUMOUR_SIZE", 10, 15, low=3, unit="cm")
    predicted = [document("a", bmi, span("TUMOUR_SIZE", 10, 15, low=30, unit="mm"))]
    evaluation = evaluate([document("a", bmi, size, labels=["TUMOUR_SIZE", "MEASUREMENT"])], predicted)
    assert evaluation.label_names == ("MEASUREMENT", "TUMOUR_SIZE")
    assert evaluation.micro.exact == ScoreCounts(tp=2)
    assert [w for w in evaluation.warnings if "TUMOUR_SIZE" in w and "MEASUREMENT" not in w]
    unnamed = evaluate([document("a", bmi, age(20, 25, 18))], [document("a", age(20, 25, 18))])
    assert unnamed.micro.exact == ScoreCounts(tp=1)


def test_without_gold_attributes_only_detection_is_scored() -> None:
    gold = [
        document("a", span("AGE", 0, 5), span("AGE", 10, 15), complete_attributes=False),
        document("b", age(0, 5, 18), complete_attributes=True),
    ]
    predicted = [document("a", age(3, 9, 18, historical=True)), document("b", age(0, 5, 21))]
    micro = evaluate(gold, predicted).micro
    assert micro == LabelCounts(ScoreCounts(2, 0, 1), ScoreCounts(0, 1, 1), ScoreCounts(0, 1, 1), wrong_value=1)


def test_value_without_role() -> None:
    regimen = [Regimen((0,), None, None, (8, 8))]
    spans = [dose(0, 5, 8, None), dose(10, 15, 50, None)]
    gold = [document("a", *spans, complete_attributes="value_without_role")]
    predicted = [document("a", dose(0, 5, 8, "total", historical=True), dose(10, 15, 60), regimens=regimen)]
    evaluation = evaluate(gold, predicted)
    assert evaluation.micro.value == ScoreCounts(1, 1, 1)
    assert evaluation.regimens == ScoreCounts()
    assert evaluation.attributes["historical"] == Accuracy(0, 0)
    assert "regimens" not in evaluation.documents[0].groups
    with_role = evaluate([document("a", *spans)], predicted)
    assert with_role.micro.value == ScoreCounts(0, 2, 2)
    assert with_role.regimens == ScoreCounts(fp=1)


def test_regimens_are_scored_where_doses_and_fractions_are() -> None:
    answer = [document("a", dose(0, 5, 8), regimens=[Regimen((0,), None, None, (8, 8))])]
    assert evaluate([document("a", labels=["LAB"])], answer).documents[0].groups.get("regimens") is None
    assert evaluate([document("a", labels=["DOSE", "FRACTIONS"])], answer).regimens == ScoreCounts(fp=1)


def test_attributes_over_value_matches() -> None:
    gold = [
        document(
            "a",
            age(0, 5, 18, scope="trial", polarity="inclusion"),
            age(10, 15, 65, scope="subgroup", polarity="inclusion"),
        ),
        document("b", age(0, 5, 21, scope="trial", polarity="exclusion")),
    ]
    predicted = [
        document(
            "a",
            age(0, 5, 18, scope="trial", polarity="exclusion"),
            age(10, 15, 60, scope="trial", polarity="exclusion"),
        ),
        document("b", age(0, 5, 21, scope="trial", polarity="exclusion", negated=False)),
    ]
    found = evaluate(gold, predicted).attributes
    assert found["scope"] == Accuracy(2, 2)
    assert found["polarity"] == Accuracy(1, 2)
    assert found["negated"] == Accuracy(2, 2)
    assert found["boost"] == Accuracy(0, 0)


def test_missing_and_additional_documents_are_warned_about() -> None:
    evaluation = evaluate([document("a", age(0, 5, 18)), document("b")], [document("b"), document("z", age(0, 5, 1))])
    assert evaluation.micro.detection == ScoreCounts(fn=1)
    assert evaluation.warnings == (
        "gold documents without a prediction count as missed (1): a",
        "predicted documents that are not in gold are left out (1): z",
    )


def test_another_text_is_refused() -> None:
    with pytest.raises(UserError, match="document 'a': the predicted text differs from the gold text at character 3"):
        evaluate([document("a", text="abcdef")], [document("a", text="abcxef")])
    with pytest.raises(UserError, match="at character 6"):
        evaluate([document("a", text="abcdef")], [document("a", text="abcdef ")])


@pytest.mark.parametrize("name", ["seeds", "criteria-dev", "radiotherapy-dev", "hemonc-train"])
def test_gold_against_itself_is_perfect(shared_corpora: Path, name: str) -> None:
    gold = read_gold(shared_corpora / f"{name}.jsonl")
    evaluation = evaluate(gold, gold[::-1], resamples=20)
    assert evaluation.micro.exact.f1 == 1
    assert evaluation.micro.exact.tp > 50
    assert {c.exact.f1 for c in evaluation.labels.values()} <= {1, None}
    assert evaluation.regimens.f1 in {1, None}
    assert {a.rate for a in evaluation.attributes.values()} <= {1, None}
    assert evaluation.errors == []
    assert evaluation.warnings == ()
