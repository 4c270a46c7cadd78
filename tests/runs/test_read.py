"""Runs read back from their folders."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

import trialsift
from tests.tables.files.builders import CRITERIA, DOCUMENTS, write_run
from trialsift.gold import GoldError, read_gold
from trialsift.model.errors import UserError
from trialsift.runs.read import Results
from trialsift.tables.rows import make_frames

WITH_TABLES = ("csv", "parquet", "jsonl", "duckdb")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return trialsift.read_run(write_run(tmp_path_factory.mktemp("run"), ["csv"]))


class TestResults:
    def test_a_mapping_of_tables(self, run: Results) -> None:
        expected = make_frames(DOCUMENTS)
        assert list(run) == list(expected)
        assert len(run) == len(expected)
        for name, table in expected.items():
            pd.testing.assert_frame_equal(run[name], table)
            assert getattr(run, name) is run[name]
            assert name in dir(run)
        with pytest.raises(KeyError):
            _ = run["lab"]
        with pytest.raises(AttributeError, match=r"no table 'lab'; there are .*labs"):
            _ = run.lab

    def test_errors_and_run(self, run: Results) -> None:
        assert run.errors["file"].tolist() == ["=bad.txt"]
        assert run.run["versions"] == {"trialsift": "0.0.9"}

    def test_annotations(self, run: Results, tmp_path: Path) -> None:
        folder = write_run(tmp_path, ["csv"])
        documents = list(run.annotations())
        assert documents == read_gold(folder / "annotations.jsonl")
        assert [document.doc_id for document in run.annotations()] == [doc_id for doc_id, *_ in DOCUMENTS]

    def test_facts_of_all_labels(self, run: Results) -> None:
        assert run.facts[["doc_id", "label", "text"]].to_numpy().tolist() == [
            ["NCT00000001", "AGE", "≥ 18\tyears"],
            ["NCT00000001", "LAB", "< 100"],
            ["c", "DOSE", "50 Gy"],
            ["c", "FRACTIONS", "25 fractions"],
        ]
        assert run.facts["analyte"].tolist() == [pd.NA, "platelets", pd.NA, pd.NA]
        assert str(run.facts["low"].dtype) == "Float64"
        assert run.facts.index.tolist() == [0, 1, 2, 3]

    def test_facts_are_those_of_extract(self, tmp_path: Path) -> None:
        texts = {"b": CRITERIA, "a": "ECOG 0. 50 Gy in 25 fractions; ALT, AST ≤ 2.5 x ULN"}
        extracted = trialsift.extract(texts)
        documents = [(d.doc_id, d.text, d.to_annotation()) for d in extracted.annotations()]
        read = trialsift.read_run(write_run(tmp_path, ["parquet"], documents))
        columns = [name for name in extracted.facts if name != "context"]  # contexts are not in the gold format
        pd.testing.assert_frame_equal(read.facts[columns], extracted.facts[columns])

    def test_it_says_what_it_holds(self, run: Results) -> None:
        assert repr(run).startswith("<Results, rows: ")
        assert "labs: 1" in repr(run)
        assert repr(run).endswith("errors: 1>")

    def test_it_is_equal_to_itself_only(self, run: Results) -> None:
        assert run in [run]
        assert run != copy.copy(run)
        assert {run: 1}[run] == 1

    def test_a_copy_is_the_same(self, run: Results) -> None:
        assert copy.copy(run).labs is run.labs

    def test_it_can_be_pickled(self, run: Results) -> None:
        for results in (run, trialsift.extract(["Age ≥ 18 years"])):
            again = pickle.loads(pickle.dumps(results))
            pd.testing.assert_frame_equal(again.ages, results.ages)
            assert list(again.annotations()) == list(results.annotations())

    def test_frames_can_be_pickled(self, run: Results) -> None:
        pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(run.labs)), run.labs)


class TestReadRun:
    @pytest.mark.parametrize("of", WITH_TABLES)
    def test_frames_are_equal_whatever_the_format(self, tmp_path: Path, run: Results, of: str) -> None:
        read = trialsift.read_run(str(write_run(tmp_path, [of])))
        for name, table in run.items():
            pd.testing.assert_frame_equal(read[name], table)

    @pytest.mark.parametrize(
        ("removed", "message"),
        [
            ("run.json", "out: holds no run.json; expected a folder that `trialsift extract` wrote"),
            ("annotations.jsonl", "annotations.jsonl: no such file"),
            ("errors.csv", "errors.csv: cannot be read"),
            ("tables/labs.csv", "tables/labs.csv: no such file; the run was written by trialsift 0.0.9"),
        ],
    )
    def test_what_is_missing_is_told(self, tmp_path: Path, removed: str, message: str) -> None:
        (write_run(tmp_path / "out", ["csv"]) / removed).unlink()
        with pytest.raises(UserError, match=message):
            trialsift.read_run(tmp_path / "out")

    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(UserError, match="absent: no such folder"):
            trialsift.read_run(tmp_path / "absent")

    def test_a_run_that_is_not_complete(self, tmp_path: Path) -> None:
        (tmp_path / ".partial").mkdir()
        with pytest.raises(UserError, match=r"the run there is not complete; .*--resume"):
            trialsift.read_run(tmp_path)

    def test_a_run_that_is_being_replaced_is_whole(self, tmp_path: Path) -> None:
        write_run(tmp_path, ["csv"])
        (tmp_path / ".partial").mkdir()
        assert len(trialsift.read_run(tmp_path).labs) == 1

    def test_a_run_without_tables(self, tmp_path: Path) -> None:
        with pytest.raises(UserError, match="holds no tables; expected a run with one of the formats"):
            trialsift.read_run(write_run(tmp_path, ["omop"]))

    def test_a_format_in_which_all_are_there_is_read(self, tmp_path: Path) -> None:
        (write_run(tmp_path, ["csv", "parquet"]) / "tables/labs.parquet").unlink()
        assert len(trialsift.read_run(tmp_path).labs) == 1

    @pytest.mark.parametrize("content", ["{", "[]"])
    def test_a_run_json_that_is_none(self, tmp_path: Path, content: str) -> None:
        (write_run(tmp_path, ["csv"]) / "run.json").write_text(content, encoding="utf-8")
        with pytest.raises(UserError, match=r"run\.json: "):
            trialsift.read_run(tmp_path)

    @pytest.mark.parametrize("of", WITH_TABLES)
    def test_columns_of_another_version_are_told(self, tmp_path: Path, of: str) -> None:
        write_run(tmp_path, [of])
        path = tmp_path / "tables" / f"labs.{of}"
        if of == "csv":
            path.write_text(path.read_text("utf-8").replace("analyte", "test", 1), encoding="utf-8")
        elif of == "parquet":
            pd.read_parquet(path).rename(columns={"analyte": "test"}).to_parquet(path)
        elif of == "jsonl":
            path.write_text(path.read_text("utf-8").replace('"analyte"', '"test"'), encoding="utf-8")
        else:
            with duckdb.connect(str(tmp_path / "trialsift.duckdb")) as connection:
                connection.execute("CREATE TABLE labs_2 AS SELECT * RENAME (analyte AS test) FROM labs")
                connection.execute("DROP VIEW IF EXISTS eligible_labs; DROP TABLE labs")
                connection.execute("ALTER TABLE labs_2 RENAME TO labs")
        with pytest.raises(UserError, match=r"labs.*: lacks analyte and has test, .* trialsift 0\.0\.9, this is"):
            trialsift.read_run(tmp_path)

    def test_columns_in_another_order_are_told(self, tmp_path: Path) -> None:
        path = write_run(tmp_path, ["parquet"]) / "tables/labs.parquet"
        table = pd.read_parquet(path)
        table[list(table)[::-1]].to_parquet(path)
        with pytest.raises(UserError, match=r"labs\.parquet: has its columns in another order"):
            trialsift.read_run(tmp_path)

    def test_lines_with_other_keys_are_told(self, tmp_path: Path) -> None:
        path = write_run(tmp_path, ["jsonl"]) / "tables/trials.jsonl"
        first, *rest = path.read_text("utf-8").splitlines()
        record = json.loads(first)
        del record["nct_id"]
        path.write_text("\n".join([first, json.dumps(record), *rest]), encoding="utf-8")
        with pytest.raises(UserError, match=r"trials\.jsonl: .*not every line has the keys"):
            trialsift.read_run(tmp_path)

    @pytest.mark.parametrize("of", WITH_TABLES)
    def test_a_file_that_is_damaged_is_told(self, tmp_path: Path, of: str) -> None:
        write_run(tmp_path, [of])
        name = "trialsift.duckdb" if of == "duckdb" else f"tables/labs.{of}"
        (tmp_path / name).write_bytes(b"\xff\xfe damaged")
        with pytest.raises(UserError, match=name):
            trialsift.read_run(tmp_path)

    def test_annotations_that_were_changed_are_told(self, tmp_path: Path) -> None:
        path = write_run(tmp_path, ["csv"]) / "annotations.jsonl"
        path.write_text(path.read_text("utf-8") + "\n{}\n", encoding="utf-8")
        run: Any = trialsift.read_run(tmp_path)
        with pytest.raises(GoldError, match=r"annotations\.jsonl:5"):
            list(run.annotations())
