"""Tables of spans: cells keep their types, spreadsheets run nothing, mistakes name file and line."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.gold.formats.builders import content_of, trial
from trialsift.gold import GoldDocument, GoldError, GoldSpan
from trialsift.gold.formats.comparison import find_first_difference
from trialsift.gold.formats.span_tables import read_span_tables, write_span_tables

DOCUMENTS = "doc_id,text,meta.source\nd,Age 18,\n"
SPANS = "doc_id,id,label,start,end,text,rule,low\nd,0,AGE,4,6,18,,18\n"
REGIMENS = (
    "doc_id,spans,fractions_low,fractions_high,dose_per_fraction_low,dose_per_fraction_high,"
    "total_dose_low,total_dose_high\nd,0,1,1,,,,\n"
)


def write_tables(folder: Path, documents: str = DOCUMENTS, spans: str = SPANS, regimens: str = REGIMENS) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in (("documents", documents), ("spans", spans), ("regimens", regimens)):
        (folder / f"{name}.csv").write_bytes(content.encode("utf-8"))
    return folder


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def document(**attributes: Any) -> GoldDocument:
    return GoldDocument("d", "Age 18", (GoldSpan(0, 4, 6, "AGE", "18", attributes),))


def test_the_three_tables(tmp_path: Path) -> None:
    write_span_tables(tmp_path / "out", [trial()])
    spans = rows_of(tmp_path / "out" / "spans.csv")
    assert list(spans[0])[:10] == [
        "doc_id",
        "id",
        "label",
        "start",
        "end",
        "text",
        "rule",
        "low",
        "low_inclusive",
        "high",
    ]
    assert [row["id"] for row in spans] == ["0", "3", "4", "5"]
    first = {k: v for k, v in spans[0].items() if v}
    assert (first["high"], first["negated"], first["low_inclusive"]) == ("null", "false", "true")
    assert "historical" not in first
    assert spans[1]["high"] == "2.0"
    (documents,) = rows_of(tmp_path / "out" / "documents.csv")
    assert list(documents) == ["doc_id", "text", "meta.source", "extra.links"]
    assert documents["extra.links"] == "[[0, 3]]"
    (regimen,) = rows_of(tmp_path / "out" / "regimens.csv")
    assert list(regimen.values()) == ["NCT99000001", "4;5", "25", "25", "2", "null", "", ""]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, "null"),
        (True, "true"),
        (5, "5"),
        (5.0, "5.0"),
        (-5, "-5"),
        ("Gy", "Gy"),
        ("5", '"5"'),
        ("", '""'),
        ("null", '"null"'),
        (" 5", '" 5"'),
        ("NaN", "NaN"),
        ("=1+1", "'=1+1"),
        ("'", "''"),
        ("-", "'-"),
    ],
)
def test_a_value_as_a_cell(tmp_path: Path, value: object, cell: str) -> None:
    write_span_tables(tmp_path / "out", [document(agent=value)])
    assert rows_of(tmp_path / "out" / "spans.csv")[0]["agent"] == cell
    assert find_first_difference([document(agent=value)], read_span_tables(tmp_path / "out")) is None


def test_attributes_with_the_names_of_other_columns(tmp_path: Path) -> None:
    odd = document(text="x", **{"extra.a": 1, "attributes.b": 2, "": 3, "=c": 4})
    write_span_tables(tmp_path / "out", [odd])
    columns = list(rows_of(tmp_path / "out" / "spans.csv")[0])[7:]
    assert columns == ["attributes.text", "attributes.extra.a", "attributes.attributes.b", "attributes.", "'=c"]
    assert find_first_difference([odd], read_span_tables(tmp_path / "out")) is None


def test_pandas_reads_them(tmp_path: Path) -> None:
    write_span_tables(tmp_path / "out", [trial()])
    table = pd.read_csv(tmp_path / "out" / "spans.csv")
    assert table["low"].tolist() == [18, 0, 50, 25]
    assert table["text"][2] == "prior\n50 Gy"


def test_long_texts_and_a_byte_order_mark(tmp_path: Path) -> None:
    limit = csv.field_size_limit()
    long = GoldDocument("d", "\ufeff" + "x" * (limit + 1))
    write_span_tables(tmp_path / "out", [long])
    path = tmp_path / "out" / "documents.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_span_tables(tmp_path / "out") == [long]
    assert csv.field_size_limit() == limit, "a setting of the whole process"


def test_rows_may_be_sorted_by_a_spreadsheet(tmp_path: Path) -> None:
    documents = [trial("b"), trial("a")]
    write_span_tables(tmp_path / "out", documents)
    for name in ("spans", "regimens"):
        table = pd.read_csv(tmp_path / "out" / f"{name}.csv", dtype=str, na_filter=False)
        table.sort_values("doc_id", kind="stable").to_csv(tmp_path / "out" / f"{name}.csv", index=False)
    assert find_first_difference(documents, read_span_tables(tmp_path / "out")) is None


def test_a_folder_that_is_not_empty_needs_overwrite(tmp_path: Path) -> None:
    write_span_tables(tmp_path, [trial("a")])
    (tmp_path / "notes.md").write_text("ours", encoding="utf-8")
    before = content_of(tmp_path)
    with pytest.raises(GoldError, match="is not empty"):
        write_span_tables(tmp_path, [trial("b")])
    assert content_of(tmp_path) == before
    write_span_tables(tmp_path, [trial("b")], overwrite=True)
    assert [d.doc_id for d in read_span_tables(tmp_path)] == ["b"]
    assert (tmp_path / "notes.md").exists()


@pytest.mark.parametrize(
    ("table", "content", "line", "message"),
    [
        ("documents", "doc_id\nd\n", 1, "the column 'text' is missing"),
        ("documents", "doc_id,text,txet\nd,Age 18,\n", 1, "the column 'txet' is unknown"),
        ("documents", "doc_id,text,text\nd,Age 18,\n", 1, "the column 'text' stands twice"),
        ("documents", "doc_id,text\nd,Age 18,x\n", 2, "3 cells; expected 2"),
        ("documents", "doc_id,text\nd,Age 18\nd,x\n", 3, r"doc_id 'd' stands at .*documents\.csv:2 already"),
        ("documents", 'doc_id,text\nd,"Age 18\n', 2, "no row of CSV"),
        ("documents", "doc_id,text,meta.labels\nd,Age 18,LAB\n", 2, 'meta.labels is "LAB"'),
        ("documents", "doc_id,text,extra.meta\nd,Age 18,1\n", 2, "the column extra.meta has the name of a field"),
        ("documents", "", 1, "the column 'doc_id' is missing"),
        ("spans", SPANS + "x,0,AGE,4,6,18,,18\n", 3, r"doc_id 'x' stands in no row of documents\.csv"),
        ("spans", SPANS + "d,1.0,AGE,4,6,18,,18\n", 3, "id is '1.0'; expected an integer"),
        ("spans", SPANS + "d,1,AGE,4,7,18,,18\n", 3, "offsets 4–7 don't lie in the text"),
        ("spans", SPANS + "d,1,AGE,4,6,19,,18\n", 3, 'but the span says "19"'),
        ("spans", SPANS + "d,1,AGE,4,6,18,,x\n", 3, 'attributes.low is "x"; expected a number'),
        ("spans", SPANS + "d,1,AGE,4,6,18,5,1\n", 3, "rule is 5; expected the id of a rule"),
        ("regimens", REGIMENS + "d,,,,,,,\n", 3, "spans is ''; expected ids of spans"),
        ("regimens", REGIMENS + "d,7,,,,,,\n", 3, "no span of the document has the id 7"),
        ("regimens", REGIMENS + "d,0,1,,,,,\n", 3, "one end of fractions is empty"),
        ("regimens", REGIMENS + "d,0,x,1,,,,\n", 3, "fractions is .*; expected \\[low, high\\]"),
        ("regimens", REGIMENS.replace("doc_id", "doc_id,boost", 1), 1, "the column 'boost' is unknown"),
    ],
)
def test_a_mistake_names_file_and_line(tmp_path: Path, table: str, content: str, line: int, message: str) -> None:
    folder = write_tables(tmp_path, **{table: content})
    with pytest.raises(GoldError, match=message) as caught:
        read_span_tables(folder)
    assert str(caught.value).startswith(f"{folder / table}.csv:{line}: ")


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    folder = write_tables(tmp_path, documents='doc_id,text\na,"two\nlines"\nd,Age 18\nd,x\n', spans=SPANS)
    with pytest.raises(GoldError, match=r"documents\.csv:5: doc_id 'd' stands at .*documents\.csv:4 already"):
        read_span_tables(folder)


def test_a_table_that_is_missing_or_not_utf8(tmp_path: Path) -> None:
    folder = write_tables(tmp_path)
    (folder / "regimens.csv").unlink()
    with pytest.raises(GoldError, match=r"regimens\.csv: can't be read"):
        read_span_tables(folder)
    (folder / "regimens.csv").write_bytes(b"\xff")
    with pytest.raises(GoldError, match=r"regimens\.csv: byte 1 is not UTF-8"):
        read_span_tables(folder)
