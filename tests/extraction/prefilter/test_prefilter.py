"""Prefilters change nothing: with and without them the same is read in any text."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.accepted_results import OWN, OWN_FILES, SHARED_FILES, read_texts
from tests.support.extractors import extractor_of_all_labels
from tests.support.paths import shared_folder
from trialsift.extraction.extractor import Extractor
from trialsift.extraction.labels.clues import Clue, Words
from trialsift.extraction.prefilter.marks import Vocabulary
from trialsift.extraction.prefilter.topics import Topics

FILTERED = extractor_of_all_labels(context=False)
UNFILTERED = Extractor(labels=["all"], context=False, prefilter=False)
#: So many documents of a shared corpus are read.
SAMPLE = 120


def check(text: str) -> None:
    assert FILTERED.annotate(text) == UNFILTERED.annotate(text), text[:200]


@pytest.mark.parametrize("name", OWN_FILES)
def test_the_bundled_corpus(name: str) -> None:
    for _, text in read_texts(OWN / name):
        check(text)


@pytest.mark.slow
@pytest.mark.parametrize("name", SHARED_FILES)
@pytest.mark.usefixtures("shared_corpora")
def test_shared_corpora(name: str) -> None:
    path = shared_folder() / name
    if not path.is_file():
        pytest.skip(f"{path}: not among the corpora")
    texts = [text for _, text in read_texts(path)]
    for text in islice(texts, 0, None, max(1, len(texts) // SAMPLE)):
        check(text)


@pytest.mark.slow
def test_every_name() -> None:
    """Each name that a lexicon knows, in three ways of writing it, before a number."""
    phrases = list(FILTERED.lexicon.names.iter_phrases())
    assert len(phrases) > 2000
    lines = [f"- {written} > 5\n" for phrase in phrases for written in sorted({phrase, phrase.upper(), phrase.title()})]
    for at in range(0, len(lines), 100):
        check("Inclusion Criteria:\n" + "".join(lines[at : at + 100]))


@pytest.mark.parametrize(
    "limit",
    [
        "more than ULN",
        "2 x IULN",
        "above UNL",
        "the limits of normal",
        "abnormal limit",
        "upper normal",
        "LLNs",
        "prelimits of",
        "twenty fractions",
        "eighteen to thirty years",
        "ten single treatments",
        "ECOG performance status",
        "sixty-five years",
    ],
)
def test_a_limit_without_a_digit(limit: str) -> None:
    check(f"Inclusion Criteria:\n- ALT, ECOG or age: {limit}\n- {limit}\n")


# fmt: off
PIECES = [
    "Inclusion criteria", "EXCLUSION CRITERIA:", "non-inclusion criteria", "patients must be", "patients\n",
    "study design", "platelets", "oPlatelets", "oANC", "bilirubin2 (", "AST's", "ALT/AST", "CD4+", "(CD)4", "25(OH)D",
    "24 hour urine protein", "β-HCG", "Β hCG", "ß2m", "α1 antitrypsin", "%CDT", "of protein", "of  protein",
    "a minimum of", "a-minimum of", "in the range", "at least", "not", "no more than", "≥", "<", "&ge;", "\\>", "â‰¥",
    "Â³", "> or =", "l500", "≥ l500", "than l500", "= \n l500", ".5", "1.5", "b.5", "1,500", "1-2-3-4-5-6-7-8",
    "twenty-five", "twentyfive", "x5", "5x5", "60Gy", "/30", "٣", "0", "7", " ", " ", "\n", "\n- ", "-", "_",
    "\u00ad", "\u00a0", "s", "o", "l", "(", ")", ".", ",", ": ", "'", "é", "@highlight", "x@highlight",
]
HEADS = [
    "Inclusion Criteria:", "Exclusion Criteria:", "Age:", "Hemoglobin:", "Performance status", "Laboratory values:",
]
BULLETS = [
    "\n. 1.", "\n- 2) ", "\n- ", "\n  o ", "\n1. ", "\n2) ", "\n(3) ", "\n", " ", "; ",
]
FIRST = [
    "", "Patients ", "Women ", "Be ", "Both sexes ", "Children ", "Life expectancy ", "ANC ", "serum creatinine ",
    "ECOG ", "PS ", "Karnofsky ", "prednisone ", "AUC ", "dose ", "Age ", "aged ", "(", "for ", "donors ",
]
BOUNDS = [
    "", "≥ ", "< ", "at least ", "between ", "over ", "no more than ", "within ", "up to ", "below ", "eighteen to ",
]
NUMBERS = [
    "18", "65", "80", "2", "0-1", "1.5", "100 000", "12 to 17", "18 and 75", "5", "70", "six", "100", "10^2", "1,500",
]
UNIT = [
    "", " years", "yo", " y.o.", " months", " weeks", " mg/day", " g/dL", " x ULN", " Gy", " fractions", "%", "/mm3",
    " IU", "+", " kg", " treatments", " units of insulin", " µg", " cells/µL",
]
LAST = [
    "", " old", " of age", " or older", " inclusive", " (inclusive)", ")", ".", ",", " and older", " who smoke",
    " per day", " prior to entry", " with anemia", " in remission", " ago", ":",
]
# fmt: on
SENTENCES = st.tuples(*map(st.sampled_from, (BULLETS, FIRST, BOUNDS, NUMBERS, UNIT, LAST))).map("".join)
CRITERIA = st.tuples(st.sampled_from(HEADS), st.lists(SENTENCES, min_size=1, max_size=4).map("".join)).map("".join)
SCRAPS = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@settings(max_examples=1000, deadline=None)
@given(CRITERIA)
def test_any_criteria(text: str) -> None:
    check(text)


@settings(max_examples=600, deadline=None)
@given(SCRAPS, SCRAPS)
def test_any_text(before: str, behind: str) -> None:
    check(before)
    check(f"Inclusion Criteria:\n- {before} > 5 mg {behind}")


def test_a_sentence_about_nothing_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a prefilter is for."""
    read: list[str] = []
    extractor = Extractor(context=False)
    monkeypatch.setattr(extractor.reader, "read", lambda text, *_, **__: read.append(text) or [])
    extractor.annotate("Exclusion Criteria:\n- Prior surgery within 14 days\n- Swollen joints: 3 or more\n")
    assert not read
    extractor.annotate("Exclusion Criteria:\n- ANC < 1.5 x 10^9/L within 14 days\n")
    assert read


