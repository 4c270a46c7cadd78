"""What is read of AGE in harder texts than the rules' examples."""

from __future__ import annotations

import pytest

from tests.extraction.labels.cases import (
    EXCLUSION,
    INCLUSION,
    Case,
    at_least,
    check,
    facts,
    ids,
    known,
    less_than,
    more_than,
    within,
)
from trialsift.model.fact import Scalar

AGES: list[Case] = [
    (
        INCLUSION + "Age ≥ 18 years and ≤ 75 years",
        [("≥ 18 years and ≤ 75 years", within(18, 75, unit="a", scope="trial"))],
    ),
    (
        INCLUSION + "Age >18 and <65 years old",
        [(">18 and <65 years", {"low": 18, "low_inclusive": False, "high": 65, "high_inclusive": False})],
    ),
    (INCLUSION + "Male or female aged 18 years or older", [("18 years or older", at_least(18, unit="a"))]),
    (INCLUSION + "Patients must be 18 years of age or older", [("18 years of age or older", at_least(18))]),
    (INCLUSION + "Women aged between 18 and 45", [("between 18 and 45", within(18, 45, unit="a"))]),
    (INCLUSION + "Adults, 18 years and over", [("18 years and over", at_least(18))]),
    (INCLUSION + "No younger than 18 years of age", [("No younger than 18 years", at_least(18))]),
    (INCLUSION + "Age: at least eighteen (18) years", [("at least eighteen (18) years", at_least(18))]),
    (INCLUSION + "Age &ge; 18 years", [("&ge; 18 years", at_least(18))]),
    (INCLUSION + "Age \\>= 18 years", [("\\>= 18 years", at_least(18))]),
    (INCLUSION + "Age â‰¥ 18 years", [("â‰¥ 18 years", at_least(18))]),
    (INCLUSION + "Age ≥\n  18 years", [("≥\n  18 years", at_least(18))]),
    (INCLUSION + "Children from 6 months to 5 years of age", [("from 6 months to 5 years", within(6, 60, unit="mo"))]),
    (INCLUSION + "Infants aged 6 to 12 weeks", [("6 to 12 weeks", within(6, 12, unit="wk"))]),
    (INCLUSION + "18-75 years of age", [("18-75 years", within(18, 75))]),
    (INCLUSION + "Age 18 years", [("18 years", at_least(18, operator_inferred=True))]),
    (EXCLUSION + "Age under 18 years", [("under 18 years", less_than(18, polarity="exclusion"))]),
    (EXCLUSION + "Patients under the age of 18", [("under the age of 18", less_than(18, polarity="exclusion"))]),
    (EXCLUSION + "Age < 18 or > 75 years", [("< 18", less_than(18)), ("> 75 years", more_than(75))]),
    (INCLUSION + "Women ≥ 50 years of age must have a mammogram", [("≥ 50 years", at_least(50))]),
    (
        "Ages Eligible for Study: 18 Years to 100 Years (Adult, Older Adult)",
        [("18 Years to 100 Years", within(18, 100))],
    ),
    ("Ages Eligible for Study: 18 Years and older (Adult, Older Adult)", [("18 Years and older", at_least(18))]),
    ("Inclusion Criteria:\nAge:\n  - ≥ 18 years", [("≥ 18 years", at_least(18))]),
    ("Eligible patients were aged 18 to 70 years.", [("18 to 70 years", within(18, 70, polarity="inclusion"))]),
]
MORE_AGES: list[Case] = [
    (INCLUSION + "≥18- and ≤77-years-old", [("≥18- and ≤77-years", {"low": 18, "high": 77})]),
    (INCLUSION + "Age ≤ 75 and ≥ 60 years", [("≤ 75 and ≥ 60 years", {"low": 60, "high": 75})]),
    (
        INCLUSION + "Subject is between 18 years old and 75 years old",
        [("between 18 years old and 75 years", {"low": 18, "high": 75})],
    ),
    (
        INCLUSION + "Children aged birth to < 18 years",
        [("birth to < 18 years", {"low": 0, "high": 18, "high_inclusive": False})],
    ),
    (INCLUSION + "Age 18", [("18", {"low": 18, "operator_inferred": True})]),
    (
        INCLUSION + "18-55 years of age for healthy volunteers and 18-65 years of age for subjects with hepatitis",
        [("18-55 years", {"scope": "subgroup"}), ("18-65 years", {"scope": "subgroup"})],
    ),
    (
        INCLUSION + "Age 60 years or more, OR Age 45 to 59 and one of the following",
        [("60 years or more", {"scope": "subgroup"}), ("45 to 59", {"scope": "subgroup"})],
    ),
]
NO_AGES = [
    INCLUSION + "Family history of coronary disease (< 55 years of age in male first degree relatives)",
    INCLUSION + "Score at or above the 90th percentile for sex and age in at least one of the categories",
    EXCLUSION + "Negative pregnancy test not older than 7 days",
    INCLUSION + "Tumor material no more than 12 months old",
    "The mean age was 55.7 years.",
    "The median age of the cohort was 61 years (range 34-80).",
    "A 58 years old male was treated with radiotherapy.",
    "We report a 12-year-old girl.",
    "Patients were 61 ± 9 years old on average.",
    "aged 63.2 +/- 8.1 years",
    "A follow-up of at least 5 years is planned.",
    "Overall survival at 5 years was 60 %.",
    INCLUSION + "Life expectancy of at least 3 months",
    INCLUSION + "Life expectancy > 2 years",
    INCLUSION + "No other cancer within the last 5 years",
    INCLUSION + "Disease free for at least 5 years",
    EXCLUSION + "Treatment within 4 weeks before enrolment",
    INCLUSION + "Negative pregnancy test within 7 days of the first dose",
    INCLUSION + "Postmenopausal for more than 2 years",
    INCLUSION + "Diagnosis more than 6 months ago",
    INCLUSION + "Archival tissue no more than 2 years old",
    INCLUSION + "Gestational age ≥ 34 weeks",
    "First posted on August 29, 2018",
    "adult patients",
    INCLUSION + "Willing to use contraception for 6 months after the last dose",
    INCLUSION + "Smokers of more than 20 pack-years",
    "The study will last 5 years or more.",
]


