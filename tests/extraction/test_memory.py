"""What an extractor remembers of texts: results don't depend on it, and it doesn't grow."""

from __future__ import annotations

import gc
import inspect
import random
import sys
import tracemalloc
from collections.abc import Iterator
from itertools import islice, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.accepted_results import OWN, OWN_FILES, read_texts
from tests.support.extractors import shared_extractor
from trialsift.extraction.extractor import Extractor
from trialsift.model import memory

TEXTS = [text for name in OWN_FILES for _, text in read_texts(OWN / name) if len(text) < 4_000]
CRITERIA = "Inclusion Criteria:\n- ECOG performance 0-1, Age >= 18 years\n- ANC ≥ 1.5 x 10^9/L\n- no prior 50 Gy\n"


@pytest.fixture(scope="module")
def forgetful() -> Iterator[Extractor]:
    """It remembers ten results of each kind, and the kinds of a hundred words."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory, "MOST", 10)
        yield Extractor()


def make_words() -> Iterator[str]:
    """All different, none of them a word."""
    return map("".join, product("bcdfghjk", "aeiou", "lmnprstvwx", "aeiou", "zqkvx", "aeiou"))


@settings(deadline=None, max_examples=4)
@given(st.permutations(range(len(TEXTS))))
def test_results_do_not_depend_on_what_was_read_before(forgetful: Extractor, order: list[int]) -> None:
    for index in order[:6]:
        assert forgetful.annotate(TEXTS[index]) == shared_extractor().annotate(TEXTS[index])


@pytest.mark.parametrize("seed", range(3))
def test_a_text_may_have_more_new_words_than_are_remembered(forgetful: Extractor, seed: int) -> None:
    words = random.Random(seed).choices([*islice(make_words(), 300), *CRITERIA.split(" ")], k=900)
    text = CRITERIA + " ".join(words) + "\n" + CRITERIA
    found = forgetful.annotate(text)
    assert found == shared_extractor().annotate(text)
    assert len(found.facts) >= 8


def test_new_words_take_no_more_memory(forgetful: Extractor) -> None:
    made = make_words()

    def read(number: int) -> None:
        for n, word in enumerate(made):
            if n == number:
                gc.collect()
                return
            written = f"- {word} > {n % 7}.5 {word}/{word}\n"
            forgetful.annotate(CRITERIA + written + " ".join(islice(made, 49)))

    read(20)
    tracemalloc.start()
    try:
        read(20)
        before = tracemalloc.get_traced_memory()[0]
        read(60)
        assert tracemalloc.get_traced_memory()[0] - before < 40_000
    finally:
        tracemalloc.stop()


def test_what_functions_remember_of_texts_is_bounded() -> None:
    names = ("trialsift.extraction.", "trialsift.model.", "trialsift.readers.")
    functions = [
        function
        for name, module in sys.modules.items()
        if name.startswith(names)
        for function in vars(module).values()
        if hasattr(function, "cache_parameters")
        and function.__module__.startswith(names)
        and inspect.signature(function).parameters
    ]
    assert len(functions) > 5
    assert [function for function in functions if function.cache_parameters()["maxsize"] is None] == []
