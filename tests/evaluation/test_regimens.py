"""Radiotherapy prescriptions: right when they share a character and every bound that gold states is equal."""

from __future__ import annotations

import pytest

from tests.evaluation.builders import document, dose, fractions
from trialsift.evaluation.counts import ScoreCounts
from trialsift.evaluation.regimens import has_same_bounds, keep_own, score_regimens
from trialsift.model.fact import Bounds, Regimen


def regimen(n: Bounds | None = None, d: Bounds | None = None, total: Bounds | None = None) -> Regimen:
    return Regimen((0,), n, d, total)


@pytest.mark.parametrize(
    ("gold", "predicted", "same"),
    [
        (regimen((25, 25), (2, 2), (50, 50)), regimen((25, 25), (2, 2), (50, 50)), True),
        (regimen(None, None, (50, 50)), regimen((25, 25), (2, 2), (50, 50)), True),
        (regimen((25, 25), (2, 2), (50, 50)), regimen(None, None, (50, 50)), False),
        (regimen(None, None, (None, 66)), regimen(None, None, (60, 66)), True),
        (regimen(None, None, (60, 66)), regimen(None, None, (None, 66)), False),
        (regimen((15, 15), (2.67, 2.67), (40.05, 40.05)), regimen((15, 15), (2.67, 2.67), (40, 40)), True),
        (regimen(None, None, (50, 50)), regimen(None, None, (50.5, 50)), True),
        (regimen(None, None, (50, 50)), regimen(None, None, (50.6, 50)), False),
        (regimen((5, 5)), regimen((6, 6)), False),
        (regimen((0, 1)), regimen((1, 1)), False),
        (regimen(), regimen((5, 5)), True),
    ],
)
def test_bounds(gold: Regimen, predicted: Regimen, same: bool) -> None:
    assert has_same_bounds(gold, predicted) is same


@pytest.mark.parametrize(
    ("total", "right"),
    [(60, 1), (60.5, 0)],
)
def test_a_bound_that_a_span_states_has_no_tolerance(total: float, right: int) -> None:
    spans = (fractions(0, 5, 15), dose(10, 15, 60))
    gold = document("d", *spans, regimens=[Regimen((0, 1), (15, 15), (4, 4), (60, 60))])
    computed = document("d", *spans, regimens=[Regimen((0, 1), (15, 15), (4.03, 4.03), (total, total))])
    assert score_regimens(gold, computed).counts.tp == right


def test_counts_by_hand() -> None:
    gold = document(
        "d",
        fractions(0, 5, 25),
        dose(10, 15, 2, "per_fraction"),
        dose(20, 25, 60),
        dose(30, 35, 8),
        dose(40, 45, 70),
        regimens=[
            Regimen((0, 1), (25, 25), (2, 2), (50, 50)),
            Regimen((2,), None, None, (60, 60)),
            Regimen((3,), None, None, (8, 8)),
            Regimen((4,), None, None, (70, 70)),
        ],
    )
    predicted = document(
        "d",
        dose(12, 18, 50),
        dose(25, 28, 60),
        dose(30, 35, 9),
        dose(40, 42, 70),
        dose(43, 45, 70),
        dose(90, 95, 1),
        regimens=[
            Regimen((0,), (25, 25), (2, 2), (50, 50)),  # shares characters of one of gold's two spans: right
            Regimen((1,), None, None, (60, 60)),  # adjacent, no character in common
            Regimen((2,), None, None, (9, 9)),  # another dose
            Regimen((3,), None, None, (70, 70)),  # right
            Regimen((4,), None, None, (70, 70)),  # right too, but gold has one such only
            Regimen((5,), None, None, (1, 1)),
        ],
    )  # nothing there
    score = score_regimens(gold, predicted)
    assert score.counts == ScoreCounts(tp=2, fp=4, fn=2)
    assert [gold.regimens[i].total_dose for i in score.missed] == [(60, 60), (8, 8)]
    assert len(score.spurious) == 4


def test_none_on_either_side() -> None:
    one = document("d", dose(0, 5, 8), regimens=[Regimen((0,), None, None, (8, 8))])
    assert score_regimens(document("d"), document("d")).counts == ScoreCounts()
    assert score_regimens(one, document("d")).counts == ScoreCounts(fn=1)
    assert score_regimens(document("d"), one).counts == ScoreCounts(fp=1)


def test_as_many_as_possible_are_right() -> None:
    # The first gold regimen states less and would take the only answer that the second one has.
    gold = document("d", dose(0, 20, 50), regimens=[regimen(), regimen((25, 25))])
    predicted = document("d", dose(0, 20, 50), regimens=[regimen((25, 25)), regimen((20, 20))])
    assert score_regimens(gold, predicted).counts == ScoreCounts(tp=2)


@pytest.mark.parametrize(
    ("historical", "own"),
    [((False, False), 1), ((True, False), 1), ((False, True), 1), ((True, True), 0)],
)
def test_a_regimen_is_own_unless_all_its_spans_are_historical(historical: tuple[bool, bool], own: int) -> None:
    spans = (fractions(0, 5, 25, historical=historical[0]), dose(10, 15, 50, historical=historical[1]))
    told = document("d", *spans, regimens=[Regimen((0, 1), (25, 25), (2, 2), (50, 50))])
    assert len(keep_own(told).regimens) == own
    assert (score_regimens(told, told).counts.tp, score_regimens(keep_own(told), keep_own(told)).counts.tp) == (1, own)
