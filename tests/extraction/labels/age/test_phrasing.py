"""Ways of saying an age: registry fields, lost signs, two ends said apart, age groups, and ages of other things."""

from __future__ import annotations

import pytest

from tests.extraction.labels.cases import (
    EXCLUSION,
    INCLUSION,
    Case,
    at_least,
    at_most,
    check,
    facts,
    ids,
    less_than,
    more_than,
    within,
)
from trialsift.model.fact import Scalar

FIELDS: list[Case] = [
    ("Minimum age: 21Y\nMaximum age: 0Y", [("21Y", at_least(21, unit="a", scope="trial"))]),
    ("Minimum age: 2M\nMaximum age: 9M", [("2M", at_least(2, unit="mo")), ("9M", at_most(9, unit="mo"))]),
    ("Age minimum: 16 Years\nAge maximum: no limit", [("16 Years", at_least(16, unit="a"))]),
    ("Lower age limit: 4 Weeks\nUpper age limit: 999 Years", [("4 Weeks", at_least(4, unit="wk"))]),
    ("Minimum age (years): 45", [("45", at_least(45, unit="a"))]),
    ("Ages Eligible for Study: N/A to 17 Years", [("N/A to 17 Years", at_most(17))]),
]
LOST: list[Case] = [
    (INCLUSION + "aged = 19 and = 64 years", [("= 19 and = 64 years", within(19, 64, operator_inferred=True))]),
    (INCLUSION + "between =13 and 17 years", [("between =13 and 17 years", within(13, 17, operator_inferred=True))]),
    (INCLUSION + "=20-45 year old men", [("=20-45 year", within(20, 45, operator_inferred=True))]),
    (INCLUSION + "30 = age < 65 years", [("30 = age < 65 years", {"low": 30, "high": 65, "high_inclusive": False})]),
    (INCLUSION + "Be 21 60 years of age", [("21 60 years", within(21, 60, operator_inferred=True))]),
    (INCLUSION + "men of 40 years and < 60 years of age", [("40 years and < 60 years", {"low": 40, "high": 60})]),
    (INCLUSION + "Age = 16", [("= 16", at_least(16, operator_inferred=True))]),
    (EXCLUSION + "Age = 16", [("= 16", at_most(16, operator_inferred=True))]),
    (EXCLUSION + "Age = 80 years", [("= 80 years", at_least(80, operator_inferred=True))]),
]
APART: list[Case] = [
    (EXCLUSION + "< 16 or > 80 years of age", [("< 16", less_than(16)), ("> 80 years", more_than(80))]),
    (EXCLUSION + "age < 6 or > 24 months", [("< 6", less_than(6, unit="mo")), ("> 24 months", more_than(24))]),
    (
        INCLUSION + "7-9 weeks (49 to 63 days) of age",
        [("7-9 weeks", within(7, 9, unit="wk")), ("49 to 63 days", within(49, 63, unit="d"))],
    ),
    (
        INCLUSION + "Patients > 30 months (i.e., > 900 days)",
        [("> 30 months", more_than(30)), ("> 900 days", more_than(900))],
    ),
    (
        "Subgroups by age (18-49, 50-69, 70 years or older) will be compared.",
        [("18-49", within(18, 49)), ("50-69", within(50, 69)), ("70 years or older", at_least(70))],
    ),
    (
        INCLUSION + "Age 18 to 30 years (part 1) or 18 to 60 years (part 2)",
        [("18 to 30 years", within(18, 30)), ("18 to 60 years", within(18, 60))],
    ),
]
LEADS: list[Case] = [
    (INCLUSION + "Girls from birth to 16 years", [("from birth to 16 years", within(0, 16))]),
    (INCLUSION + "Epilepsy began before age 30", [("before age 30", less_than(30, unit="a"))]),
    (INCLUSION + "Asthma diagnosed after the age of 40", [("after the age of 40", more_than(40))]),
    (
        INCLUSION + "The minimum age for taking part is 16 years",
        [("minimum age for taking part is 16 years", at_least(16))],
    ),
]
COUNTED: list[Case] = [
    (
        INCLUSION + "at least 18 years of age; with a minimum of 20 natural uncrowned teeth",
        [("at least 18 years", at_least(18))],
    ),
    (INCLUSION + "Age ≥ 21; at least 15 inflammatory lesions", [("≥ 21", at_least(21))]),
]
WITHOUT_THE_WORD: list[Case] = [
    (INCLUSION + "Individuals with 30 to 60 years, of any sex", [("30 to 60 years", within(30, 60))]),
    (INCLUSION + "Control subjects may be 18 to 80 years", [("18 to 80 years", within(18, 80))]),
    (INCLUSION + "Children 3 month to 12 years who attend the clinic", [("3 month to 12 years", within(3, 144))]),
    (INCLUSION + "Toddlers aging 1 to 3 years", [("1 to 3 years", within(1, 3))]),
    (INCLUSION + "20-40 ages", [("20-40", within(20, 40, unit="a"))]),
    (
        INCLUSION + "Age >= 12 years (>= 16 years in Japan)",
        [(">= 12 years", at_least(12)), (">= 16 years", at_least(16))],
    ),
    ("The trial enrolled patients ≥ 21 years of age.", [("≥ 21 years", at_least(21))]),
    ("This study included subjects 21 years or older.", [("21 years or older", at_least(21))]),
]
GROUPS: list[Case] = [
    (
        "Effects were alike in younger (< 48 y) and older (> 48 y) men.",
        [("< 48 y", less_than(48)), ("> 48 y", more_than(48))],
    ),
    ("By age and BMI (subgroup A: BMI of 19–24 kg/m2, 21–34 years; subgroup B: all others)", [("21–34 years", {})]),
    ("Share with a known result (all children ≥3 months)", [("≥3 months", at_least(3, unit="mo"))]),
    ("All in the age group <2-months to 15 years were asked", [("<2-months to 15 years", at_most(180, unit="mo"))]),
    (
        "It takes patients who had surgery and are > 6 months and 6 months and < 9 years at diagnosis.",
        [("> 6 months and 6 months and < 9 years", {"low": 6, "low_inclusive": False, "high": 108, "unit": "mo"})],
    ),
    ("Trial has subjects under 18: No", [("under 18", less_than(18, scope="subgroup", negated=True))]),
    ("Newborns (0-27 days): Yes", [("0-27 days", within(0, 27, unit="d", scope="subgroup", negated=None))]),
    ("Infants (28 days-23 months) no;", [("28 days-23 months", {"low": 28, "unit": "d", "negated": True})]),
    ("Elderly (>=65 years): No", [(">=65 years", at_least(65, scope="subgroup", negated=True))]),
]
TABLES: list[Case] = [
    ("Age (years) 61 ± 6 <55 41 (52.6) ≥55 137 15 (47.4)", [("<55", less_than(55)), ("≥55", at_least(55))]),
    (
        "Age group <40 years 12 (6.2) 40-54 years 54 (37.7) 0.9 (0.3, 2.8) 55+ 12 (9)",
        [("<40 years", less_than(40)), ("40-54 years", within(40, 54)), ("55+", at_least(55))],
    ),
    (
        "Table 1\nAge group - years\n60–69\n26 (30)\n70–79\n21 (24)",
        [("60–69", within(60, 69)), ("70–79", within(70, 79))],
    ),
    (
        "Events in those aged <70 and ≥70 years<70 years (n = 15)≥70 years (n = 9)",
        [("<70", {}), ("≥70 years", at_least(70)), ("<70 years", less_than(70)), ("≥70 years", {})],
    ),
    (
        "Aged <4017.1 (0.5)18.2 (0.6) Aged 40–6021.3 (0.4)22.0 (0.5) Aged >6025.8 (0.7)24.9 (0.8)",
        [("<40", less_than(40, unit="a")), ("40–60", within(40, 60)), (">60", more_than(60, unit="a"))],
    ),
    ("Age (months) 6–11 41 (50) 12–23 40 (50)", [("6–11", within(6, 11, unit="mo")), ("12–23", within(12, 23))]),
]
WORDED: list[Case] = [
    (INCLUSION + "age = 21, signed consent", [("= 21", at_least(21, operator_inferred=True))]),
    (
        INCLUSION + "Lansky 60-100 (= 15 years) or Karnofsky 60-100 (> 15 years)",
        [("= 15 years", at_most(15, operator_inferred=True)), ("> 15 years", more_than(15))],
    ),
    (INCLUSION + "subject of =9 years has assented", [("=9 years", at_least(9, operator_inferred=True))]),
    (INCLUSION + "a child <3 or a pregnant woman in the house", [("<3", less_than(3, unit="a"))]),
    (INCLUSION + "weight of 5 kg in 4- to 18-month infants", [("4- to 18-month", within(4, 18, unit="mo"))]),
    (INCLUSION + "Old enough to consent (18-21 years, by state)", [("18-21 years", within(18, 21))]),
    (INCLUSION + "Age at onset between 20~60 years", [("between 20~60 years", within(20, 60))]),
    (INCLUSION + "Mujeres de entre 20 y 60 años", [("entre 20 y 60 años", within(20, 60, unit="a"))]),
    (INCLUSION + "Alter: 18 bis 65 Jahre", [("18 bis 65 Jahre", within(18, 65, unit="a"))]),
    ("Women with prior stroke and >70 years were left out.", [(">70 years", more_than(70, unit="a"))]),
    ("A total of 80 patients who were aged 30-60 years took part.", [("30-60 years", within(30, 60))]),
    ("31 adults within the age group of 20-50 years (mean 34) took part.", [("20-50 years", within(20, 50))]),
    ("The ages of children with palsy were restricted to between 5 and 12.", [("between 5 and 12", within(5, 12))]),
]
COLUMNS: list[Case] = [
    (
        "Age at first visit  < 3weeks 8 (9)  3 weeks - 5 weeks 9 (10)  > 5 weeks 70 (80)",
        [
            ("< 3weeks", less_than(3, unit="wk")),
            ("3 weeks - 5 weeks", within(3, 5, unit="wk")),
            ("> 5 weeks", more_than(5, unit="wk")),
        ],
    ),
    (
        "Age bands (years) Cases seen Rate per 1000 Total costs 20–39 118 23 40–59 126 41 60–79 36 109 80+ 50 48",
        [
            ("20–39", within(20, 39)),
            ("40–59", within(40, 59)),
            ("60–79", within(60, 79)),
            ("80+", at_least(80, unit="a")),
        ],
    ),
    (
        INCLUSION + "- menopause (age ≥ 55, age ≤ 55 and no bleeding for a year)",
        [("≥ 55", at_least(55, unit="a")), ("≤ 55", at_most(55, unit="a"))],
    ),
    (
        INCLUSION + "- creatinine: for boys 14 years and over ≤ 1.5 mg/dL; ≤ 0.9 mg/dL below 14 years",
        [("14 years and over", at_least(14, unit="a")), ("below 14 years", less_than(14, unit="a"))],
    ),
    ("Age (years) 0.21 <61/≥61 502/241 510/233", [("<61", less_than(61, unit="a")), ("≥61", at_least(61, unit="a"))]),
    ("Veterans: 310 patients aged 45-80 years in nine clinics were asked", [("45-80 years", within(45, 80))]),
]
OTHERS = [
    "Valves were tested in newer (< 20 years) and worn (> 20 years) devices.",
    "Screening for aneurysms has been introduced in three counties for men 65–74 years of age.",
    "Twelve lean (5 male, 7 female) volunteers aged 18–37 took part.",
    "Nine patients (8 men; median age 64.0 years; age range, 52–83 years) were treated.",
    "The mean age of the students was 20.2 years with a minimal age of 17 years and a maximal age of 44 years.",
    "The vaccine was given at 3, 5 and 12 months of age.",
    "The flora changed from 5 to 17 months of age.",
    "The second analysis looked at the change of each patient over 3 years.",
    "There were 31 neonates <36 weeks old and 22 ≥36 weeks old.",
    EXCLUSION + "- none. The 52 men and 31 women, ranging in age from 17 to 71 years (mean age 40.2 years), were seen.",
    "Their ages ranged from 17 to 71 years.",
    "Range: Age in years: 11.9 to 15.7.",
    "Infants were small (weight/age < 10 percentile).",
    INCLUSION + "- patients aged ≥0 years",
    "Forty practices and their 120 children were followed over a 12 month period.",
    "The lowest scores of children of age 8 and 9 years, each below the norm, were left out.",
    "Forty patients (17–71 years of age; 52% female) were randomised.",
    "The mean (standard deviation) of age was 51.5 (10.5) years, ranging from 21 to 74 years old.",
    "38 older listeners ranging in age from 21 to 76 years were tested.",
    INCLUSION + "Enfermedad de > 5 años de evolución",
    "There were 40 in each group (mean age 24.1±2.2, age range 19–31).",
    "Age Mean age (weeks) 8.1 ± 1.2 Age range (weeks) 6–12",
    "In this trial 2,431 participants aged from 19 to 91 were screened.",
    "Nurses visit families when children are aged 8–10 months.",
    "National guidance for children aged 0–4 years asks for brushing.",
    "Of a population of 60000 about 9000 are children less than five years.",
    "The cohort included 61 females aged 18–65 years.",
    "Age 61 ± 9 years in all; BMI <30 in 41 and BMI ≥30 in 37",
    "Weight (kg) <60 41 (52.6) ≥60 37 (47.4)",
    "Sex 110.8 (15.2, 806.6) <0.01 Age group",
    "Gestational age (wks) <28 12 (31) ≥28 26 (69)",
    INCLUSION + "An acute (less than 3 week old) sprain",
    INCLUSION + "Stroke more than 6 months old",
    INCLUSION + "Kidney graft at least 2 years old",
    INCLUSION + "Duration of treatment per patient is up to 2 years",
    INCLUSION + "Mother died of breast cancer at < 50 years of age",
    INCLUSION + "Infants < 32 weeks' gestation",
    INCLUSION + "plans to nurse until the child is at least 6 months of age",
    "Sixty rats were treated from 4 to 9 weeks of age.",
    "In all, 44 women aged 31-67 years were treated.",
    "The group had an age range of 23-71 years, with a mean of 48 years.",
    "Samples were taken at 3 and 9 months of age.",
    "Hip fractures are rare before the age of 60 years.",
    "Minimum age: 0\nMaximum age: 999 Years",
]


@pytest.mark.parametrize(
    ("text", "expected"),
    ids([*FIELDS, *LOST, *APART, *LEADS, *WITHOUT_THE_WORD, *COUNTED, *GROUPS, *TABLES, *WORDED, *COLUMNS]),
)
def test_limit(text: str, expected: list[tuple[str, dict[str, Scalar]]]) -> None:
    check("AGE", text, expected)


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        (EXCLUSION + "illness\nMinimum age: 21Y", "inclusion"),
        (EXCLUSION + "illness\nElderly (>=65 years): No", "inclusion"),
        ("Table 1 Age <60 41 (52.6) ≥60 37 (47.4)", "none"),
        ("Patients eligible for this study were women aged 21-60 years", "inclusion"),
    ],
)
def test_polarity(text: str, polarity: str) -> None:
    assert {f.attributes["polarity"] for f in facts(text, "AGE")} == {polarity}


@pytest.mark.parametrize("text", OTHERS)
def test_no_limit(text: str) -> None:
    assert [f.text for f in facts(text, "AGE")] == []
