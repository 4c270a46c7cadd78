"""The command `python -m benchmarks.language`."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.language.__main__ import main

from trialsift.gold import GoldDocument, GoldSpan, read_gold, write_gold

PLAIN = "direction/comparator turned"


def test_a_table_is_printed_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--constructs", PLAIN, "lab/no *", "--limit", "6", "--errors", "--out", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert f"| {PLAIN} " in shown
    assert "| lab/no unit " in shown
    assert "| all but counter-sentences " in shown
    assert (tmp_path / "constructs.md").read_text(encoding="utf-8") in shown
    assert (tmp_path / "constructs.csv").read_text(encoding="utf-8").startswith("construct,kind,sentences,")
    assert (tmp_path / "failures.txt").exists()
    sentences = read_gold(tmp_path / "sentences.jsonl")
    assert len(sentences) == 12
    assert f"{PLAIN}/0000" in {document.doc_id for document in sentences}


@pytest.mark.parametrize(("rate", "status"), [("0.5", 0), ("1.01", 1)])
def test_the_exit_status_tells_of_low_rates(rate: str, status: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--constructs", PLAIN, "--limit", "4", "--fail-under", rate]) == status
    assert (PLAIN in capsys.readouterr().err) == bool(status)


@pytest.mark.parametrize(
    "arguments", [["--constructs", "lab/nothing"], ["--damage", "nothing"], ["--damage", "--gold", "nowhere.jsonl"]]
)
def test_a_mistake_is_told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "nothing" in (told := capsys.readouterr().err) or "nowhere.jsonl" in told


def test_damage_of_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--damage", "all capitals", "--constructs", PLAIN, "--limit", "3"]) == 0
    assert capsys.readouterr().out.splitlines()[0].split() == ["|", "damage", "|", "sentences", "|"]


def test_damage_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "Inclusion Criteria:\n- Age ≥ 18 years"
    ends = {"low": 18, "low_inclusive": True, "high": None, "high_inclusive": None, "unit": "a"}
    span = GoldSpan(0, text.index("≥"), len(text), "AGE", "≥ 18 years", ends)
    write_gold(tmp_path / "gold.jsonl", [GoldDocument("one", text, (span,), meta={"labels": ["AGE"]})])
    arguments = [
        "--damage",
        "all capitals",
        "mojibake*",
        "--gold",
        str(tmp_path / "gold.jsonl"),
        "--out",
        str(tmp_path),
    ]
    assert main([*arguments, "--fail-under", "0.995"]) == 0
    assert "| mojibake, twice " in capsys.readouterr().out
    written = (tmp_path / "damage.csv").read_text(encoding="utf-8").splitlines()
    assert written[:2] == ["damage,set,f1,undamaged,changed_documents", "undamaged,gold,1.0,1.0,0"]
    assert len(written) == 6
