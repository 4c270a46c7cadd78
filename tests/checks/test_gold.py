"""Each kind of mistake in a gold file has its code and its line, and nothing else is found."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.checks.builders import (
    AGE,
    ALT,
    ANALYTES,
    COUNT,
    DRUG,
    ECOG,
    FRACTION,
    LAB,
    LABELS,
    TEXT,
    TOTAL,
    change,
    found,
    record,
    write,
)
from tests.support.paths import ROOT
from trialsift.checks.gold import check_gold
from trialsift.checks.run import check

OWN = ROOT / "corpus"
DROP = ...


def at(span: int, attribute: str) -> str:
    return f"spans.{span}.attributes.{attribute}"


def test_a_document_by_the_guidelines_has_no_problem(tmp_path: Path) -> None:
    assert found(write(tmp_path / "gold.jsonl", record())) == []


FORMAT = [
    ("doc_id", DROP, "key-missing"),
    ("doc_id", 7, "type"),
    ("meta", {"labels": "LAB"}, "meta"),
    ("spans.0.end", 9999, "offsets"),
    ("spans.0.text", "≥ 19 years", "span-text"),
    ("spans.0.id", 1, "span-id"),
    ("spans.0.label", "", "type"),
    ("regimens.0.spans", [99], "regimen-span"),
]
VALUES = [
    # attributes
    (at(AGE, "ages"), 1, "error", "attribute-unknown"),
    (at(AGE, "agent"), None, "error", "attribute-unknown"),
    (at(DRUG, "role"), "total", "error", "attribute-unknown"),
    (at(AGE, "unit"), DROP, "error", "attribute-missing"),
    (at(AGE, "low_inclusive"), DROP, "error", "attribute-missing"),
    (at(AGE, "low"), DROP, "error", "attribute-missing"),
    (at(AGE, "polarity"), DROP, "error", "attribute-missing"),
    (at(AGE, "scope"), DROP, "warning", "attribute-missing"),
    (at(ECOG, "scale"), DROP, "error", "attribute-missing"),
    (at(LAB, "analyte"), DROP, "error", "attribute-missing"),
    (at(TOTAL, "modality"), DROP, "error", "attribute-missing"),
    (at(DRUG, "agent"), DROP, "warning", "attribute-missing"),
    (at(COUNT, "high"), DROP, "error", "attribute-missing"),
    (at(AGE, "polarity"), "included", "error", "attribute-value"),
    (at(AGE, "scope"), "arm", "error", "attribute-value"),
    (at(ECOG, "scale"), "WHO", "error", "attribute-value"),
    (at(AGE, "historical"), "yes", "error", "attribute-value"),
    (at(ALT, "condition"), " ", "error", "attribute-value"),
    (at(ALT, "any_of"), "1", "error", "attribute-value"),
    (at(ALT, "any_of"), -1, "error", "attribute-value"),
    (at(ALT, "any_of"), True, "error", "attribute-value"),
    (at(ALT, "eligible_low"), "9", "error", "attribute-value"),
    (at(ALT, "eligible_high_inclusive"), 1, "error", "attribute-value"),
    (at(DRUG, "any_of"), 1, "error", "attribute-unknown"),
    (at(COUNT, "condition"), "if the liver is involved", "error", "attribute-unknown"),
    # intervals
    (at(AGE, "high"), 10, "error", "interval-inclusive"),
    (at(AGE, "high_inclusive"), False, "error", "interval-inclusive"),
    (at(AGE, "low_inclusive"), None, "error", "interval-inclusive"),
    (at(DRUG, "low_inclusive"), False, "error", "interval-inclusive"),
    (at(COUNT, "low_inclusive"), False, "error", "interval-inclusive"),
    (at(DRUG, "low"), 41, "error", "interval-order"),
    (at(COUNT, "low"), 26, "error", "interval-order"),
    # units
    (at(AGE, "unit"), "years", "error", "unit-value"),
    (at(AGE, "unit"), None, "error", "unit-value"),
    (at(TOTAL, "unit"), "cGy", "error", "unit-value"),
    (at(DRUG, "unit"), None, "error", "unit-value"),
    (at(DRUG, "unit"), "ULN", "error", "unit-value"),
    (at(LAB, "unit"), "gram/dL", "error", "unit-unknown"),
    (at(DRUG, "unit"), "mg/sqm", "error", "unit-unknown"),
    # scales and counts
    (at(ECOG, "high"), 6, "error", "scale-range"),
    (at(ECOG, "low"), -1, "error", "scale-range"),
    (at(ECOG, "high"), None, "error", "scale-range"),
    (at(ECOG, "high"), 1.5, "warning", "scale-step"),
    # names and quotations
    (at(LAB, "analyte"), "Hemoglobin A", "error", "analyte-form"),
    (at(LAB, "analyte"), "invented_test", "warning", "analyte-unknown"),
    (at(DRUG, "agent"), "Cisplatin", "error", "agent-form"),
    (at(DRUG, "agent"), "carboplatin", "warning", "quotation"),
    (at(ALT, "condition"), "if metastatic", "warning", "quotation"),
]
REGIMENS = [
    ("regimens.0.spans", [TOTAL, COUNT, FRACTION, DRUG], "error", "regimen-label"),
    ("regimens.0.spans", [TOTAL, COUNT, FRACTION, LAB], "error", "regimen-label"),
    (at(TOTAL, "role"), "other", "warning", "regimen-label"),
    ("regimens.0.fractions", None, "error", "regimen-bounds"),
    ("regimens.0.total_dose", [None, 51], "error", "regimen-bounds"),
]


@pytest.mark.parametrize(("path", "value", "code"), FORMAT)
def test_what_the_format_does_not_allow(tmp_path: Path, path: str, value: Any, code: str) -> None:
    spoilt = change(record("d2"), path, value)
    assert found(write(tmp_path / "gold.jsonl", record("d1"), "", spoilt)) == [(3, "error", code)]


@pytest.mark.parametrize(("path", "value", "severity", "code"), VALUES + REGIMENS)
def test_what_the_guidelines_do_not_allow(tmp_path: Path, path: str, value: Any, severity: str, code: str) -> None:
    spoilt = change(record("d2"), path, value)
    assert (2, severity, code) in found(write(tmp_path / "gold.jsonl", record("d1"), spoilt, record("d3")))
    assert {line for line, _, _ in found(tmp_path / "gold.jsonl")} == {2}


@pytest.mark.parametrize(
    "line", ["{", "[1]", '{"doc_id": "d", "text": "", "spans": [], "x": NaN}', '{"doc_id": "d", "text": "\\ud800"}']
)
def test_a_line_that_is_no_document_does_not_hide_the_next(tmp_path: Path, line: str) -> None:
    path = write(tmp_path / "gold.jsonl", line, change(record(), at(AGE, "unit"), "y"))
    assert [(n, code) for n, _, code in found(path)] == [(1, "type" if line == "[1]" else "json"), (2, "unit-value")]


def test_all_mistakes_of_a_document_are_listed(tmp_path: Path) -> None:
    spoilt = change(change(record(), "spans.0.end", -1), "spans.1.text", "no")
    change(change(spoilt, at(LAB, "unit"), "gram/dL"), "regimens.0.fractions", [25])
    codes = [code for _, _, code in found(write(tmp_path / "gold.jsonl", spoilt))]
    assert sorted(codes) == ["offsets", "span-text", "type", "unit-unknown"]


def test_a_mistake_of_the_format_names_document_and_span(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.jsonl", change(record(), "spans.3.end", 9999))
    [problem] = check_gold(path, LABELS, ANALYTES)[1]
    assert str(problem).startswith(f"{path}:1: error: d1: spans[3]: offsets {TEXT.index('≤ 2.5')}–9999 don't lie")


def test_the_message_names_document_span_and_offsets(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.jsonl", change(record(), at(LAB, "unit"), "gram/dL"))
    [problem] = check_gold(path, LABELS, ANALYTES)[1]
    start = TEXT.index("> 9 g/dL")
    assert str(problem) == (
        f"{path}:1: error: d1: LAB {start}–{start + 8} '> 9 g/dL': "
        'unit "gram/dL" is neither UCUM nor ULN, LLN, 1, [pH] or AUC [unit-unknown]'
    )


def test_a_doc_id_twice(tmp_path: Path) -> None:
    assert found(write(tmp_path / "gold.jsonl", record(), record())) == [(2, "error", "doc-id-twice")]


def test_white_space_at_an_end(tmp_path: Path) -> None:
    spoilt = record()
    spoilt["spans"][AGE] |= {"start": spoilt["spans"][AGE]["start"] - 1, "text": " ≥ 18 years"}
    assert found(write(tmp_path / "gold.jsonl", spoilt)) == [(1, "error", "span-space")]


def test_one_value_twice(tmp_path: Path) -> None:
    spoilt = record()
    spoilt["spans"].append(spoilt["spans"][LAB] | {"id": 20})
    assert found(write(tmp_path / "gold.jsonl", spoilt)) == [(1, "error", "span-twice")]
    spoilt["spans"][-1] = spoilt["spans"][-1] | {"attributes": spoilt["spans"][LAB]["attributes"] | {"analyte": "alt"}}
    assert found(write(tmp_path / "gold.jsonl", spoilt)) == [], "two analytes may share one expression"


def test_an_overlap_within_a_label(tmp_path: Path) -> None:
    spoilt = record()
    other = spoilt["spans"][AGE] | {"id": 20, "start": spoilt["spans"][AGE]["start"] + 2, "text": "18 years"}
    spoilt["spans"].append(other)
    assert found(write(tmp_path / "gold.jsonl", spoilt)) == [(1, "warning", "span-overlap")]
    other["label"] = "LIFE_EXPECTANCY"
    other["attributes"] = {name: value for name, value in other["attributes"].items() if name != "scope"}
    spoilt["meta"] = {"labels": sorted(LABELS)}
    assert found(write(tmp_path / "gold.jsonl", spoilt)) == [], "an overlap of two labels is none"


@pytest.mark.parametrize(
    ("meta", "label", "expected"),
    [
        ({"labels": ["AGE"]}, "LIFE_EXPECTANCY", ("error", "label-not-listed")),
        ({}, "LIFE_EXPECTANCY", ("warning", "label-not-listed")),
        ({"labels": ["BUDGET"]}, "BUDGET", ("warning", "label-unknown")),
    ],
)
def test_labels(tmp_path: Path, meta: dict[str, Any], label: str, expected: tuple[str, str]) -> None:
    spoilt = record() | {"meta": meta, "regimens": []}
    spoilt["spans"] = [spoilt["spans"][AGE] | {"label": label}]
    del spoilt["spans"][0]["attributes"]["scope"]
    assert found(write(tmp_path / "gold.jsonl", spoilt)) == [(1, *expected)]


def test_an_interval_with_no_end(tmp_path: Path) -> None:
    spoilt = change(change(record(), at(AGE, "low"), None), at(AGE, "low_inclusive"), None)
    assert found(write(tmp_path / "gold.jsonl", spoilt)) == [(1, "error", "interval-empty")]


@pytest.mark.parametrize("count", [0, 12.5])
def test_a_count_that_is_none(tmp_path: Path, count: float) -> None:
    spoilt = record() | {"regimens": []}
    spoilt["spans"][COUNT]["attributes"] |= {"low": count, "high": count}
    assert {code for _, _, code in found(write(tmp_path / "gold.jsonl", spoilt))} == {"fraction-count"}


@pytest.mark.parametrize(
    ("bounds", "severity", "code"),
    [
        ({"fractions": [24, 24], "dose_per_fraction": [2, 2], "total_dose": [50, 50]}, "warning", "regimen-product"),
        ({"fractions": None, "dose_per_fraction": [60, 60], "total_dose": [50, 50]}, "error", "regimen-order"),
        ({"fractions": [30, 25], "dose_per_fraction": None, "total_dose": None}, "error", "interval-order"),
    ],
)
def test_a_regimen_that_contradicts_itself(tmp_path: Path, bounds: dict[str, Any], severity: str, code: str) -> None:
    spoilt = record()
    spoilt["spans"][TOTAL]["attributes"]["role"] = "other"
    spoilt["regimens"][0] |= {"spans": [TOTAL], **bounds}
    problems = found(write(tmp_path / "gold.jsonl", spoilt))
    assert problems == sorted([(1, severity, code), (1, "warning", "regimen-label")])


def test_a_member_is_null_where_its_spans_differ(tmp_path: Path) -> None:
    two_doses = change(record(), at(DRUG, "modality"), "radiation")
    two_doses["spans"][DRUG]["attributes"] |= {"unit": "Gy", "role": "per_fraction"}
    del two_doses["spans"][DRUG]["attributes"]["agent"]
    two_doses["regimens"][0] |= {"spans": [TOTAL, FRACTION, DRUG], "fractions": None, "dose_per_fraction": None}
    assert found(write(tmp_path / "gold.jsonl", two_doses)) == []
    two_doses["spans"][DRUG]["attributes"] |= {"low": 2, "high": 2}
    assert {code for _, _, code in found(write(tmp_path / "gold.jsonl", two_doses))} == {"regimen-bounds"}


@pytest.mark.parametrize("place", [AGE, ECOG, LAB, ALT])
def test_a_limit_may_have_alternatives_and_whom_it_lets_in(tmp_path: Path, place: int) -> None:
    grouped = record()
    grouped["spans"][place]["attributes"] |= {
        "condition": "if the liver is involved",
        "any_of": 0,
        "eligible_low": 18,
        "eligible_low_inclusive": True,
        "eligible_high": None,
    }
    assert found(write(tmp_path / "gold.jsonl", grouped)) == []


def test_a_computed_bound_may_be_rounded(tmp_path: Path) -> None:
    rounded = change(record(), "regimens.0", {"spans": [TOTAL], "total_dose": [50, 50], "fractions": [15, 15]})
    rounded["regimens"][0]["dose_per_fraction"] = [3.33, 3.33]
    assert found(write(tmp_path / "gold.jsonl", rounded)) == []


@pytest.mark.parametrize(("dose", "severity"), [([2, 2], "error"), ([None, None], "warning")])
def test_a_regimen_twice(tmp_path: Path, dose: list[float | None], severity: str) -> None:
    spoilt = record()
    spoilt["regimens"].append(spoilt["regimens"][0] | {"dose_per_fraction": dose})
    assert found(write(tmp_path / "gold.jsonl", spoilt)) == [(1, severity, "regimen-twice")]


@pytest.mark.parametrize(("complete", "expected"), [(True, 3), ("value_without_role", 1), (False, 0)])
def test_only_what_is_gold_is_checked(tmp_path: Path, complete: bool | str, expected: int) -> None:
    spoilt = record() | {"meta": {"complete_attributes": complete}}
    spoilt["spans"][AGE]["attributes"]["unit"] = "y"
    del spoilt["spans"][TOTAL]["attributes"]["role"]
    spoilt["regimens"][0]["fractions"] = None
    assert len(found(write(tmp_path / "gold.jsonl", spoilt))) == expected


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    report = check([write(tmp_path / "gold.jsonl")])
    assert [(p.line, p.code) for p in report.problems] == [(0, "empty")]


def test_the_bundled_corpus_has_no_error() -> None:
    report = check(sorted(OWN.glob("*.jsonl")))
    assert [str(problem) for problem in report.problems if problem.severity == "error"] == []
    assert report.documents >= 48


def test_the_shared_corpora_have_no_error(shared_corpora: Path) -> None:
    report = check([*sorted(shared_corpora.glob("*.jsonl")), *sorted(OWN.glob("*.jsonl"))])
    assert [str(problem) for problem in report.problems if problem.severity == "error"] == []


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 40)
    | st.floats()
    | st.sampled_from(["", "Gy", "drug", "a", "ECOG", "LAB"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["low", "unit", "id"]), inner, max_size=2)
    ),
    max_leaves=5,
)
PLACES = [path for path, *_ in FORMAT + VALUES + REGIMENS if "ages" not in path] + ["spans", "spans.0", "regimens.0"]


@given(st.lists(st.tuples(st.sampled_from(PLACES), JSON), min_size=1, max_size=3))
def test_no_value_at_any_place_is_too_much(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, Any]]
) -> None:
    spoilt = record()
    for path, value in sorted(changes, key=lambda pair: -len(pair[0])):
        with contextlib.suppress(KeyError, IndexError, TypeError):
            change(spoilt, path, value)
    path = write(tmp_path_factory.mktemp("gold") / "gold.jsonl", spoilt)
    assert all(line == 1 for line, _, _ in found(path))
