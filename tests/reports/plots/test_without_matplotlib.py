"""Without the extra `plots`: pages are written without plots and say so, as do the commands and the functions."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import trialsift
from tests.support.paths import ROOT
from trialsift.cli import app
from trialsift.gold import read_gold

CORPUS = ROOT / "corpus" / "test.jsonl"
COMMAND = "pip install 'trialsift[plots]'"


@pytest.fixture(autouse=True)
def _hide(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)


def test_the_page_of_a_run(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    done = CliRunner().invoke(app, ["view", str(CORPUS), "--out", str(page)])
    assert done.exit_code == 0
    assert done.stdout.count(COMMAND) == 1
    written = page.read_text(encoding="utf-8")
    assert "Plots need matplotlib" in written
    assert "<svg" not in written


def test_the_report(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["evaluate", "--gold", str(CORPUS), "--pred", str(CORPUS), "--out", str(tmp_path / "scores")]
    )
    assert done.exit_code == 0, done.output
    assert "Plots need matplotlib" in (tmp_path / "scores" / "report.html").read_text(encoding="utf-8")


def test_a_function() -> None:
    with pytest.raises(trialsift.UserError, match=r"trialsift\[plots\]"):
        trialsift.corpus_plots(read_gold(CORPUS))
