"""How the cases of this folder are written and checked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.extractors import shared_extractor
from trialsift.model.fact import Fact, Scalar

INCLUSION, EXCLUSION = "Inclusion Criteria:\n- ", "Exclusion Criteria:\n- "
EXTRACTOR = shared_extractor(context=False)
Case = tuple[str, list[tuple[str, dict[str, Scalar]]]]


def facts(text: str, label: str | None = None) -> list[Fact]:
    return [f for f in EXTRACTOR.annotate(text).facts if label in (None, f.label)]


def check(label: str, text: str, expected: list[tuple[str, dict[str, Scalar]]]) -> None:
    """Exactly these spans, and of each the attributes named."""
    found = facts(text, label)
    assert [f.text for f in found] == [span for span, _ in expected]
    for fact, (span, attributes) in zip(found, expected, strict=True):
        assert {key: fact.attributes.get(key) for key in attributes} == attributes, span
        assert text[fact.start : fact.end] == span


def ids(cases: list[Case]) -> list[Any]:
    return [pytest.param(text, expected, id=" / ".join(text.split("\n"))) for text, expected in cases]


def at_least(low: float, **more: Scalar) -> dict[str, Scalar]:
    return {"low": low, "low_inclusive": True, "high": None, "high_inclusive": None, **more}


def at_most(high: float, **more: Scalar) -> dict[str, Scalar]:
    return {"low": None, "low_inclusive": None, "high": high, "high_inclusive": True, **more}


def more_than(low: float, **more: Scalar) -> dict[str, Scalar]:
    return {"low": low, "low_inclusive": False, "high": None, "high_inclusive": None, **more}


def less_than(high: float, **more: Scalar) -> dict[str, Scalar]:
    return {"low": None, "low_inclusive": None, "high": high, "high_inclusive": False, **more}


def within(low: float, high: float, **more: Scalar) -> dict[str, Scalar]:
    return {"low": low, "low_inclusive": True, "high": high, "high_inclusive": True, **more}


def known(reason: str) -> pytest.MarkDecorator:
    """A failure that is known: the test says when it is mended."""
    return pytest.mark.xfail(strict=True, reason=reason)