class TestAge:
    @pytest.mark.parametrize(("text", "expected"), ids([*AGES, *MORE_AGES]))
    def test_limit(self, text: str, expected: list[tuple[str, dict[str, Scalar]]]) -> None:
        check("AGE", text, expected)

    @pytest.mark.parametrize("text", NO_AGES)
    def test_no_limit(self, text: str) -> None:
        assert [f.text for f in facts(text, "AGE")] == []

    @pytest.mark.parametrize(
        ("text", "scope"),
        [
            ("Age ≥ 18 years", "trial"),
            pytest.param(
                "Women ≥ 50 years of age must have had a mammogram",
                "subgroup",
            ),
            pytest.param(
                "If the patient is ≥ 65 years of age, a geriatric screen",
                "subgroup",
            ),
            ("Karnofsky ≥ 70 for patients > 16 years of age", "subgroup"),
            ("Male or female aged ≥ 18 years", "trial"),
            ("Patients aged 18 to 75 years", "trial"),
            ("Patients aged > 18 years with a performance status of 0 or 1", "trial"),
            ("Males and nonpregnant females at least 18 years of age", "trial"),
            ("Patient is a female ≥ 18 years", "trial"),
            ("Ambulatory women between 60 and 90 years", "trial"),
            ("Females who are 9 years and older must have a pregnancy test", "subgroup"),
            ("Postmenopausal at entry (age ≥ 62)", "subgroup"),
            ("Postmenopausal is defined as: oophorectomy; aged more than 62 years", "subgroup"),
            ("Postmenopausal women aged 50 to 70 years", "trial"),
            ("Written consent, and assent in young people between the ages of 11 and 17 years", "subgroup"),
            ("Creatinine ≤ 0.5 mg/dL (6 months to < 1 year of age)", "subgroup"),
            ("Children younger than 18 months are given 54 Gy", "subgroup"),
            pytest.param(
                "Lansky for patients younger than 16 years of age ≥ 50",
                "subgroup",
                marks=known("`of age ≥ 50` is read as an age"),
            ),
        ],
    )
    def test_scope(self, text: str, scope: str) -> None:
        assert [f.attributes["scope"] for f in facts(INCLUSION + text, "AGE")] == [scope]
