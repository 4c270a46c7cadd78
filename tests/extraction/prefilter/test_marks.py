"""Marks change nothing: what begins at them is what an expression finds that is tried everywhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trialsift.extraction.extractor import Extractor
from trialsift.extraction.labels.clues import Clue, Words
from trialsift.extraction.prefilter.marks import Vocabulary, cuts_word, matches
from trialsift.extraction.prefilter.topics import Topics
from trialsift.extraction.structure.passages import _LIMIT, _LIMIT_WORD

EXTRACTOR = Extractor(context=False)
READER = EXTRACTOR._passages
LEXER, HEADINGS, VOCABULARY = READER._lexer._pattern, READER._structure._phrase, READER._vocabulary
NEVER = re.compile("(?!)")
DEV = [json.loads(line)["text"] for line in Path("corpus/dev.jsonl").read_text(encoding="utf-8").splitlines()]
PIECES = [
    "Inclusion criteria",
    "EXCLUSION CRITERIA:",
    "non-inclusion criteria",
    "patients must be",
    "patients\n",
    "study design",
    "platelets",
    "oPlatelets",
    "oANC",
    "bilirubin2 (",
    "AST's",
    "ALT/AST",
    "CD4+",
    "(CD)4",
    "25(OH)D",
    "24 hour urine protein",
    "β-HCG",
    "Β hCG",
    "ß2m",
    "α1 antitrypsin",
    "%CDT",
    "of protein",
    "of  protein",
    "a minimum of",
    "a-minimum of",
    "in the range",
    "at least",
    "not",
    "no more than",
    "≥",
    "<",
    "&ge;",
    "\\>",
    "â‰¥",
    "Â³",
    "> or =",
    "l500",
    "≥ l500",
    "than l500",
    "= \n l500",
    ".5",
    "1.5",
    "b.5",
    "1,500",
    "1-2-3-4-5-6-7-8",
    "twenty-five",
    "twentyfive",
    "x5",
    "5x5",
    "60Gy",
    "/30",
    "٣",
    "0",
    "7",
    " ",
    " ",
    "\n",
    "\n- ",
    "-",
    "_",
    "\u00ad",
    "\u00a0",
    "s",
    "o",
    "l",
    "(",
    ")",
    ".",
    ",",
    ": ",
    "'",
    "é",
    "@highlight",
    "x@highlight",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


def found(pattern: object, text: str, start: int, end: int, places: list[int]) -> list[tuple[int, int]]:
    return [match.span() for match in matches(pattern, text, start, end, places)]  # type: ignore[arg-type]


@pytest.mark.parametrize("text", DEV, ids=range(len(DEV)))
def test_nothing_is_missed_in_documents(text: str) -> None:
    marks = VOCABULARY.marks(text)
    assert found(LEXER, text, 0, len(text), marks.lexemes) == [m.span() for m in LEXER.finditer(text)]
    assert found(HEADINGS, text, 0, len(text), marks.headings) == [m.span() for m in HEADINGS.finditer(text)]


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.integers(0, 60), st.integers(0, 60))
def test_nothing_is_missed_in_any_range_of_any_text(text: str, start: int, width: int) -> None:
    start = min(start, len(text))
    end = min(start + width, len(text))
    marks = VOCABULARY.marks(text)
    for pattern, places in ((LEXER, marks.lexemes), (HEADINGS, marks.headings)):
        assert found(pattern, text, start, end, places) == [m.span() for m in pattern.finditer(text, start, end)]


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_tokens_are_those_without_marks(text: str) -> None:
    marks = VOCABULARY.marks(text)
    lexer = READER._lexer
    assert lexer.tokens(text, 0, len(text), None, marks) == lexer.tokens(text, 0, len(text))


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.integers(0, 40), st.integers(0, 40))
def test_headings_of_a_part_are_those_of_its_text(text: str, start: int, width: int) -> None:
    start = min(start, len(text))
    end = min(start + width, len(text))
    within = VOCABULARY.marks(text).headings_within(text, start, end)
    if within is None:
        assert cuts_word(text, start) or cuts_word(text, end)
    else:
        part = text[start:end]
        assert found(HEADINGS, part, 0, len(part), within) == [m.span() for m in HEADINGS.finditer(part)]


@pytest.mark.parametrize(
    "text",
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
def test_a_limit_in_words_has_a_word_that_marks_it(text: str) -> None:
    assert _LIMIT.search(text)
    assert VOCABULARY.marks(text).limits
    assert any(_LIMIT_WORD.search(word) for word in text.replace("-", " ").split())


def test_a_vocabulary_forgets_before_it_takes_all_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trialsift.extraction.prefilter.marks._MOST", 10)
    topics = Topics([[Clue((Words(frozenset({"zeta"})),))]], NEVER, EXTRACTOR.reader.units)
    words = [
        f"{word} alpha beta gamma {number} zeta" for number, word in enumerate(["ab", "cd", "ef", "gh", "ij", "kl"])
    ]
    vocabulary = Vocabulary(["alpha"], ["beta gamma"], _LIMIT_WORD, topics)
    marks = vocabulary.marks(" ".join(words))
    assert len(vocabulary._known) <= 10
    assert vocabulary.marks(" ".join(words)) == marks
    assert (len(marks.lexemes), len(marks.headings), len(marks.topics)) == (12, 6, 6)
