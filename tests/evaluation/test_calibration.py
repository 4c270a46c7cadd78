"""Calibration by hand: small numbers that can be checked on paper."""

from __future__ import annotations

from dataclasses import replace

import pytest

from trialsift.evaluation.calibration import calibrate, measure_calibration
from trialsift.evaluation.evaluate import evaluate
from trialsift.gold import GoldDocument, parse_document

AGE = {"low": 18, "low_inclusive": True, "high": None, "high_inclusive": None, "unit": "a", "polarity": "inclusion"}
ALT = {
    **{"analyte": "alt", "low": None, "low_inclusive": None, "high": 40, "high_inclusive": False},
    **{"unit": "U/L", "polarity": "inclusion"},
}


def test_error_and_brier() -> None:
    found = measure_calibration([0.95, 0.95, 0.95, 0.95, 0.55, 0.55], [True, True, True, False, True, False])
    assert (found.count, found.wrong) == (6, 2)
    assert found.error == pytest.approx((4 * abs(0.95 - 0.75) + 2 * abs(0.55 - 0.5)) / 6)
    assert found.brier == pytest.approx((3 * 0.05**2 + 0.95**2 + 0.45**2 + 0.55**2) / 6)
    assert [(b.low, b.readings) for b in found.bins] == [(0.5, 2), (0.9, 4)]


def test_levels() -> None:
    found = {one.least: one for one in measure_calibration([0.97, 0.91, 0.6], [True, False, False]).levels}
    assert (found[0.9].share, found[0.9].precision) == (pytest.approx(2 / 3), 0.5)
    assert (found[0.95].share, found[0.95].precision) == (pytest.approx(1 / 3), 1.0)
    assert found[0.98].precision is None


def test_the_least_sure_are_reviewed_first() -> None:
    confidence = [0.99] * 9 + [0.1] * 1
    found = measure_calibration(confidence, [True] * 8 + [False, False])
    assert [found.caught(share) for share in (0, 0.05, 0.1, 0.5, 1)] == [0, 0, 1, 1, 2]


def test_without_readings() -> None:
    found = measure_calibration([], [])
    assert (found.count, found.error, found.brier, found.bins) == (0, 0.0, 0.0, ())
    assert all(level.precision is None for level in found.levels)


@pytest.mark.parametrize("confidence", [0.0, 1.0])
def test_the_ends_have_bins(confidence: float) -> None:
    [only] = measure_calibration([confidence], [True]).bins
    assert only.low == (0.0 if confidence == 0 else 0.9)


GOLD = parse_document(
    {
        "doc_id": "a",
        "text": "Age ≥ 18 years, ALT < 40 U/L",
        "meta": {},
        "spans": [
            {"id": 0, "start": 4, "end": 14, "label": "AGE", "text": "≥ 18 years", "attributes": AGE},
            {"id": 1, "start": 20, "end": 28, "label": "LAB", "text": "< 40 U/L", "attributes": ALT},
        ],
        "regimens": [],
    },
    "gold",
)


def predict(polarity: str = "inclusion", **more: object) -> GoldDocument:
    record = GOLD.to_record()
    record["spans"][1]["attributes"] = {**ALT, "polarity": polarity}
    return parse_document({**record, **more}, "predicted")


@pytest.mark.parametrize(("polarity", "wrong"), [("inclusion", 0), ("exclusion", 1)])
def test_a_wrong_polarity_is_wrong(polarity: str, wrong: int) -> None:
    predicted = predict(polarity, confidence={"spans": [0.9, 0.6], "regimens": []})
    found = calibrate([GOLD], [predicted], evaluate([GOLD], [predicted]).errors)
    assert found is not None
    assert (found.count, found.wrong, found.caught(0.5)) == (2, wrong, wrong)


@pytest.mark.parametrize(
    "stated", [None, {}, {"spans": [0.9]}, {"spans": [0.9, 2]}, {"spans": [0.9, "sure"]}, [0.9, 0.9]]
)
def test_predictions_that_state_no_confidence(stated: object) -> None:
    predicted = predict(confidence=stated)
    assert calibrate([GOLD], [predicted], []) is None


def test_what_gold_does_not_tell_does_not_count() -> None:
    gold = replace(GOLD, meta={"labels": ["AGE"]}, spans=GOLD.spans[:1])
    predicted = predict(confidence={"spans": [0.9, 0.6], "regimens": []})
    found = calibrate([gold], [predicted], evaluate([gold], [predicted]).errors)
    assert found is not None
    assert found.count == 1
