"""For whom a limit on age or performance status holds: the condition of each, by its own characters."""

from __future__ import annotations

from functools import cache

import pytest

from trialsift import Extractor

CASES = [
    ("- Age 20-70 (or > 70 with ECOG 0)", {"> 70": "with ECOG 0"}),
    ("- Aged ≥ 16 years (≥ 20 in Peru)", {"≥ 20": "in Peru"}),
    ("- Men ≥ 45 and women ≥ 52 years", {"≥ 45": "Men", "≥ 52 years": "women"}),
    ("- Women aged 52 and older; men aged 45 and older", {"52 and older": "Women", "45 and older": "men"}),
    ("- Age 20 to 45 years (cohorts 1 and 2) or 20 to 60 years (cohort 3)", {"20 to 45 years": "cohorts 1 and 2"}),
    ("- 20-50 years of age for HV and 20-70 years of age for those with gout", {"20-70 years": "for those with gout"}),
    ("- ECOG 0-1; ECOG 2 is allowed if due to bone pain", {"2": "if due to bone pain"}),
    ("- Lansky ≥ 50 for those < 16 years; Karnofsky ≥ 60 for those ≥ 16 years", {"≥ 50": "for those < 16 years"}),
    # alone, or of all
    ("- Aged ≥ 20 years in Peru or Chile", {}),
    ("- Healthy men and women aged 20 to 50 years", {}),
    ("- Aged 20 to 50 years\n- Assent of children (7-11 years old in Peru, 7-13 years old in Chile)", {}),
    ("- ECOG 0-1 in the opinion of the investigator", {}),
]  # fmt: skip

SCOPES = [
    ("- For women under 52 years old, FSH in the range of menopause", "under 52 years", "subgroup"),
    ("- FSH for women who still bleed (age < 52 years and spontaneous menses)", "< 52 years", "subgroup"),
    ("- Aged 10 to 40 years\n- For teenagers aged 13 to 17 years, consent of a parent", "13 to 17 years", "subgroup"),
    ("- Signed consent (6 - 16 year olds: of the parents too)", "6 - 16 year", "subgroup"),
    ("- Age over 14 years (age over 20 years as required by local law)", "over 20 years", "subgroup"),
    ("- Age ≥ 16 years. In Peru, patients must be ≥ 21 years", "≥ 21 years", "subgroup"),
    ("Part A: - Age 3 to 12 years, able to walk. Part B: - Age 3 to 9 years", "3 to 12 years", "subgroup"),
    ("Part A: - Age 3 to 12 years, able to walk", "3 to 12 years", "trial"),
    ("- Women under 52 years old", "under 52 years", "trial"),
]


@cache
def _extractor() -> Extractor:
    return Extractor()


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_the_condition_of_a_limit(text: str, expected: dict[str, str]) -> None:
    facts = _extractor().annotate(f"Inclusion Criteria:\n{text}").facts
    found = {fact.text: fact.attributes["condition"] for fact in facts if "condition" in fact.attributes}
    assert found == found | expected
    assert bool(found) is bool(expected)


@pytest.mark.parametrize(("text", "span", "scope"), SCOPES)
def test_for_whom_an_age_is_a_limit(text: str, span: str, scope: str) -> None:
    facts = _extractor().annotate(f"Inclusion Criteria:\n{text}").facts
    assert [fact.attributes["scope"] for fact in facts if fact.text == span] == [scope]
