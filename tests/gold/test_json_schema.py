"""The published JSON Schema: made from the code, and true of what is written."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from docs.schema import FILES, format_schema, make_schema
from jsonschema import Draft202012Validator

from tests.support.accepted_results import OWN, OWN_FILES, RECORDED, read_lines, to_document
from tests.support.extractors import shared_extractor
from trialsift.gold import read_gold
from trialsift.runs.extract.run import extract_run

VALIDATOR = Draft202012Validator(make_schema())
RECORD: dict[str, Any] = {
    "doc_id": "a",
    "text": "Age ≥ 18 years. 25 Gy in 5 fractions",
    "meta": {"parts": [[0, 15, "eligibility"]], "source": "x"},
    "spans": [{"id": 0, "start": 4, "end": 14, "label": "AGE", "text": "≥ 18 years", "attributes": {"low": 18}}],
    "regimens": [{"spans": [0], "fractions": [5, None], "total_dose": None}],
    "criteria": [
        {"criterion": 1, "polarity": "inclusion", "start": 0, "end": 15, "any_of": [{"span": 0, "label": "AGE"}]}
    ],
    "own": {"kept": True},
}


def test_the_files_are_made_from_the_code() -> None:
    Draft202012Validator.check_schema(make_schema())
    for path in FILES:
        assert path.read_text(encoding="utf-8") == format_schema(), "run: python docs/schema.py"


@pytest.mark.parametrize("name", OWN_FILES)
def test_own_corpus(name: str) -> None:
    for document in read_gold(OWN / name):
        VALIDATOR.validate(document.to_record())


@pytest.mark.parametrize("path", sorted(RECORDED.iterdir()), ids=lambda path: path.name)
def test_accepted_results(path: Path) -> None:
    """They were recorded without texts, so that other characters stand in for them; of the largest files some do."""
    for result in islice(read_lines(path), 0, None, 10 if path.name.startswith("unlabelled") else 1):
        text = "x" * max([end for _, end, *_ in result["facts"]], default=0)
        VALIDATOR.validate(to_document(result, text).to_record())


def test_a_run(tmp_path: Path) -> None:
    text = "Inclusion Criteria:\n- Hemoglobin ≥ 9 g/dL for women\n- ALT ≤ 5 x ULN if AST ≤ 3 x ULN\n- Age ≥ 18 years"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    extract_run([tmp_path / "a.txt"], tmp_path / "out", extractor=shared_extractor(), jobs=1)
    [record] = read_lines(tmp_path / "out/annotations.jsonl")
    assert any("condition" in member for each in record["criteria"] for member in each["any_of"])
    VALIDATOR.validate(record)


def test_a_record_with_everything() -> None:
    VALIDATOR.validate(RECORD)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda record: record.pop("text"),
        lambda record: record.update(doc_id=""),
        lambda record: record["spans"][0].update(id="0"),
        lambda record: record["spans"][0].update(start=-1),
        lambda record: record["spans"][0]["attributes"].update(low="18"),
        lambda record: record["spans"][0]["attributes"].update(low=True),
        lambda record: record["spans"][0]["attributes"].update(polarity="in"),
        lambda record: record["spans"][0]["attributes"].update(own=[1]),
        lambda record: record["regimens"][0].update(spans=[]),
        lambda record: record["regimens"][0].update(fractions=[5]),
        lambda record: record["meta"].update(complete_attributes="maybe"),
        lambda record: record["meta"]["parts"][0].append("x"),
        lambda record: record["criteria"][0]["any_of"][0].update(polarity="inclusion"),
    ],
)
def test_what_the_format_does_not_allow(spoil: Callable[[dict[str, Any]], Any]) -> None:
    record = copy.deepcopy(RECORD)
    spoil(record)
    assert not VALIDATOR.is_valid(json.loads(json.dumps(record)))
