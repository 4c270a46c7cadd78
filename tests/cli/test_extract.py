"""The command with the real extractor: what a user types and gets; in a process of its own where that matters."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.command import run_command
from tests.support.doubles import write_texts
from tests.support.paths import ROOT
from trialsift import __version__
from trialsift.tables.files import read_table
from trialsift.tables.schema import table_columns

TABLES = list(table_columns())
SOURCE = str(ROOT / "pipeline")
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [SOURCE, os.environ.get("PYTHONPATH")]))}
COMMAND = [sys.executable, "-m", "trialsift"]
ADULTS = "Inclusion Criteria:\n- Age ≥ 18 years\n- ECOG performance status 0-1\n- Hemoglobin ≥ 9 g/dL\n"
RADIOTHERAPY = "Arm A: radiotherapy, 25 x 2 Gy.\n"


def _process(*arguments: Path | str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, input=data, capture_output=True, env=ENVIRONMENT, check=False)


def _doc_ids(out: Path) -> list[str]:
    return [json.loads(line)["doc_id"] for line in (out / "annotations.jsonl").read_bytes().splitlines()]


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    return write_texts(tmp_path / "in", adults=ADULTS, radiotherapy=RADIOTHERAPY, nothing="No numbers here.\n")


class TestSuccess:
    def test_a_folder(self, texts: Path, tmp_path: Path) -> None:
        done = _process("extract", texts, "--out", tmp_path / "out")
        assert (done.returncode, done.stderr) == (0, b"")
        assert _doc_ids(tmp_path / "out") == ["adults", "nothing", "radiotherapy"]
        tables = {name: read_table(tmp_path / "out/tables" / f"{name}.csv") for name in TABLES}
        assert tables["ages"][["doc_id", "low"]].to_numpy().tolist() == [["adults", 18]]
        assert tables["performance_status"][["low", "high"]].to_numpy().tolist() == [[0, 1]]
        assert tables["labs"]["analyte"].tolist() == ["hemoglobin"]
        assert tables["regimens"]["description"].tolist() == ["25 × 2 Gy = 50 Gy"]
        assert tables["trials"]["doc_id"].tolist() == ["adults", "nothing", "radiotherapy"]
        assert len(read_table(tmp_path / "out/errors.csv")) == 0

    def test_the_summary_tells_that_nothing_was_read_again(self, texts: Path, tmp_path: Path) -> None:
        run_command("extract", texts, "--out", tmp_path / "out", "--quiet")
        write_texts(texts, new=ADULTS)
        shown = run_command("extract", texts, "--out", tmp_path / "out", "--resume").stdout.decode()
        assert "The run was complete: inputs were not read again. --force reads those" in shown

    def test_the_summary_tells_what_was_found_and_where_it_is(self, texts: Path, tmp_path: Path) -> None:
        shown = run_command("extract", texts, "--out", tmp_path / "out").stdout.decode()
        assert "Read 3 documents" in shown
        assert [line.split() for line in shown.splitlines() if line.split()[0] in ("AGE", "LAB", "regimens")] == [
            ["AGE", "1"],
            ["LAB", "1"],
            ["regimens", "1"],
        ]
        for file in (str(tmp_path / "out"), "annotations.jsonl", "tables/trials.csv", "errors.csv", "run.json"):
            assert file in shown

    def test_a_page_to_read_in(self, texts: Path, tmp_path: Path) -> None:
        out = tmp_path / "out"
        shown = run_command("extract", texts, "--out", out, "--view").stdout.decode()
        assert "view.html" in shown
        assert "Hemoglobin ≥ 9 g/dL" in (out / "view.html").read_text(encoding="utf-8")
        run_command("extract", texts, "--out", out, "--force")
        assert not (out / "view.html").exists(), "a page of another run"

    def test_a_window_system_that_is_not_there_and_a_home_without_a_cache(self, texts: Path, tmp_path: Path) -> None:
        """Plots need neither: matplotlib would stop at the one and warn of the other."""
        odd = {"MPLBACKEND": "module://nowhere", "HOME": "/proc/none", "MPLCONFIGDIR": "/proc/none"}
        command = [*COMMAND, "extract", str(texts), "--out", str(tmp_path / "out"), "--view"]
        done = subprocess.run(command, capture_output=True, env={**ENVIRONMENT, **odd}, check=False)
        assert (done.returncode, done.stderr) == (0, b"")

    def test_quiet_is_silent(self, texts: Path, tmp_path: Path) -> None:
        done = run_command("extract", texts, "-o", tmp_path / "out", "--quiet")
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")

    def test_standard_input(self, tmp_path: Path) -> None:
        done = _process("extract", "-", "--out", tmp_path / "out", data=ADULTS.encode())
        assert done.returncode == 0
        assert _doc_ids(tmp_path / "out") == ["stdin"]
        assert read_table(tmp_path / "out/tables/ages.csv")["low"].tolist() == [18]

    @pytest.mark.parametrize(
        ("options", "endings"),
        [
            (["--format", "parquet"], {".parquet"}),
            (["--format", "csv", "--format", "parquet", "--format", "csv"], {".csv", ".parquet"}),
        ],
    )
    def test_formats(self, texts: Path, tmp_path: Path, options: list[str], endings: set[str]) -> None:
        assert run_command("extract", texts, "--out", tmp_path / "out", *options).returncode == 0
        assert {path.suffix for path in (tmp_path / "out/tables").iterdir()} == endings
        for ending in endings:
            ages = read_table(tmp_path / f"out/tables/ages{ending}")
            assert ages["text"].tolist() == ["≥ 18 years"]

    def test_the_arguments_are_noted(self, texts: Path, tmp_path: Path) -> None:
        run_command("extract", "in", "--out", "out", cwd=tmp_path)
        assert json.loads((tmp_path / "out/run.json").read_text(encoding="utf-8"))["arguments"] == [
            "extract",
            "in",
            "--out",
            "out",
        ]

    def test_two_runs_over_the_same_texts_give_the_same_results(self, texts: Path, tmp_path: Path) -> None:
        for name in ("one", "two"):
            _process("extract", texts, "--out", tmp_path / name)
        for path in (tmp_path / "one").rglob("*.*"):
            if path.name != "run.json":
                assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()

    def test_a_terminal_gets_a_progress_bar_on_stderr(self, texts: Path, tmp_path: Path) -> None:
        ours, theirs = pty.openpty()
        try:
            done = subprocess.run(
                [*COMMAND, "extract", str(texts), "-o", str(tmp_path / "out")],
                stdout=subprocess.PIPE,
                stderr=theirs,
                check=False,
                env={**ENVIRONMENT, "TERM": "xterm"},
            )
            shown = os.read(ours, 100_000)
        finally:
            os.close(theirs)
            os.close(ours)
        assert done.returncode == 0
        assert b"Reading" in shown
        assert b"Reading" not in done.stdout


class TestSomeDocumentsFail:
    @pytest.fixture
    def mixed(self, texts: Path) -> Path:
        (texts / "broken.txt").write_bytes(b"Age \0 18 years\n")
        return texts

    def test_the_neighbours_results_are_all_there(self, mixed: Path, tmp_path: Path) -> None:
        done = run_command("extract", mixed, "--out", tmp_path / "out")
        assert done.returncode == 1
        assert _doc_ids(tmp_path / "out") == ["adults", "nothing", "radiotherapy"]
        assert read_table(tmp_path / "out/tables/trials.csv")["doc_id"].tolist() == _doc_ids(tmp_path / "out")

    def test_the_failure_is_told_with_file_and_place(self, mixed: Path, tmp_path: Path) -> None:
        done = run_command("extract", mixed, "--out", tmp_path / "out")
        [row] = read_table(tmp_path / "out/errors.csv").to_dict("records")
        assert row["file"] == str(mixed / "broken.txt")
        shown = done.stdout.decode()
        assert row["code"] == "binary"
        assert "1 input failed" in shown
        assert f"{mixed / 'broken.txt'}: " in shown
        assert b"Traceback" not in done.stderr

    def test_quiet_still_tells_on_stderr(self, mixed: Path, tmp_path: Path) -> None:
        done = _process("extract", mixed, "--out", tmp_path / "out", "--quiet")
        assert (done.returncode, done.stdout) == (1, b"")
        assert b"broken.txt" in done.stderr

    def test_a_long_list_is_cut_on_the_screen_and_whole_in_the_file(self, mixed: Path, tmp_path: Path) -> None:
        write_texts(mixed, **{f"empty{i}": "" for i in range(20)})
        done = run_command("extract", mixed, "--out", tmp_path / "out")
        assert "21 inputs failed" in done.stdout.decode()
        assert "… and 11 more" in done.stdout.decode()
        assert len(read_table(tmp_path / "out/errors.csv")) == 21


class TestForce:
    def test_an_earlier_run_is_kept_without_and_replaced_with_it(self, texts: Path, tmp_path: Path) -> None:
        out = tmp_path / "out"
        assert run_command("extract", texts, "--out", out).returncode == 0
        write_texts(texts, one_more=ADULTS)
        before = (out / "annotations.jsonl").read_bytes()
        refused = run_command("extract", texts, "--out", out)
        assert refused.returncode == 2
        assert b"--force" in refused.stderr
        assert (out / "annotations.jsonl").read_bytes() == before
        assert run_command("extract", texts, "--out", out, "--force").returncode == 0
        assert "one_more" in _doc_ids(out)


class TestMisuse:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["extract"], "Missing argument"),
            (["extract", "in"], "--out"),
            (["extract", "absent", "-o", "out"], "absent: no such file or folder"),
            (["extract", "empty", "-o", "out"], "empty: no file here or below that can be a document"),
            (["extract", "notes.odt", "-o", "out"], "notes.odt: expected a folder or a file that ends in .txt, "),
            (["extract", "-", "-o", "out", "--resume"], "standard input can't be read twice"),
            (["extract", "in", "-o", "notes.odt"], "notes.odt: is a file"),
            (["extract", "in", "-o", "in"], "in: is not empty and holds no run"),
            (["extract", "in", "-o", "in", "--force"], "in: is not empty and holds no run"),
            (["extract", "in", "-o", "out", "--format", "xls"], "xls"),
            (["extract", "in", "-o", "out", "--patterns", "absent"], "absent: no such folder of patterns"),
            (["extract", "in", "-o", "out", "--colour"], "--colour"),
            (["extrakt", "in"], "extrakt"),
        ],
    )
    def test_one_clear_sentence_and_nothing_written(
        self, texts: Path, tmp_path: Path, arguments: list[str], message: str
    ) -> None:
        (tmp_path / "empty").mkdir()
        (tmp_path / "notes.odt").write_text("mine", encoding="utf-8")
        before = sorted(tmp_path.rglob("*"))
        done = run_command(*arguments, cwd=tmp_path)
        assert done.returncode == 2
        assert done.stdout == b""
        assert message in done.stderr.decode()
        assert b"Traceback" not in done.stderr
        assert sorted(tmp_path.rglob("*")) == before

    @pytest.mark.skipif(sys.platform != "linux", reason="names are characters elsewhere")
    def test_names_and_arguments_that_are_no_utf_8(self, tmp_path: Path) -> None:
        folder = write_texts(tmp_path / "d\udcff", adults=ADULTS)
        (folder / "bad\udcff.txt").write_text(ADULTS, encoding="utf-8")
        out = tmp_path / "out\udcff"
        done = _process("extract", folder, "--out", out, "--text-column", "\udcff")
        assert (done.returncode, b"Traceback" in done.stderr) == (1, False)
        assert _doc_ids(out) == ["adults"]
        run = json.loads((out / "run.json").read_text(encoding="utf-8"))
        assert run["out"] == str(tmp_path / "out\\udcff")
        assert run["setup"]["inputs"] == [str(tmp_path / "d\\udcff")]

    @pytest.mark.parametrize("limit", ["1e15", "1e300", "inf"])
    def test_limits_may_be_beyond_any_file(self, texts: Path, tmp_path: Path, limit: str) -> None:
        (texts / "table.csv").write_text("doc_id,text\n1,Age 18\n", encoding="utf-8")
        (texts / "page.json").write_text('{"doc_id": 2, "text": "Age 18"}', encoding="utf-8")
        limits = [f"--max-{of}-mb={limit}" for of in ("document", "file", "expanded")]
        done = run_command("extract", texts, "--out", tmp_path / "out", *limits)
        assert (done.returncode, done.stderr) == (0, b"")
        assert len(_doc_ids(tmp_path / "out")) == 5

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_a_folder_that_cannot_be_written(self, texts: Path, tmp_path: Path) -> None:
        (tmp_path / "locked").mkdir(mode=0o500)
        done = run_command("extract", texts, "-o", tmp_path / "locked" / "out")
        assert done.returncode == 2
        assert b"cannot be written" in done.stderr

    def test_a_pattern_file_that_is_broken_is_named(self, texts: Path, tmp_path: Path) -> None:
        (tmp_path / "rules").mkdir()
        (tmp_path / "rules" / "units.csv").write_text("nonsense\n", encoding="utf-8")
        done = run_command("extract", texts, "-o", tmp_path / "out", "--patterns", tmp_path / "rules")
        assert done.returncode == 2
        assert done.stderr.startswith(b"Error: ")
        assert b"rules/units.csv:1: expected the header surface,ucum,kind" in done.stderr
        assert b"Traceback" not in done.stderr
        assert not (tmp_path / "out").exists()


class TestTheCommand:
    def test_version(self) -> None:
        done = _process("--version")
        assert (done.returncode, done.stdout.decode()) == (0, f"trialsift {__version__}\n")

    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            (["--help"], ["extract", "evaluate", "--version"]),
            (["extract", "--help"], ["INPUT", "--out", "--format", "--force", "--patterns", "--quiet", "Exit status"]),
            (["extract", "-h"], ["INPUT"]),
        ],
    )
    def test_help(self, arguments: list[str], expected: list[str]) -> None:
        done = run_command(*arguments)
        assert done.returncode == 0
        assert [word for word in expected if word not in done.stdout.decode()] == []

    def test_help_imports_neither_spacy_nor_pandas(self) -> None:
        code = (
            "import sys; from trialsift.cli import app; app(['extract', '--help'], standalone_mode=False); "
            "print(sorted({'spacy', 'medspacy', 'pandas', 'pyarrow', 'rich'} & set(sys.modules)), file=sys.stderr)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, env=ENVIRONMENT)
        assert done.stderr.decode().strip() == "[]"

    def test_an_interrupt_before_anything_was_read_leaves_nothing(self, texts: Path, tmp_path: Path) -> None:
        process = subprocess.Popen(
            [*COMMAND, "extract", "-", "-o", str(tmp_path / "out")],
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # a shell starts what runs in the background, these tests perhaps, with interrupts ignored
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        try:
            while process.poll() is None and not (tmp_path / "out/.partial").exists():
                time.sleep(0.01)  # once the folder is there it waits for standard input, which stays open
            process.send_signal(signal.SIGINT)
            _, shown = process.communicate()
        finally:
            process.kill()
        assert process.returncode == 130
        assert b"Traceback" not in shown
        assert not (tmp_path / "out").exists()

    def test_a_reader_that_goes_away_gives_no_traceback(self, texts: Path, tmp_path: Path) -> None:
        read, write = os.pipe()
        os.close(read)
        done = subprocess.run(
            [*COMMAND, "extract", str(texts), "-o", str(tmp_path / "out")],
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=write,
            stderr=subprocess.PIPE,
            check=False,
        )
        os.close(write)
        assert b"Traceback" not in done.stderr
        assert (tmp_path / "out/run.json").is_file()
