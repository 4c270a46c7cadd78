"""What is asked before an expression is tried must never rule out what it would match."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.extraction.quantities.readers import comparators, units
from trialsift.extraction.quantities import joints, numbers
from trialsift.extraction.quantities.parts import Lexed, Parts, Token
from trialsift.rules.trie import find_openings, find_openings_behind, look_ahead

# White space, signs, and what opens a multiple of a limit, a limit, words of age, words behind a number, a unit.
PIECES = [
    *(
        "",
        " ",
        "  ",
        "\n",
        "\u00ad",
        "Â",
        "&nbsp;",
        "-",
        "–",
        "|",
        "/",
        "(",
        ")",
        ",",
        ".",
        "+",
        "^",
        "*",
        "x",
        "X",
        "×",
    ),
    *(
        "·",
        "10",
        "109",
        "9",
        "^9",
        "6",
        "000",
        "18",
        "ſ",
        "ı",
        "K",
        "ULN",
        "N",
        "upper limit of normal",
        "lower limits",
    ),
    *(
        "times",
        "fold",
        "TIMES",
        "per",
        "p.",
        "dL",
        "of age",
        "old",
        "y.o.",
        "or older",
        "and",
        "or",
        "up",
        "to",
        "minimum",
    ),
    *(
        "mg",
        "MG",
        "kg",
        "g",
        "m2",
        "mm3",
        "mm",
        "Hg",
        "hg",
        "%",
        "mg %",
        "years",
        "year-old",
        "mo",
        "h",
        "copies",
        "IU",
    ),
    *(
        "platelets",
        "L",
        "l",
        "µ",
        "μg",
        "cubic",
        "cu",
        "micro",
        "log",
        "y",
        "patients",
        "the",
        "an",
        "a",
        "incl",
        "exclusive",
    ),
    *comparators()._words.words("filler"),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=7).map("".join)
STOPS = st.integers(0, 12) | st.just(sys.maxsize)


@given(TEXTS, STOPS)
def test_no_unit_is_missed(text: str, stop: int) -> None:
    text, start = f"5{text}", 1
    assert units().match(text, start, stop) == units()._match(text, start, stop)


@given(TEXTS, STOPS)
def test_no_limit_is_missed(text: str, stop: int) -> None:
    text, start, vocabulary = f"5{text}", 1, comparators()
    found = vocabulary.match_limit(text, start, stop, look_ahead(text, start, stop))
    expressions = (vocabulary.multiple, vocabulary.bracketed, vocabulary.named_limit)
    tried = next(filter(None, (expression.match(text, start, stop) for expression in expressions)), None)
    assert (found and found.span()) == (tried and tried.span())


@given(TEXTS, STOPS)
def test_no_words_are_missed(text: str, stop: int) -> None:
    vocabulary = comparators()
    found = vocabulary.match_words_after(text, 0, stop, look_ahead(text, 0, stop))
    behind = vocabulary.words.age_words.match(text, 0, stop)
    tried = vocabulary.after.match(text, behind.end() if behind else 0, stop)
    assert (found and found.span()) == (tried and tried.span())


@given(TEXTS, STOPS)
def test_no_joint_is_missed(text: str, stop: int) -> None:
    first = look_ahead(text, 0, stop)[:1]
    assert not comparators().words.ends.match(text, 0, stop) or first == "("
    assert not joints.PLUS.match(text, 0, stop) or first == "+"
    assert not joints.MANTISSA.match(text, 0, stop) or first in joints.MANTISSA_BEGINS
    assert not comparators().words.range.fullmatch(text, 0, stop) or first in joints.RANGE_BEGINS


@given(st.sampled_from(["10", "5", "5.2", "100", "1·10", "1,500", "1"]), TEXTS, STOPS)
def test_no_power_is_missed(number: str, text: str, stop: int) -> None:
    """And no number whose thousands stand apart."""
    whole = number + text
    token = re.match(numbers.DIGITS, whole)
    assert token is not None
    stop = max(stop, token.end())
    surface, end = Parts(units(), comparators()).read_number(Lexed(whole, [Token("num", 0, token.end())], stop), 0)
    if joints.POWER_OF_TEN.match(whole, 0, stop):
        assert end > 2
        assert (surface, end) != (token.group(), token.end())
    if not joints.SPACED.match(whole, 0, stop) and not joints.POWER_OF_TEN.match(whole, 0, stop):
        assert (surface, end) == (token.group(), token.end())


@pytest.mark.parametrize(
    ("text", "stop", "first"),
    [("  Mg/dL", 99, "mg"), ("\n\t x", 99, "x"), ("", 99, ""), ("  ", 99, ""), ("Gy", 1, "g"), ("  Gy", 2, "")],
)
def test_ahead(text: str, stop: int, first: str) -> None:
    assert look_ahead(text, 0, stop) == first


def test_openings() -> None:
    assert {"mg", "g", "g ", "g)", "y ", "y-"} <= find_openings(["MG", "g", "y old"])
    assert not {"m", "ml", "gy", "yo"} & find_openings(["MG", "g", "y old"])
    assert {"x", "x1", "xy"} <= find_openings_behind("x")
