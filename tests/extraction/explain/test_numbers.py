"""Where the numbers of criteria and prescriptions went, and which of those that no rule took may be facts."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.extraction.test_properties import texts
from tests.support.paths import ROOT
from trialsift.extraction.explain import NumberAnnotator, count_numbers
from trialsift.extraction.explain.suspects import REASONS
from trialsift.extraction.extractor import Extractor
from trialsift.model.unread import NumberAccount, Unread

DEV = sorted((ROOT / "corpus" / "dev").glob("*.txt"))
INCLUSION = "Inclusion Criteria:\n- "


@cache
def extractor() -> Extractor:
    return Extractor()


def account(text: str) -> NumberAccount:
    numbers = NumberAnnotator(extractor()).annotate(text).numbers
    assert numbers is not None
    return numbers


def find_reason(criterion: str, number: str) -> str:
    """The code of the first number with these characters."""
    text = INCLUSION + criterion
    return next(one.reason for one in count_numbers(extractor(), text) if text[one.start : one.end] == number)


@pytest.mark.parametrize(
    ("criterion", "number", "reason"),
    [
        ("Hemoglobin ≥ 9 g/dL", "9", "fact"),
        ("HER2 positive", "2", "word"),
        ("Negative COVID-19 test", "19", "word"),
        ("A normal 12-lead ECG", "12", "word"),
        ("24 hour urine protein measured", "24", "name"),
        ("Vaccinated since January 5, 2019", "2019", "date"),
        ("Seen by 10 am", "10", "date"),
        ("Not transitioning from 201585 (ATLAS)", "201585", "identifier"),
        ("The 3rd line of treatment", "3", "ordinal"),
        ("No serious disease; 2) pregnancy", "2", "list_item"),
        ("Given on days 1, 8 and 15", "15", "numbered"),
        ("Measurable by RECIST 1.1", "1.1", "numbered"),
        ("As shown in Figure 3", "3", "numbered"),
        ("Stage 3 disease", "3", "grade"),
        ("Toxicity of grade 1 or 2", "2", "grade"),
        ("Neuropathy > 2 grade of the CTC", "2", "grade"),
        ("Gleason score of 7", "7", "score"),
        ("At least 24 on the Mini-Mental State Examination", "24", "score"),
        ("At least 2 prior lines of therapy", "2", "count"),
        ("At least one cut of 10 mm", "one", "count"),
        ("No surgery within 14 days", "14", "duration"),
        ("At visits after 3, 6 and 12 months", "3", "duration"),
        ("Infusions every 3 weeks", "3", "frequency"),
        ("Smokes 10 cigarettes per day", "10", "frequency"),
        ("A cut of 10 mm", "10", "size"),
        ("Weight loss > 10 %", "10", "change"),
        ("A 25 % increase in size", "25", "change"),
        ("Randomised 2:1", "2", "ratio"),
        ("A pregnancy test with a sensitivity of 25 IU/L", "25", "method"),
        ("Clearance is (140 × age", "140", "formula"),
        ("More coughs with it (p < 0.05)", "0.05", "result"),
        ("At most 5 % of the patients", "5", "share"),
        ("Radiotherapy of 30 % of the marrow", "30", "percentage"),
        ("QTc > 470 ms", "470", "other_measure"),
        ("As told before [12, 14]", "14", "reference"),
    ],
)
def test_the_reason_of_a_number(criterion: str, number: str, reason: str) -> None:
    assert find_reason(criterion, number) == reason


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        ("Liver function values ≤ 3 x ULN", ("LAB", None, "no_name", 3, "ULN")),
        ("Kidney function above 60 mL/min", ("LAB", None, "no_name", None, "mL/min")),
        ("Measurable disease > 10 mm", None),
        ("No surgery within 14 days", None),
        ("LVEF below the lower limit of normal", None),
        ("Rise of creatinine by more than 0.3 mg/dL", None),
    ],
)
def test_what_may_be_a_fact(criterion: str, expected: tuple[object, ...] | None) -> None:
    found = [
        (one.label, one.name, one.reason, None if one.interval is None else one.interval.high, one.unit)
        for one in account(INCLUSION + criterion).unread
    ]
    assert found == ([] if expected is None else [expected])


def test_an_unread_number_says_where_it_stands() -> None:
    text = "Exclusion Criteria:\n- Pregnancy\n- Liver function values > 3 x ULN"
    [number] = account(text).unread
    assert text[number.start : number.end] == number.text == "> 3 x ULN"
    assert text[slice(*number.context)].strip() == "- Liver function values > 3 x ULN"
    assert number.polarity == "exclusion"
    assert number.why


def test_the_likeliest_fact_comes_first() -> None:
    text = (
        INCLUSION + "Sodium lately found around 140, and liver function values < 3 x ULN\n- Kidney function > 60 mL/min"
    )
    reasons = [number.reason for number in account(text).unread]
    assert reasons == sorted(reasons, key=REASONS.index)


def test_only_wanted_labels_are_suspected() -> None:
    annotator = NumberAnnotator(Extractor(labels=["AGE"]))
    numbers = annotator.annotate(INCLUSION + "Liver function values ≤ 3 x ULN").numbers
    assert numbers is not None
    assert numbers.unread == ()


@pytest.mark.parametrize("path", DEV, ids=[path.stem for path in DEV])
def test_every_run_of_digits_of_criteria_has_one_place(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    reading = extractor().read(text)
    places = count_numbers(extractor(), text)
    starts = [reading.copy.locate(section.start, section.start)[0] for section in reading.sections]
    for section, start, end in zip(reading.sections, starts, [*starts[1:], len(text)], strict=True):
        for number in re.finditer(r"[0-9]+", text) if section.polarity else ():
            if start <= number.start() < end:
                holding = [p for p in places if p.start < number.end() and number.start() < p.end]
                assert len(holding) == 1, number
                assert holding[0].reason


@pytest.mark.parametrize("path", DEV[:5], ids=[path.stem for path in DEV[:5]])
def test_the_facts_are_those_of_the_extractor(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert NumberAnnotator(extractor()).annotate(text) == extractor().annotate(text)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(texts)
def test_any_text_can_be_accounted_for(text: str) -> None:
    numbers = account(text)
    assert sum(numbers.counts.values()) == len(count_numbers(extractor(), text))
    for number in numbers.unread:
        assert text[number.start : number.end] == number.text != ""


def test_an_account_survives_json() -> None:
    numbers = account(INCLUSION + "Liver function values ≤ 3 x ULN\n- Age ≥ 18 years")
    assert isinstance(numbers.unread[0], Unread)
    assert NumberAccount.from_record(json.loads(json.dumps(numbers.to_record()))) == numbers
