"""`doc._.trialsift_confidence`: how sure the facts and regimens of a Doc are."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import Doc

from tests.spacy_pipeline.builders import TEXT, TEXTS, blank
from trialsift.extraction.confidence import read_rater
from trialsift.extraction.extractor import Extractor
from trialsift.rules.files import patterns_dir
from trialsift.spacy_pipeline.load import load


@pytest.fixture(scope="module")
def nlp() -> spacy.Language:
    return load()


@pytest.mark.parametrize("text", [TEXT, *TEXTS[:5]])
def test_it_is_that_of_the_tables(nlp: spacy.Language, text: str) -> None:
    expected = read_rater(patterns_dir()).rate(text, Extractor(patterns_dir()).annotate(text)).to_record()
    doc = nlp(text)
    assert doc._.trialsift_confidence == expected
    assert len(expected["spans"]) == len(doc._.trialsift) > 0


def test_it_travels_with_a_doc(nlp: spacy.Language) -> None:
    doc = nlp(TEXT)
    assert Doc(nlp.vocab).from_bytes(doc.to_bytes())._.trialsift_confidence == doc._.trialsift_confidence


def test_without_facts() -> None:
    assert blank()("Nothing here.")._.trialsift_confidence == {"spans": [], "regimens": []}
