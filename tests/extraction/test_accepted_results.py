"""Results don't change unnoticed: not by a change of speed, and not by which of the two ways in reads a text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from spacy.language import Language

from tests.support.accepted_results import (
    OWN,
    OWN_FILES,
    SHARED_FILES,
    Accepted,
    read_texts,
    recorded_path,
    result_of,
    to_document,
)
from trialsift.extraction.extractor import Extractor
from trialsift.spacy_pipeline.component import annotation_of

RECORD = (
    "If that is meant, record it: `python -m tests.support.record_results`, read what it prints, and commit "
    "tests/support/accepted with the change; where only speed was to change, the change is wrong."
)


def check(path: Path, extractor: Extractor) -> None:
    if not path.is_file():
        pytest.skip(f"{path}: not among the corpora")
    changes = Accepted(path, extractor).describe_changes()
    if changes:
        pytest.fail(f"{path.name}: results changed.\n{changes}\n{RECORD}", pytrace=False)


@pytest.mark.parametrize("name", OWN_FILES)
def test_annotations_of_own_corpus_are_as_recorded(name: str, extractor: Extractor) -> None:
    check(OWN / name, extractor)


@pytest.mark.slow
@pytest.mark.parametrize("name", SHARED_FILES)
def test_annotations_of_shared_corpora_are_as_recorded(name: str, extractor: Extractor, shared_corpora: Path) -> None:
    check(shared_corpora / name, extractor)


@pytest.mark.parametrize("name", [*OWN_FILES, *SHARED_FILES])
def test_every_corpus_is_recorded(name: str) -> None:
    assert recorded_path(name).is_file()


def test_a_change_names_its_facts(tmp_path: Path, extractor: Extractor, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {"a": "Age ≥ 18 years.\nECOG 0-1", "b": "ECOG 0-2", "c": "No number."}
    path = tmp_path / "three.jsonl"
    path.write_text("".join(json.dumps({"doc_id": i, "text": text}) + "\n" for i, text in texts.items()))
    before = Accepted(path, extractor).now
    monkeypatch.setattr(Accepted, "before", before)
    assert Accepted(path, extractor).describe_changes() == ""
    [age, _] = before[0]["facts"]
    age[4]["low"] = 21
    del before[1]["facts"][0]
    changes = Accepted(path, extractor).describe_changes()
    for said in ("came", "0-2", "changed", "≥ 18 years", "low 21 → 18"):
        assert said in changes


def test_what_is_recorded_is_read_back(extractor: Extractor) -> None:
    text = "Inclusion Criteria:\n- ALT ≤ 5 x ULN if liver metastases\n- 50 Gy in 25 fractions"
    annotation = extractor.annotate(text)
    assert any("condition" in fact.attributes for fact in annotation.facts)
    assert annotation.regimens
    result = result_of("d", annotation)
    assert "metastases" not in json.dumps(result)
    back = to_document(result, text).to_annotation()
    assert [(f.label, f.start, f.end, f.text, f.rule) for f in back.facts] == [
        (f.label, f.start, f.end, f.text, f.rule) for f in annotation.facts
    ]
    assert back.regimens == annotation.regimens


def both_ways(texts: list[str], extractor: Extractor, nlp: Language) -> None:
    for text, doc in zip(texts, nlp.pipe(texts), strict=True):
        assert annotation_of(doc) == extractor.annotate(text), text[:100]


@pytest.mark.slow
@pytest.mark.parametrize("name", OWN_FILES)
def test_component_and_extractor_find_the_same(name: str, extractor: Extractor, nlp: Language) -> None:
    both_ways([text for _, text in read_texts(OWN / name)], extractor, nlp)


@pytest.mark.slow
@pytest.mark.parametrize("name", SHARED_FILES)
def test_component_and_extractor_find_the_same_in_shared_texts(
    name: str, extractor: Extractor, nlp: Language, shared_corpora: Path
) -> None:
    path = shared_corpora / name
    if not path.is_file():
        pytest.skip(f"{path}: not among the corpora")
    texts = [text for _, text in read_texts(path)]
    both_ways(texts[:: max(1, len(texts) // 25)], extractor, nlp)
