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
        ("Goals (HbA1c < 7%) were met by more women (52% vs. 43%).", ["< 7%"]),
        ("HbA1c < 8% (61%) and HbA1c ≥ 9% (12%) were told apart.", ["< 8%", "≥ 9%"]),
        ("HbA1c was at goal in ≥ 60% of the clinic.", []),
        ("HbA1c < 8% was kept in more than 61%.", ["< 8%"]),
        ("Eosinophils were found in more than 50% of the biopsies.", []),
        # no value that the test can have
        ("More than 60% HbA1c responders were expected.", []),
        ("The legend: HbA1c < 7% and < 6.5% by year (A for < 7%, B for < 6.5%).", ["< 7%", "< 6.5%", "< 7%", "< 6.5%"]),
        # another value of the test
        ("HbA1c goals of < 6% (strict) or 7.0-7.9% (usual)", ["< 6%", "7.0-7.9%"]),
        ("We aimed at an HbA1c < 7% or 6.5% in the young.", ["< 7%", "6.5%"]),
        ("Inclusion Criteria:\n- HbA1c > 7% at screening, 6.5% if on insulin", ["> 7%", "6.5%"]),
    ],
)
def test_shares_of_people(text: str, values: list[str]) -> None:
    assert [fact.text for fact in find_extractor().annotate(text).facts] == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("The score takes the AST, as the number of times above the upper limit of normal, by age.", []),
        ("AST above the upper limit of normal was a reason to stop.", ["above the upper limit of normal"]),
        ("Inclusion Criteria:\n- HbA1c > 7% in at least 2 tests, and < 10% at screening", ["> 7%", "< 10%"]),
        ("Inclusion Criteria:\n- bilirubin ≤ 34 μmol", ["≤ 34 μmol"]),
        ("Inclusion Criteria:\n- supplements of up to 60 mmol potassium chloride per day", []),
        ("A FIT ≥ 75 ng/mL led to colonoscopy.", ["≥ 75 ng/mL"]),
        ("FIT for work after ≥ 12 sessions.", []),
    ],
)
def test_what_is_a_value(text: str, values: list[str]) -> None:
    assert [fact.text for fact in find_extractor().annotate(text).facts] == values
