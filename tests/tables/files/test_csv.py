from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialsift.model.errors import UserError
from trialsift.tables.files import read_table, write_csv
from trialsift.tables.rows import make_frame
from trialsift.tables.schema import ERRORS, table_columns

AGES = table_columns()["ages"]
TEXT_COLUMNS = [column.name for column in ERRORS if column.dtype == "string"]
NASTY = [
    "=1+1",
    "+1",
    "-1",
    "@x",
    "\tx",
    "\rx",
    "'x",
    "''",
    "'",
    "",
    " ",
    " x ",
    'say "so"',
    '"',
    '""',
    "a,b",
    "a\nb",
    "a\r\nb",
    "a\rb",
    "\n",
    "NA",
    "nan",
    "null",
    "<NA>",
    "None",
    "true",
    "1.0",
    "#x",
    "\\",
    "\\n",
    "≥ 18",
    "µ",
    "\u2028",
    "\ufeffx",
]
#: Whatever a document may hold: readers.py lets neither lone surrogates nor NUL through.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def _ages(**cells: str) -> str:
    """A file of ages with one row."""
    names = [column.name for column in AGES]
    return ",".join(names) + "\n" + ",".join(cells.get(name, "") for name in names) + "\n"


class TestFiles:
    @pytest.mark.parametrize("text", NASTY)
    def test_nasty_text_survives_csv(self, tmp_path: Path, text: str) -> None:
        first, second, *_ = TEXT_COLUMNS
        self._round_trip(tmp_path / "t.csv", [{first: text, second: text}, {first: None, second: "last"}])

    @given(
        st.lists(
            st.fixed_dictionaries({name: st.none() | TEXTS for name in TEXT_COLUMNS}),
            max_size=4,
        )
    )
    def test_any_text_survives_csv(
        self, tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str | None]]
    ) -> None:
        self._round_trip(tmp_path_factory.mktemp("csv") / "t.csv", rows)

    @given(st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False), min_size=1))
    def test_any_number_survives_csv(
        self, tmp_path_factory: pytest.TempPathFactory, numbers: list[float | None]
    ) -> None:
        path = tmp_path_factory.mktemp("csv") / "t.csv"
        table = make_frame([{"doc_id": "d", "low": number} for number in numbers], AGES)
        write_csv(table, path)
        pd.testing.assert_frame_equal(read_table(path), table, check_exact=True)

    @staticmethod
    def _round_trip(path: Path, rows: list[dict[str, str | None]]) -> None:
        table = make_frame(rows, ERRORS)
        write_csv(table, path)
        pd.testing.assert_frame_equal(read_table(path), table)

    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
    def test_no_cell_begins_a_formula(self, tmp_path: Path, text: str) -> None:
        write_csv(make_frame([{TEXT_COLUMNS[0]: text}], ERRORS), tmp_path / "t.csv")
        [cell] = pd.read_csv(tmp_path / "t.csv", dtype=str)[TEXT_COLUMNS[0]]
        assert cell == "'" + text

    @pytest.mark.parametrize(
        ("number", "written"),
        [
            (18, "18"),
            (18.0, "18"),
            (1.5, "1.5"),
            (0, "0"),
            (-1, "-1"),
            (100000.0, "100000"),
            (0.001, "0.001"),
            (1e22, "1e+22"),
        ],
    )
    def test_numbers_are_written_short(self, tmp_path: Path, number: float, written: str) -> None:
        write_csv(make_frame([{"low": number}], AGES), tmp_path / "t.csv")
        assert pd.read_csv(tmp_path / "t.csv", dtype=str)["low"].tolist() == [written]

    def test_booleans_are_lower_case_and_missing_is_empty(self, tmp_path: Path) -> None:
        write_csv(make_frame([{"low_inclusive": True, "high_inclusive": False}, {}], AGES), tmp_path / "t.csv")
        raw = pd.read_csv(tmp_path / "t.csv", dtype=str, na_filter=False)
        assert raw["low_inclusive"].tolist() == ["true", ""]
        assert raw["high_inclusive"].tolist() == ["false", ""]

    def test_a_renamed_file_is_known_by_its_columns(self, tmp_path: Path) -> None:
        write_csv(make_frame([{"low": 18}], AGES), tmp_path / "renamed.csv")
        assert read_table(tmp_path / "renamed.csv")["low"].tolist() == [18]

    @pytest.mark.parametrize(
        ("name", "content", "expected"),
        [
            ("t.csv", None, "no such file"),
            ("t.csv", "a,b\n1,2\n", "not the columns of a table"),
            ("t.csv", "", "cannot be read as a table"),
            ("t.csv", "doc_id,low\n\xff", "not the columns of a table"),
            ("t.parquet", "no parquet", "cannot be read as a table"),
            ("t.csv", _ages(low="many"), "does not fit its column: column low"),
            ("t.csv", _ages(start="1.5"), "does not fit its column: column start"),
            ("t.csv", _ages(negated="perhaps"), "does not fit its column: column negated"),
            ("t.jsonl", "[1]\n", "is no object"),
            ("t.jsonl", '{"doc_id": "d"}\n', "not the columns of a table"),
            ("t.jsonl", "", "not the columns of a table"),
        ],
    )
    def test_files_that_are_none_of_ours(self, tmp_path: Path, name: str, content: str | None, expected: str) -> None:
        if content is not None:
            (tmp_path / name).write_text(content, encoding="utf-8")
        with pytest.raises(UserError, match=expected) as caught:
            read_table(tmp_path / name)
        assert str(tmp_path / name) in str(caught.value)
