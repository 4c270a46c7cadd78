"""Workbooks of Excel: typed cells, texts as they are, Excel's limits told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.sheets import list_sheets, read_part, read_sheet
from tests.tables.files.builders import DAY, DOCUMENTS, write_run
from trialsift.model.errors import UserError
from trialsift.rules.columns import Column
from trialsift.tables.files import workbook
from trialsift.tables.files.run_workbook import open_run_workbook
from trialsift.tables.files.workbook import cut_text, open_workbook
from trialsift.tables.rows import make_document_rows
from trialsift.tables.schema import table_columns

TEXT = (Column("text", "string", "a text"),)
TYPES = (
    Column("doc_id", "string", "the document"),
    Column("start", "Int64", "a whole number"),
    Column("low", "Float64", "a number"),
    Column("boost", "boolean", "a flag"),
)


def write_texts(path: Path, *texts: str) -> workbook.Workbook:
    with open_workbook(path, "advice") as book:
        book.add("one", TEXT, [[text] for text in texts])
        book.add_about({}, {})
    return book


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(tmp_path_factory.mktemp("run"), ["xlsx"]) / "trialsift.xlsx"


class TestRun:
    def test_a_sheet_a_table(self, path: Path) -> None:
        assert list_sheets(path) == [*table_columns(), "about"]
        for name, columns in table_columns().items():
            assert [text for _, text in read_sheet(path, name)[0]] == [column.name for column in columns]

    def test_rows_are_those_of_the_tables(self, path: Path) -> None:
        for name in table_columns():
            rows = [row for document in DOCUMENTS for row in make_document_rows(*document)[name]]
            present = [[row.get(c.name) for c in table_columns()[name] if row.get(c.name) is not None] for row in rows]
            assert [len(row) for row in read_sheet(path, name)[1:]] == [len(row) for row in present]
        _, first, *_ = read_sheet(path, "ages")
        assert ("inlineStr", "≥ 18\tyears") in first

    def test_the_header_stays_and_has_filters(self, path: Path) -> None:
        ages = read_part(path, "ages")
        for part in ('state="frozen"', f'<autoFilter ref="A1:{"A" if len(table_columns()["ages"]) > 26 else ""}'):
            assert part in ages
        assert read_part(path, "agreement").count("<row ") == 1

    def test_columns_are_explained(self, path: Path) -> None:
        described = {row[0][1]: row[1][1] for row in read_sheet(path, "about")}
        assert described["ages.start"] == next(c.description for c in table_columns()["ages"] if c.name == "start")


def test_cells_are_typed(tmp_path: Path) -> None:
    with open_run_workbook(tmp_path / "r.xlsx", {"trials": TYPES}, DAY) as tables:
        tables.add("a", "a.txt", "", {"trials": [{"doc_id": "007", "start": 0, "low": 1.5, "boost": False}, {}]})
        tables.add("b", "b.txt", "", {"trials": [{"doc_id": "- b", "low": 18}]})
    assert read_sheet(tmp_path / "r.xlsx", "trials")[1:] == [
        [("inlineStr", "007"), (None, "0"), (None, "1.5"), ("b", "0")],
        [("inlineStr", "- b"), (None, "18")],
    ]
    assert 'r="C4"' in read_part(tmp_path / "r.xlsx", "trials")  # an empty row is a row, its neighbour has its place


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+1", "- a bullet", "@SUM(A1)", "'quoted", "https://example.org", "mailto:a@example.org", "1e5"),
        *("<r>not a format</r>", "<r>&</r>", " kept ", "a\nb", "<b>&amp;", "{=1}", "😀"),
    ],
)
def test_texts_are_texts(tmp_path: Path, text: str) -> None:
    write_texts(tmp_path / "t.xlsx", text)
    [_, [(kind, found)]] = read_sheet(tmp_path / "t.xlsx", "one")
    assert (kind, found) == ("inlineStr", text)
    assert "hyperlink" not in read_part(tmp_path / "t.xlsx", "one")


def test_a_control_character_is_escaped_as_excel_does(tmp_path: Path) -> None:
    write_texts(tmp_path / "t.xlsx", "a\x01_x0041_")
    assert read_sheet(tmp_path / "t.xlsx", "one")[1] == [("inlineStr", "a_x0001__x005F_x0041_")]


@pytest.mark.parametrize(
    ("text", "length"),
    [("x" * 32_767, 32_767), ("x" * 32_768, 32_767), ("😀" * 16_383, 16_383), ("😀" * 16_384, 16_384)],
)
def test_long_texts_are_cut(text: str, length: int) -> None:
    cut = cut_text(text)
    assert len(cut) == length
    assert cut == text or cut[-1] == "…"
    assert len(cut.encode("utf-16-le")) <= 2 * 32_767


def test_what_is_cut_is_told(tmp_path: Path) -> None:
    book = write_texts(tmp_path / "t.xlsx", "short", "x" * 40_000, "y" * 40_000)
    assert book.cut_cells == {"one.text": 2}
    about = [[text for _, text in row] for row in read_sheet(tmp_path / "t.xlsx", "about")]
    assert ["one.text", "2 cells were cut at the 32,767 characters that Excel allows, marked by … at the end"] in about


def test_more_rows_than_a_sheet_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    message = r"^t\.xlsx: one has more rows than the 2 below the header of an Excel sheet; advice$"
    write_texts(tmp_path / "s.xlsx", "a")
    with pytest.raises(UserError, match=message):
        write_texts(tmp_path / "t.xlsx", "a", "b", "c")


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "t.xlsx").mkdir()
    with pytest.raises(UserError, match=r"t\.xlsx: can't be written: .*; make room, or advice"):
        write_texts(tmp_path / "t.xlsx", "a")


def test_names_that_excel_does_not_take(tmp_path: Path) -> None:
    long: Any = "tumours_of_the_head_and_neck_region"
    with open_workbook(tmp_path / "t.xlsx", "advice") as book:
        for name in ("history", f"{long}_a", f"{long}_b"):
            book.add(name, TEXT, [[name]])
        book.add_about({}, {})
    cut = long[:29]
    assert list_sheets(tmp_path / "t.xlsx") == ["history~2", f"{cut}~2", f"{cut}~3", "about"]
    assert [("inlineStr", f"{cut}~3"), ("inlineStr", f"the table {long}_b")] in read_sheet(tmp_path / "t.xlsx", "about")
