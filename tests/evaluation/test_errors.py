"""The list of errors: class, place, values in words."""

from __future__ import annotations

from tests.evaluation.builders import age, document, dose, lab, span
from trialsift.evaluation.evaluate import score_document
from trialsift.gold import GoldDocument
from trialsift.model.fact import Regimen


def errors(gold: GoldDocument, predicted: GoldDocument) -> list[tuple[str, str, str]]:
    return [(e.label, e.error, e.differs) for e in score_document(gold, predicted).errors]


def test_each_class() -> None:
    gold = document(
        "d",
        age(0, 5, 18),
        age(10, 15, 65),
        age(20, 25, 70),
        lab(30, 40, "alt", high=2.5, polarity="inclusion"),
        dose(50, 55, 8),
        regimens=[Regimen((4,), None, None, (8, 8))],
    )
    predicted = document(
        "d",
        age(0, 6, 18),
        age(10, 15, 60, 80),
        lab(30, 40, "alt", high=2.5, polarity="exclusion"),
        lab(90, 95, "ast", high=5),
        dose(50, 55, 8),
        regimens=[Regimen((4,), None, None, (9, 9))],
    )
    assert errors(gold, predicted) == [
        ("AGE", "wrong_offsets", ""),
        ("AGE", "wrong_value", "low, high"),
        ("AGE", "missed", ""),
        ("LAB", "wrong_attribute", "polarity"),
        ("LAB", "spurious", ""),
        ("REGIMEN", "missed_regimen", ""),
        ("REGIMEN", "spurious_regimen", ""),
    ]
    assert errors(gold, gold) == []


def test_only_what_gold_vouches_for_is_an_error() -> None:
    gold = [age(0, 5, 18), age(10, 15, 65)]
    predicted = document("d", age(0, 9, 21, negated=True))
    assert errors(document("d", *gold, complete_attributes=False), predicted) == [("AGE", "missed", "")]
    without_role = document("d", dose(0, 5, 8, None), complete_attributes="value_without_role")
    assert errors(without_role, document("d", dose(0, 5, 8, "other", historical=True))) == []


def test_a_row_says_where_and_what() -> None:
    text = "Inclusion:\n- Age:   ≥ 18\n- more " + "y" * 100
    start = text.index("≥")
    gold = document("d", span("AGE", start, start + 4, low=18, unit="a"), text=text)
    predicted = document("d", span("AGE", start + 2, start + 4, rule="age.bare", low=18, high=18, unit="a"), text=text)
    (row,) = score_document(gold, predicted).errors
    assert (row.doc_id, row.line, row.start, row.end, row.rule) == ("d", 2, start, start + 4, "age.bare")
    assert (row.gold_value, row.predicted_value) == ("≥ 18 a", "18 a")
    assert (row.gold_text, row.predicted_text) == ("≥ 18", "18")
    assert row.context.startswith("Inclusion: - Age: ≥ 18 - more yyy")
    assert len(row.context) < 120


def test_the_context_of_a_long_regimen_is_its_ends() -> None:
    text = "2 Gy" + " y" * 2000 + " 50 Gy"
    gold = document(
        "d", dose(0, 4, 2), dose(4005, 4010, 50), regimens=[Regimen((0, 1), None, (2, 2), (50, 50))], text=text
    )
    row = score_document(gold, document("d", *gold.spans, text=text)).errors[-1]
    assert row.error == "missed_regimen"
    assert row.context.startswith("2 Gy y y")
    assert " … " in row.context
    assert row.context.endswith(" y 50 Gy")
    assert len(row.context) < 800


def test_a_wrong_attribute_is_shown_on_both_sides() -> None:
    gold = document("d", lab(0, 5, "alt", high=5, condition="if metastases"))
    (row,) = score_document(gold, document("d", lab(0, 5, "alt", high=5))).errors
    assert row.gold_value == "alt ≤ 5 ULN, condition=if metastases"
    assert row.predicted_value == "alt ≤ 5 ULN, condition=absent"
