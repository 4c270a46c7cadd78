"""What the README says is so: its snippets run and print what it shows, and its scores are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docs.scores import with_scores

from tests.support.paths import ROOT
from tests.support.snippets import RUN, Block, Reader, blocks

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^<!-- (\w+) -->\n```sh\n([^\n]+\n)```$", README, re.MULTILINE)


def examples() -> list[Block]:
    """The blocks of the README but the two commands, which .ci/run runs."""
    commands = {command for _, command in COMMANDS}
    return [block for block in blocks(README) if block.body not in commands]


def test_it_is_short() -> None:
    assert len(README.splitlines()) <= 160


def test_there_are_snippets() -> None:
    snippets = [block for block in examples() if block.language in RUN]
    assert {block.language for block in snippets} == {"python", "sh"}
    assert all(block.output for block in snippets), "each snippet is followed by a block with its output"


def test_a_reader_gets_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    reader = Reader("README.md")
    for block in examples():
        reader.run(block)


def test_ci_finds_the_commands() -> None:
    assert [name for name, _ in COMMANDS] == ["setup", "tests"]


def test_its_links_lead_somewhere() -> None:
    links = re.findall(r"\]\((?!\w+:)([^)#]+)", README)
    assert len(links) > 10
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_scores_are_those_of_the_code() -> None:
    assert with_scores(README) == README, "run python docs/scores.py"


def test_a_document_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="once each"):
        with_scores("# trialsift\n")
