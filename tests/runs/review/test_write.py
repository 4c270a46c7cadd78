"""`trialsift review` as a user runs it; what the page does is tested in a browser, in tests/reports/browser."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from tests.runs.review.builders import find_fact, write_decisions
from trialsift.cli.review import review
from trialsift.model.errors import UserError
from trialsift.rules.files import patterns_dir
from trialsift.runs.read import read_run
from trialsift.runs.review.page import find_passages
from trialsift.runs.review.queue import make_queue

app = typer.Typer()
app.command()(review)


def call(*arguments: Path | str) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def read_data(page: Path) -> Any:
    match = re.search(r'<script type="application/json" id="data">(.*?)</script>', page.read_text("utf-8"), re.DOTALL)
    assert match
    return json.loads(match[1])


@pytest.fixture
def copied(run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(run, tmp_path / "copied"))


def test_a_table_and_a_page(copied: Path) -> None:
    result = call(copied)
    assert result.exit_code == 0, result.output
    assert result.stdout == f"Written: {copied / 'review.html'}\nWritten: {copied / 'review.csv'}\n"
    table, data = pd.read_csv(copied / "review.csv"), read_data(copied / "review.html")
    assert table["place"].tolist() == list(range(1, len(table) + 1))
    assert table["value"].tolist() == [item["words"] for item in data["items"]]
    assert table["doc_id"].tolist() == [data["documents"][item["document"]]["id"] for item in data["items"]]
    first = table.iloc[0]
    assert (first["reasons"], first["context"]) == ("implausible", "Platelets ≥ 100,000 /mL")
    assert table["conditions"].dropna().unique().tolist() == ["Glioma; Sarcoma"]
    assert all(item["text"] in data["documents"][0]["passages"][0][1] for item in data["items"] if item.get("text"))


@pytest.mark.parametrize(("first", "shown"), [("3", 3), ("10%", 2), ("100%", 17)])
def test_part_of_the_queue(run: Path, tmp_path: Path, first: str, shown: int) -> None:
    queue = make_queue(read_run(run), patterns_dir())
    assert len(queue.items) == 17
    result = call(run, "--first", first, "--out", tmp_path / "some.html", "--out", tmp_path / "all.parquet")
    assert result.exit_code == 0, result.output
    assert len(read_data(tmp_path / "some.html")["items"]) == shown
    assert len(pd.read_parquet(tmp_path / "all.parquet")) == 17


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--first", "half"], "--first half: expected a number of items such as 200, or a share such as 5%"),
        (["--first", "0"], "expected a number of items"),
        (["--first", "120%"], "expected a number of items"),
        (["--out", "queue.pdf"], "queue.pdf: expected a file that ends in .html, .csv"),
        (["--apply", "some.jsonl"], "--apply: expected one --out, the folder for the corrected run"),
        (["--apply", "some.jsonl", "--out", "x", "--first", "5%"], "--first: limits a page"),
        (["--apply", "none.jsonl", "--out", "x"], "none.jsonl: can't be read"),
    ],
)
def test_misuse(run: Path, arguments: list[str], told: str) -> None:
    result = call(run, *arguments)
    assert isinstance(result.exception, UserError)
    assert told in str(result.exception)


def test_nothing_is_overwritten_silently(copied: Path) -> None:
    call(copied)
    result = call(copied)
    assert "review.html: exists already" in str(result.exception)
    assert call(copied, "--force").exit_code == 0


def test_decisions_are_applied(run: Path, tmp_path: Path) -> None:
    fact = find_fact(run, "labs", "≥ 9 g/dL")
    made = [{**fact, "action": action} for action in ("accept", "reject")]
    decisions = write_decisions(tmp_path / "d.jsonl", run, *made)
    result = call(run, "--apply", decisions, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "1 decision (1 reject) on 1 document.",
        "1 of the lines were replaced by a later one on the same thing.",
        "1 document of gold.jsonl was reviewed in part: what nobody decided on is there as it was read.",
        f"Written: {tmp_path / 'out'}",
    ]


def test_long_texts_are_cut_around_their_items() -> None:
    text = "\n".join(f"line {number:04}" for number in range(4_000))
    assert find_passages(text, [(20_000, 20_004), (20_900, 20_904)]) == [(18_500, 22_409)]
    assert find_passages("short", [(0, 2)]) == [(0, 5)]
    parts = find_passages(text, [(0, 4), (39_990, 39_999)])
    assert parts[0][0] == 0
    assert parts[-1][1] == len(text)
    assert len(parts) == 2
