"""`trialsift evaluate` as a user runs it."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from tests.evaluation.builders import age, document
from tests.evaluation.test_evaluate import GOLD, PREDICTED
from tests.support.command import run_command
from trialsift.cli.evaluate import evaluate
from trialsift.gold import GoldDocument, write_gold
from trialsift.model.display import format_rate
from trialsift.model.document import Part
from trialsift.model.errors import UserError
from trialsift.model.fact import Annotation, Fact
from trialsift.rules.files import find_patterns
from trialsift.rules.layers import Patterns
from trialsift.tables.files.spreadsheet import restore

app = typer.Typer()
app.command()(evaluate)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with gold.jsonl and pred.jsonl."""
    write_gold(tmp_path / "gold.jsonl", GOLD)
    write_gold(tmp_path / "pred.jsonl", PREDICTED)
    return tmp_path


def run(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(
        app,
        [
            "--gold",
            str(folder / "gold.jsonl"),
            "--pred",
            str(folder / "pred.jsonl"),
            "--out",
            str(folder / "out"),
            *options,
        ],
    )


def refused(result: Result) -> str:
    """The message of a user's mistake, which `trialsift.cli.main` prints."""
    assert isinstance(result.exception, UserError)
    return str(result.exception)


def test_writes_scores_and_errors_and_prints_the_table_last(files: Path) -> None:
    result = run(files)
    assert result.exit_code == 0
    scores = json.loads((files / "out" / "scores.json").read_text(encoding="utf-8"))
    assert scores["micro"]["value"] | {"interval": 0} == {
        "tp": 4,
        "fp": 7,
        "fn": 10,
        "precision": 4 / 11,
        "recall": 4 / 14,
        "f1": 8 / 25,
        "interval": 0,
    }
    assert "patterns_sha256" not in scores["run"], "who made these predictions is not known"
    assert scores["run"]["bootstrap"] == {"resamples": 1000, "seed": 0, "level": 0.95}
    lines = result.stdout.splitlines()
    assert max(len(line) for line in lines if "Written" not in line) <= 80
    rows = {line.split()[0]: line.split() for line in lines[-12:] if line}
    assert {"AGE", "PERFORMANCE_STATUS", "LAB", "DOSE", "FRACTIONS", "regimens"} <= set(rows)
    assert rows["all"][:7] == ["all", "labels", "14", "11", "0.364", "0.286", "0.320"]
    assert rows["LAB"][-2:] == ["0.571", "0.286"]
    assert "…" not in result.stdout
    assert "Warning: gold documents without a prediction count as missed (1): c" in result.stderr
    with (files / "out" / "errors.csv").open(encoding="utf-8", newline="") as stream:
        errors = list(csv.DictReader(stream))
    assert [r["error"] for r in errors if r["label"] == "LAB" and r["doc_id"] == "a"] == [
        "wrong_offsets",
        "wrong_value",
        "missed",
        "spurious",
        "spurious",
    ]


@pytest.mark.parametrize(
    ("value", "shown"), [(None, "-"), (0.0, "0.000"), (0.9731, "0.973"), (0.9999, "0.999"), (1.0, "1.000")]
)
def test_a_rate_as_shown(value: float | None, shown: str) -> None:
    assert format_rate(value) == shown


def test_same_seed_same_file(files: Path) -> None:
    run(files, "--seed", "3")
    first = (files / "out" / "scores.json").read_bytes()
    run(files, "--seed", "3", "--force")
    assert (files / "out" / "scores.json").read_bytes() == first


def test_without_a_bootstrap(files: Path) -> None:
    assert run(files, "--bootstrap", "0").exit_code == 0
    scores = json.loads((files / "out" / "scores.json").read_text(encoding="utf-8"))
    assert scores["micro"]["value"]["interval"]["f1"] is None


def test_cells_are_safe_for_spreadsheets(tmp_path: Path) -> None:
    text = "=HYPERLINK(18)"
    gold = GoldDocument("-d", text, document("d", age(0, 14, 18), text=text).spans)
    write_gold(tmp_path / "gold.jsonl", [gold])
    write_gold(tmp_path / "pred.jsonl", [GoldDocument("-d", text)])
    run(tmp_path)
    with (tmp_path / "out" / "errors.csv").open(encoding="utf-8", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["doc_id"], row["gold_text"], row["context"]) == ("'-d", f"'{text}", f"'{text}")
    assert restore(row["gold_text"]) == text


def test_never_overwrites_silently(files: Path) -> None:
    run(files)
    before = (files / "out" / "scores.json").stat().st_mtime_ns
    assert "exists already: give another folder for --out, or --force" in refused(run(files))
    assert (files / "out" / "scores.json").stat().st_mtime_ns == before
    assert run(files, "--force").exit_code == 0


def test_an_out_that_is_a_file_is_refused(files: Path) -> None:
    (files / "out").write_text("", encoding="utf-8")
    assert "is a file; expected a folder" in refused(run(files))


def test_the_folder_of_a_run_as_predictions(files: Path) -> None:
    (files / "run").mkdir()
    shutil.copyfile(files / "pred.jsonl", files / "run" / "annotations.jsonl")
    assert (
        run(files).exit_code == run(files, "--pred", str(files / "run"), "--out", str(files / "other")).exit_code == 0
    )
    assert (files / "other" / "errors.csv").read_bytes() == (files / "out" / "errors.csv").read_bytes()


def test_predictions_that_are_not_there_are_refused(files: Path) -> None:
    assert "no such file; name a folder that `trialsift extract` wrote" in refused(
        run(files, "--pred", str(files / "none"))
    )


def test_an_empty_gold_is_refused(files: Path) -> None:
    (files / "gold.jsonl").write_text("", encoding="utf-8")
    assert "no documents" in refused(run(files))


@pytest.mark.parametrize("name", ["scores.json", "errors.csv", "report.html", "report.md"])
def test_each_file_is_written_and_guarded(files: Path, name: str) -> None:
    run(files)
    assert (files / "out" / name).stat().st_size > 0
    for other in (files / "out").iterdir():
        if other.name != name:
            other.unlink()
    assert f"{name} exists already" in refused(run(files))


def test_errors_csv_tells_which_spans(files: Path) -> None:
    run(files)
    with (files / "out" / "errors.csv").open(encoding="utf-8", newline="") as stream:
        rows = [r for r in csv.DictReader(stream) if (r["doc_id"], r["label"]) == ("a", "LAB")]
    assert [(r["error"], r["gold_id"], r["predicted_id"]) for r in rows] == [
        ("wrong_offsets", "0", "1"),
        ("wrong_value", "3", "3"),
        ("missed", "4", ""),
        ("spurious", "", "4"),
        ("spurious", "", "5"),
    ]


def test_against_an_earlier_run(files: Path) -> None:
    run(files)
    (files / "out").rename(files / "before")
    write_gold(files / "pred.jsonl", GOLD, overwrite=True)
    against = str(files / "before" / "scores.json")
    result = run(files, "--against", against)
    assert result.exit_code == 0
    assert f"Against {against}, 4 documents: value F1 0.320 → 1.000, +0.680 (" in result.stdout
    assert "facts: 16 better (15 value, 1 offsets), 0 worse, 0 other." in result.stdout
    comparison = json.loads((files / "out" / "scores.json").read_text(encoding="utf-8"))["comparison"]
    assert (comparison["against"], comparison["documents"], comparison["not_compared"]) == (against, 4, [])
    assert {change["direction"] for change in comparison["changes"]} == {"better"}
    first = comparison["scores"][0]
    assert (first["label"], first["level"], first["rate"], first["after"]) == (
        "all labels",
        "detection",
        "precision",
        1,
    )
    for name in ("report.html", "report.md"):
        assert "before/scores.json" in (files / "out" / name).read_text(encoding="utf-8").replace("\\", "")


def test_a_run_of_extract_is_left_alone(files: Path) -> None:
    (files / "out").mkdir()
    (files / "out" / "run.json").write_text("{}", encoding="utf-8")
    assert "holds a run of `trialsift extract`" in refused(run(files, "--force"))


def test_an_interruption_leaves_the_earlier_results(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(files)
    before = {path.name: path.read_bytes() for path in (files / "out").iterdir()}
    write_gold(files / "pred.jsonl", GOLD, overwrite=True)
    written = Path.write_text

    def stop(path: Path, *args: Any, **options: Any) -> int:
        if "report.md" in path.name:
            raise KeyboardInterrupt
        return written(path, *args, **options)

    monkeypatch.setattr(Path, "write_text", stop)
    assert run(files, "--force").exit_code == 130
    assert {path.name: path.read_bytes() for path in (files / "out").iterdir()} == before


def test_an_earlier_run_that_is_none_is_refused_before_anything_is_written(files: Path) -> None:
    assert "evaluate again" in refused(run(files, "--against", str(files / "pred.jsonl")))
    assert not (files / "out").exists()


def test_fail_under(files: Path) -> None:
    assert run(files, "--fail-under", "value_f1=0.3", "--fail-under", "AGE.detection_precision=1").exit_code == 0
    failed = run(files, "--force", "--fail-under", "value_f1=0.33", "--fail-under", "regimens_f1=0.1")
    assert refused(failed) == (
        "value_f1 is 0.3200, 0.33 was asked for; regimens_f1 can't be computed (0/0), 0.1 was asked for"
    )
    assert getattr(failed.exception, "exit_code", None) == 1
    assert "all labels" in failed.stdout, "scores are shown and written all the same"
    assert "is no score; valid names are" in refused(run(files, "--force", "--fail-under", "MEASUREMENT.value_f1=1"))


def test_without_predictions_gold_texts_are_extracted_afresh(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Extractor:
        def __init__(self, patterns: Patterns, labels: frozenset[str]) -> None:
            assert patterns == find_patterns()
            assert labels == {"AGE", "DOSE", "FRACTIONS", "LAB", "PERFORMANCE_STATUS"}

        def annotate(self, text: str, parts: Sequence[Part]) -> Annotation:
            attributes = {"low": 18, "low_inclusive": True, "unit": "a"}
            return Annotation((Fact("AGE", 0, 5, text[:5], "age.fake", attributes),))

    fake = ModuleType("trialsift.extraction.extractor")
    monkeypatch.setattr(fake, "Extractor", Extractor, raising=False)
    monkeypatch.setitem(sys.modules, "trialsift.extraction.extractor", fake)
    result = CliRunner().invoke(app, ["--gold", str(files / "gold.jsonl"), "--out", str(files / "out")])
    assert result.exit_code == 0
    scores = json.loads((files / "out" / "scores.json").read_text(encoding="utf-8"))
    assert scores["run"]["predictions"] is None
    assert len(scores["run"]["patterns_sha256"]) == 64
    assert scores["labels"]["AGE"]["value"] | {"interval": 0} == {
        "tp": 2,
        "fp": 2,
        "fn": 1,
        "precision": 1 / 2,
        "recall": 2 / 3,
        "f1": 4 / 7,
        "interval": 0,
    }


def test_as_a_process(files: Path) -> None:
    options = ["--gold", str(files / "gold.jsonl"), "--pred", str(files / "pred.jsonl"), "--out", str(files / "out")]
    command = [sys.executable, "-m", "trialsift", "evaluate", *options]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert "0.320" in done.stdout
    again = run_command("evaluate", *options)
    assert again.returncode == 2
    assert again.stderr.startswith(b"Error: ")
    assert again.stderr.count(b"\n") == 1
    low = run_command("evaluate", *options, "--force", "--fail-under", "value_f1=0.9")
    assert low.returncode == 1
    assert low.stderr.splitlines()[-1] == b"Error: value_f1 is 0.3200, 0.9 was asked for"
    missing = run_command("evaluate", *options, "--force", "--gold", files / "none.jsonl")
    assert missing.returncode == 2
    assert "none.jsonl: can't be read" in missing.stderr.decode()


def test_scoring_two_files_imports_no_spacy(files: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from trialsift.cli.evaluate import evaluate\n"
        f"f = Path({str(files)!r}); evaluate(f / 'gold.jsonl', f / 'out', f / 'pred.jsonl')\n"
        "assert not {'spacy', 'medspacy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


def test_own_rules_are_scored(tmp_path: Path) -> None:
    """Of a label of one's own too; without them its facts are missed."""
    entities = tmp_path / "own" / "entities"
    entities.mkdir(parents=True)
    (entities / "washout.toml").write_text(
        """
label = "WASHOUT"
table = "washouts"
engine = "generic"
colour = "#dddddd"
default = false
columns = ["interval", ["unit", "string", "UCUM unit"]]
kinds = ["time"]
[names]
washout = ["washout"]
[[rule]]
id = "washout.named"
description = "A washout, then how long it has to be."
examples = [{ text = "Washout of at least 4 weeks", span = "at least 4 weeks", low = 4, unit = "wk" }]
not_examples = ["Washout at week 4"]
""",
        encoding="utf-8",
    )
    text = "Inclusion Criteria:\n- Washout of at least 4 weeks"
    begin = text.index("at least")
    limit = {"low": 4, "low_inclusive": True, "high": None, "high_inclusive": None, "unit": "wk"}
    span = {"id": 0, "start": begin, "end": len(text), "label": "WASHOUT", "text": text[begin:]}
    record = {"doc_id": "a", "text": text, "meta": {"labels": ["WASHOUT"]}, "spans": [], "regimens": []}
    record["spans"] = [{**span, "attributes": {**limit, "polarity": "inclusion"}}]
    (tmp_path / "gold.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    command = ["--gold", str(tmp_path / "gold.jsonl"), "--out"]
    hashes = set()
    for name, options, recall in (("without", [], 0.0), ("with", ["--patterns", str(tmp_path / "own")], 1.0)):
        done = CliRunner().invoke(app, [*command, str(tmp_path / name), *options])
        assert done.exit_code == 0, done.output
        scores = json.loads((tmp_path / name / "scores.json").read_text(encoding="utf-8"))
        assert scores["labels"]["WASHOUT"]["value"]["recall"] == recall
        hashes.add(scores["run"]["patterns_sha256"])
    assert len(hashes) == 2


def test_own_rules_and_predictions_are_refused(files: Path) -> None:
    assert "rules (--patterns) would change nothing" in refused(run(files, "--patterns", str(files)))
