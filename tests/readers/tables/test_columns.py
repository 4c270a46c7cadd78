"""Several columns of text, a column of polarity, and texts with tags, in all tables and records."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from tests.readers.builders import documents, only_failure, results
from tests.support.extractors import shared_extractor
from trialsift.cli import app
from trialsift.model.document import Document
from trialsift.readers import ReadOptions
from trialsift.tables.files import read_table

FORMS = ("csv", "jsonl", "parquet")


def write(form: str, rows: list[dict[str, Any]]) -> bytes:
    """Rows of the same columns in a format."""
    if form == "jsonl":
        return "".join(json.dumps(row) + "\n" for row in rows).encode()
    if form == "parquet":
        packed = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(rows), packed)
        return packed.getvalue()
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def polarities(text: str) -> dict[str, object]:
    return {f.text: f.attributes.get("polarity") for f in shared_extractor().annotate(text).facts}


@pytest.mark.parametrize("form", FORMS)
def test_columns_become_headings(form: str) -> None:
    rows = [
        {
            "doc_id": "a",
            "title": "A trial",
            "inclusion_criteria": "Age ≥ 18 years",
            "exclusion": "Hb < 9 g/dL",
            "x": "y",
        },
        {"doc_id": "b", "title": None, "inclusion_criteria": "Age ≥ 21 years", "exclusion": " ", "x": "y"},
    ]
    options = ReadOptions(text_column=("title", "inclusion_criteria", "exclusion"))
    found = documents(results(write(form, rows), f"a.{form}", options))
    assert found == {
        "a": "Title:\nA trial\n\nInclusion criteria:\nAge ≥ 18 years\n\nExclusion:\nHb < 9 g/dL",
        "b": "Inclusion criteria:\nAge ≥ 21 years",
    }
    assert polarities(found["a"]) == {"≥ 18 years": "inclusion", "< 9 g/dL": "exclusion"}


@pytest.mark.parametrize("form", FORMS)
def test_a_column_of_polarity(form: str) -> None:
    rows = [
        {"doc_id": "a", "text": "Hemoglobin < 9 g/dL", "kind": "Exclusion"},
        {"doc_id": "b", "text": "Hemoglobin < 9 g/dL", "kind": "incl"},
        {"doc_id": "c", "text": "Hemoglobin < 9 g/dL", "kind": None},
    ]
    found = documents(results(write(form, rows), f"a.{form}", ReadOptions(polarity_column="kind")))
    assert found["a"] == "Exclusion Criteria:\nHemoglobin < 9 g/dL"
    assert found["c"] == "Hemoglobin < 9 g/dL"
    assert [polarities(found[name])["< 9 g/dL"] for name in "ab"] == ["exclusion", "inclusion"]


@pytest.mark.parametrize("form", FORMS)
def test_tags_are_read_as_what_they_show(form: str) -> None:
    rows = [{"doc_id": "a", "text": "1. Age<br>> 18 years<br>2. Platelets<br/>&gt;= 100 x 10<sup>9</sup>/L"}]
    [document] = results(write(form, rows), f"a.{form}")
    assert isinstance(document, Document)
    assert document.text == "1. Age\n> 18 years\n2. Platelets\n>= 100 x 10^9/L"
    assert document.notes == {"markup": "html"}
    facts = shared_extractor().annotate(document.text).facts
    assert {(f.text, f.attributes["low"], f.attributes["low_inclusive"]) for f in facts} == {
        ("> 18 years", 18, False),
        (">= 100 x 10^9/L", 100, True),
    }


@pytest.mark.parametrize("text", ["Hb <9 and PLT > 100", "ALT &gt; 3", "x <b and c> d"])
def test_what_has_no_tags_stays(text: str) -> None:
    [document] = results(write("csv", [{"doc_id": "a", "text": text}]), "a.csv")
    assert isinstance(document, Document)
    assert (document.text, document.notes) == (text, {})


def test_annotated_records_stay() -> None:
    record = {"doc_id": "a", "text": "Age<br>18", "spans": []}
    assert documents(results(write("jsonl", [record]), "a.jsonl")) == {"a": "Age<br>18"}


@pytest.mark.parametrize(
    ("row", "options", "code", "says"),
    [
        ({"text": "Age", "kind": "maybe"}, ReadOptions(polarity_column="kind"), "wrong_schema", "'maybe' as kind"),
        ({"text": "Age", "kind": 3}, ReadOptions(polarity_column="kind"), "wrong_schema", "'3' as kind"),
        ({"a": " ", "b": None}, ReadOptions(text_column=("a", "b")), "empty", "no text in a, b"),
        ({"a": "Age", "b": 3}, ReadOptions(text_column=("a", "b")), "wrong_schema", "a number as b"),
        ({"c": "Age"}, ReadOptions(text_column=("a", "b")), "wrong_schema", "no column 'a'"),
        ({"text": "<br> <p></p>"}, ReadOptions(), "empty", "no text in text"),
    ],
)
def test_what_is_wrong_with_a_record(row: dict[str, Any], options: ReadOptions, code: str, says: str) -> None:
    failure = only_failure(results(write("jsonl", [{"doc_id": "x", **row}]), "a.jsonl", options))
    assert (failure.code, says in failure.message) == (code, True), failure.message


def test_a_record_may_lack_some_of_the_columns() -> None:
    data = write("jsonl", [{"doc_id": "x", "a": "Age"}])
    assert documents(results(data, "a.jsonl", ReadOptions(text_column=("a", "b")))) == {"x": "A:\nAge"}


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_table_has_to_have_all_columns(form: str) -> None:
    data = write(form, [{"doc_id": "x", "text": "Age"}])
    failure = only_failure(results(data, f"a.{form}", ReadOptions(polarity_column="kind")))
    assert ("no column 'kind'" in failure.message, "--polarity-column" in failure.advice) == (True, True)


def test_the_options_of_the_command(tmp_path: Path) -> None:
    rows = [{"nct": "a", "what": "Hemoglobin < 9 g/dL", "more": "Age > 70 years", "kind": "E"}]
    (tmp_path / "a.csv").write_bytes(write("csv", rows))
    columns = ["--text-column", "what", "--text-column", "more", "--id-column", "nct", "--polarity-column", "kind"]
    command = ["extract", str(tmp_path / "a.csv"), "--out", str(tmp_path / "out"), *columns]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    assert read_table(tmp_path / "out/tables/labs.csv")["polarity"].tolist() == ["exclusion"]
    assert read_table(tmp_path / "out/tables/ages.csv")["polarity"].tolist() == ["exclusion"]
    again = CliRunner().invoke(app, [*command, "--resume"])
    assert "another" not in again.output
