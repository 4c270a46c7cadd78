"""The statement of accuracy: the page of the documentation has the same figures."""

from __future__ import annotations

import re

from tests.support.command import run_command
from tests.support.paths import ROOT
from trialsift.reports.accuracy import describe_accuracy, read_accuracy

PAGE = (ROOT / "docs" / "explanation" / "accuracy.md").read_text(encoding="utf-8")


def test_the_page_has_the_same_figures() -> None:
    accuracy = read_accuracy()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("|")]
    for one in accuracy.texts:
        interval = "–".join(f"{end:.3f}" for end in one.interval)
        cells = [str(one.documents), str(one.facts), f"{one.f1:.3f} ({interval})", f"{one.precision:.3f}"]
        assert any(row[1:5] == cells and row[5] == f"{one.recall:.3f}" for row in rows), one.kind
    for level in accuracy.levels:
        assert [f"{level.least:.2f}".rstrip("0"), f"{level.share:.3f}", f"{level.right:.3f}"] in rows


def test_about() -> None:
    done = run_command("--about")
    text = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert describe_accuracy() in text
    assert re.search(r"all three +100 +686 +0\.884 +0\.800–0\.950 +0\.965 +0\.815", text)
    assert max(map(len, text.splitlines())) <= 100
