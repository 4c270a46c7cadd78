"""Files of matches: tables, a workbook, a DuckDB file."""

from __future__ import annotations

from pathlib import Path

import pytest

import trialsift
from tests.runs.match.builders import INCLUDED
from tests.support.sheets import list_sheets, read_part, read_sheet
from trialsift.model.errors import UserError
from trialsift.runs.match import write
from trialsift.runs.match.match import iterate_matches
from trialsift.tables.files import read_table
from trialsift.tables.files.frames import ENDINGS
from trialsift.tables.schema import JUDGEMENTS, MATCHES

PATIENTS = [
    {"patient": "=A()", "age": 71, "sex": "f", "ecog": 1, "labs": {"Hb": "8 g/dL"}},
    {"patient": "B", "age": "18 months"},
]


@pytest.fixture(scope="module")
def run() -> trialsift.Results:
    texts = {
        "old": f"{INCLUDED}- Age ≥ 65 years\n- =1+1 hemoglobin ≥ 9 g/dL, see https://example.org",
        "young": f"{INCLUDED}- Age 18 to 65 years\n- ECOG 0-1\n- INR ≤ 1.5",
        "any": f"{INCLUDED}- ECOG 0-2",
    }
    return trialsift.extract(texts)


def write_one(run: trialsift.Results, path: Path) -> Path:
    assert write.write_matches(iterate_matches(run, PATIENTS), [path]) == (2, 3)
    return path


@pytest.mark.parametrize("ending", ENDINGS)
def test_tables(run: trialsift.Results, tmp_path: Path, ending: str) -> None:
    out, judgements = tmp_path / f"m{ending}", tmp_path / f"j{ending}"
    write.write_matches(iterate_matches(run, PATIENTS), [out], judgements)
    assert read_table(out).equals(trialsift.match_patients(run, PATIENTS))
    assert read_table(judgements).equals(trialsift.judge_criteria(run, PATIENTS))


def test_workbook(run: trialsift.Results, tmp_path: Path) -> None:
    path = write_one(run, tmp_path / "m.xlsx")
    assert list_sheets(path) == ["matches", "judgements", "patients", "about"]
    sheet = read_part(path, "judgements")
    for part in ('state="frozen"', '<autoFilter ref="A1:N13"', 'customWidth="1"'):
        assert part in sheet
    assert "hyperlink" not in sheet
    header, first, *_ = read_sheet(path, "matches")
    assert [text for _, text in header] == [column.name for column in MATCHES]
    assert first[0] == ("inlineStr", "=A()")
    assert ("inlineStr", "eligible so far") in first
    assert first[MATCHES.index(next(c for c in MATCHES if c.name == "n_met"))][0] is None  # a number
    texts = {text for row in read_sheet(path, "judgements") for _, text in row}
    assert "=1+1 hemoglobin ≥ 9 g/dL, see https://example.org" in texts
    assert any("Not a medical device." in text for row in read_sheet(path, "about") for _, text in row)


def test_more_rows_than_a_sheet_has(run: trialsift.Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "MOST_ROWS", 12)
    path = write_one(run, tmp_path / "m.xlsx")
    assert ("inlineStr", "left out: 12 rows are more than a sheet holds; --judgements writes them") in [
        cell for row in read_sheet(path, "about") for cell in row
    ]
    monkeypatch.setattr(write, "MOST_ROWS", 6)
    with pytest.raises(UserError, match=r"m\.xlsx: 6 rows are more than the 5 below the header of an Excel sheet"):
        write_one(run, tmp_path / "m.xlsx")


@pytest.mark.parametrize(("name", "extra"), [("m.xlsx", "excel"), ("m.duckdb", "duckdb")])
def test_what_is_not_installed(
    run: trialsift.Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, extra: str
) -> None:
    monkeypatch.setattr(write, "find_spec", lambda library: None)
    with pytest.raises(UserError, match=rf"{name}: \w+ is not installed: `pip install 'trialsift\[{extra}\]'`"):
        write_one(run, tmp_path / name)
    assert not [*tmp_path.iterdir()]


def test_duckdb(run: trialsift.Results, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    with duckdb.connect(str(write_one(run, tmp_path / "m.duckdb")), read_only=True) as connection:
        ask = lambda sql: connection.execute(sql).fetchall()  # noqa: E731
        assert ask("SELECT patient, age, sex, ecog FROM patients") == [
            ("=A()", 71, "female", 1),
            ("B", 1.5, None, None),
        ]
        assert ask("SELECT count(*) FROM matches") + ask("SELECT count(*) FROM judgements") == [(6,), (12,)]
        assert ask("SELECT rank, doc_id, n_met FROM eligible WHERE patient = '=A()'") == [(1, "any", 1)]
        chosen = "doc_id, members, n_patients, n_refused, n_only"
        assert ask(f"SELECT {chosen} FROM refusals ORDER BY n_refused DESC, members") == [
            ("young", "age 18–65 years", 2, 2, 2),
            ("old", "age ≥ 65 years", 2, 1, 1),
            ("old", "hemoglobin ≥ 9 g/dL", 2, 1, 1),
        ]
        assert ask("SELECT * FROM would_decide ORDER BY patient") == [("B", "performance status not known", 1)]
        described = "SELECT comment FROM duckdb_columns() WHERE table_name = 'judgements' AND column_name = 'state'"
        assert ask(described) == [(next(c.description for c in JUDGEMENTS if c.name == "state"),)]
