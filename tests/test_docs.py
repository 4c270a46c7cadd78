"""The documentation is so: every block of code of every page runs and prints what is shown; the site builds."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.support.paths import ROOT
from tests.support.snippets import RUN, Reader, blocks
from trialsift import Extractor, extract_run, table_columns
from trialsift.rules.files import patterns_dir
from trialsift.rules.labels import default_labels, read_labels

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


@pytest.mark.parametrize(
    ("shown", "same"),
    [("a\nb", True), ("a", False), ("a\n…", True), ("…\nb", True), ("…\nc", False), ("a\nb\nc", False), ("", False)],
)
def test_an_output_that_differs_is_seen(shown: str, same: bool) -> None:
    block = blocks(f"```python\nprint('a')\nprint('b')\n```\n\n```text\n{shown}\n```\n")[0]
    with contextlib.nullcontext() if same else pytest.raises(AssertionError):
        Reader("here").run(block)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", WITH_CODE)
def test_a_page_does_what_it_says(name: str) -> None:
    reader = Reader(name)
    for block in PAGES[name]:
        try:
            reader.run(block)
        except Exception as error:
            raise AssertionError(f"docs/{name}:{block.line}: {error}") from error


def section(page: str, heading: str) -> str:
    """The text of a page under a heading, up to the next one of any level."""
    text = (DOCS / page).read_text(encoding="utf-8")
    match = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL)
    assert match, f"docs/{page} has no heading {heading!r}"
    return match[1]


def test_the_most_important_columns_are_there() -> None:
    """All of them are below, in tables that tests/tables/test_schema.py compares with the schema."""
    rows = re.findall(r"^\| (`.*?) \|", section("columns.md", "The most important ones"), re.MULTILINE)
    described = re.findall(r"`([a-z_0-9]+)`", "".join(rows))
    assert len(described) > 20
    assert set(described) <= {c.name for columns in table_columns().values() for c in columns}


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("example") / "out"
    extract_run([ROOT / "corpus" / "dev", ROOT / "corpus" / "test"], out)
    return out


def test_the_sample_rows_are_those_of_a_run(run_folder: Path) -> None:
    """Tables of some columns under "An example", each named by the file it shows them of."""
    tables = re.findall(r"`tables/(\w+)\.csv`[^\n]*\n\n((?:\|.*\n)+)", section("outputs.md", "An example"))
    assert len(tables) >= 3
    for name, shown in tables:
        header, _, *rows = [tuple(map(str.strip, line.strip("| ").split("|"))) for line in shown.splitlines()]
        frame = pd.read_csv(run_folder / "tables" / f"{name}.csv", dtype=str, keep_default_na=False)
        written = {tuple(" ".join(cell.split()) for cell in row) for row in frame[list(header)].itertuples(index=False)}
        assert [row for row in rows if row not in written] == [], f"tables/{name}.csv has no such rows"


def test_the_sample_summary_is_that_of_a_run(run_folder: Path) -> None:
    """Label by label, and counts within a tenth: a better rule need not touch the documentation."""
    summary = re.search(r"^Read \d+ .*?^Written to", section("outputs.md", "An example"), re.MULTILINE | re.DOTALL)
    assert summary
    shown = {name: int(count.replace(",", "")) for name, count in re.findall(r"(?m)^  (\w+) +([\d,]+)$", summary[0])}
    tables = {label.label: label.table for label in default_labels()} | {"regimens": "regimens"}
    assert set(shown) == set(tables)
    counts = pd.read_csv(run_folder / "tables" / "trials.csv")
    for name, count in shown.items():
        assert count == pytest.approx(counts[f"n_{tables[name]}"].sum(), rel=0.1), name


def test_the_label_of_the_guide_works(tmp_path: Path) -> None:
    """The file under "A label", in a copy of the patterns, gives a label, its table and the facts of its examples."""
    content = next(b.body for b in blocks(section("how-to/patterns.md", "A label")) if b.language == "toml")
    folder = tmp_path / "patterns"
    shutil.copytree(patterns_dir(), folder)
    (folder / "entities" / "guide.toml").write_text(content, encoding="utf-8")
    label = next(label for label in read_labels(folder) if label.path.name == "guide.toml")
    extractor = Extractor(folder, frozenset({label.label}))
    for rule in label.rules:
        for example in rule.examples:
            facts = extractor.annotate(example["text"]).facts
            assert [fact.text for fact in facts] == [example["span"]]
            given = {key: value for key, value in example.items() if key not in ("text", "span")}
            assert given.items() <= dict(facts[0].attributes).items()
        assert all(not extractor.annotate(text).facts for text in rule.not_examples)


def test_nothing_is_left_out_unnoticed() -> None:
    """What can't run here says why, and is little; no block has a language that nobody runs."""
    every = [(f"{name}:{block.line}", block) for name, found in PAGES.items() for block in found]
    left_out = {place: block.not_run for place, block in every if block.not_run}
    assert len(left_out) <= 10, left_out
    assert all(len(reason) > 10 for reason in left_out.values())
    assert {place: b.language for place, b in every if b.title is None and b.language not in RUN | SHOWN} == {}
    assert sum(block.language in RUN for _, block in every) > 3 * len(left_out)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built without a warning; the notebook has run from top to bottom for it."""
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", DOCS / "site" / "mkdocs.yml", "-d", folder]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(build, capture_output=True, text=True, timeout=180, env=environment, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    pages = {path: path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    assert len(pages) > len(PAGES)
    loaded = re.compile(
        r"<(?:script|img|iframe|source)\b[^>]*\bsrc=\"?(?:https?:)?//[^>]*|<link\b[^>]*href=\"?(?:https?:)?//[^>]*"
    )
    assert {str(path): found for path, text in pages.items() if (found := loaded.findall(text))} == {}
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert re.findall(r"(?:@import|url\()\s*[\"']?(?:https?:)?//[^)\s]*", styles) == []


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("reference/commands.html", ["--alpha-beta", "trialsift convert"]),
        ("reference/api.html", ["trialsift.extract", "Raises TypeError", "alpha_beta"]),
        ("reference/component.html", ["trialsift_context", "spans_key"]),
        ("explanation/accuracy.html", ["corpus/test.jsonl"]),
        ("CHANGELOG.html", ["Keep a Changelog"]),
        ("CONTRIBUTING.html", ["Three rules that hold everywhere", "patterns/analytes.csv"]),
        ("trials.html", ["trials-1.png", "hemoglobin", "at most, x ULN"]),
    ],
)
def test_what_is_made_from_the_code_is_there(site: Path, page: str, words: list[str]) -> None:
    text = re.sub(r"<[^>]+>", "", (site / page).read_text(encoding="utf-8")) + "".join(
        re.findall(r'src="([^"]+)"', (site / page).read_text(encoding="utf-8"))
    )
    assert [word for word in words if word not in text] == []


def test_the_notebook_is_stored_without_outputs() -> None:
    cells = json.loads((DOCS / "trials.ipynb").read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert len(code) >= 5
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
