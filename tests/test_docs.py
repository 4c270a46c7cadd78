"""The documentation is so: every block of code of every page runs and prints what is shown; the site builds."""

from __future__ import annotations

from pathlib import Path

import pytest

from snippets import ROOT, RUN, Reader, blocks

DOCS = ROOT / "docs"
PAGES = {path.relative_to(DOCS).as_posix(): blocks(path.read_text(encoding="utf-8")) for path in DOCS.rglob("*.md")}
WITH_CODE = sorted(name for name, found in PAGES.items() if any(b.language in RUN and not b.not_run for b in found))
SHOWN = {"", "text", "yaml", "json"}  # data, and outputs that stand alone


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with the corpus in it, as in a checkout."""
    (tmp_path / "corpus").symlink_to(ROOT / "corpus")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", WITH_CODE)
def test_a_page_does_what_it_says(name: str) -> None:
    reader = Reader(name)
    for block in PAGES[name]:
        try:
            reader.run(block)
        except Exception as error:
            raise AssertionError(f"docs/{name}:{block.line}: {error}") from error


def test_nothing_is_left_out_unnoticed() -> None:
    """What can't run here says why, and is little; no block has a language that nobody runs."""
    every = [(f"{name}:{block.line}", block) for name, found in PAGES.items() for block in found]
    left_out = {place: block.not_run for place, block in every if block.not_run}
    assert len(left_out) <= 10, left_out
    assert all(len(reason) > 10 for reason in left_out.values())
    assert {place: b.language for place, b in every if b.title is None and b.language not in RUN | SHOWN} == {}
    assert sum(block.language in RUN for _, block in every) > 3 * len(left_out)
