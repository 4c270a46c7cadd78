"""What the README says is so: its snippets run and print what it shows, its tables are those of a run."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.snippets import Block, Reader, blocks
from trialsift.extraction.extractor import Extractor
from trialsift.rules.files import patterns_dir
from trialsift.rules.labels import default_labels, read_labels
from trialsift.tables.schema import table_columns

README = (ROOT / "README.md").read_text(encoding="utf-8")
SNIPPETS = [
    pytest.param(block, id=block.body.strip().splitlines()[-1][:40])
    for block in blocks(README)
    if block.language == "python"
]


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from trialsift.runs.extract.run import extract_run

    out = tmp_path_factory.mktemp("readme") / "out"
    extract_run([ROOT / "corpus" / "dev", ROOT / "corpus" / "test"], out)
    return out


def section(heading: str) -> str:
    """The text under a heading, up to the next one of any level."""
    match = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", README, re.MULTILINE | re.DOTALL)
    assert match, f"no heading {heading!r}"
    return match[1]


def test_there_are_snippets() -> None:
    assert len(SNIPPETS) >= 3
    assert all(param.values[0].output for param in SNIPPETS), "each python block is followed by one with its output"


@pytest.mark.parametrize("block", SNIPPETS)
def test_a_snippet_prints_what_it_says(block: Block) -> None:
    Reader("README.md").run(block)


@pytest.mark.parametrize("name", ["setup", "tests"])
def test_ci_finds_the_commands(name: str) -> None:
    assert re.search(rf"^<!-- {name} -->\n```sh\n[^\n]+\n```$", README, re.MULTILINE)


def test_the_columns_that_are_explained_are_there() -> None:
    """All of them are in docs/columns.md, which test_schema.py compares with the schema."""
    described = re.findall(r"`([a-z_0-9]+)`", "".join(re.findall(r"^\| (`.*?) \|", section("Columns"), re.MULTILINE)))
    assert set(described) <= {c.name for columns in table_columns().values() for c in columns}


def test_the_sample_rows_are_those_of_a_run(run_folder: Path) -> None:
    """`column | column` tables under "What comes out", each named by the file it shows some columns of."""
    import pandas as pd

    tables = re.findall(r"`tables/(\w+)\.csv`[^\n]*\n\n((?:\|.*\n)+)", section("What comes out"))
    assert len(tables) >= 3
    for name, shown in tables:
        header, _, *rows = [tuple(map(str.strip, line.strip("| ").split("|"))) for line in shown.splitlines()]
        frame = pd.read_csv(run_folder / "tables" / f"{name}.csv", dtype=str, keep_default_na=False)
        written = {tuple(" ".join(cell.split()) for cell in row) for row in frame[list(header)].itertuples(index=False)}
        assert [row for row in rows if row not in written] == [], f"tables/{name}.csv has no such rows"


def test_the_sample_summary_is_that_of_a_run(run_folder: Path) -> None:
    """Label by label, and counts within a tenth: a better rule need not touch the README."""
    import pandas as pd

    summary = next(b.body for b in blocks(section("What comes out")) if b.body.startswith("Read "))
    shown = {name: int(count.replace(",", "")) for name, count in re.findall(r"(?m)^  (\w+) +([\d,]+)$", summary)}
    tables = {label.label: label.table for label in default_labels()} | {"regimens": "regimens"}
    assert set(shown) == set(tables)
    counts = pd.read_csv(run_folder / "tables" / "trials.csv")
    for name, count in shown.items():
        assert count == pytest.approx(counts[f"n_{tables[name]}"].sum(), rel=0.1), name


def test_the_label_of_the_readme_works(tmp_path: Path) -> None:
    """The file under "Add a label" in a copy of the patterns gives a label, its table and the facts of its examples."""
    content = next(b.body for b in blocks(section("Add a label")) if b.language == "toml")
    folder = tmp_path / "patterns"
    shutil.copytree(patterns_dir(), folder)
    (folder / "entities" / "readme.toml").write_text(content, encoding="utf-8")
    label = next(label for label in read_labels(folder) if label.path.name == "readme.toml")
    extractor = Extractor(folder, frozenset({label.label}))
    for rule in label.rules:
        for example in rule.examples:
            facts = extractor.annotate(example["text"]).facts
            assert [fact.text for fact in facts] == [example["span"]]
            given = {key: value for key, value in example.items() if key not in ("text", "span")}
            assert given.items() <= dict(facts[0].attributes).items()
        assert all(not extractor.annotate(text).facts for text in rule.not_examples)
