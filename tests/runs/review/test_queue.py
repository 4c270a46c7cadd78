"""What stands in the queue, why, and in which order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from trialsift.rules.files import patterns_dir
from trialsift.runs.read import Results, read_run
from trialsift.runs.review.doubts import combine_doubt, doubt_rule
from trialsift.runs.review.queue import Item, make_queue


@pytest.fixture(scope="module")
def results(run: Path) -> Results:
    return read_run(run)


def items(results: Results) -> list[Item]:
    return make_queue(results, patterns_dir()).items


def test_each_fact_and_regimen_once(results: Results) -> None:
    queue = items(results)
    facts = [(item.doc_id, item.number) for item in queue if item.kind == "fact"]
    assert len(set(facts)) == len(facts) == len(results.facts)
    assert sum(item.kind == "regimen" for item in queue) == len(results.regimen_mentions) == 1
    assert [item.doubt for item in queue] == sorted((item.doubt for item in queue), reverse=True)


@pytest.mark.parametrize(
    ("doc_id", "text", "reason", "why"),
    [
        ("labs", "≥ 100,000 /mL", "implausible", "100000 /mL, below 1e+06 /mL"),
        ("two", "≥ 18 years", "contradiction", "age: 18 and 21 as lower limit"),
        ("two", "at least 21 years", "contradiction", "age: 18 and 21 as lower limit"),
        ("NCT01234567", "at least 21 years", "registry against text", "the registry says 18 Years, the text"),
        ("NCT01234567", "", "only in registry", "the registry says 75 Years, the text nothing"),
    ],
)
def test_reasons(results: Results, doc_id: str, text: str, reason: str, why: str) -> None:
    found = next(i for i in items(results) if i.doc_id == doc_id and i.text == text and reason in i.reasons)
    assert why in found.why[found.reasons.index(reason)]


def test_what_is_implausible_comes_first_and_what_is_undoubted_last(results: Results) -> None:
    queue = items(results)
    assert queue[0].text == "≥ 100,000 /mL"
    assert queue[-1].reasons == ()


def test_unread_numbers(results: Results) -> None:
    start = "Inclusion Criteria:\n- Platelets ≥ ".__len__()
    row = {"doc_id": "labs", "start": start, "end": start + 7, "polarity": "inclusion", "label": "LAB"}
    known = {**row, "name": "platelets", "low": 100_000.0, "low_inclusive": True, "high": pd.NA, "unit": "/uL"}
    bare = {**row, "start": start, "end": start + 3, "label": "AGE", "name": pd.NA, "why": "no name near"}
    tables = {**results.tables, "unread": pd.DataFrame([known, bare])}
    found = [item for item in items(replace(results, tables=tables)) if item.kind == "unread"]
    assert [(item.text, item.words, item.why) for item in found] == [
        ("100", "AGE", ("no name near",)),
        ("100,000", "platelets ≥ 100000 /uL", ("no rule took it",)),
    ]
    assert found[1].attributes["analyte"] == "platelets"
    assert found[1].attributes["high"] is None


def test_a_low_confidence_is_a_reason(results: Results) -> None:
    def annotate() -> object:
        for document in results.annotations():
            spans = [0.2 + number / 10 for number, _ in enumerate(document.spans)]
            yield replace(document, extra={**document.extra, "confidence": {"spans": spans, "regimens": []}})

    queue = [item for item in items(replace(results, _annotations=annotate)) if item.kind == "fact"]  # type: ignore[arg-type]
    assert queue[0].confidence == 0.2
    assert "low confidence" in queue[0].reasons
    assert "confidence 0.20" in queue[0].why


def test_doubts_add_up() -> None:
    assert combine_doubt(0.1, []) == 0.1
    assert combine_doubt(0.1, ["implausible"]) == 0.55
    assert combine_doubt(0.1, ["implausible", "contradiction"]) > 0.55
    assert doubt_rule(1) > doubt_rule(100) > 0
