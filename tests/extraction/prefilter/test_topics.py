"""Clues change nothing: a sentence that none points to holds no fact."""

from __future__ import annotations

import json
import re
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trialsift.extraction.extractor import Extractor
from trialsift.extraction.labels.clues import Clue, Words, of_phrases, of_words
from trialsift.extraction.prefilter.topics import Topics

ALL = frozenset(label.label for label in Extractor(context=False).engines.labels)
QUICK, THOROUGH = Extractor(labels=ALL, context=False), Extractor(labels=ALL, context=False)
THOROUGH._passages._topics.always = -1  # reads every sentence that holds a quantity
UNITS = QUICK.reader.units
NEVER = re.compile("(?!)")
DEV = [json.loads(line)["text"] for line in Path("corpus/dev.jsonl").read_text(encoding="utf-8").splitlines()]
HEADS = [
    "Inclusion Criteria:",
    "Exclusion Criteria:",
    "Age:",
    "Hemoglobin:",
    "Performance status",
    "Laboratory values:",
]
BULLETS = ["\n. 1.", "\n- 2) ", "\n- ", "\n  o ", "\n1. ", "\n2) ", "\n(3) ", "\n", " ", "; "]
FIRST = [
    "",
    "Patients ",
    "Women ",
    "Be ",
    "Both sexes ",
    "Children ",
    "Life expectancy ",
    "ANC ",
    "serum creatinine ",
    "ECOG ",
    "PS ",
    "Karnofsky ",
    "prednisone ",
    "AUC ",
    "dose ",
    "Age ",
    "aged ",
    "(",
    "for ",
    "donors ",
]
BOUNDS = [
    "",
    "≥ ",
    "< ",
    "at least ",
    "between ",
    "over ",
    "no more than ",
    "within ",
    "up to ",
    "below ",
    "eighteen to ",
]
NUMBERS = [
    "18",
    "65",
    "80",
    "2",
    "0-1",
    "1.5",
    "100 000",
    "12 to 17",
    "18 and 75",
    "5",
    "70",
    "six",
    "100",
    "10^2",
    "1,500",
]
UNIT = [
    "",
    " years",
    "yo",
    " y.o.",
    " months",
    " weeks",
    " mg/day",
    " g/dL",
    " x ULN",
    " Gy",
    " fractions",
    "%",
    "/mm3",
    " IU",
    "+",
    " kg",
    " treatments",
    " units of insulin",
    " µg",
    " cells/µL",
]
LAST = [
    "",
    " old",
    " of age",
    " or older",
    " inclusive",
    " (inclusive)",
    ")",
    ".",
    ",",
    " and older",
    " who smoke",
    " per day",
    " prior to entry",
    " with anemia",
    " in remission",
    " ago",
    ":",
]
SENTENCES = st.tuples(*map(st.sampled_from, (BULLETS, FIRST, BOUNDS, NUMBERS, UNIT, LAST))).map("".join)
TEXTS = st.tuples(st.sampled_from(HEADS), st.lists(SENTENCES, min_size=1, max_size=4).map("".join)).map("".join)


@settings(max_examples=1000, deadline=None)
@given(TEXTS)
def test_every_sentence_with_a_fact_is_pointed_to(text: str) -> None:
    assert QUICK.annotate(text) == THOROUGH.annotate(text)


@pytest.mark.parametrize("text", DEV, ids=range(len(DEV)))
def test_in_documents_too(text: str) -> None:
    assert QUICK.annotate(text) == THOROUGH.annotate(text)


def test_a_sentence_about_nothing_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    extractor = Extractor(context=False)
    monkeypatch.setattr(extractor.reader, "read", lambda text, *_: read.append(text) or [])
    extractor.annotate("Exclusion Criteria:\n- No surgery within 14 days\n- Swollen joints: 3 or more\n")
    assert not read
    extractor.annotate("Exclusion Criteria:\n- ANC < 1.5 x 10^9/L within 14 days\n")
    assert read


def test_every_name_is_a_clue() -> None:
    names = QUICK.lexicon.names
    reader = QUICK._passages
    phrases = [*chain(names.phrases("analyte"), names.phrases("scale"))]
    assert len(phrases) > 2000
    for phrase in phrases:
        for written in {phrase, phrase.upper(), phrase.title()} if phrase == phrase.lower() else {phrase}:
            text = f"- {written} > 5"
            assert reader._topics.may_name(reader._vocabulary.marks(text).spoken(0, len(text))), written


@pytest.mark.parametrize(
    ("phrases", "words", "no_words"),
    [
        (["alt", "alanine transaminase"], ["ALT", "alts", "Transaminase"], ["alanine", "salt"]),
        (["psa", "pre treatment psa"], ["PSA"], ["treatment", "pre"]),
        (["AT III", "K"], ["III", "K"], ["AT", "k", "iii"]),
        (["WHO status", "performance status"], ["Status", "Performance", "WHO"], ["who"]),
    ],
)
def test_words_of_names(phrases: list[str], words: list[str], no_words: list[str]) -> None:
    belongs = of_phrases(phrases).test(UNITS)
    assert any(map(belongs, words))
    assert not any(map(belongs, no_words))
    assert all(any(map(belongs, phrase.split())) for phrase in phrases)


def test_a_single_letter_is_a_clue_with_something_behind_it() -> None:
    topics = Topics([[Clue((of_phrases(["a1c", "a1at"]),))]], NEVER, UNITS)
    assert topics.of_word("a") == 0
    assert topics.of_glued("a") == topics.of_glued("A") == 1
    assert topics.of_word("at") == 0


@pytest.mark.parametrize(
    ("expressions", "known"),
    [
        ([r"\bage[ds]?\b"], True),
        (["wom[ae]n", "sex(?:es)?", "adult patients?"], True),
        ([r"young\s+people"], False),
        (["(?:old people|elderly)"], False),
        (["t-cells"], False),
    ],
)
def test_expressions_that_say_more_than_a_word_leave_all_to_be_read(expressions: list[str], known: bool) -> None:
    words = of_words(expressions)
    assert words.unknown is not known
    assert Topics([[Clue((words,))]], NEVER, UNITS).always == (0 if known else 1)


def test_a_clue_needs_all_its_words_and_its_expression() -> None:
    one, two = Words(frozenset({"patients"})), Words(codes=frozenset({"mo"}))
    topics = Topics([[Clue((one, two)), Clue((one,), re.compile(r"\d\d"))]], NEVER, UNITS)
    patients, months = topics.of_word("patients"), topics.of_word("months")
    assert patients
    assert months
    assert topics.point(patients | months, "", 0, 0)
    assert not topics.point(months, "12", 0, 2)
    assert topics.point(patients, "12", 0, 2)
    assert not topics.point(patients, "1", 0, 1)
