"""Results don't change unnoticed: not by a change of speed, and not by which of the two ways in reads a text."""

from __future__ import annotations

from pathlib import Path

import pytest
from spacy.language import Language

import trialsift
from tests.support.annotation_hashes import (
    OWN,
    OWN_FILES,
    SHARED_FILES,
    Hashes,
    changed,
    hashes_of,
    read_texts,
    recorded,
)
from trialsift.extraction.extractor import Extractor
from trialsift.spacy_pipeline.component import annotation_of

RECORD = (
    "If that is meant, record it: `python -m tests.support.record_hashes`, read which documents it names, and commit "
    "tests/support/annotation_hashes.json with the change; where only speed was to change, the change is wrong."
)


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


@pytest.fixture(scope="module")
def nlp() -> Language:
    return trialsift.load()


def check(path: Path, extractor: Extractor) -> None:
    if not path.is_file():
        pytest.skip(f"{path}: not among the corpora")
    before, now = recorded()[path.name], hashes_of(path, extractor)
    if now != before:
        which = changed(path, before, now)
        named = f"{', '.join(which[:10])}{' …' if len(which) > 10 else ''}"
        pytest.fail(f"{path.name}: annotations of {len(which)} documents changed: {named}. {RECORD}", pytrace=False)


@pytest.mark.parametrize("name", OWN_FILES)
def test_annotations_of_own_corpus_are_as_recorded(name: str, extractor: Extractor) -> None:
    check(OWN / name, extractor)


@pytest.mark.parametrize("name", SHARED_FILES)
def test_annotations_of_shared_corpora_are_as_recorded(name: str, extractor: Extractor, shared_corpora: Path) -> None:
    check(shared_corpora / name, extractor)


def test_every_corpus_is_recorded() -> None:
    assert set(recorded()) == {*OWN_FILES, *SHARED_FILES}


def test_a_change_names_its_documents(tmp_path: Path) -> None:
    path = tmp_path / "three.jsonl"
    path.write_text("".join(f'{{"doc_id": "{name}", "text": "Age 18"}}\n' for name in "abc"), encoding="utf-8")
    before, now = Hashes("x", ("1111", "2222", "3333")), Hashes("y", ("1111", "2223", "3333"))
    assert changed(path, before, now) == ["b"]
    assert changed(path, Hashes("x", ("1111", "2222", "3333", "4444")), now) == ["b", "document 4, gone"]


def both_ways(texts: list[str], extractor: Extractor, nlp: Language) -> None:
    for text, doc in zip(texts, nlp.pipe(texts), strict=True):
        assert annotation_of(doc) == extractor.annotate(text), text[:100]


@pytest.mark.parametrize("name", OWN_FILES)
def test_component_and_extractor_find_the_same(name: str, extractor: Extractor, nlp: Language) -> None:
    both_ways([text for _, text in read_texts(OWN / name)], extractor, nlp)


@pytest.mark.parametrize("name", SHARED_FILES)
def test_component_and_extractor_find_the_same_in_shared_texts(
    name: str, extractor: Extractor, nlp: Language, shared_corpora: Path
) -> None:
    path = shared_corpora / name
    if not path.is_file():
        pytest.skip(f"{path}: not among the corpora")
    texts = [text for _, text in read_texts(path)]
    both_ways(texts[:: max(1, len(texts) // 25)], extractor, nlp)
