"""What a condition asks for, in a form that a patient's data can answer."""

from __future__ import annotations

from typing import Any

import pytest

from trialsift.model.interval import Interval
from trialsift.rules.files import patterns_dir
from trialsift.tables.conditions import Conditions, Limit
from trialsift.tables.derived import read_derivation

CREATININE = Limit("LAB", "creatinine", Interval(1, False, None, None), "ULN")
AGE = Limit("AGE", None, Interval(None, None, 18, False), "a")


@pytest.fixture(scope="module")
def conditions() -> Conditions:
    return read_derivation(patterns_dir()).conditions


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("if hepatic metastases are present", {"has": ["liver metastases"]}),
        ("in patients with metastatic disease of the liver", {"has": ["metastases liver"]}),
        ("for subjects without bone metastases", {"has": ["bone metastases"], "denied": True}),
        ("unless known Gilbert’s disease", {"has": ["gilbert"], "denied": True}),
        ("in case of liver metastases or hepatoma", {"has": ["liver metastases", "hepatoma"]}),
        ("for women", {"sex": "female"}),
        ("in male participants", {"sex": "male"}),
        ("for pregnant women", {"sex": "female", "has": ["pregnant"]}),
        ("unless due to Gilbert's syndrome", {}),
        ("for women or diabetics", {}),
        ("in women and men", {}),
        ("with liver and bone metastases", {}),
        ("unless no liver metastases", {}),
        ("", {}),
    ],
)
def test_words(conditions: Conditions, words: str, expected: dict[str, Any]) -> None:
    assert conditions.read(words, words, ()).to_record() == {"text": words, **expected}


@pytest.mark.parametrize(
    ("rest", "limit", "clear"),
    [
        ("if creatinine", CREATININE, True),
        ("unless serum creatinine and potassium", CREATININE, False),
        ("for children (aged)", AGE, True),
        ("if aged or diabetic", AGE, False),
    ],
)
def test_numbers(conditions: Conditions, rest: str, limit: Limit, clear: bool) -> None:
    condition = conditions.read("as written", rest, (limit,))
    assert condition.clear is clear
    assert condition.to_record().get("when") == ([limit.to_record()] if clear else None)


def test_a_condition_that_is_not_found_is_unclear(conditions: Conditions) -> None:
    assert not conditions.read("if liver metastases", None, ()).clear
