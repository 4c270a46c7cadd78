"""A run that was stopped at any moment ends, resumed, with the bytes of one that was never stopped."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from tests.support.doubles import FakeExtractor, write_texts
from trialsift.model.errors import UserError
from trialsift.runs.extract.journal import Journal
from trialsift.runs.extract.run import extract_run

FORMATS = ("csv", "parquet")


class Stop(BaseException):
    """As a kill does, nothing in between takes care of it."""


def tree(out: Path) -> dict[str, bytes]:
    """All files of a run but run.json, which has times."""
    return {
        p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file() and p.name != "run.json"
    }


def counts(out: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((out / "run.json").read_text(encoding="utf-8"))
    return {key: report[key] for key in ("setup", "counts", "files", "exit_status")}


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A folder with good documents, bad ones, and two of one name."""
    texts = {f"d{i:02}": f"Age ≥ 18 years, number {i}\n" * (i % 4 + 1) for i in range(12)}
    folder = write_texts(tmp_path / "in", **texts, empty=" ", stone="stone 18")
    write_texts(folder / "more", d03="Age ≥ 18", other="nothing in here")
    return folder


def run(documents: Path, out: Path, **options: Any) -> Any:
    return extract_run([documents], out, formats=FORMATS, extractor=FakeExtractor.failing_on("stone"), **options)


@pytest.fixture
def undisturbed(documents: Path, tmp_path: Path) -> Path:
    run(documents, tmp_path / "undisturbed")
    return tmp_path / "undisturbed"


def test_what_an_undisturbed_run_gives(undisturbed: Path) -> None:
    assert counts(undisturbed)["counts"]["documents"] == 13
    assert counts(undisturbed)["counts"]["errors_by_code"] == {"duplicate_id": 1, "empty": 1, "internal": 1}
    assert not (undisturbed / ".partial").exists()


