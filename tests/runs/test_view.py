"""`trialsift view` as a user runs it; what the page does is tested in a browser, in tests/browser."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from tests.reports.documents import hostile, radiotherapy
from trialsift.cli.view import view
from trialsift.gold import GoldDocument, write_gold
from trialsift.model.errors import UserError

app = typer.Typer()
app.command()(view)


def run(*arguments: Path | str) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def refused(result: Result) -> str:
    assert isinstance(result.exception, UserError)
    return str(result.exception)


def data(page: Path) -> dict[str, object]:
    """What the page's script reads."""
    match = re.search(r'<script type="application/json" id="data">(.*?)</script>', page.read_text("utf-8"), re.DOTALL)
    assert match
    return json.loads(match[1])  # type: ignore[no-any-return]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A run's folder with two documents."""
    write_gold(tmp_path / "annotations.jsonl", [radiotherapy(), GoldDocument("empty", "nothing")])
    return tmp_path


def test_a_run(folder: Path) -> None:
    result = run(folder)
    assert result.exit_code == 0
    assert result.stdout == f"Written: {folder / 'view.html'}\n"
    first, second = data(folder / "view.html")["documents"]  # type: ignore[misc]
    assert (first["id"], second["id"]) == ("rt", "empty")
    assert [s[1:] for s in first["sections"]] == [["document", None], ["inclusion", "inclusion"]]
    assert [fact["words"] for fact in first["facts"]][:3] == [
        "radiation total 40 Gy",
        "radiation per_fraction 2.5 Gy",
        "age ≥ 18 years",
    ]
    assert first["regimens"] == [
        {
            "words": "16 × 2.5 Gy = 40 Gy",
            "facts": [0, 1],
            "parts": [["16", "fractions", False], ["2.5", "Gy per fraction", True], ["40", "Gy in total", True]],
            "flags": [],
        }
    ]


def test_a_file_of_annotations(folder: Path) -> None:
    file = folder / "annotations.jsonl"
    assert run(file).exit_code == 0
    assert (folder / "annotations.jsonl.html").exists()
    assert run(file, "--out", folder / "other.html").exit_code == 0
    assert data(folder / "other.html") == data(folder / "annotations.jsonl.html")


def test_the_same_run_gives_the_same_page(folder: Path) -> None:
    run(folder)
    first = (folder / "view.html").read_bytes()
    run(folder, "--force")
    assert (folder / "view.html").read_bytes() == first


def test_a_limit_is_told(folder: Path) -> None:
    result = run(folder, "--limit", "1")
    assert result.stdout.startswith("The first 1 of 2 documents; --limit shows more.\n")
    assert "The first 1 of 2 documents" in (folder / "view.html").read_text(encoding="utf-8")


def test_mistakes(folder: Path, tmp_path: Path) -> None:
    run(folder)
    assert "exists already: name another file with --out, or --force" in refused(run(folder))
    assert "no such file; name a folder that `trialsift extract` wrote" in refused(run(tmp_path / "none"))
    (tmp_path / "empty.jsonl").touch()
    assert "no documents" in refused(run(tmp_path / "empty.jsonl"))
    assert "can't be written" in refused(run(folder, "--out", tmp_path / "none" / "view.html"))
    assert refused(run(folder, "--out", tmp_path, "--force")) == f"{tmp_path}: is a folder; --out takes a file"
    (tmp_path / "bad.jsonl").write_text("{}\n", encoding="utf-8")
    assert "bad.jsonl:1: the key 'doc_id' is missing" in refused(run(tmp_path / "bad.jsonl"))


def test_the_annotations_are_never_replaced(folder: Path) -> None:
    file = folder / "annotations.jsonl"
    before = file.read_bytes()
    assert "is the file of annotations itself" in refused(run(file, "--out", file, "--force"))
    assert "is the file of annotations itself" in refused(
        run(folder, "--out", folder / "x" / ".." / file.name, "--force")
    )
    assert file.read_bytes() == before


def test_sections_are_those_of_the_patterns(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "sections.toml").write_text(
        '[[heading]]\nname = "arms"\npolarity = "none"\ninline = false\nphrases = ["arms 𝔸"]\n'
        'examples = ["Arms 𝔸:"]\nnot_examples = []\n',
        encoding="utf-8",
    )
    run(folder, "--patterns", tmp_path / "own")
    first = data(folder / "view.html")["documents"][0]  # type: ignore[index]
    assert [s[1:] for s in first["sections"]] == [["document", None], ["arms", None], ["inclusion", "inclusion"]]


def test_nothing_of_a_document_is_markup(tmp_path: Path) -> None:
    _, predicted = hostile()
    write_gold(tmp_path / "annotations.jsonl", predicted)
    run(tmp_path, "--out", tmp_path / "view.html")
    page = (tmp_path / "view.html").read_text(encoding="utf-8")
    assert len(re.findall(r"<script\b", page)) == 4  # three of its own, and the data
    assert len(re.findall(r"</script", page)) == 4
    assert [d["text"] for d in data(tmp_path / "view.html")["documents"]] == [d.text for d in predicted]  # type: ignore[index, attr-defined]
