"""The DuckDB file of a run: types, keys, comments, views, and the queries of the documentation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.doubles import fact_in
from tests.support.paths import ROOT
from tests.tables.files.builders import DAY, DOCUMENTS, Schema, with_needed, write_run
from trialsift.extraction.extractor import Extractor
from trialsift.model.errors import UserError
from trialsift.model.fact import Annotation, Scalar
from trialsift.tables.files import RunWriter
from trialsift.tables.files.duckdb_file import DuckDBTables
from trialsift.tables.files.duckdb_views import VIEWS, list_views
from trialsift.tables.rows import Row, make_document_rows
from trialsift.tables.schema import table_columns

SQL = re.compile(r"^```sql\n(.*?)^```$", re.MULTILINE | re.DOTALL)
QUERIES = [
    query for name in ("README.md", "docs/outputs.md") for query in SQL.findall((ROOT / name).read_text("utf-8"))
]
TYPES = {"string": "VARCHAR", "boolean": "BOOLEAN", "Int64": "BIGINT", "Float64": "DOUBLE"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = write_run(tmp_path_factory.mktemp("run"), ["duckdb"], schema=with_needed())
    with duckdb.connect(str(folder / "trialsift.duckdb"), read_only=True) as connection:
        yield connection


def connected(folder: Path, rows: Mapping[str, Sequence[Row]], schema: Schema | None = None) -> Any:
    """A connection to a file with these rows of the document `a`."""
    with RunWriter(folder, schema or with_needed(), ["duckdb"], DAY) as writer:
        writer.write("a", "a.txt", "text", {"trials": [{"doc_id": "a", "nct_id": "NCT1"}], **rows})
    return duckdb.connect(str(folder / "trialsift.duckdb"), read_only=True)


class TestTables:
    @pytest.mark.parametrize("table", table_columns())
    def test_columns_have_types_and_comments(self, run: duckdb.DuckDBPyConnection, table: str) -> None:
        found = run.execute(
            "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index",
            [table],
        ).fetchall()
        expected = [
            (c.name, TYPES[c.dtype], f"{c.description} (unit: {c.unit})" if c.unit else c.description)
            for c in with_needed()[table]
        ]
        assert found == expected

    def test_every_table_has_a_comment(self, run: duckdb.DuckDBPyConnection) -> None:
        tables = run.execute("SELECT table_name FROM duckdb_tables() WHERE comment IS NOT NULL").fetchall()
        assert {name for (name,) in tables} == {"documents", *with_needed()}

    def test_keys(self, run: duckdb.DuckDBPyConnection) -> None:
        keys = run.execute(
            "SELECT table_name, constraint_column_names FROM duckdb_constraints() "
            "WHERE constraint_type = 'PRIMARY KEY' ORDER BY 1"
        ).fetchall()
        assert keys == [
            ("criteria", ["doc_id", "criterion"]),
            ("documents", ["doc_id"]),
            ("regimen_mentions", ["doc_id", "mention"]),
            ("regimens", ["doc_id", "regimen"]),
            ("trials", ["doc_id"]),
        ]
        refers = run.execute(
            "SELECT table_name, referenced_table FROM duckdb_constraints() WHERE constraint_type = 'FOREIGN KEY'"
        ).fetchall()
        assert dict(refers) == {name: "documents" if name == "trials" else "trials" for name in with_needed()}

    def test_a_document_that_comes_twice_is_refused(self, tmp_path: Path) -> None:
        document = ("a", "text", Annotation())
        with pytest.raises(duckdb.ConstraintException):
            write_run(tmp_path, ["duckdb"], [document, document])
        assert not list(tmp_path.glob("*duckdb*"))

    def test_documents_have_the_characters_that_offsets_count(self, tmp_path: Path) -> None:
        text = "e\u0301 🙂 Age ≥ 18\r\n"
        annotation = Annotation((fact_in(text, "≥ 18", "AGE", low=18),))
        write_run(tmp_path, ["duckdb"], [*DOCUMENTS, ("b", text, annotation)])
        with duckdb.connect(str(tmp_path / "trialsift.duckdb"), read_only=True) as connection:
            assert connection.execute("SELECT doc_id, source, text FROM documents").fetchall() == [
                *((doc_id, f"{doc_id}.txt", words) for doc_id, words, _ in DOCUMENTS),
                ("b", "b.txt", text),
            ]
            sliced = 'substring(d.text, f."start" + 1, f."end" - f."start")'
            for table in ("ages", "labs", "doses", "fractions"):
                rows = connection.execute(f"SELECT f.text, {sliced} FROM {table} f JOIN documents d USING (doc_id)")
                assert all(text == characters for text, characters in rows.fetchall())

    @pytest.mark.parametrize(
        ("interval", "inside", "outside"),
        [
            ("1, true, 3, false", ["1", "2.9"], ["0.9", "3"]),
            ("NULL, NULL, 3, true", ["-99", "3"], ["3.1"]),
            ("1, false, NULL, NULL", ["1.1", "99"], ["1"]),
            ("NULL, NULL, NULL, NULL", ["0"], []),
        ],
    )
    def test_within(self, run: duckdb.DuckDBPyConnection, interval: str, inside: list[str], outside: list[str]) -> None:
        for values, expected in ((inside, True), (outside, False)):
            for value in values:
                assert run.execute(f"SELECT within({value}, {interval})").fetchall() == [(expected,)], value

    def test_nothing_is_known_of_a_value_that_is_missing(self, run: duckdb.DuckDBPyConnection) -> None:
        found = run.execute("SELECT within(NULL, 1, true, 3, false), within(NULL, NULL, NULL, NULL, NULL)")
        assert found.fetchall() == [(None, None)]


class TestViews:
    def test_the_shipped_schema_has_all_views(self) -> None:
        assert list_views(table_columns()) == list(VIEWS)

    def test_a_view_without_its_columns_is_left_out(self, tmp_path: Path) -> None:
        schema = {
            name: tuple(c for c in columns if c.name != "eligible_form") for name, columns in with_needed().items()
        }
        with connected(tmp_path, {}, schema) as connection:
            made = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
        assert sorted(made) == [("criteria_members",), ("rt_regimens",)]

    def test_members_of_criteria(self, tmp_path: Path) -> None:
        text = "Inclusion Criteria:\n- Hemoglobin ≥ 9 g/dL\n- AST ≤ 2 x ULN (≤ 4 x ULN if liver metastases)"
        rows = make_document_rows("a", text, Extractor().annotate(text))["criteria"]
        with connected(tmp_path, {"criteria": rows}) as connection:
            found = connection.execute(
                "SELECT criterion, name, low, high, high_inclusive, unit, condition, open FROM criteria_members"
            ).fetchall()
        assert found == [
            (1, "hemoglobin", 9.0, None, None, "g/dL", None, None),
            (2, "ast", None, 2.0, True, "ULN", None, None),
            (2, "ast", None, 4.0, True, "ULN", "if liver metastases", None),
        ]

    @pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
    def test_views_and_their_columns_have_comments(self, run: duckdb.DuckDBPyConnection, view: Any) -> None:
        said = run.execute("SELECT comment FROM duckdb_views() WHERE view_name = ?", [view.name]).fetchall()
        assert said == [(view.description,)]
        columns = run.execute(
            "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index", [view.name]
        ).fetchall()
        assert columns == [(name, description) for name, _, description in view.columns]

    @pytest.mark.parametrize(
        ("row", "expected"),
        [
            pytest.param(
                {"high": 100, "unit": "10*9/L", "eligible_low": 100, "eligible_low_inclusive": True},
                (100, True, None, None, "10*9/L"),
                id="no usual unit",
            ),
            pytest.param(
                {
                    **{"high": 90, "unit": "g/L", "eligible_low": 90, "eligible_low_inclusive": True},
                    **{"usual_eligible_low": 9.0, "usual_unit": "g/dL", "usual_factor": 0.1},
                },
                (9, True, None, None, "g/dL"),
                id="an end that changed sides",
            ),
            pytest.param(
                {
                    **{
                        "low": 1.1,
                        "high": 2,
                        "eligible_low": 1.1,
                        "eligible_high": 2,
                        "eligible_high_inclusive": False,
                    },
                    **{"usual_eligible_low": 55, "usual_eligible_high": 100, "usual_unit": "b", "usual_factor": 50},
                },
                (55, None, 100, False, "b"),
                id="both ends, without noise",
            ),
            pytest.param(
                {"high": 0, "eligible_high": 0, "usual_eligible_high": 0, "usual_unit": "b", "usual_factor": 2},
                (None, None, 0, None, "b"),
                id="zero",
            ),
            pytest.param(
                {"high": 2.5, "unit": "ULN", "eligible_high": 2.5, "usual_unit": "U/L"},
                (None, None, 2.5, None, "ULN"),
                id="a multiple of normal stays one",
            ),
        ],
    )
    @pytest.mark.parametrize(("table", "view"), [("labs", "eligible_labs"), ("ages", "eligible_ages")])
    def test_eligible_ends(
        self, tmp_path: Path, table: str, view: str, row: dict[str, Scalar], expected: tuple[object, ...]
    ) -> None:
        rows = [{"doc_id": "a", "eligible_form": form, **row} for form in ("interval", "outside", "exception", None)]
        with connected(tmp_path, {table: rows}) as connection:
            found = connection.execute(
                f"SELECT doc_id, nct_id, low, low_inclusive, high, high_inclusive, unit FROM {view}"
            ).fetchall()
        assert found == [("a", "NCT1", *expected)]

    def test_regimens_of_the_trial_itself(self, tmp_path: Path) -> None:
        rows: list[Row] = [
            {"doc_id": "a", "regimen": number, "negated": negated, "use": use, "eqd2_low": 50.0}
            for number, (negated, use) in enumerate(
                [(False, "own"), (True, "own"), (False, "other"), (True, "other")], start=1
            )
        ]
        with connected(tmp_path, {"regimens": rows}) as connection:
            found = connection.execute("SELECT nct_id, regimen, eqd2_low FROM rt_regimens").fetchall()
        assert found == [("NCT1", 1, 50.0)]


def test_the_documentation_has_queries() -> None:
    assert QUERIES


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_of_the_documentation_runs(run: duckdb.DuckDBPyConnection, query: str) -> None:
    assert run.execute(query).description


@pytest.mark.parametrize(
    "kind", [duckdb.IOException, duckdb.TransactionException, duckdb.OutOfMemoryException, duckdb.FatalException]
)
def test_what_duckdb_can_not_write_is_a_users_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Exception]
) -> None:
    def full(*_: object) -> None:
        raise kind("Failed to commit: No space left on device\n\nSee also a long page")

    monkeypatch.setattr(DuckDBTables, "_insert", full)
    with pytest.raises(
        UserError, match=r"trialsift.duckdb: DuckDB can't write it: .*No space left on device; .*--resume$"
    ):
        connected(tmp_path, {})
    assert list(tmp_path.iterdir()) == []


def test_rows_may_come_in_any_order_of_tables(tmp_path: Path) -> None:
    """A row refers to the trial of its document, whichever table is written first."""
    rows = dict(reversed(make_document_rows(*DOCUMENTS[0]).items()))
    with RunWriter(tmp_path, table_columns(), ["duckdb"], DAY) as writer:
        writer.write(DOCUMENTS[0][0], "a.txt", DOCUMENTS[0][1], rows)
    with duckdb.connect(str(tmp_path / "trialsift.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM labs JOIN trials USING (doc_id)").fetchall() == [(1,)]
