"""Documents of a run are selected by a condition on `trials`, which can do nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from trialsift.cli import app as trialsift
from trialsift.cli.view import view
from trialsift.model.errors import UserError
from trialsift.runs.where import select_documents

pytest.importorskip("duckdb")
app = typer.Typer()
app.command()(view)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("where")
    for name, age in (("young", 18), ("old", 65)):
        (folder / f"{name}.txt").write_text(f"Inclusion Criteria:\n- Age ≥ {age} years\n", "utf-8")
    inputs = [str(folder / "young.txt"), str(folder / "old.txt")]
    result = CliRunner().invoke(trialsift, ["extract", *inputs, "--out", str(folder / "run")])
    assert result.exit_code == 0, result.output
    return folder / "run"


@pytest.mark.parametrize(
    ("condition", "found"),
    [("doc_id like '%young%'", 1), ("age_low >= 18", 2), ("age_low > 18 and conditions is null", 1), ("false", 0)],
)
def test_a_condition(run: Path, condition: str, found: int) -> None:
    assert len(select_documents(run, condition)) == found


@pytest.mark.parametrize(
    "condition",
    [
        "nope = 1",
        "",
        "true; drop table trials",
        "true, false",
        "exists (select * from read_csv('/etc/passwd'))",
        "exists (select * from trials)",
    ],
)
def test_no_condition(run: Path, condition: str) -> None:
    with pytest.raises(UserError, match="is no condition on the table `trials`"):
        select_documents(run, condition)


def test_the_page_of_some(run: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    result = CliRunner().invoke(app, [str(run), "--out", str(page), "--where", "age_low > 18"])
    assert result.exit_code == 0, result.output
    start = page.read_text("utf-8").split('id="data">', 1)[1].split("</script>", 1)[0]
    assert len(json.loads(start)["documents"]) == 1


def test_no_document_fulfils(run: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, [str(run), "--out", str(tmp_path / "page.html"), "--where", "age_low > 90"])
    assert isinstance(result.exception, UserError)
    assert "nothing to show" in str(result.exception)
