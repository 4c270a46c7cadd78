"""Our abbreviations are those of scispaCy's detector."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
import spacy
from hypothesis import example, given
from hypothesis import strategies as st
from scispacy.abbreviation import AbbreviationDetector
from spacy.tokens import Doc

import trialsift
from tests.support.paths import ROOT
from trialsift.spacy_pipeline.abbreviation_detector import AbbreviationComponent

NLP = spacy.blank("en")
THEIRS, OURS = AbbreviationDetector(NLP, make_serializable=True), AbbreviationComponent(NLP)
CORPUS = ROOT / "corpus" / "dev.jsonl"
TEXTS = [json.loads(line)["text"] for line in CORPUS.read_text(encoding="utf-8").splitlines()]
# Words that make definitions and near misses likely: glued, nested and unbalanced brackets, letters that grow or
# change in lower case, short forms that are too long, too short or no words.
WORDS = [
    *(
        "(",
        "(",
        ")",
        ")",
        "a",
        "b",
        "AB",
        "ABC",
        "abc",
        "alpha",
        "beta",
        "gamma",
        "Alpha-Beta",
        "alpha,beta",
        "A.",
        "()",
    ),
    *("12", "A1", "ß", "ΑΒΣ", "αβς", "İi", "ı", "X", "Gy", "x-y", "AB-C", ".", ",", ";", "ΣΑ", "\n", "elevenlong11"),
]


def written(component: Any, doc: Doc) -> tuple[list[dict[str, Any]], dict[Any, Any]]:
    """What a component writes on a Doc: the list, and all else. Of one long form the short forms come in the order of
    the text: scispaCy's own order changes from run to run."""
    doc.user_data.clear()
    found = component(doc)._.abbreviations
    first = {entry["long_start"]: place for place, entry in reversed(list(enumerate(found)))}
    found.sort(key=lambda entry: (first[entry["long_start"]], entry["short_start"]))
    return found, {key: value for key, value in doc.user_data.items() if key[1] != "abbreviations"}


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_same_as_scispacy(text: str) -> None:
    doc = NLP.make_doc(text)
    assert written(OURS, doc) == written(THEIRS, doc)


@pytest.mark.filterwarnings("ignore:.*W036")
@given(st.lists(st.tuples(st.sampled_from(WORDS), st.booleans()), max_size=40), st.booleans())
@example([(word, False) for word in ["\n", "(", "AB", ")", ",", ",", "alpha", "a", "b"]], True)
def test_same_as_scispacy_on_any_tokens(words: list[tuple[str, bool]], tokenized: bool) -> None:
    if tokenized:
        doc = NLP.make_doc("".join(word + " " * space for word, space in words))
    else:
        doc = Doc(NLP.vocab, words=[word for word, _ in words], spaces=[space for _, space in words])
    assert written(OURS, doc) == written(THEIRS, doc)


def test_same_as_scispacy_on_many_texts() -> None:
    """Long texts made of those words."""
    chance = random.Random(7)
    for _ in range(300):
        doc = NLP.make_doc(" ".join(chance.choices(WORDS, k=60)))
        assert written(OURS, doc) == written(THEIRS, doc)


def test_what_is_written() -> None:
    doc = trialsift.load()("External beam radiotherapy (EBRT). EBRT, and Gray (Gy) ( 1.5 )")
    assert doc._.abbreviations[:2] == [
        {
            "short_text": "EBRT",
            "short_start": start,
            "short_end": start + 1,
            "long_text": "External beam radiotherapy",
            "long_start": 0,
            "long_end": 3,
        }
        for start in (4, 7)
    ]
    assert doc[4:5]._.long_form == "External beam radiotherapy"
    assert doc[5:6]._.long_form is None


@pytest.mark.parametrize("text", ["", "no brackets", "(at the start)", ")(", "( ( (", "a ()"])
def test_nothing_is_defined(text: str) -> None:
    doc = OURS(NLP.make_doc(text))
    assert doc._.abbreviations == []


def test_a_second_time_gives_the_same() -> None:
    nlp = trialsift.load()
    doc = nlp("total nodal irradiation (TNI)")
    before = list(doc._.abbreviations)
    assert nlp(doc)._.abbreviations == before
    assert len(before) == 1
