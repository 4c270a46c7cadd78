"""How generated sentences are counted, with predictions that are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from benchmarks.language.registry import Construct
from benchmarks.language.score import Row, summarise
from benchmarks.language.sentences import Sentence, bound, make_document, mark
from benchmarks.language.tables import format_csv, format_markdown, list_failures, sum_rows

from trialsift.evaluation.evaluate import evaluate
from trialsift.gold import GoldDocument

AGES = [("≥ 18 years", 18), ("≥ 20 years", 20), ("≥ 65 years", 65), ("≥ 70 years", 70)]


def make_gold() -> list[GoldDocument]:
    sentences = [Sentence(("Age ", mark(text, "AGE", bound("ge", n), unit="a")), f"form {n}") for text, n in AGES]
    return [make_document(sentence, f"d{i}", "age/test") for i, sentence in enumerate(sentences)]


def make_row(kind: str = "minimum", attributes: tuple[str, ...] = ()) -> Construct:
    return Construct("age/test", "ages", kind, lambda draw: iter(()), attributes)


def score(gold: Sequence[GoldDocument], predicted: Sequence[GoldDocument], construct: Construct) -> Row:
    return summarise(construct, gold, evaluate(gold, predicted))


def change(document: GoldDocument, **attributes: object) -> GoldDocument:
    (span,) = document.spans
    return replace(document, spans=(replace(span, attributes={**span.attributes, **attributes}),))


def test_right_wrong_and_missed_facts() -> None:
    gold = make_gold()
    predicted = [gold[0], gold[1], change(gold[2], low=60), replace(gold[3], spans=())]
    row = score(gold, predicted, make_row())
    assert (row.sentences, row.clean) == (4, 2)
    assert (row.precision, row.recall) == (pytest.approx(2 / 3), 0.5)
    assert row.worst == 0.5
    assert [failure.form for failure in row.failures] == ["form 65", "form 70"]
    assert "read nothing" in row.failures[1].wrong[0]


def test_nothing_read_has_no_precision() -> None:
    gold = make_gold()
    row = score(gold, [replace(document, spans=()) for document in gold], make_row())
    assert (row.precision, row.recall, row.worst) == (None, 0, 0)


def test_precision_of_counter_sentences_is_the_share_without_a_fact() -> None:
    predicted = make_gold()
    gold = [replace(document, spans=()) for document in predicted]
    row = score(gold, [predicted[0], *gold[1:]], make_row("counter"))
    assert (row.precision, row.recall) == (0.75, None)
    assert row.failures[0].wrong == ("AGE: right no fact; read ≥ 18 a",)


@pytest.mark.parametrize(("attributes", "right"), [((), 4), (("polarity",), 3)])
def test_attributes_under_test_have_to_be_right(attributes: tuple[str, ...], right: int) -> None:
    gold = make_gold()
    predicted = [change(gold[0], polarity="exclusion"), *gold[1:]]
    row = score(gold, predicted, make_row("direction", attributes))
    assert (row.facts.tp, row.facts.fp, row.facts.fn) == (right, 4 - right, 4 - right)
    assert len(row.failures) == 4 - right


def test_wrong_context_is_listed_apart() -> None:
    gold = make_gold()
    row = score(gold, [change(gold[0], polarity="exclusion"), *gold[1:]], make_row())
    assert (row.recall, row.failures, row.context[0] < row.context[1]) == (1, (), True)
    assert next(iter(list_failures([row]))) == "age/test, context: 1 of 4"
    assert "polarity" in row.wrong_context[0].wrong[0]


def test_tables() -> None:
    gold = make_gold()
    row = score(gold, [*gold[:3], replace(gold[3], spans=())], make_row())
    counter = score([replace(d, spans=()) for d in gold], gold[:1], make_row("counter"))
    assert "| age/test" in format_markdown([row])
    assert "| all but counter-sentences" in format_markdown([row, counter])
    assert sum_rows([row, counter]).sentences == 4
    assert format_csv([row]).splitlines()[1] == "age/test,minimum,4,4,1.0,0.75,,1.0,1"
    assert list(list_failures([row])) == [
        "age/test: 1 of 4",
        "  1 × 'form 70': 'Inclusion Criteria:\\n\\n- Age ≥ 70 years': AGE: right ≥ 70 a; read nothing",
    ]
