"""`trialsift check` as a user runs it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from tests.checks.builders import change, record, write
from tests.support.command import run_command
from trialsift.checks.examples import examples
from trialsift.cli.check import check
from trialsift.rules.files import patterns_dir

app = typer.Typer()
app.command()(check)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    return write(tmp_path / "clean.jsonl", record())


@pytest.fixture
def doubtful(tmp_path: Path) -> Path:
    return write(tmp_path / "doubtful.jsonl", change(record("w"), "spans.2.attributes.analyte", "invented_test"))


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    return write(tmp_path / "broken.jsonl", "{", change(record("b"), "spans.0.attributes.unit", "y"))


def test_no_problem(clean: Path) -> None:
    result = run(clean)
    assert (result.exit_code, result.stdout) == (0, "0 errors, 0 warnings in 1 document of 1 file\n")


def test_problems_by_file_and_line(clean: Path, broken: Path) -> None:
    result = run(clean, broken)
    lines = result.stdout.splitlines()
    assert result.exit_code == 1
    assert [line.split(": ")[0] for line in lines[:-1]] == [f"{broken}:1", f"{broken}:2", f"{broken}:2"]
    assert lines[0].endswith(" [json]")
    assert [line.split(" [")[-1] for line in lines[:-1]] == ["json]", "leak-text]", "unit-value]"]
    assert lines[-1] == "3 errors, 0 warnings in 2 documents of 2 files"


@pytest.mark.parametrize(("options", "status"), [([], 0), (["--strict"], 1)])
def test_warnings_fail_only_when_strict(doubtful: Path, options: list[str], status: int) -> None:
    result = run(doubtful, *options)
    assert result.exit_code == status
    assert result.stdout.splitlines()[-1] == "0 errors, 1 warning in 1 document of 1 file"


def test_json(doubtful: Path) -> None:
    report = json.loads(run(doubtful, "--format", "json").stdout)
    [problem] = report.pop("problems")
    assert report == {
        "errors": 0,
        "warnings": 1,
        "gold_files": 1,
        "documents": 1,
        "pattern_files": 0,
        "examples": 0,
    }
    assert problem.pop("message").startswith("w: LAB ")
    assert problem == {"file": str(doubtful), "line": 1, "severity": "warning", "code": "analyte-unknown"}


@pytest.fixture
def few_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them are run by tests/checks/test_patterns.py, and by `.ci/run` with the command."""
    monkeypatch.setattr("trialsift.checks.patterns.examples", lambda patterns: examples(patterns)[::50])


@pytest.mark.usefixtures("few_examples")
def test_a_folder_of_patterns_with_gold(clean: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "units.csv").write_text("surface,ucum,kind\nmgs per dl,mg/dL,other\n", encoding="utf-8")
    last = run(clean, "--patterns", own).stdout.splitlines()[-1]
    assert last.startswith("0 errors, 0 warnings in 1 document of 1 file and ")
    assert "pattern files with" in last


@pytest.mark.usefixtures("few_examples")
def test_with_no_argument_the_patterns_in_force_are_checked() -> None:
    done = run_command("check")
    count = len(examples(patterns_dir())[::50])
    assert count > 30
    assert re.fullmatch(rf"0 errors, 0 warnings in \d\d pattern files with {count} examples\n", done.stdout.decode())
    assert (done.returncode, done.stderr) == (0, b"")


def process(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "trialsift", "check", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.parametrize("arguments", [["nowhere.jsonl"], ["--patterns", "nowhere"]])
def test_what_is_not_there_is_misuse(arguments: list[str]) -> None:
    done = process(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: nowhere")
    assert done.stderr.count("\n") == 1


def test_gold_alone_needs_no_spacy(clean: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from trialsift.checks.run import check\n"
        f"check([Path({str(clean)!r})])\n"
        "assert not {'spacy', 'medspacy', 'pandas'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
