"""Why a number is no fact: each engine says so of the quantities that it looked at and gave up."""

from __future__ import annotations

import pytest

from tests.extraction.labels.cases import EXCLUSION, INCLUSION
from trialsift.extraction.extractor import Extractor
from trialsift.extraction.structure.passage import Decline

EXTRACTOR = Extractor(labels=["all"])
Declined = tuple[str, str, str, str, str]  # text, quantity, label, rule, and words of the reason

AGES: list[Declined] = [
    (INCLUSION + "mean age of 65 years", "65 years", "AGE", "age.lost_operator", "a reported age"),
    (INCLUSION + "Age 18 at diagnosis of diabetes", "18", "AGE", "age.lost_operator", "more than `age`"),
    (INCLUSION + "Adults within 5 years of surgery", "within 5 years", "AGE", "", "how long after or before"),
    (INCLUSION + "Adults with asthma > 5 years", "> 5 years", "AGE", "", "no word for age"),
    (INCLUSION + "Dose level = 18 for age", "= 18", "AGE", "", "`=` and no unit of time"),
    (INCLUSION + "Family history of cancer at age < 55 years", "< 55 years", "AGE", "age.named", "a relative"),
]
SCORES: list[Declined] = [
    (INCLUSION + "ECOG 9", "9", "PERFORMANCE_STATUS", "ps.scale", "no score of ECOG, which runs from 0 to 5"),
    (INCLUSION + "Karnofsky 75", "75", "PERFORMANCE_STATUS", "ps.scale", "from 0 to 100 by 10"),
    (INCLUSION + "ECOG within 14 days", "within 14 days", "PERFORMANCE_STATUS", "ps.scale", "a word of time"),
    ("Twelve patients had an ECOG of 1.", "1", "PERFORMANCE_STATUS", "ps.scale", "a reported score"),
    (INCLUSION + "ECOG as stated in version 3", "3", "PERFORMANCE_STATUS", "ps.scale", "other words"),
]
LABS: list[Declined] = [
    (
        INCLUSION + "ALT whatever\nhappens 9 U/L",
        "9 U/L",
        "LAB",
        "lab.name_first",
        "`whatever happens` between the test's name",
    ),
    (INCLUSION + "Hemoglobin every 2 weeks", "2 weeks", "LAB", "", "`2 weeks` is a time, and a value of Hemoglobin is"),
    (INCLUSION + "Hemoglobin > 9 mmHg", "> 9 mmHg", "LAB", "lab.name_first", "is a pressure"),
    (INCLUSION + "Ferritin 30 ng/mL", "30 ng/mL", "LAB", "lab.lost_operator", "no list says which way"),
    (INCLUSION + "Hemoglobin 900", "900", "LAB", "", "without an operator and a unit"),
    (INCLUSION + "At least two markers such as INR > 2", "At least two", "LAB", "", "counts something"),
    ("Hemoglobin 9 g/dL.", "9 g/dL", "LAB", "lab.lost_operator", "outside eligibility criteria"),
    (
        INCLUSION + "Platelets were counted; the other > 5 mg/dL",
        "> 5 mg/dL",
        "LAB",
        "lab.name_first",
        "a sentence or an item",
    ),
]
DOSES: list[Declined] = [
    (INCLUSION + "tablets of 5 mg", "5 mg", "DOSE", "dose.drug", "a strength of a tablet"),
    (INCLUSION + "serum concentration of 5 mg", "5 mg", "DOSE", "dose.drug", "measured, eaten"),
    (EXCLUSION + "wine or other drinks, > 30 g a day", "> 30 g a day", "DOSE", "dose.drug", "an amount of alcohol"),
    (INCLUSION + "5 g", "5 g", "DOSE", "dose.drug", "no drug is named for it"),
    (INCLUSION + "carboplatin AUC 20", "20", "DOSE", "dose.drug", "from 0.5 to 15"),
    ("An alpha/beta ratio of 3 Gy is assumed.", "3 Gy", "DOSE", "dose.radiation", "α/β ratio"),
    ("A CT of 5 mGy is made.", "5 mGy", "DOSE", "dose.radiation", "imaging"),
    ("50 Gy, 5 fractions per week", "5", "FRACTIONS", "fractions.counted", "a frequency"),
    ("There were 3 sessions.", "3", "FRACTIONS", "fractions.counted", "a number of sessions"),
    ("50 Gy in 300 fractions", "300", "FRACTIONS", "fractions.counted", "1 to 120"),
]
OTHERS: list[Declined] = [
    (INCLUSION + "Life expectancy 3 months", "3 months", "LIFE_EXPECTANCY", "life_expectancy.named", "no bound"),
    (INCLUSION + "Life expectancy > 5 mg", "> 5 mg", "LIFE_EXPECTANCY", "life_expectancy.named", "its unit"),
    (INCLUSION + "BMI > 95th percentile", "> 95", "MEASUREMENT", "measurement.named", "percentile"),
    (INCLUSION + "change in weight > 5 kg", "> 5 kg", "MEASUREMENT", "measurement.named", "a change of the measure"),
    (INCLUSION + "Weight 70 kg", "70 kg", "MEASUREMENT", "measurement.inferred", "no bound"),
]
CASES = [*AGES, *SCORES, *LABS, *DOSES, *OTHERS]


def declines(text: str, extractor: Extractor = EXTRACTOR) -> list[Decline]:
    return [decline for passage in extractor.read(text, explaining=True).read for decline in passage.declines]


@pytest.mark.parametrize(("text", "quantity", "label", "rule", "why"), CASES, ids=[case[0] for case in CASES])
def test_engine_tells_why_it_gives_a_quantity_up(text: str, quantity: str, label: str, rule: str, why: str) -> None:
    told = [d for d in declines(text) if d.label == label and text[d.start : d.end].strip() == quantity]
    assert [(d.rule, why in d.why) for d in told] == [(rule, True)], declines(text)
    assert not [f for f in EXTRACTOR.annotate(text).facts if f.label == label and f.start == told[0].start]


def test_fact_of_a_label_that_is_not_wanted_is_declined() -> None:
    text = INCLUSION + "Age > 18 years"
    assert declines(text, Extractor(labels=["LAB"])) == [
        Decline(text.index(">"), len(text), "AGE", "age.named", "a fact of a label that is not asked for")
    ]


@pytest.mark.parametrize("text", [case[0] for case in CASES])
def test_asking_why_changes_no_fact(text: str) -> None:
    reading, asked = EXTRACTOR.read(text), EXTRACTOR.read(text, explaining=True)
    assert asked.annotation == reading.annotation
    assert not any(passage.declines for passage in reading.read)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Patients received cisplatin 75 mg/m2.", "cisplatin"),
        ("They take fluorouracil (5-FU) 400 mg/m2.", "fluorouracil"),
        ("Cisplatin was chosen. A dosing of 50 mg/m2 is safe.", "cisplatin"),
        ("Carboplatin AUC 5", "carboplatin"),
    ],
)
def test_dose_notes_the_words_that_named_its_drug(text: str, name: str) -> None:
    reading = EXTRACTOR.read(text, explaining=True)
    (fact,), (passage,) = reading.annotation.facts, reading.passages
    notes = [n for n in passage.notes if n.about == "name" and n.fact == fact.start and n.place]
    assert fact.attributes["agent"] == name
    assert [(text[slice(*n.place or ())].lower(), n.meaning) for n in notes] == [(name, name)]
