"""The table of numbers that no rule took, in a run and in Python."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import trialsift
from tests.support.doubles import write_texts
from trialsift.cli.extract import _describe
from trialsift.extraction.explain import NumberAnnotator
from trialsift.extraction.extractor import Extractor
from trialsift.model.document import Document
from trialsift.model.errors import UserError
from trialsift.runs.extract.outcome import make_document_outcome, restore_outcome
from trialsift.runs.extract.run import extract_run
from trialsift.runs.read import read_run
from trialsift.runs.view import write_view
from trialsift.tables.files import read_table
from trialsift.tables.schema import UNREAD

CRITERIA = (
    "Inclusion Criteria:\n- Age ≥ 18 years\n- Kidney function > 60 mL/min\nExclusion Criteria:\n"
    "- Surgery within 14 days\n- Liver function values > 3 x ULN, =HYPERLINK\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with the table, in all formats that are read back."""
    folder = tmp_path_factory.mktemp("unread")
    inputs = write_texts(folder / "in", a=CRITERIA, b="Nothing of the kind.\n")
    extract_run([inputs], folder / "out", unread=True, formats=("csv", "jsonl", "parquet", "duckdb", "xlsx", "omop"))
    return folder


def run_json(folder: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((folder / "out" / "run.json").read_text(encoding="utf-8"))
    return report


def test_the_rows(folder: Path) -> None:
    table = read_run(folder / "out").unread
    assert list(table.columns) == [column.name for column in UNREAD]
    assert table["doc_id"].tolist() == ["a", "a"]
    assert table["text"].tolist() == ["> 60 mL/min", "> 3 x ULN"]
    assert table["context"].tolist() == ["Kidney function > 60 mL/min", "Liver function values > 3 x ULN, =HYPERLINK"]
    assert table["polarity"].tolist() == ["inclusion", "exclusion"]
    assert table["low"].tolist() == [60, 3]
    assert table["unit"].tolist() == ["mL/min", "ULN"]
    assert table["label"].tolist() == ["LAB", "LAB"]
    for start, end, text in zip(table["start"], table["end"], table["text"], strict=True):
        assert CRITERIA[start:end] == text


def test_all_formats_have_the_same(folder: Path) -> None:
    expected = read_run(folder / "out").unread
    for name in ("unread.csv", "unread.jsonl", "unread.parquet"):
        pd.testing.assert_frame_equal(read_table(folder / "out" / "tables" / name), expected)
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect(str(folder / "out" / "trialsift.duckdb"), read_only=True) as connection:
        found = connection.execute("SELECT text, reason FROM unread ORDER BY start").fetchall()
    assert found == list(expected[["text", "reason"]].itertuples(index=False, name=None))


def test_the_same_in_python(folder: Path) -> None:
    found = trialsift.extract({"a": CRITERIA}, unread=True).unread
    pd.testing.assert_frame_equal(found, read_run(folder / "out").unread)


def test_the_counts(folder: Path) -> None:
    counts = run_json(folder)["counts"]["numbers"]
    assert counts == {"no_name": 2, "fact": 1, "duration": 1}


def test_the_summary_has_a_line(folder: Path) -> None:
    summary = extract_run([folder / "in"], folder / "again", unread=True)
    [line] = [line for line in _describe(summary).split("\n") if "numbers of criteria" in line]
    assert line == "4 numbers of criteria and prescriptions: no_name 50.0%, fact 25.0%, duration 25.0%."


def test_without_the_option_there_is_neither(tmp_path: Path) -> None:
    summary = extract_run([write_texts(tmp_path / "in", a=CRITERIA)], tmp_path / "out")
    assert "numbers of criteria" not in _describe(summary)
    assert "unread" not in read_run(tmp_path / "out").tables
    assert "numbers" not in run_json(tmp_path)["counts"]
    assert not (tmp_path / "out" / "tables" / "unread.csv").exists()


def test_a_new_run_without_it_leaves_no_old_table(tmp_path: Path) -> None:
    inputs = write_texts(tmp_path / "in", a=CRITERIA)
    extract_run([inputs], tmp_path / "out", unread=True)
    extract_run([inputs], tmp_path / "out", force=True)
    assert not (tmp_path / "out" / "tables" / "unread.csv").exists()


def test_a_line_of_the_journal_holds_it() -> None:
    annotation = NumberAnnotator(Extractor()).annotate(CRITERIA)
    outcome = make_document_outcome(Document("a", "a.txt", CRITERIA), annotation)
    restored = restore_outcome(json.loads(outcome.line)).annotation
    assert restored is not None
    assert restored.numbers == annotation.numbers
    assert restored.numbers is not None


def test_a_run_is_resumed_as_it_was_begun(tmp_path: Path) -> None:
    inputs = write_texts(tmp_path / "in", a=CRITERIA)

    def stop(done: int, total: int | None, name: str) -> None:
        if total is not None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        extract_run([inputs], tmp_path / "out", unread=True, progress=stop)
    with pytest.raises(UserError, match="begun with other unread"):
        extract_run([inputs], tmp_path / "out", resume=True)
    extract_run([inputs], tmp_path / "out", unread=True, resume=True)
    assert len(read_run(tmp_path / "out").unread) == 2


def test_the_page_lists_them(folder: Path) -> None:
    page = write_view(folder / "out", folder / "page.html").path.read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    first, second = json.loads(found[1])["documents"]
    assert [(row["text"], row["label"], row["name"]) for row in first["unread"]] == [
        ("> 60 mL/min", "LAB", None),
        ("> 3 x ULN", "LAB", None),
    ]
    assert second["unread"] == []
