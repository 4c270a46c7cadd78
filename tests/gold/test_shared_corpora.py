"""Value F1 on annotated corpora: a change of rules that costs accuracy is seen here."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.support.extractors import extractor_of_all_labels
from tests.support.paths import ROOT
from trialsift.evaluation import evaluate
from trialsift.extraction.extractor import Extractor
from trialsift.gold import GoldDocument, parse_document, read_gold
from trialsift.model.fact import annotation_record

OWN = ROOT / "corpus"


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    """With every label, on by default or not: gold's `meta.labels` says which are scored."""
    return extractor_of_all_labels()


def value_f1(extractor: Extractor, gold: Iterable[GoldDocument]) -> float:
    documents = list(gold)
    predicted = [
        parse_document(annotation_record(d.doc_id, d.text, extractor.annotate(d.text)), d.doc_id) for d in documents
    ]
    f1 = evaluate(documents, predicted).micro.value.f1
    assert f1 is not None
    return f1


@pytest.mark.parametrize(("split", "least"), [("dev", 0.95), ("test", 0.85)])
def test_own_corpus(extractor: Extractor, split: str, least: float) -> None:
    assert value_f1(extractor, read_gold(OWN / f"{split}.jsonl")) >= least


@pytest.mark.parametrize(
    ("name", "least"), [("seeds", 0.97), ("criteria-dev", 0.95), ("radiotherapy-dev", 0.95), ("hemonc-train", 0.95)]
)
def test_shared_corpus(extractor: Extractor, shared_corpora: Path, name: str, least: float) -> None:
    path = shared_corpora / f"{name}.jsonl"
    if not path.is_file():
        pytest.skip(f"{path}: not among the corpora")
    assert value_f1(extractor, read_gold(path)) >= least
