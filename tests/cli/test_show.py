"""`trialsift show` as a user runs it: what reaches the terminal, and what must not."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from typer.testing import CliRunner

from tests.extraction.test_properties import EXTRACTOR, texts
from tests.support.doubles import write_texts
from tests.support.paths import ROOT
from trialsift.cli import app
from trialsift.cli.document_view import show_document
from trialsift.cli.terminal import Printer, escape
from trialsift.extraction.extractor import Extractor
from trialsift.model.document import Document
from trialsift.model.errors import UserError
from trialsift.rules.files import PatternError
from trialsift.rules.layers import Patterns

ADULTS = (
    "A trial\n\nInclusion Criteria:\n- Age ≥ 18 years\n- ALT, AST ≤ 2.5 x ULN\n\n"
    "Exclusion Criteria:\n- Platelets < 100 x 109/L\n"
)
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "pipeline")}
ESCAPE = re.compile(r"\x1b\[[\d;]*m")


@cache
def made_once(patterns: Patterns, labels: frozenset[str] | None) -> Extractor:
    return Extractor(patterns, labels)


@pytest.fixture(autouse=True)
def extractors_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes a quarter of a second to make, and keeps nothing of the texts it reads."""
    monkeypatch.setattr("trialsift.extraction.extractor.Extractor", made_once)


def run(*arguments: Path | str, text: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["show", *map(str, arguments)], input=text)


def shown(*arguments: Path | str, text: str | bytes | None = None) -> str:
    result = run(*arguments, text=text)
    assert result.exit_code == 0, result.output
    return result.stdout


class TestDocument:
    def test_lines_are_kept_and_facts_tagged(self) -> None:
        assert shown("-", text=ADULTS).splitlines() == [
            "═══ standard input  4 facts, 0 regimens",
            " 1 A trial",
            " 2",
            "   § inclusion → polarity inclusion",
            " 3 Inclusion Criteria:",
            " 4 - Age ⟦≥ 18 years⟧{age ≥ 18 years}",
            " 5 - ALT, AST ⟦≤ 2.5 x ULN⟧{alt ≤ 2.5 ULN | ast ≤ 2.5 ULN}",
            " 6",
            "   § exclusion → polarity exclusion",
            " 7 Exclusion Criteria:",
            " 8 - Platelets ⟦< 100 x 109/L⟧{platelets < 100 10*9/L}",
            " 9",
            "",
        ]

    def test_regimens_as_prescriptions(self) -> None:
        told = shown("-", text="Arm A: 25 x 2 Gy.\nArm B: a boost of 10 Gy in 5 fractions.\n")
        assert "  1 25 × 2 Gy = 50 Gy  line 1: 25 x; 2 Gy\n" in told
        assert "  2 5 × 2 Gy = 10 Gy; boost  line 2: 10 Gy; 5 fractions\n" in told

    def test_alternatives_with_what_joins_them(self) -> None:
        text = (
            "Inclusion criteria:\n- ALT ≤ 2 x ULN (≤ 5 x ULN if liver metastases)\n"
            "- At least two of the following: LDH > 250 U/L, CRP > 10 mg/L\n\n"
            "Exclusion criteria:\n- ALT > 3 x ULN and bilirubin > 2 x ULN\n"
        )
        told = shown("-", text=text)
        assert "⟦≤ 2 x ULN⟧{alt ≤ 2 ULN; alternatives 1} (⟦" in told
        assert told[told.index("─── Alternatives") :].splitlines()[1:4] == [
            "  1 one is enough: alt ≤ 2 ULN or alt ≤ 5 ULN (if liver metastases)  line 2: ≤ 2 x ULN; ≤ 5 x ULN",
            "  0 of another kind (several are asked, or others have no number): ldh > 250 U/L, crp > 10 mg/L"
            "  line 3: > 250 U/L; > 10 mg/L",
            "  2 only all together exclude: alt > 3 ULN and bilirubin_total > 2 ULN  line 6: > 3 x ULN; > 2 x ULN",
        ]
        assert "─── Alternatives" not in shown("-", text=ADULTS)

    def test_a_fact_over_a_line_break(self) -> None:
        assert "⟦≥ 9\n 2 g/dL⟧{hemoglobin ≥ 9 g/dL} is needed" in shown("-", text="Hemoglobin ≥ 9\ng/dL is needed")

    def test_a_polarity_that_no_section_says(self) -> None:
        assert "{age 18–70 years; inclusion}" in shown("-", text="Patients aged 18-70 years.")

    def test_a_section_inside_a_line(self) -> None:
        text = "Adults. Exclusion criteria: platelets < 100 x 109/L"
        assert "Adults. ⟪§ exclusion → polarity exclusion⟫ Exclusion criteria:" in shown("-", text=text)

    def test_line_ends_of_windows(self) -> None:
        told = shown("-", text=ADULTS.replace("\n", "\r\n").encode())
        assert "\r" not in told
        assert "\\r" not in told
        assert " 4 - Age ⟦≥ 18 years⟧{age ≥ 18 years}\n" in told

    def test_only_some_labels(self) -> None:
        assert "⟦≥ 18 years⟧" in shown("-", "--label", "age", text=ADULTS)
        assert "ULN⟧" not in shown("-", "--label", "age", text=ADULTS)

    def test_a_file_is_not_wrapped_unless_told(self) -> None:
        text = "  Age ≥ 18 years and " + "word " * 60
        assert max(map(len, shown("-", text=text).splitlines())) > 300
        lines = shown("-", "--width", "60", text=text).splitlines()
        assert max(map(len, lines)) <= 60
        assert lines[2].startswith("     word ")  # below the first word

    def test_names_of_files_in_a_folder(self, tmp_path: Path) -> None:
        write_texts(tmp_path / "in", one=ADULTS, two="No numbers here.\n")
        heads = [line for line in shown(tmp_path / "in").splitlines() if line.startswith("═══")]
        assert heads == ["═══ one.txt  4 facts, 0 regimens", "═══ two.txt  0 facts, 0 regimens"]


