"""What abbreviates what, by our own code: it has to say what scispaCy says, where scispaCy can be installed."""

from __future__ import annotations

import random
import string
import sys

import pytest

from tests.support.extractors import shared_extractor
from trialsift.extraction.mentions.abbreviations import _ask_scispacy, _fits
from trialsift.extraction.mentions.schwartz_hearst import find_long_form, is_short_form

NAMES = sorted(shared_extractor(context=False).lexicon.names.iter_phrases())


@pytest.mark.parametrize(
    ("name", "short", "first"),
    [
        ("absolute neutrophil count", "ANC", 0),
        ("absolute neutrophil count", "ANCt", 0),
        ("the absolute neutrophil count", "ANC", 1),
        ("Gamma-glutamyl transferase", "GGT", 0),
        ("beta-2 microglobulin", "B2-M", 0),
        ("creatinine", "Crx", None),  # x is no letter of the name
        ("serum albumin", "LB", None),  # no word begins with its first letter
        ("", "ANC", None),
    ],
)
def test_where_the_long_form_begins(name: str, short: str, first: int | None) -> None:
    assert find_long_form(name.split(), short) == first


@pytest.mark.parametrize(
    ("short", "expected"),
    [
        ("ANC", True),
        ("A", False),
        ("A12", False),
        ("B12a", True),
        ("1AB", False),
        ("ABCDEFGHI", True),
        ("ABCDEFGHIJ", False),
    ],
)
def test_what_may_be_a_short_form(short: str, expected: bool) -> None:
    assert is_short_form(short) is expected


def test_a_python_without_scispacy_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scispacy.abbreviation", None)
    assert _fits("absolute neutrophil count ", "ANCt")
    assert not _fits("absolute neutrophil count ", "ANX")


def test_says_what_scispacy_says() -> None:
    pytest.importorskip("scispacy", reason="scispaCy has no version for this Python")
    random.seed(7)
    for name in random.sample(NAMES, 400):
        words = name.split()
        letters = [c for c in name if c.isalnum()]
        for length in (2, 3, 4, 6):
            chosen = sorted(random.sample(range(len(letters)), min(length, len(letters))))
            short = "".join(letters[i] for i in chosen)
            if random.random() < 0.3:
                short = short[:1] + random.choice(string.ascii_letters + "-0") + short[1:]
            ours = find_long_form(words, short) == 0 and is_short_form(short)
            assert ours == _ask_scispacy(words, short), (name, short)
