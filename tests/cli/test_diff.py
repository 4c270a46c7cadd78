"""`trialsift diff` as a user runs it."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from tests.evaluation.builders import age, document, lab
from tests.runs.test_diff import AFTER, BEFORE
from trialsift.cli import app
from trialsift.gold import write_gold
from trialsift.model.errors import UserError
from trialsift.runs.diff import COLUMNS
from trialsift.tables.files.spreadsheet import restore

ESCAPE = re.compile(r"\x1b\[[\d;]*m")
X = "x" * 60  # the context on either side


@pytest.fixture
def runs(tmp_path: Path) -> tuple[Path, Path]:
    """A file for each of the runs of tests/runs/test_diff.py."""
    before, after = tmp_path / "before.jsonl", tmp_path / "after.jsonl"
    write_gold(before, BEFORE)
    write_gold(after, AFTER)
    return before, after


def run(*arguments: Path | str) -> Result:
    return CliRunner().invoke(app, ["diff", *map(str, arguments)])


def printed(*arguments: Path | str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(*arguments: Path | str) -> str:
    """The message of a user's mistake, which `trialsift.cli.main` prints."""
    error = run(*arguments).exception
    assert isinstance(error, UserError), error
    assert error.exit_code == 2
    return str(error)


class TestText:
    def test_what_is_printed(self, runs: tuple[Path, Path]) -> None:
        assert printed(*runs).splitlines() == [
            "",
            "─── went (2)",
            "- a, line 1: LAB hemoglobin ≥ 9 g/dL [lab.name_first]",
            f"    {X}{'x' * 40}",
            "- b, line 1: DOSE radiation total 50 Gy [dose.unit]",
            f"    {X}xxxxx",
            "",
            "─── came (3)",
            "+ a, line 1: LAB neutrophils ≥ 1.5 ULN [lab.name_first]",
            f"    {X}{X}",
            "+ a, line 1: LAB platelets ≥ 100 ULN [lab.name_first]",
            f"    {X}{X}",
            "+ a, line 1: LAB albumin ≥ 3 ULN [lab.bare]",
            f"    {X}{X}xxxxxxxxxx",
            "",
            "─── changed (2, high 2, analyte 1, start 1)",
            "~ a, line 1: AGE age ≥ 18 years [age.named]: high absent → 65",
            f"    {X}xxxxx",
            "~ a, line 1: LAB ast ≤ 2.5 ULN [lab.name_first]: analyte ast → bilirubin; high 2.5 → 1.5; start 10 → 11",
            f"    {X}{'x' * 20}",
            "",
            "─── documents not compared (2)",
            "- only before: only in A (2 facts, 0 regimens)",
            "+ only after: only in B (1 fact, 0 regimens)",
            "",
            "by rule             before  went  came  changed  after",
            "──────────────────────────────────────────────────────",
            "AGE age.named            2     0     0        1      2",
            "DOSE dose.unit           1     1     0        0      0",
            "LAB lab.bare             0     0     1        0      1",
            "LAB lab.name_first       3     1     2        1      4",
            "",
            "by label    before  went  came  changed  after",
            "──────────────────────────────────────────────",
            "AGE              2     0     0        1      2",
            "LAB              3     1     3        1      5",
            "DOSE             1     1     0        0      0",
            "2 went, 3 came, 2 changed in 3 documents; not compared: 1 only in A, 1 only in B.",
        ]

    def test_a_limit_keeps_the_counts(self, runs: tuple[Path, Path]) -> None:
        told = printed(*runs, "--limit", "1")
        assert "─── came (3); the first 1, --limit lists more\n" in told
        assert told.count("\n+ a") == 1
        assert told.endswith("2 went, 3 came, 2 changed in 3 documents; not compared: 1 only in A, 1 only in B.\n")
        none = printed(*runs, "--limit", "0")
        assert "─── came (3); none listed\n" in none
        assert "\n+ a" not in none

    def test_no_difference(self, runs: tuple[Path, Path]) -> None:
        told = printed(runs[0], runs[0], "--exit-code")
        assert told.endswith("No difference in 4 documents.\n")
        assert "by rule" not in told
        assert "───" not in told.replace("─" * 46, "")

    def test_labels(self, runs: tuple[Path, Path]) -> None:
        result = run(*runs, "--label", "age,dose", "--label", "AGES")
        assert result.stdout.endswith(
            "1 went, 0 came, 1 changed in 3 documents; not compared: 1 only in A, 1 only in B.\n"
        )
        assert result.stderr == "Warning: --label AGES: no document of both runs has facts with this label\n"

    @pytest.mark.parametrize(
        ("option", "variables", "coloured"),
        [
            (["--color", "always"], {"NO_COLOR": "1"}, True),
            (["--color", "never"], {"FORCE_COLOR": "1"}, False),
            ([], {"FORCE_COLOR": "1"}, False),  # a pipe
        ],
    )
    def test_colours(
        self,
        option: list[str],
        variables: dict[str, str],
        coloured: bool,
        runs: tuple[Path, Path],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        told = printed(*runs, *option)
        assert ("\x1b[" in told) is coloured
        assert ESCAPE.sub("", told) == printed(*runs)

    @pytest.mark.parametrize("color", ["always", "never"])
    def test_nothing_of_a_document_steers_the_terminal(self, color: str, tmp_path: Path) -> None:
        sign = "\x1b]0;title\x07\u202e\r"
        before, after = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
        hostile = lab(5, 9, f"alt{sign}", high=1, rule=f"rule{sign}", **{f"name{sign}": "x"})
        others = [document(f"only{sign}"), document("same", age(0, 4, 18))]
        write_gold(before, [document(f"d{sign}", hostile, text=f"{sign} 12345678"), *others])
        changed = lab(5, 9, f"ast{sign}", high=1, rule=f"rule{sign}", **{f"name{sign}": f"y{sign}"})
        write_gold(after, [document(f"d{sign}", changed, text=f"{sign} 12345678"), document("same")])
        told = ESCAPE.sub("", printed(before, after, "--color", color))
        assert [c for c in told if not c.isprintable() and c != "\n"] == []
        assert told.count("\\x1b]0;title\\x07\\u202e") >= 5


class TestFormats:
    def test_csv(self, runs: tuple[Path, Path]) -> None:
        rows = list(csv.DictReader(io.StringIO(printed(*runs, "--format", "csv"))))
        assert list(rows[0]) == list(COLUMNS)
        assert [(row["what"], row["kind"], row["doc_id"]) for row in rows] == [
            *[("fact", "went", doc_id) for doc_id in "ab"],
            *[("fact", "came", "a")] * 3,
            *[("fact", "changed", "a")] * 2,
            ("document", "went", "only before"),
            ("document", "came", "only after"),
        ]
        assert rows[5]["changes"] == "high absent → 65"

    def test_csv_has_no_formulas(self, tmp_path: Path) -> None:
        before, after = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
        write_gold(before, [document("=1+1", age(0, 3, 18), text="-2+3")])
        write_gold(after, [document("=1+1", text="-2+3")])
        (row,) = csv.DictReader(io.StringIO(printed(before, after, "--format", "csv")))
        assert (row["doc_id"], row["context"], row["text_before"]) == ("'=1+1", "'-2+3", "'-2+")
        assert restore(row["doc_id"]) == "=1+1"

    def test_json(self, runs: tuple[Path, Path]) -> None:
        record = json.loads(printed(*runs, "--format", "json"))
        assert [len(record[kind]) for kind in ("went", "came", "changed", "documents")] == [2, 3, 2, 2]

    @pytest.mark.parametrize(("name", "start"), [("d.csv", "what,kind"), ("d.json", "{\n"), ("d.txt", "\n─── went")])
    def test_a_file_of_the_format_that_its_name_says(
        self, name: str, start: str, runs: tuple[Path, Path], tmp_path: Path
    ) -> None:
        out = tmp_path / name
        assert printed(*runs, "--out", out, "--color", "always") == f"Written: {out}\n"
        content = out.read_text(encoding="utf-8")
        assert content.startswith(start)
        assert "\x1b" not in content

    def test_a_format_that_the_name_does_not_say(self, runs: tuple[Path, Path], tmp_path: Path) -> None:
        printed(*runs, "--out", tmp_path / "d.txt", "--format", "json")
        json.loads((tmp_path / "d.txt").read_text(encoding="utf-8"))


class TestExitStatus:
    @pytest.mark.parametrize(
        ("options", "status"), [([], 0), (["--exit-code"], 1), (["--exit-code", "--format=csv"], 1)]
    )
    def test_of_runs_that_differ(self, options: list[str], status: int, runs: tuple[Path, Path]) -> None:
        assert run(*runs, *options).exit_code == status

    def test_of_a_document_more(self, runs: tuple[Path, Path], tmp_path: Path) -> None:
        write_gold(tmp_path / "more.jsonl", [*BEFORE, document("more")])
        assert run(runs[0], tmp_path / "more.jsonl", "--exit-code").exit_code == 1


class TestMistakes:
    def test_a_file_is_not_overwritten(self, runs: tuple[Path, Path], tmp_path: Path) -> None:
        out = tmp_path / "d.csv"
        out.write_text("mine", encoding="utf-8")
        assert refused(*runs, "--out", out) == (
            f"{out}: exists already; name another file with --out, or replace it with --force"
        )
        assert out.read_text(encoding="utf-8") == "mine"
        printed(*runs, "--out", out, "--force")
        assert out.read_text(encoding="utf-8").startswith("what,")

    def test_a_run_is_never_overwritten(self, runs: tuple[Path, Path]) -> None:
        assert "is one of the runs to compare" in refused(*runs, "--out", runs[1], "--force")

    @pytest.mark.parametrize("name", ["d.xlsx", "d.html", "d.csv.gz"])
    def test_an_ending_of_no_format(self, name: str, runs: tuple[Path, Path], tmp_path: Path) -> None:
        out = tmp_path / name
        assert refused(*runs, "--out", out).startswith(f"{out}: expected a file that ends in .txt, .csv or .json; or ")
        assert not out.exists()
        printed(*runs, "--out", out, "--format", "text")

    def test_a_folder_as_file(self, runs: tuple[Path, Path], tmp_path: Path) -> None:
        assert refused(*runs, "--out", tmp_path, "--force") == f"{tmp_path}: is a folder; --out takes a file"
        assert "can't be written" in refused(*runs, "--out", tmp_path / "none" / "d.csv")

    def test_a_limit_of_what_is_complete(self, runs: tuple[Path, Path]) -> None:
        assert refused(*runs, "--limit", "3", "--format", "csv").startswith("--limit 3: csv has all differences")

    def test_a_run_that_is_not_there(self, runs: tuple[Path, Path], tmp_path: Path) -> None:
        assert refused(runs[0], tmp_path / "none").startswith(f"{tmp_path / 'none'}: no such file")

    def test_a_doc_id_twice(self, runs: tuple[Path, Path], tmp_path: Path) -> None:
        twice = tmp_path / "twice.jsonl"
        twice.write_bytes(runs[0].read_bytes() * 2)
        assert refused(runs[0], twice).startswith(f"{twice}:5: doc_id 'a' stands in line 1 already")
