"""Where an expression of many words can begin: no match of it may be missed."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.paths import ROOT
from trialsift.extraction.assertion.background import BackgroundFile
from trialsift.gold import read_gold
from trialsift.rules.begun import Begun, find_beginnings
from trialsift.rules.guarded import plain
from trialsift.rules.validation import read_as

EXPRESSIONS = [
    r"\b(?:kids?|skis)\s+(?:are|is)\b",
    r"(?<!no )\bsix\s+\w+",
    r"(?:an?\s+)?is\b",
    r"\b(?-i:[A-Z])[a-z]+\s+is\b",
]


@pytest.mark.parametrize(
    ("expression", "strings"),
    [
        (r"\b(?:is|are)\s+(?:now\s+)?usual\b", {"is now usual", "is usual", "are now usual", "are usual"}),
        (r"(?<!no )\btrials?,?\s+\w+", {"trial ", "trial, ", "trials ", "trials, "}),
        (r"et\.?\s*al", {"et", "et."}),
        (r"RE(?:port)+ed", {"report"}),
        (r"[sz]ized", {"sized", "zized"}),
        (r"(?:the\s+)?\w+", set()),
        (r"[(\[]\d", {"(", "["}),
        (r"\d+ fractions", set()),
        (r"Äther", set()),
    ],
)
def test_strings_that_an_expression_begins_with(expression: str, strings: set[str]) -> None:
    assert find_beginnings(expression) == strings


def compare(expressions: Sequence[str], text: str, start: int) -> None:
    whole = re.compile("|".join(expressions), re.I)
    found = Begun(expressions).finditer(text, plain(text), start, len(text) - start)
    assert [match.span() for match in found] == [m.span() for m in whole.finditer(text, start, len(text) - start)]


PIECES = ["Kıds", "ſkis", "sKI", "no ", "Six", "are", "is", "an", " ", "\n", "Is", "K", "a"]


@given(st.lists(st.sampled_from(PIECES), max_size=12), st.integers(0, 3), st.lists(st.sampled_from(EXPRESSIONS)))
def test_the_same_is_found_as_by_the_expressions_alone(pieces: list[str], start: int, written: list[str]) -> None:
    compare(written or EXPRESSIONS, "".join(pieces), start)


def test_signs_of_other_work_are_found_as_by_their_expressions_alone() -> None:
    rules = read_as(BackgroundFile, ROOT / "patterns/background.toml")
    texts = [text for sign in (*rules.reports, *rules.turns) for text in (*sign.examples, *sign.not_examples)]
    texts += [document.text for document in read_gold(ROOT / "corpus/dev.jsonl")][:20]
    for signs in (rules.reports, rules.turns):
        compare([sign.expression for sign in signs], "\n".join(texts), 0)
