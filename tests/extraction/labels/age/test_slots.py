"""Ages without a word for age beside them: told by where they stand, by what leads to them, and by the ages before."""

from __future__ import annotations

import pytest

from tests.extraction.labels.cases import (
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
    ("Age From 18.00 Year(s)\nAge To 65.00 Year(s)", [("18.00 Year(s)", at_least(18)), ("65.00 Year(s)", at_most(65))]),
    (
        "Age-lower limit\t20 years-old <=\nAge-upper limit\t75 years-old >",
        [("20 years-old <=", at_least(20)), ("75 years-old >", less_than(75))],
    ),
]
LEADS: list[Case] = [
    ("Volunteers who had turned 18 could enrol.", [("turned 18", at_least(18))]),
    (INCLUSION + "Participants must have attained the age of 21", [("attained the age of 21", at_least(21))]),
    (INCLUSION + "Must not have reached the age of 50", [("not have reached the age of 50", less_than(50))]),
    (INCLUSION + "Women from 40 onwards", [("from 40 onwards", at_least(40))]),
    (INCLUSION + "People aged from 80 with diabetes", [("from 80", at_least(80))]),
    (INCLUSION + "Age of majority (18 years and above in India)", [("18 years and above", at_least(18))]),
]
PLACES: list[Case] = [
    ("Patients with confirmed tuberculosis, 18–65 years, without HIV took part.", [("18–65 years", within(18, 65))]),
    (
        "Doses were 125 mg (6–11 months), 250 mg (1–4 years) and 500 mg (5–12 years).",
        [("6–11 months", within(6, 11)), ("1–4 years", within(1, 4)), ("5–12 years", within(5, 12))],
    ),
    (
        "Zinc 10 mg (<6 months) or 20 mg (≥6 months) was given.",
        [("<6 months", less_than(6, unit="mo")), ("≥6 months", at_least(6, unit="mo"))],
    ),
    (INCLUSION + "Frail elderly defined as 75 years and above", [("75 years and above", at_least(75))]),
    (INCLUSION + "Older adults (≥ 60) living at home", [("≥ 60", at_least(60))]),
    (INCLUSION + "≥ 6 years (≥ 20 kg) with partial seizures", [("≥ 6 years", at_least(6))]),
    (
        INCLUSION + "Infants of 0 to 59 days; those under 7 days must breathe fast",
        [("0 to 59 days", within(0, 59)), ("under 7 days", less_than(7, unit="d"))],
    ),
    (
        INCLUSION + "Aged 18 years or older (or ≥ 19 where local law asks for it)",
        [("18 years or older", at_least(18)), ("≥ 19", at_least(19, scope="subgroup"))],
    ),
    (INCLUSION + "Male or female, 18 to 65", [("18 to 65", within(18, 65))]),
    (INCLUSION + "Adults 18-65 with asthma", [("18-65", within(18, 65))]),
]
PEOPLE: list[Case] = [
    ("Anyone over 50 who fell could take part.", [("over 50", more_than(50))]),
    ("Patients above 70 received half the dose.", [("above 70", more_than(70))]),
    ("The starting dose was halved in those over 75.", [("over 75", more_than(75))]),
    ("Children younger than six were excluded.", [("younger than six", less_than(6))]),
    ("Mothers of children under five were asked.", [("under five", less_than(5))]),
    ("Subjects had to be over 18, and own a phone.", [("over 18", more_than(18))]),
]
OTHERS = [
    "From 12 weeks onwards, patients in arm A had less pain.",
    "From year 2 on, participants were seen yearly.",
    "Patients with gout, 2 to 10 years, were seen.",
    "Patients in remission, 20 to 30 years, were seen.",
    "Isoniazid 300 mg (6-9 months) or rifampicin 600 mg (4 months).",
    "Aspirin 100 mg (>1 year) or clopidogrel 75 mg (>1 year).",
    "Scores of patients above 70 were considered normal.",
    "Patients in clusters of 50 or more were left out.",
    "The disease is common: 90 % of men over 60 have it.",
    INCLUSION + "Households with at least two children",
    INCLUSION + "Women with MADRS 20 to 40",
    INCLUSION + "Number of patients: 30 to 60",
    INCLUSION + "A score of risk (donor age 41-49 y = 1, 50-54 y = 2)",
    INCLUSION + "Neonates seen in the first 28 days of life",
]


@pytest.mark.parametrize(("text", "expected"), ids([*FIELDS, *LEADS, *PLACES, *PEOPLE]))
def test_limit(text: str, expected: list[tuple[str, dict[str, Scalar]]]) -> None:
    check("AGE", text, expected)


@pytest.mark.parametrize("text", OTHERS)
def test_no_limit(text: str) -> None:
    assert [f.text for f in facts(text, "AGE")] == []
