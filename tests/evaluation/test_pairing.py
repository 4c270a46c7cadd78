"""Which prediction answers which gold span."""

from __future__ import annotations

from tests.evaluation.builders import age, document, lab
from trialsift.evaluation.equality import find_differing
from trialsift.evaluation.pairing import Pair, align
from trialsift.gold import GoldSpan


def pairs(gold: list[GoldSpan], predicted: list[GoldSpan]) -> list[tuple[int, int]]:
    """The pairs as (number of the gold span, number of the predicted one)."""
    g, p = document("d", *gold).spans, document("d", *predicted).spans
    found = align(g, p, lambda a, b: find_differing(a.label, a.attributes, b.attributes))
    return [(pair.gold.id, pair.predicted.id) for pair in found]


def test_nothing_on_either_side() -> None:
    assert pairs([], []) == []
    assert pairs([age(0, 5, 18)], []) == []
    assert pairs([], [age(0, 5, 18)]) == []


def test_one_character_in_common_suffices_and_adjacent_spans_have_none() -> None:
    assert pairs([age(0, 5, 18)], [age(4, 9, 18)]) == [(0, 0)]
    assert pairs([age(0, 5, 18)], [age(5, 9, 18)]) == []
    assert pairs([age(5, 9, 18)], [age(0, 5, 18)]) == []


def test_an_equal_value_elsewhere_is_no_answer() -> None:
    # All three touch each other in a chain, but gold 0 and the prediction that equals it have no character in common.
    assert pairs([age(0, 5, 18), age(3, 12, 65)], [age(6, 10, 18)]) == [(1, 0)]


def test_equal_offsets_are_told_apart_by_analyte() -> None:
    gold = [lab(0, 10, "alt", high=2.5), lab(0, 10, "ast", high=2.5)]
    predicted = [lab(0, 10, "ast", high=2.5), lab(0, 10, "alt", high=2.5)]
    assert pairs(gold, predicted) == [(0, 1), (1, 0)]


def test_an_equal_value_wins_over_a_larger_overlap() -> None:
    assert pairs([age(0, 10, 18)], [age(0, 10, 21), age(9, 20, 18)]) == [(0, 1)]


def test_the_larger_overlap_wins_among_equal_values() -> None:
    assert pairs([age(0, 10, 18)], [age(0, 4, 18), age(3, 12, 18)]) == [(0, 1)]


def test_equal_offsets_win_among_equal_overlaps() -> None:
    assert pairs([age(5, 10, 18)], [age(0, 12, 18), age(5, 10, 18)]) == [(0, 1)]
    assert pairs([age(5, 10, 18)], [age(5, 10, 18), age(0, 12, 18)]) == [(0, 0)]


def test_identical_attributes_win_last() -> None:
    gold = [lab(0, 9, "alt", high=5), lab(0, 9, "alt", high=5, condition="if liver metastases")]
    assert pairs(gold, gold[::-1]) == [(0, 1), (1, 0)]


def test_as_many_equal_values_as_possible_not_the_first_best() -> None:
    # Gold 0 equals both predictions and overlaps 0 more; gold 1 equals prediction 0 only.
    gold = [lab(0, 10, "alt", high=5, unit=None), lab(8, 20, "alt", high=5, unit="ULN")]
    predicted = [lab(2, 12, "alt", high=5, unit="ULN"), lab(0, 3, "alt", high=5, unit="U/L")]
    assert pairs(gold, predicted) == [(0, 1), (1, 0)]


def test_the_order_of_the_files_does_not_matter() -> None:
    gold = [age(0, 10, 18), age(4, 14, 21), age(9, 19, 65)]
    predicted = [age(1, 9, 21), age(9, 12, 18), age(13, 20, 65)]
    expected = {(g.start, p.start) for g, p in _paired(gold, predicted)}
    assert {(g.start, p.start) for g, p in _paired(gold[::-1], predicted[::-1])} == expected


def test_offsets_and_values_of_a_pair() -> None:
    same = Pair(age(0, 5, 18), age(0, 5, 18), ())
    assert (same.value_equal, same.same_offsets) == (True, True)
    other = Pair(age(0, 5, 18), age(0, 6, 21), ("low",))
    assert (other.value_equal, other.same_offsets) == (False, False)


def _paired(gold: list[GoldSpan], predicted: list[GoldSpan]) -> list[tuple[GoldSpan, GoldSpan]]:
    return [(gold[g], predicted[p]) for g, p in pairs(gold, predicted)]