class TestColour:
    def test_a_pipe_gets_none(self) -> None:
        assert "\x1b" not in shown("-", text=ADULTS)

    def test_always(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NO_COLOR", "1")  # what is said on the command line counts
        monkeypatch.delenv("TERM", raising=False)
        told = shown("-", "--color", "always", text=ADULTS)
        assert "\x1b[" in told
        plain = ESCAPE.sub("", told)
        assert "- Age ≥ 18 years age ≥ 18 years " in plain
        assert "⟦" not in plain

    def test_a_colour_that_no_terminal_knows_is_grey(self, tmp_path: Path) -> None:
        path = tmp_path / "entities" / "age.toml"
        path.parent.mkdir()
        path.write_text('colour = "rebeccapurple-ish"\n', "utf-8")
        assert "\x1b[" in shown("-", "--color", "always", "--patterns", tmp_path, text=ADULTS)

    @pytest.mark.parametrize(
        ("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
    )
    def test_a_terminal(self, tmp_path: Path, variables: dict[str, str], coloured: bool) -> None:
        write_texts(tmp_path, adults=ADULTS)
        ours = {k: v for k, v in ENVIRONMENT.items() if k not in ("NO_COLOR", "COLORTERM", "FORCE_COLOR")}
        environment = {**ours, "TERM": "xterm-256color", "COLUMNS": "80", **variables}
        ours_end, theirs = pty.openpty()
        command = [sys.executable, "-m", "trialsift", "show", str(tmp_path / "adults.txt")]
        process = subprocess.Popen(command, stdout=theirs, stderr=subprocess.PIPE, env=environment)
        os.close(theirs)
        told = b""
        try:
            while chunk := os.read(ours_end, 65536):
                told += chunk
        except OSError:  # Linux tells the end of a terminal so
            pass
        os.close(ours_end)
        assert process.communicate()[1] == b""
        assert process.returncode == 0
        assert (b"\x1b[" in told) is coloured
        assert ("⟦≥ 18 years⟧".encode() in told) is not coloured


class TestSigns:
    @pytest.mark.parametrize(
        ("sign", "escaped"),
        [
            ("\x1b[31m", "\\x1b[31m"),
            ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
            ("\x9b2J", "\\x9b2J"),
            ("\x08", "\\x08"),
            ("a\rb", "a\\rb"),
            ("\u202e", "\\u202e"),
            ("\u2028", "\\u2028"),
            ("\u00ad", "\\xad"),
        ],
    )
    @pytest.mark.parametrize("color", ["always", "never"])
    @pytest.mark.parametrize("explain", [[], ["--explain"]])
    def test_none_of_a_document_is_sent_that_steers(
        self, sign: str, escaped: str, color: str, explain: list[str]
    ) -> None:
        told = shown("-", "--color", color, *explain, text=f"{sign} Age{sign} ≥ 18{sign} years {sign}".encode())
        assert escaped in told
        rest = ESCAPE.sub("", told)
        assert [c for c in rest if not c.isprintable() and c != "\n"] == []

    @pytest.mark.parametrize("text", ["", "plain", "≥ 18 µg", "a\tb", "a\u00a0b", "\uf0b7 bullet"])
    def test_what_prints_stays(self, text: str) -> None:
        assert escape(text) == text

    def test_markup_of_rich_is_text(self) -> None:
        told = shown("-", "--explain", text="[bold]Hemoglobin[/bold] ≥ 9 g/dL, or [link=x] :smile: 25 x 2 Gy")
        assert "[bold]Hemoglobin[/bold] ⟦≥ 9 g/dL⟧" in told
        assert "or [link=x] :smile: ⟦25 x⟧" in told

    def test_a_name_of_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "a\x1b[2Jb.txt").write_text(ADULTS, encoding="utf-8")
        error = run(tmp_path).exception
        assert "a\\x1b[2Jb.txt: has a name with characters that can't be shown" in str(error)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(texts, st.booleans(), st.booleans())
def test_any_text_is_shown_by_signs_that_print(text: str, coloured: bool, wrap: bool) -> None:
    told = io.StringIO()
    console = Console(file=told, force_terminal=coloured, color_system="256" if coloured else None, width=60)
    source = Document("name", "name", text)
    show_document(Printer(console, EXTRACTOR.engines.labels, wrap), EXTRACTOR, source, explained=True)
    plain = ESCAPE.sub("", told.getvalue())
    assert [c for c in plain if escape(c) != c and c != "\n"] == []
    last = text.count("\n") + 1
    assert re.search(rf"^ +{last}(?: |$)", plain, re.M)


class TestExplain:
    def test_a_fact(self) -> None:
        told = shown("-", "--explain", text=ADULTS)
        assert " 5 - ALT, AST ⟦≤ 2.5 x ULN⟧{2: alt ≤ 2.5 ULN | 3: ast ≤ 2.5 ULN}\n" in told
        block = told[told.index("  4 < 100 x 109/L") :].splitlines()
        at = ADULTS.index("< 100 x 109/L")
        assert block[0] == f"  4 < 100 x 109/L → platelets < 100 10*9/L  line 8, {at}–{at + 13}"
        assert block[1].startswith("    LAB, rule lab.name_first: The test")
        heading = ADULTS.index("Exclusion Criteria")
        assert [line.split() for line in block[2:7]] == [
            ["name", "Platelets", "→", "platelets", f"{at - 10}–{at - 1}"],
            ["comparator", "<", "→", "high,", "exclusive", f"{at}–{at + 1}"],
            ["number", "100", "→", "100", f"{at + 2}–{at + 5}"],
            ["unit", "x", "109/L", "→", "10*9/L", f"{at + 6}–{at + 13}"],
            [
                "polarity",
                "section",
                "`Exclusion",
                "Criteria`",
                "(line",
                "7)",
                "→",
                "exclusion",
                f"{heading}–{heading + 18}",
            ],
        ]

    def test_a_regimen(self) -> None:
        told = shown("-", "--explain", text="Arm A: 25 x 2 Gy.")
        assert "  1 25 × 2 Gy = 50 Gy  line 1: facts 1, 2\n" in told
        assert "computed: n × d = 25 × 2 Gy" in told

    def test_numbers_that_are_part_of_no_fact(self) -> None:
        text = "Inclusion Criteria:\n1. A gap by > 10 mm\n2. ECOG 9"
        told = shown("-", "--explain", text=text)
        assert told[told.index("─── Numbers not taken") :].splitlines()[1:9] == [
            "  ∅ 1 → 1  line 2, 20–21",
            "    quantities: the number of an item in a list",
            "  ∅ > 10 mm → > 10 mm  line 2, 32–39",
            "    labels: no test, scale, drug, dose or age is named beside it",
            "  ∅ 2 → 2  line 3, 40–41",
            "    quantities: the number of an item in a list",
            "  ∅ 9 → 9  line 3, 48–49",
            "    labels, rule ps.scale: no score of ECOG, which runs from 0 to 5",
        ]
        assert "Numbers not taken" not in shown("-", text=text)

    def test_nothing_to_explain(self) -> None:
        assert shown("-", "--explain", text="No numbers.").splitlines()[1:] == [" 1 No numbers.", ""]


class TestMistakes:
    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        error = run(tmp_path / "none.txt").exception
        assert isinstance(error, UserError)
        assert (str(error), error.exit_code) == (f"{tmp_path / 'none.txt'}: no such file or folder", 2)

    def test_a_folder_without_a_document(self, tmp_path: Path) -> None:
        error = run(tmp_path).exception
        assert isinstance(error, UserError)
        assert str(error).startswith(f"{tmp_path}: no file here or below that can be a document; expected files")

    def test_a_document_that_cannot_be_read_does_not_hide_the_others(self, tmp_path: Path) -> None:
        write_texts(tmp_path, good=ADULTS)
        (tmp_path / "bad.txt").write_bytes(b"\0\0")
        result = run(tmp_path)
        assert "═══ good.txt" in result.stdout
        error = result.exception
        assert isinstance(error, UserError)
        assert error.exit_code == 1
        assert str(error).startswith(f"{tmp_path / 'bad.txt'}: ")

    def test_an_unknown_label(self) -> None:
        error = run("-", "--label", "labs", text=ADULTS).exception
        assert isinstance(error, PatternError)
        assert str(error).startswith("unknown label 'LABS'; known are AGE")

    def test_patterns_that_are_not_there(self, tmp_path: Path) -> None:
        assert isinstance(run("-", "--patterns", tmp_path / "none", text=ADULTS).exception, PatternError)

    def test_a_width_too_small(self) -> None:
        assert run("-", "--width", "5", text=ADULTS).exit_code == 2


def test_help_imports_neither_spacy_nor_rich() -> None:
    code = (
        "import sys; from trialsift.cli import app; app(['show', '--help'], standalone_mode=False); "
        "print(sorted({'spacy', 'medspacy', 'pandas', 'rich'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, env=ENVIRONMENT)
    assert done.stderr.decode().strip() == "[]"