def test_a_vocabulary_forgets_before_it_takes_all_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trialsift.model.memory.MOST", 1)
    never = re.compile("(?!)")
    topics = Topics([[Clue((Words(frozenset({"zeta"})),))]], never, FILTERED.reader.units)
    words = [
        f"{word} alpha beta gamma {number} zeta" for number, word in enumerate(["ab", "cd", "ef", "gh", "ij", "kl"])
    ]
    vocabulary = Vocabulary(["alpha"], ["beta gamma"], never, topics)
    marks = vocabulary.find_marks(" ".join(words))
    assert len(vocabulary._known) <= 10
    assert vocabulary.find_marks(" ".join(words)) == marks
    assert (len(marks.lexemes), len(marks.headings), len(marks.topics)) == (12, 6, 6)


def test_a_vocabulary_that_forgets_still_knows_the_words_of_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trialsift.model.memory.MOST", 1)
    never = re.compile("(?!)")
    vocabulary = Vocabulary(["upper limit"], [], never, Topics([], never, FILTERED.reader.units))
    vocabulary.find_marks("upper limit")
    numbers = " ".join(map(str, range(20)))
    marks = vocabulary.find_marks(f"{numbers} upper gut, upper limit")
    assert len(marks.lexemes) == 21


def test_extraction_works_where_the_prefilter_is_deleted() -> None:
    text = "Inclusion Criteria:\n- Age 18 to 75 years, ECOG 0-1\n- Hemoglobin ≥ 9 g/dL"
    code = (
        "import sys\n"
        "sys.modules['trialsift.extraction.prefilter'] = None\n"
        "from trialsift import Extractor\n"
        f"print(len(Extractor(prefilter=False).annotate({text!r}).facts))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) == len(FILTERED.annotate(text).facts) == 3
