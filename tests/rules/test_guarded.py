"""What a text must hold for an expression to match in it: a guard must never keep a match away."""

from __future__ import annotations

import re
import string
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.paths import ROOT
from trialsift.extraction.extractor import Extractor
from trialsift.gold import read_gold
from trialsift.rules.guarded import Guarded, find_needed, guarded, holds, plain
from trialsift.rules.wording import read_wordings

DEV = ROOT / "corpus" / "dev.jsonl"


SIGNS = "".join(map(chr, range(sys.maxunicode + 1)))
PLAIN = plain(SIGNS)


@pytest.mark.parametrize("letter", string.ascii_lowercase)
def test_plain_has_a_letter_where_re_takes_a_sign_for_it(letter: str) -> None:
    taken = re.compile(letter, re.I)
    others = [SIGNS[match.start()] for match in re.finditer(letter, PLAIN)]
    assert {letter, letter.upper()} <= set(others)
    assert all(taken.fullmatch(sign) for sign in others)
    assert [sign for sign in "İıſK" if taken.fullmatch(sign)] == [sign for sign in "İıſK" if plain(sign) == letter]


@given(st.text())
def test_plain_keeps_offsets(text: str) -> None:
    assert len(plain(text)) == len(text)


@pytest.mark.parametrize(
    ("expression", "strings"),
    [
        (r"\b(?:adjusted|corrected)\s+(?:for|by)\s*$", ("adjusted", "corrected")),
        (r"\bAGE[ds]?\b", ("age",)),
        (r"(?:no )?boosts?", ("boost",)),
        (r"y\.?o\b", ("y.o", "yo")),
        (r"(?<!no )\bfx(?=\s)", ("fx",)),
        (r"[x×]\s*\d", ()),
        (r"\d+\s*(?:mg)?", ()),
        (r"(?:mg|\d)", ()),
        (r"(?:dose )+of", ("dose ",)),
        (r"α", ()),
    ],
)
def test_strings_that_an_expression_needs(expression: str, strings: tuple[str, ...]) -> None:
    assert find_needed(re.compile(expression, re.I)) == strings


def test_where_nothing_is_needed_nothing_is_kept_away() -> None:
    assert holds("", ())
    assert guarded(r"\d").search("7", "") is not None
    assert find_needed(re.compile("age"), re.compile(r"\d")) == ()


@given(
    st.lists(
        st.sampled_from(["Fracti", "on", "ſ", "s", "Sess", "ıon", "fX", " ", "treatment", "K", "g", "İ"]), max_size=9
    )
)
def test_a_guard_lets_every_match_through(pieces: list[str]) -> None:
    text = "".join(pieces)
    for expression in (r"fractions?\b", r"(?:daily\s+)?sessions|fx", r"treatments\s|kg"):
        compiled = re.compile(expression, re.I)
        found, plainly = Guarded(compiled).search(text, plain(text)), compiled.search(text)
        assert (found and found.span()) == (plainly and plainly.span())


@pytest.mark.slow
def test_no_expression_of_the_engines_matches_without_what_it_needs() -> None:
    expressions = [wording.expression for wording in read_wordings(Extractor().patterns).compile_all()]
    expressions += [
        value.expression if isinstance(value, Guarded) else value
        for name, module in sorted(sys.modules.items())
        if name.startswith("trialsift.extraction.labels.")
        for value in vars(module).values()
        if isinstance(value, Guarded | re.Pattern)
    ]
    told = [(expression, strings) for expression in expressions if (strings := find_needed(expression))]
    assert len(told) > 150
    lines = [line for document in read_gold(DEV) for line in document.text.split("\n") if line]
    met = set()
    for line in lines:
        lower = plain(line)
        for expression, strings in told:
            if not holds(lower, strings):
                assert expression.search(line) is None, (expression.pattern, line)
            elif expression.search(line):
                met.add(expression)
    assert len(met) > 100
