"""The text of a Doc, remembered."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

import trialsift
from trialsift.spacy_pipeline.doc_text import remember, text_of

NLP = spacy.blank("en")


@given(st.text())
def test_it_is_the_text(text: str) -> None:
    assert text_of(NLP.make_doc(text)) == text
    assert text_of(Doc(NLP.vocab, words=text.split())) == Doc(NLP.vocab, words=text.split()).text


def test_each_has_its_own() -> None:
    one, other = NLP("Age 18"), NLP("Age 21")
    assert [text_of(doc) for doc in (one, other, one)] == ["Age 18", "Age 21", "Age 18"]
    remember(one, "as given in")
    assert [text_of(doc) for doc in (one, other, one)] == ["as given in", "Age 21", "Age 18"]


def test_a_doc_that_is_filled() -> None:
    doc = Doc(NLP.vocab)
    assert text_of(doc) == ""
    doc.from_bytes(NLP("Age 18").to_bytes())
    assert text_of(doc) == "Age 18"


def test_a_tokenizer_that_changes_the_text() -> None:
    nlp = trialsift.load()
    nlp.tokenizer = lambda text: Doc(nlp.vocab, words=text.lower().split())
    doc = nlp("AGE   ≥ 18 years")
    assert [fact["text"] for fact in doc._.trialsift] == ["≥ 18 years"]
    assert doc.text == text_of(doc) == "age ≥ 18 years "


@pytest.mark.parametrize("way", ["call", "pipe", "docs"])
def test_pipelines_read_each_their_text(way: str) -> None:
    nlp = trialsift.load()
    texts = [f"Age ≥ {years} years" for years in range(18, 30)]
    if way == "call":
        docs = [nlp(text) for text in texts]
    else:
        docs = list(nlp.pipe(texts if way == "pipe" else [nlp.make_doc(text) for text in texts]))
    assert [doc._.trialsift[0]["low"] for doc in docs] == list(range(18, 30))
