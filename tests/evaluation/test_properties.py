"""What holds for any gold and any prediction."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from tests.evaluation.builders import document, span
from trialsift.evaluation import Evaluation, evaluate
from trialsift.evaluation.counts import LEVELS, ScoreCounts
from trialsift.gold import GoldDocument, GoldSpan

# Small ranges, so that overlaps, equal offsets and equal values are common. The last 50 characters stay free.
LABELS = ["AGE", "PERFORMANCE_STATUS", "LAB", "DOSE", "FRACTIONS"]
UNITS = ["mo", "a", "g/dL", "g/L", None]
spans = st.builds(
    lambda label, start, length, low, unit, analyte: span(
        label, start, start + length, low=low, high=low, unit=unit, analyte=analyte, modality="drug"
    ),
    st.sampled_from(LABELS),
    st.integers(0, 12),
    st.integers(1, 6),
    st.sampled_from([None, 0, 1, 12]),
    st.sampled_from(UNITS),
    st.sampled_from(["alt", "ast"]),
)
documents = st.lists(spans, max_size=8)
Folder = list[tuple[list[GoldSpan], list[GoldSpan]]]
folders = st.lists(st.tuples(documents, documents), max_size=4)


def made(folder: Folder) -> tuple[list[GoldDocument], list[GoldDocument]]:
    return (
        [document(str(i), *gold) for i, (gold, _) in enumerate(folder)],
        [document(str(i), *predicted) for i, (_, predicted) in enumerate(folder)],
    )


def tallies(evaluation: Evaluation) -> dict[tuple[str, str], ScoreCounts]:
    result = {(label, level): counts.level(level) for label, counts in evaluation.labels.items() for level in LEVELS}
    return result | {("all", level): evaluation.micro.level(level) for level in LEVELS}


@given(folders)
def test_swapping_the_two_swaps_precision_and_recall(folder: Folder) -> None:
    gold, predicted = made(folder)
    one, other = tallies(evaluate(gold, predicted)), tallies(evaluate(predicted, gold))
    assert {k: ScoreCounts(t.tp, t.fn, t.fp) for k, t in one.items()} == other


@given(folders)
def test_each_level_asks_for_more(folder: Folder) -> None:
    gold, predicted = made(folder)
    evaluation = evaluate(gold, predicted)
    for counts in [*evaluation.labels.values(), evaluation.micro]:
        assert counts.detection.tp >= counts.value.tp >= counts.exact.tp
        assert counts.correct + counts.wrong_value + counts.missed == counts.gold
        assert counts.correct + counts.wrong_value + counts.spurious == counts.predicted


@given(folders)
def test_gold_against_itself_is_perfect(folder: Folder) -> None:
    gold, _ = made(folder)
    evaluation = evaluate(gold, gold)
    assert all(t.fp == t.fn == 0 for t in tallies(evaluation).values())
    assert all(a.right == a.total for a in evaluation.attributes.values())
    assert evaluation.errors == []


@given(folders, st.sampled_from(LABELS))
def test_a_spurious_prediction_never_raises_precision(folder: Folder, label: str) -> None:
    gold, predicted = made([*folder, ([], [])])
    more = [*predicted[:-1], document(str(len(predicted) - 1), span(label, 160, 170, low=1, high=1, unit="a"))]
    before, after = tallies(evaluate(gold, predicted)), tallies(evaluate(gold, more))
    for key, tally in before.items():
        assert (after[key].precision or 0) <= (1 if tally.precision is None else tally.precision)
        assert after[key].recall == tally.recall


@given(folders, st.randoms(use_true_random=False))
def test_the_order_of_spans_changes_no_count(folder: Folder, rng: random.Random) -> None:
    gold, predicted = made(folder)
    other_gold, other_predicted = made([(rng.sample(g, len(g)), rng.sample(p, len(p))) for g, p in folder])
    assert tallies(evaluate(gold, predicted)) == tallies(evaluate(other_gold, other_predicted))


@given(folders)
def test_counts_are_the_sum_over_documents(folder: Folder) -> None:
    gold, predicted = made(folder)
    total = evaluate(gold, predicted).micro
    for one, other in zip(gold, predicted, strict=True):
        assert evaluate([one], [other]).micro.gold == len(one.spans)
    assert total == sum((evaluate([g], [p]).micro for g, p in zip(gold, predicted, strict=True)), type(total)())