def stopping_writes(monkeypatch: pytest.MonkeyPatch, at: int, half: bool) -> None:
    """Lets the write number `at` of the journal be the last thing that a run does, the line whole or cut in half."""
    write, seen = Journal.add, iter(range(1000))

    def add(self: Journal, line: bytes) -> None:
        if next(seen) != at:
            write(self, line)
            return
        self._file.write(line[: len(line) // 2 if half else len(line)])
        raise Stop

    monkeypatch.setattr(Journal, "add", add)


@pytest.mark.parametrize("half", [False, True], ids=["after a line", "within a line"])
def test_stopped_at_each_entry_of_the_journal(
    documents: Path, undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, half: bool
) -> None:
    at = 0
    while True:
        out = tmp_path / f"stopped-{at}"
        with monkeypatch.context() as patched:
            stopping_writes(patched, at, half)
            try:
                run(documents, out)
                break
            except Stop:
                pass
        run(documents, out, resume=True)
        assert tree(out) == tree(undisturbed), f"stopped at entry {at}"
        assert counts(out) == counts(undisturbed)
        at += 1
    assert at == 1 + 3 * 16  # the first line, and for each of 16 files its begin, what became of it, its end


@pytest.mark.parametrize("call", range(0, 14))
def test_stopped_while_results_move_into_their_places(
    documents: Path, undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    out, replace, seen = tmp_path / "out", Path.replace, iter(range(1000))

    def stop(self: Path, target: Path) -> Path:
        if next(seen) == call:
            raise Stop
        return replace(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", stop)
        with pytest.raises(Stop):
            run(documents, out)
    assert not (out / "run.json").exists()
    run(documents, out, resume=True)
    assert tree(out) == tree(undisturbed)
    assert counts(out) == counts(undisturbed)


def slowly(documents: Path, out: Path, resume: bool) -> None:
    """A run of about half a second, in a process of its own that may be killed."""

    def pause(done: int, total: int | None, name: str) -> None:
        time.sleep(0.02)

    run(documents, out, resume=resume, progress=pause)


@pytest.fixture(scope="module")
def processes() -> Any:
    """Processes that start quickly: forked from one that has imported everything and has no threads."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["trialsift.runs.extract.run", "doubles"])
    return context


@pytest.mark.skipif(os.name != "posix", reason="kills processes by signal")
def test_killed_at_random_moments(documents: Path, undisturbed: Path, tmp_path: Path, processes: Any) -> None:
    moments, killed, finished = random.Random(5), 0, 0
    while killed < 12:
        out, resume, longest = tmp_path / f"run-{finished}", False, 0.35
        while not (out / "run.json").exists():
            process = processes.Process(target=slowly, args=(documents, out, resume))
            process.start()
            deadline = time.monotonic() + 30
            while process.is_alive() and not (out / ".partial" / "journal.jsonl").exists():
                assert time.monotonic() < deadline, "the run did not begin"
                time.sleep(0.002)
            process.join(moments.uniform(0, longest))
            longest += 0.05  # where imports take longer than that, it has to get on nevertheless
            if process.is_alive():
                os.kill(process.pid, signal.SIGKILL)
                killed += 1
            process.join()
            resume = True
        run(documents, out, resume=True)  # killed right after its end, it has nothing left to do
        assert tree(out) == tree(undisturbed)
        assert counts(out) == counts(undisturbed)
        finished += 1


class TestResume:
    def stop_after(self, number: int) -> Callable[[int, int | None, str], None]:
        def progress(done: int, total: int | None, name: str) -> None:
            if done == number:
                raise KeyboardInterrupt

        return progress

    def stopped(self, documents: Path, out: Path, number: int = 5) -> None:
        with pytest.raises(KeyboardInterrupt):
            run(documents, out, progress=self.stop_after(number))

    def test_what_was_read_is_not_read_again(self, documents: Path, tmp_path: Path) -> None:
        self.stopped(documents, tmp_path / "out")
        calls: list[int] = []
        summary = run(documents, tmp_path / "out", resume=True, progress=lambda done, *_: calls.append(done))
        assert calls[0] == 5
        assert summary.resumed == 5

    def test_it_has_to_be_asked_for(self, documents: Path, tmp_path: Path) -> None:
        self.stopped(documents, tmp_path / "out")
        with pytest.raises(UserError, match="--resume, or start over with --force"):
            run(documents, tmp_path / "out")
        assert run(documents, tmp_path / "out", force=True).resumed == 0

    def test_where_nothing_was_begun_it_begins(self, documents: Path, tmp_path: Path) -> None:
        assert run(documents, tmp_path / "out", resume=True).resumed == 0

    def test_a_whole_run_is_left_as_it_is(self, documents: Path, undisturbed: Path) -> None:
        before = tree(undisturbed), (undisturbed / "run.json").read_bytes()
        summary = run(documents, undisturbed, resume=True)
        assert (tree(undisturbed), (undisturbed / "run.json").read_bytes()) == before
        assert (summary.documents, summary.failed, summary.resumed, summary.was_complete) == (13, 3, 16, True)

    def test_a_whole_run_that_lacks_a_file_is_not_left_as_it_is(self, documents: Path, undisturbed: Path) -> None:
        (undisturbed / "tables" / "labs.csv").unlink()
        with pytest.raises(UserError, match="holds the results of a run already; replace them with --force"):
            run(documents, undisturbed, resume=True)

    def test_a_whole_run_gets_the_page_that_it_lacks(self, documents: Path, undisturbed: Path) -> None:
        assert "view.html" in run(documents, undisturbed, resume=True, view=True).files
        assert (undisturbed / "view.html").is_file()

    def test_resuming_and_starting_over_exclude_each_other(self, documents: Path, undisturbed: Path) -> None:
        with pytest.raises(UserError, match="--resume continues a run, --force starts over: choose one"):
            run(documents, undisturbed, resume=True, force=True)

    def test_what_a_kill_at_the_very_end_has_left_goes(self, documents: Path, undisturbed: Path) -> None:
        before = tree(undisturbed)
        (undisturbed / ".partial" / "results").mkdir(parents=True)
        for name in (".lock", "results/half.csv"):
            (undisturbed / ".partial" / name).touch()
        assert run(documents, undisturbed, resume=True).was_complete
        assert tree(undisturbed) == before
        assert not (undisturbed / ".partial").exists()

    def test_a_whole_run_of_something_else_is_not_taken_for_it(self, undisturbed: Path, tmp_path: Path) -> None:
        with pytest.raises(UserError, match="holds the results of a run already"):
            run(write_texts(tmp_path / "others", a="18"), undisturbed, resume=True)

    def test_an_interrupted_replacement_needs_no_second_permission(
        self, documents: Path, undisturbed: Path, tmp_path: Path
    ) -> None:
        with pytest.raises(KeyboardInterrupt):
            run(documents, undisturbed, force=True, progress=self.stop_after(3))
        assert run(documents, undisturbed, resume=True).resumed == 3

    def test_changed_inputs_are_refused(self, documents: Path, tmp_path: Path) -> None:
        self.stopped(documents, tmp_path / "out")
        (documents / "d01.txt").write_text("Age ≥ 18 months, all new", encoding="utf-8")
        with pytest.raises(UserError, match=r"d01.txt: has changed since the run was stopped.*--force"):
            run(documents, tmp_path / "out", resume=True)

    @pytest.mark.parametrize("number", [15, 16], ids=["within it", "behind it"])
    def test_inputs_that_are_gone_are_refused(self, documents: Path, tmp_path: Path, number: int) -> None:
        self.stopped(documents, tmp_path / "out", number)
        (documents / "stone.txt").unlink()
        with pytest.raises(UserError, match=r"stone.txt: has disappeared since the run was stopped.*--force"):
            run(documents, tmp_path / "out", resume=True)

    @pytest.mark.parametrize("damage", [b"\0\0\0\n", b"[]\n", b"\xff\n"])
    def test_a_damaged_journal_is_told(self, documents: Path, tmp_path: Path, damage: bytes) -> None:
        self.stopped(documents, tmp_path / "out")
        journal = tmp_path / "out" / ".partial" / "journal.jsonl"
        lines = journal.read_bytes().splitlines(keepends=True)
        journal.write_bytes(b"".join([*lines[:7], damage, *lines[7:]]))
        with pytest.raises(UserError, match=r"journal.jsonl:8: is damaged; start over with --force"):
            run(documents, tmp_path / "out", resume=True)
        assert run(documents, tmp_path / "out", force=True).documents == 13

    def test_other_inputs_are_refused(self, documents: Path, tmp_path: Path) -> None:
        self.stopped(documents, tmp_path / "out")
        others = write_texts(tmp_path / "others", a="18")
        with pytest.raises(UserError, match="begun with other inputs; resume it as it was begun"):
            run(others, tmp_path / "out", resume=True)

    def test_standard_input_can_not_be_resumed(self, tmp_path: Path) -> None:
        with pytest.raises(UserError, match="read twice"):
            extract_run(["-"], tmp_path / "out", resume=True, extractor=FakeExtractor())

    def test_two_runs_do_not_write_into_one_folder(self, documents: Path, tmp_path: Path) -> None:
        (tmp_path / "out" / ".partial").mkdir(parents=True)
        with (
            FileLock(tmp_path / "out" / ".partial" / ".lock"),
            pytest.raises(UserError, match="a run is being written there"),
        ):
            run(documents, tmp_path / "out", force=True)
