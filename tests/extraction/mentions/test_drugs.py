"""Names of drugs: the quick expression for plain letters finds what the slow one for all letters does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialsift.extraction.mentions.drugs import Drugs
from trialsift.rules.files import patterns_dir

DRUGS = Drugs(patterns_dir(None))


@given(
    st.lists(
        st.sampled_from(
            ["mab", "nib", "TINIB", "fosfamide", "a", "xy", "s", " ", "-", "5", "é", " sodium", "cisplatin"]
        ),
        max_size=12,
    )
)
def test_both_expressions_find_the_same(pieces: list[str]) -> None:
    text = "".join(pieces)
    spans = [[match.span() for match in one.finditer(text)] for one in (DRUGS._pattern, DRUGS._any_letters)]
    assert spans[0] == spans[1]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("abcdemab 5 mg and Xyzamab sodium", ["abcdemab", "xyzamab sodium"]),
        ("themab", ["themab"]),
        ("amab", []),
        ("abcdemabs", []),
        ("ımatinib", ["ımatinib"]),
    ],
)
def test_a_stem_ends_a_word(text: str, names: list[str]) -> None:
    assert [name for _, _, name in DRUGS.find(text, 0, len(text))] == names
