"""Why a number of a criterion or prescription is part of no fact."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.extraction.test_properties import texts
from tests.support.paths import ROOT
from trialsift.extraction.explain import Declined, explain_declined, find_declined
from trialsift.extraction.extractor import Extractor
from trialsift.model.document import Part

DEV = sorted((ROOT / "corpus" / "dev").glob("*.txt"))
INCLUSION = "Inclusion Criteria:\n- "


@cache
def extractor() -> Extractor:
    return Extractor(context=False)


def declined(text: str, number: str) -> Declined:
    """What is told of the first number with these characters."""
    return next(d for d in explain_declined(extractor(), text) if d.text == number)


@pytest.mark.parametrize(
    ("criterion", "number", "why"),
    [
        ("Vaccinated since January 5, 2019", "5", "part of a date: `January 5, 2019`"),
        ("Vaccinated since January 5, 2019", "2019", "part of a date: `January 5, 2019`"),
        ("Diagnosed on 2019-01-05", "01-05", "part of a date: `2019-01-05`"),
        ("Lupus by the criteria of 1997", "1997", "a year of the calendar: `of 1997`"),
        ("Line 1-2-3-4-5-6-7-8", "1-2-3-4-5-6-7-8", "a serial number: `1-2-3-4-5-6-7-8`"),
        ("Batch " + "7" * 40, "7" * 40, "a number of more than 30 characters"),
        ("Platelets 100 x 10^ /L", "100", "a power of ten stands behind it that can't be read"),
        ("Negative COVID-19 test", "19", "part of a word: `COVID-19`"),
        ("Collected for 24 hour urine protein", "24", "part of the name `24 hour urine protein`"),
        ("Stage 3 disease", "3", "it numbers something: `Stage 3`"),
        ("As drawn in Figure 3", "3", "it numbers something: `Figure 3`"),
        ("Taken from a pilot (n = 40)", "= 40", "a number of patients or samples: `n = 40`"),
        ("A pilot of 1,340 patients", "1,340", "a number of people or events: `1,340 patients`"),
        ("A cough in 12 (7.5%) of them", "12", "a number of a group and its percentage: `12 (7.5%)`"),
        ("A cough in 12 (7.5%) of them", "7.5%", "a number of a group and its percentage: `12 (7.5%)`"),
        ("A cough in 24 patients (80 %)", "80 %", "a number of a group and its percentage: `24 patients (80 %)`"),
        ("More coughs with it (p < 0.05)", "< 0.05", "a p-value: `p < 0.05`"),
        ("A ratio of 1.2 (95% CI 0.8-1.9)", "95%", "a confidence interval: `95% CI 0.8-1.9`"),
        ("A ratio of 1.2 (95% CI 0.8-1.9)", "0.8-1.9", "a confidence interval: `95% CI 0.8-1.9`"),
        ("As told before [12, 14]", "14", "a reference to the literature: `[12, 14]`"),
        ("Seen at visit 2", "2", "it numbers something: `visit 2`"),
        ("The 3rd line of treatment", "3", "an ordinal number"),
        ("On metformin30,41 before", "41", "it stands inside of `metformin30,41`, not by itself"),
        ("Allergic to 5FU", "5", "part of a word: `5FU`"),
    ],
)
def test_the_form_of_a_number(criterion: str, number: str, why: str) -> None:
    told = declined(INCLUSION + criterion, number)
    assert (told.step, told.label, told.rule, told.why) == ("quantities", "", "", why)


def test_the_number_of_an_item() -> None:
    told = explain_declined(extractor(), "Inclusion Criteria:\n1. Age ≥ 18 years\n2. Signed consent")
    assert [(d.text, d.why) for d in told] == [(n, "the number of an item in a list") for n in "12"]


@pytest.mark.parametrize(
    ("criterion", "number", "why"),
    [
        ("A cut of 10 mm", "10 mm", "no test, scale, drug, dose or age is named beside it"),
        ("At least one cut of 10 mm", "At least one", "a number in a word, without a unit: it counts something"),
    ],
)
def test_nothing_is_named(criterion: str, number: str, why: str) -> None:
    told = declined(INCLUSION + criterion, number)
    assert (told.step, told.label, told.rule, told.why) == ("labels", "", "", why)


@pytest.mark.parametrize(
    ("text", "number", "label", "words"),
    [
        (INCLUSION + "Hemoglobin every 2 weeks", "2 weeks", "LAB", "`Hemoglobin`.*time"),
        (INCLUSION + "QTc > 470 ms", "> 470 ms", "", "`QTc` is named beside it, which no label that is read is about"),
        (INCLUSION + "Stable disease for 4 weeks", "4 weeks", "AGE", "age"),
        (INCLUSION + "No surgery within 14 days", "within 14 days", "AGE", "within"),
        (INCLUSION + "ECOG 9", "9", "PERFORMANCE_STATUS", "no score of ECOG, which runs from 0 to 5"),
    ],
)
def test_the_label_whose_name_stands_nearest(text: str, number: str, label: str, words: str) -> None:
    told = declined(text, number)
    assert (told.step, told.label) == ("labels", label)
    assert re.search(words, told.why)


def test_what_it_was_read_as() -> None:
    told = declined(INCLUSION + "A lesion > 10 mm", "> 10 mm")
    assert told.interval is not None
    assert (told.interval.low, told.interval.low_inclusive, told.unit) == (10, False, "mm")
    assert declined(INCLUSION + "Platelets 100 x 10^ /L", "100").interval is None


def test_a_value_of_a_label_that_is_not_asked_for() -> None:
    [told] = explain_declined(Extractor(labels=["LAB"], context=False), INCLUSION + "Age ≥ 18 years")
    assert told.text == "≥ 18 years"
    assert "a label that is not" in told.why


@pytest.mark.parametrize(
    "text",
    [
        "The hall holds 300 people.",
        "Background:\nHb fell in 40% of 120 cases.\n\n" + INCLUSION + "Age ≥ 18 years",
        INCLUSION + "HER2 positive, CD4 measured",
    ],
    ids=["no criterion", "another section", "digits of a word"],
)
def test_other_numbers_are_not_told(text: str) -> None:
    assert explain_declined(extractor(), text) == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("50 Gy in 25 fractions, 5 days a week", ["5 days"]),
        ("Cisplatin was given on day 1.", ["1"]),
        ("Hemoglobin every 2 weeks", ["2 weeks"]),
    ],
    ids=["radiation", "a drug", "a test, in a document without sections"],
)
def test_numbers_outside_of_criteria(text: str, numbers: list[str]) -> None:
    assert [told.text for told in explain_declined(extractor(), text)] == numbers


def test_parts_tell_what_is_a_criterion() -> None:
    text = "10 sites\nA lesion of 10 mm"
    parts = (Part(9, len(text), "eligibility"),)
    assert [told.text for told in explain_declined(extractor(), text, parts)] == ["10 mm"]


@pytest.mark.parametrize("path", DEV, ids=[path.stem for path in DEV])
def test_every_number_of_criteria_is_accounted_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    reading = extractor().read(text, explaining=True)
    assert reading.annotation == extractor().annotate(text)
    told = find_declined(extractor(), reading)
    places = [(d.start, d.end) for d in told] + [(fact.start, fact.end) for fact in reading.annotation.facts]
    starts = [reading.copy.locate(section.start, section.start)[0] for section in reading.sections]
    for section, start, end in zip(reading.sections, starts, [*starts[1:], len(text)], strict=True):
        if section.polarity is None:
            continue
        for number in re.finditer(r"(?<!\w)\d+", text[:end]):
            if number.start() >= start:
                assert any(a < number.end() and number.start() < b for a, b in places), number


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(texts)
def test_any_text_can_be_told_of(text: str) -> None:
    reading = extractor().read(text, explaining=True)
    told = find_declined(extractor(), reading)
    for number in told:
        assert text[number.start : number.end] == number.text != ""
        assert number.why
        taken = [f for f in reading.annotation.facts if f.start < number.end and number.start < f.end]
        assert not taken
    assert told == sorted(told, key=lambda number: (number.start, number.end))
