"""All formats of a run: the same frames from each, the same bytes of the same rows, nothing lost."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tables.files.builders import DAY, DOCUMENTS, write_run
from trialsift import __version__
from trialsift.model.errors import UserError
from trialsift.model.fact import Annotation
from trialsift.rules.columns import Column
from trialsift.tables.files import FORMATS, Format, RunWriter, TableWriter, check_formats, list_run_files, read_tables
from trialsift.tables.files.chunks import Chunks
from trialsift.tables.rows import Row, make_frame, make_frames
from trialsift.tables.schema import table_columns

WITH_TABLES: tuple[Format, ...] = ("csv", "parquet", "jsonl", "duckdb")
SCHEMA = {
    "trials": (
        Column("doc_id", "string", "the document"),
        Column("text", "string", 'it\'s a "text"'),
        Column("start", "Int64", "a number"),
        Column("end", "Float64", "another"),
        Column("boost", "boolean", "a flag"),
    )
}
#: Whatever a document may hold: the readers let neither lone surrogates nor NUL through.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
ROWS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "text": st.none() | TEXTS,
            "start": st.none() | st.integers(-(2**63), 2**63 - 1),
            "end": st.none() | st.floats(allow_nan=False, allow_infinity=False),
            "boost": st.none() | st.booleans(),
        },
    ),
    max_size=20,
)


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trialsift.tables.files.chunks.ROWS", 2)


class TestFormats:
    @pytest.mark.parametrize("documents", [DOCUMENTS, ()], ids=["some", "none"])
    @pytest.mark.parametrize("of", WITH_TABLES)
    def test_what_is_read_is_what_was_written(self, tmp_path: Path, of: Format, documents: Sequence[Any]) -> None:
        write_run(tmp_path, [of], documents)
        tables = read_tables(tmp_path, table_columns())
        expected = make_frames(documents)
        assert list(tables) == list(expected)
        for name, table in expected.items():
            pd.testing.assert_frame_equal(tables[name], table)

    @settings(max_examples=10, deadline=None)
    @pytest.mark.parametrize("of", WITH_TABLES)
    @given(rows=ROWS)
    def test_any_values_come_back(
        self, tmp_path_factory: pytest.TempPathFactory, of: Format, rows: list[dict[str, Any]]
    ) -> None:
        folder = tmp_path_factory.mktemp("run")
        named: list[Row] = [{"doc_id": str(number), **row} for number, row in enumerate(rows)]
        with RunWriter(folder, SCHEMA, [of], DAY) as writer:
            for row in named:
                writer.write(str(row["doc_id"]), "a.txt", "a text", {"trials": [row]})
        pd.testing.assert_frame_equal(
            read_tables(folder, SCHEMA)["trials"], make_frame(named, SCHEMA["trials"]), check_exact=True
        )

    @pytest.mark.parametrize("of", [f for f in FORMATS if f != "duckdb"])
    def test_the_same_rows_give_the_same_bytes(self, tmp_path: Path, of: Format) -> None:
        first, second = (tree(write_run(tmp_path / name, [of])) for name in ("a", "b"))
        assert first == second

    @pytest.mark.usefixtures("small_portions")
    @pytest.mark.parametrize("of", WITH_TABLES)
    def test_portions_lose_nothing(self, tmp_path: Path, of: Format) -> None:
        documents = [(f"{number}-{doc_id}", *rest) for number in range(3) for doc_id, *rest in DOCUMENTS]
        write_run(tmp_path, [of], documents)
        for name, table in make_frames(documents).items():
            pd.testing.assert_frame_equal(read_tables(tmp_path, table_columns())[name], table)

    @pytest.mark.parametrize("formats", [("csv",), ("parquet", "duckdb"), ("jsonl", "omop"), FORMATS])
    @pytest.mark.parametrize("documents", [DOCUMENTS, ()], ids=["some", "none"])
    def test_run_files_are_those_that_are_written(
        self, tmp_path: Path, formats: tuple[Format, ...], documents: Sequence[Any]
    ) -> None:
        write_run(tmp_path, formats, documents)
        written = set(tree(tmp_path)) - {"annotations.jsonl", "errors.csv", "run.json"}
        assert written == set(list_run_files(table_columns(), formats)) <= set(list_run_files(table_columns()))

    @pytest.mark.parametrize("of", FORMATS)
    def test_a_run_that_fails_leaves_no_half_of_a_file(self, tmp_path: Path, of: Format) -> None:
        with pytest.raises(ZeroDivisionError):
            write_run(tmp_path, [of], ((str(1 / n), "text", Annotation()) for n in (1, 0)))
        assert not list(tmp_path.glob("trialsift.*"))
        assert not list(tmp_path.glob(".*"))

    @pytest.mark.parametrize(
        ("formats", "message"),
        [
            (["xls"], "xls: no format of tables; choose csv, parquet, jsonl, xlsx, duckdb, omop or fhir"),
            ([], "none: no format"),
        ],
    )
    def test_formats_that_are_none(self, tmp_path: Path, formats: list[str], message: str) -> None:
        with pytest.raises(UserError, match=message):
            check_formats(formats)
        with pytest.raises(UserError, match=message):
            RunWriter(tmp_path / "out", table_columns(), formats, DAY)
        assert not (tmp_path / "out").exists()

    @pytest.mark.parametrize(
        ("of", "library", "extra"), [("duckdb", "duckdb", "duckdb"), ("xlsx", "xlsxwriter", "excel")]
    )
    def test_without_its_library_the_user_is_told_before_anything_is_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of: Format, library: str, extra: str
    ) -> None:
        monkeypatch.setitem(sys.modules, library, None)
        with pytest.raises(UserError, match=rf"pip install 'trialsift\[{extra}\]'.* choose another format than {of}"):
            RunWriter(tmp_path / "out", table_columns(), ["csv", of], DAY)
        assert not (tmp_path / "out").exists()

    def test_a_run_is_not_read_from_duckdb_without_duckdb(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_run(tmp_path, ["duckdb"])
        monkeypatch.setitem(sys.modules, "duckdb", None)
        with pytest.raises(UserError, match=r"trialsift\.duckdb: DuckDB is not installed"):
            read_tables(tmp_path, table_columns())


class TestTableWriter:
    def test_a_format_that_is_no_file_a_table(self, tmp_path: Path) -> None:
        with pytest.raises(KeyError, match="duckdb"):
            TableWriter(tmp_path, SCHEMA, ["duckdb"])

    def test_tables_go_into_the_folder(self, tmp_path: Path) -> None:
        with TableWriter(tmp_path / "t", SCHEMA, ["csv", "jsonl"]) as writer:
            writer.add({"trials": [{"doc_id": "a"}]})
        assert set(tree(tmp_path)) == {"t/trials.csv", "t/trials.jsonl"}


class TestJsonLines:
    def test_a_row_is_an_object_with_every_column(self, tmp_path: Path) -> None:
        with TableWriter(tmp_path, SCHEMA, ["jsonl"]) as writer:
            writer.add({"trials": [{"doc_id": "µ\u2028", "text": "a\nb", "start": 1, "end": 2, "boost": False}, {}]})
        first, second = (tmp_path / "trials.jsonl").read_bytes().decode().split("\n")[:-1]
        assert first == '{"doc_id": "µ\u2028", "text": "a\\nb", "start": 1, "end": 2.0, "boost": false}'
        assert json.loads(second) == dict.fromkeys(["doc_id", "text", "start", "end", "boost"])

    @pytest.mark.parametrize("number", [float("nan"), float("inf")])
    def test_numbers_that_json_does_not_have(self, tmp_path: Path, number: float) -> None:
        with pytest.raises(ValueError, match="not JSON compliant"), TableWriter(tmp_path, SCHEMA, ["jsonl"]) as writer:
            writer.add({"trials": [{"end": number}]})


class TestParquet:
    def test_columns_are_described(self, tmp_path: Path) -> None:
        write_run(tmp_path, ["parquet"])
        for name, columns in table_columns().items():
            schema = pq.read_schema(tmp_path / "tables" / f"{name}.parquet")
            described = [(field.name, field.metadata[b"description"].decode()) for field in schema]
            assert described == [(column.name, column.description) for column in columns]
            units = [(field.metadata.get(b"unit") or b"").decode() or None for field in schema]
            assert units == [column.unit for column in columns]
            assert schema.metadata[b"trialsift_version"].decode() == __version__

    def test_pandas_reads_it_with_its_dtypes(self, tmp_path: Path) -> None:
        write_run(tmp_path, ["parquet"])
        table = pd.read_parquet(tmp_path / "tables/ages.parquet")
        assert {name: str(dtype) for name, dtype in table.dtypes.items()} == {
            column.name: column.dtype for column in table_columns()["ages"]
        }

    @pytest.mark.usefixtures("small_portions")
    def test_row_groups_are_full(self, tmp_path: Path) -> None:
        write_run(tmp_path, ["parquet"], [(f"{number}", "nothing", Annotation()) for number in range(5)])
        groups = pq.ParquetFile(tmp_path / "tables/trials.parquet").metadata
        assert [groups.row_group(i).num_rows for i in range(groups.num_row_groups)] == [2, 2, 1]


class TestChunks:
    @pytest.mark.parametrize(
        ("rows", "characters", "expected"), [(2, 99, ["ab", "cd", "e"]), (9, 2, ["ab", "cd", "e"]), (9, 99, ["abcde"])]
    )
    def test_portions(self, monkeypatch: pytest.MonkeyPatch, rows: int, characters: int, expected: list[str]) -> None:
        monkeypatch.setattr("trialsift.tables.files.chunks.ROWS", rows)
        monkeypatch.setattr("trialsift.tables.files.chunks.CHARACTERS", characters)
        written: list[str] = []
        chunks = Chunks(lambda name, portion: written.append("".join(str(row["x"]) for row in portion)))
        chunks.add("t", [{"x": letter, "n": None} for letter in "abc"])
        chunks.add("t", [{"x": letter, "n": 1} for letter in "de"])
        chunks.flush_all()
        chunks.flush_all()
        assert written == expected
