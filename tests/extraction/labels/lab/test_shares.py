"""A percentage that tells how many people had a value is no value of the test, even where the test is measured in %."""

from __future__ import annotations

from functools import cache

import pytest

from trialsift import Extractor


@cache
def find_extractor() -> Extractor:
    return Extractor(labels=("LAB",))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Before treatment 61% had an HbA1c < 7% and 42% had an HbA1c < 6.5%.", ["< 7%", "< 6.5%"]),
        ("More than half kept an HbA1c < 7%, and > 70% reached an HbA1c < 8%.", ["< 7%", "< 8%"]),
        ("The figures were 71% with HbA1c < 7% at 1 year and 63% at 5 years.", ["< 7%"]),
        ("HbA1c < 7% was seen in 45% vs 30%.", ["< 7%"]),
        ("Hematocrit < 30% occurred in 12% of women, and 9% of men.", ["< 30%"]),
        # another value of the test
        ("HbA1c goals of < 6% (strict) or 7.0-7.9% (usual)", ["< 6%", "7.0-7.9%"]),
        ("We aimed at an HbA1c < 7% or 6.5% in the young.", ["< 7%", "6.5%"]),
        ("Inclusion Criteria:\n- HbA1c > 7% at screening, 6.5% if on insulin", ["> 7%", "6.5%"]),
    ],
)
def test_shares_of_people(text: str, values: list[str]) -> None:
    assert [fact.text for fact in find_extractor().annotate(text).facts] == values
