"""Labels that are off by default: switched on in each way, with their tables; no trace of them where they are off."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import trialsift
from tests.support.extractors import extractor_of_all_labels, shared_extractor
from tests.support.paths import ROOT
from trialsift.cli import app
from trialsift.gold import read_gold
from trialsift.rules.files import PatternError, patterns_dir
from trialsift.rules.labels import chosen, default_labels, shipped_labels
from trialsift.runs.evaluate.run import evaluate_run
from trialsift.runs.extract.run import extract_run

TEXT = "Inclusion Criteria:\n- Life expectancy ≥ 12 weeks\n- LVEF ≥ 50%\n- Hemoglobin ≥ 9 g/dL\n"
DEFAULT = {"AGE", "DOSE", "FRACTIONS", "LAB", "PERFORMANCE_STATUS"}
OPTIONAL = {"LIFE_EXPECTANCY", "MEASUREMENT"}
DEV = ROOT / "corpus" / "dev.jsonl"


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_two_labels_are_off() -> None:
    assert {label.label for label in shipped_labels()} == DEFAULT | OPTIONAL
    assert {label.label for label in default_labels()} == DEFAULT
    assert {fact.label for fact in shared_extractor().annotate(TEXT).facts} == {"LAB"}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (None, None),
        ([], None),
        (["all"], DEFAULT | OPTIONAL),
        (["default,measurement"], DEFAULT | {"MEASUREMENT"}),
        (["default", "MEASUREMENT", "life_expectancy"], DEFAULT | OPTIONAL),
        (["lab"], {"LAB"}),
    ],
)
def test_names(names: list[str] | None, expected: set[str] | None) -> None:
    assert chosen(names, patterns_dir()) == expected


@pytest.mark.parametrize("name", ["LABS", "", "lab,"])
def test_a_name_that_is_none(name: str) -> None:
    with pytest.raises(PatternError, match=r"unknown label '[LABS]*'; known are AGE, .*, default, all"):
        chosen([name], patterns_dir())


@pytest.mark.slow
class TestRun:
    def test_tables_are_written_and_read_again(self, text: Path, tmp_path: Path) -> None:
        arguments = ["extract", str(text), "--out", str(tmp_path / "out"), "--view"]
        formats = [part for name in ("csv", "parquet", "jsonl", "duckdb", "omop") for part in ("--format", name)]
        done = CliRunner().invoke(app, [*arguments, *formats, "--labels", "default,life_expectancy,measurement"])
        assert (done.exit_code, done.exception) == (0, None)
        assert "MEASUREMENT" in done.stdout
        run = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
        assert run["setup"]["labels"] == sorted(DEFAULT | OPTIONAL)
        results = trialsift.read_run(tmp_path / "out")
        assert list(results.measurements["measure"]) == ["lvef"]
        assert list(results.measurements["ucum"]) == ["%"]
        assert list(results.life_expectancy["low"]) == [12]
        assert list(results.facts["label"]) == ["LIFE_EXPECTANCY", "MEASUREMENT", "LAB"]
        assert "MEASUREMENT" in (tmp_path / "out" / "view.html").read_text(encoding="utf-8")

    def test_without_them_nothing_tells_of_them(self, text: Path, tmp_path: Path) -> None:
        extract_run([text], tmp_path / "out")
        run = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
        assert "labels" not in run["setup"]
        assert not list((tmp_path / "out").rglob("*measurement*"))
        with pytest.raises(AttributeError):
            _ = trialsift.read_run(tmp_path / "out").measurements

    def test_a_run_goes_on_with_the_same_labels_only(self, text: Path, tmp_path: Path) -> None:
        extract_run([text], tmp_path / "out", labels=["all"])
        assert extract_run([text], tmp_path / "out", labels=["all"], resume=True).was_complete
        with pytest.raises(trialsift.model.errors.UserError):
            extract_run([text], tmp_path / "out", resume=True)

    def test_tables_that_are_no_longer_asked_for_go(self, text: Path, tmp_path: Path) -> None:
        extract_run([text], tmp_path / "out", labels=["all"])
        assert (tmp_path / "out" / "tables" / "measurements.csv").is_file()
        extract_run([text], tmp_path / "out", force=True)
        assert not (tmp_path / "out" / "tables" / "measurements.csv").exists()

    def test_show(self, text: Path) -> None:
        shown = CliRunner().invoke(app, ["show", str(text), "--labels", "measurement"]).stdout
        assert "lvef ≥ 50 %" in shown
        assert "hemoglobin" not in shown


def test_python() -> None:
    results = trialsift.extract([TEXT], labels=DEFAULT | OPTIONAL)
    assert (len(results.labs), len(results.measurements), len(results.life_expectancy)) == (1, 1, 1)


def test_a_pipeline() -> None:
    nlp = trialsift.load(labels=OPTIONAL)
    assert [fact["label"] for fact in nlp(TEXT)._.trialsift] == ["LIFE_EXPECTANCY", "MEASUREMENT"]


@pytest.mark.slow
def test_the_facts_of_the_default_labels_stay() -> None:
    with_them, without = extractor_of_all_labels(), shared_extractor()
    for document in read_gold(DEV):
        kept = [fact for fact in with_them.annotate(document.text).facts if fact.label in DEFAULT]
        assert kept == list(without.annotate(document.text).facts), document.doc_id


@pytest.mark.slow
def test_gold_that_has_them_is_scored(tmp_path: Path) -> None:
    """The thresholds are a little below what was reached when the gold was made."""
    done = evaluate_run(
        DEV, tmp_path, fail_under=["MEASUREMENT.value_f1=0.95", "LIFE_EXPECTANCY.value_f1=0.95"], resamples=0
    )
    assert done.shortfalls == ()
    assert {"MEASUREMENT", "LIFE_EXPECTANCY"} <= set(done.evaluation.label_names)
