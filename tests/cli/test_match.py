"""`trialsift match` on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

import trialsift
from trialsift.cli import app
from trialsift.model.errors import UserError
from trialsift.tables.files.read import read_table

TRIALS = {
    "young": "Inclusion Criteria:\n- Age 18 to 65 years\n- ECOG 0-1",
    "old": "Inclusion Criteria:\n- Age ≥ 65 years\n- Hemoglobin ≥ 8 g/dL\n- AST ≤ 2 x ULN",
}
ONE = ("--age", "71", "--ecog", "1", "--lab", "hemoglobin=92 g/L", "--has-not", "liver metastases")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("match")
    for name, text in TRIALS.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    trialsift.extract_run([folder / f"{name}.txt" for name in TRIALS], folder / "out")
    return folder / "out"


def _match(*arguments: object) -> str:
    done = CliRunner().invoke(app, ["match", *map(str, arguments)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_measurements_stay_open(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Inclusion Criteria:\n- Age ≥ 18 years\n- BMI ≤ 30 kg/m2\n", encoding="utf-8")
    trialsift.extract_run([tmp_path / "a.txt"], tmp_path / "out", labels=["default", "MEASUREMENT"])
    assert "  a  1 of 2 criteria met, 1 can't be judged" in _match(tmp_path / "out", "--age", "71")


def test_one_patient_on_the_screen(run: Path) -> None:
    shown = _match(run, *ONE).splitlines()
    assert shown[:8] == [
        "═══ patient  2 trials",
        "eligible so far: 1",
        "  old  2 of 3 criteria met, 1 unknown",
        "    would decide: ast ≤ 2 ULN",
        "not eligible: 1",
        "  young  1 of 2 criteria met",
        "    not met: age 18–65 years — age 71",
        "    20–40: Age 18 to 65 years",
    ]
    assert shown[8].startswith("Not a medical device.")


def test_limit(run: Path) -> None:
    assert "  … and 1 more (--limit)" in _match(run, *ONE, "--limit", 0).splitlines()


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_files(run: Path, tmp_path: Path, ending: str) -> None:
    patients, out = tmp_path / "patients.csv", tmp_path / f"m.{ending}"
    patients.write_text("patient,age,ecog\nA,71,1\nB,40,3\n", encoding="utf-8")
    assert _match(patients, run, "--out", out).startswith("Written: ")
    frame = read_table(out)
    expected = trialsift.match_patients(run, patients)
    assert frame.equals(expected)
    _match(patients, run, "--out", out, "--force")


def test_several_files(run: Path, tmp_path: Path) -> None:
    page, book, judgements = tmp_path / "m.html", tmp_path / "m.xlsx", tmp_path / "j.csv"
    shown = _match(run, *ONE, "--out", page, "-o", book, "--judgements", judgements, "--limit", 1)
    assert shown.splitlines() == [f"Written: {path} (1 patient × 2 trials)" for path in (page, book, judgements)]
    assert read_table(judgements)["state"].tolist() == ["met", "met", "unknown", "not met", "met"]
    assert "All of them are on this page." in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("RUN",), "no patient; name a file of patients before it, or describe one: --age 71"),
        (("RUN", "RUN", "--age", "3"), "expected either a file of patients or options such as --age, not both"),
        (("RUN", "--lab", "alt"), "--lab 'alt': expected a test and its result"),
        (("RUN", "--lab", "alt=1 U/L", "--lab", "alt=2 U/L"), "alt is there twice"),
        (("RUN", "--age", "x"), "patients: 1: age is 'x'; expected years"),
        (
            ("RUN", "--age", "3", "--out", "m.txt"),
            "m.txt: expected a file for --out that ends in .csv, .jsonl, .parquet, .xlsx, .duckdb, .html",
        ),
        (("RUN", "--age", "3", "--judgements", "j.xlsx"), "j.xlsx: expected a file for --judgements that ends in .csv"),
        (("RUN", "--age", "3", "--out", "m.csv", "--judgements", "m.csv"), "m.csv: is given twice"),
        (("RUN", "--age", "3", "--out", "nowhere/m.html"), "nowhere: can't be written (no such folder)"),
        (("RUN", "--age", "3", "--out", "RUN/run.csv"), "exists already"),
        (("nowhere", "--age", "3"), "nowhere: no such folder; expected one that `trialsift extract` wrote"),
    ],
)
def test_mistakes(run: Path, arguments: tuple[str, ...], message: str) -> None:
    (run / "run.csv").touch()
    given = [argument.replace("RUN", str(run)) for argument in arguments]
    with pytest.raises(UserError) as error:
        CliRunner().invoke(app, ["match", *given], catch_exceptions=False)
    assert message in str(error.value)
