"""A run that several processes share gives the bytes of one that is done by one, also when some of them die."""

from __future__ import annotations

import csv
import gzip
import json
import multiprocessing
import os
import random
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.runs.extract.test_resume import Stop, counts, stopping_writes, tree
from tests.support.doubles import Stumbling, write_texts
from trialsift.model.errors import UserError
from trialsift.runs.extract import tasks as work
from trialsift.runs.extract.run import extract_run
from trialsift.runs.extract.summary import Summary

FORMATS = ("csv", "parquet", "jsonl", "xlsx", "omop", "fhir")
METHODS = [method for method in ("fork", "spawn") if method in multiprocessing.get_all_start_methods()]
KILLS = pytest.mark.skipif(os.name != "posix", reason="kills processes by signal")


@pytest.fixture(params=METHODS)
def method(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Workers are started at once, in one way or the other, and get little at a time."""
    monkeypatch.setattr("trialsift.runs.extract.tasks.choose_start_method", lambda: request.param)
    monkeypatch.setattr("trialsift.runs.extract.tasks._ALONE", dict.fromkeys(METHODS, 0))
    monkeypatch.setattr("trialsift.runs.extract.tasks._CHUNK", 300)
    return str(request.param)


@pytest.fixture(autouse=True)
def _no_process_is_left() -> Iterator[None]:
    yield
    assert multiprocessing.active_children() == []


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """Files of several kinds, good and bad, with names that come twice in files and records."""
    texts = {f"d{i:02}": f"Age ≥ 18 years, number {i}\n" * (i % 4 + 1) for i in range(12)}
    folder = write_texts(tmp_path / "in", **texts, empty=" ", stone="stone 18")
    write_texts(folder / "more", d03="Age ≥ 18", other="nothing in here")
    records = [{"doc_id": f"r{i % 17}", "text": f"Age 18 or more, {i}" + " and more" * i} for i in range(20)]
    lines = "".join(
        json.dumps(record) + "\n" for record in [*records, {"doc_id": "d04", "text": "18"}, {"doc_id": "x"}]
    )
    (folder / "records.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    with zipfile.ZipFile(folder / "texts.zip", "w") as archive:
        for name in ("a.txt", "b.txt", "d05.txt", "left.out"):
            archive.writestr(name, f"18 in {name}")
    (folder / "zip.txt").write_bytes((folder / "texts.zip").read_bytes())
    (folder / "page.html").write_text("<html><body><p>Age 18 and older</p></body></html>", encoding="utf-8")
    return folder


def run(documents: Path, out: Path, jobs: int, **options: Any) -> Summary:
    return extract_run([documents], out, **{"formats": FORMATS, "extractor": Stumbling(), "jobs": jobs, **options})


@pytest.fixture
def alone(documents: Path, tmp_path: Path) -> Path:
    """The run of one process."""
    run(documents, tmp_path / "alone", 1)
    return tmp_path / "alone"


def test_what_one_process_gives(alone: Path) -> None:
    assert counts(alone)["counts"]["documents"] == 33
    assert counts(alone)["counts"]["errors_by_code"] == {
        **{"duplicate_id": 9, "empty": 1, "internal": 1},
        "wrong_schema": 1,
    }


@pytest.mark.parametrize("jobs", [2, 3])
def test_bytes_do_not_depend_on_the_number_of_processes(
    documents: Path, alone: Path, tmp_path: Path, jobs: int, method: str
) -> None:
    summary = run(documents, tmp_path / "out", jobs)
    assert tree(tmp_path / "out") == tree(alone)
    assert counts(tmp_path / "out") == counts(alone)
    assert summary.left_out == {".out": 2}
    assert json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))["jobs"] == jobs


def test_a_few_small_inputs_start_no_process(
    documents: Path, alone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise AssertionError("started a process")

    monkeypatch.setattr("trialsift.runs.extract.tasks.run_in_order", fail)
    run(documents, tmp_path / "out", 8)
    assert tree(tmp_path / "out") == tree(alone)


@KILLS
@pytest.mark.usefixtures("method")
@pytest.mark.parametrize("name", ["a file", "a record", "a record of a JSON array"])
def test_a_document_that_kills_its_process_is_named_and_costs_no_other(
    documents: Path, alone: Path, tmp_path: Path, name: str
) -> None:
    if name == "a file":
        write_texts(documents, killer="kill 18")
        place, record = str(documents / "killer.txt"), ""
    elif name == "a record of a JSON array":
        page = documents / "records.json"
        page.write_text('[{"doc_id": "p1", "text": "18"}, {"doc_id": "p2", "text": "18"}]', encoding="utf-8")
        run(documents, alone, 1, force=True)
        page.write_text(
            '[{"doc_id": "p1", "text": "18"}, {"doc_id": "killer", "text": "kill 18"}, {"doc_id": "p2", "text": "18"}]',
            encoding="utf-8",
        )
        place, record = str(page), "killer"
    else:
        (documents / "z.jsonl").write_text('{"doc_id": "killer", "text": "kill 18"}\n', encoding="utf-8")
        place, record = str(documents / "z.jsonl"), "killer"
    summary = run(documents, tmp_path / "out", 2)
    with (tmp_path / "out" / "errors.csv").open(encoding="utf-8", newline="") as file:
        [row] = [row for row in csv.DictReader(file) if row["code"] == "worker_died"]
    assert (row["file"], row["record"]) == (place, record)
    assert "ended the process that read it, twice" in row["message"]
    ours, others = tree(tmp_path / "out"), tree(alone)
    assert {file for file in ours if ours[file] != others[file]} == {"errors.csv"}
    assert summary.failed == counts(alone)["counts"]["errors"] + 1


class TestStopped:
    """A run that is stopped with some number of processes, and goes on with another."""

    @pytest.mark.parametrize("resumed_by", [1, 2])
    @pytest.mark.parametrize("at", [0, 1, 2, 17, 40, 70])
    @pytest.mark.parametrize("half", [False, True], ids=["after a line", "within a line"])
    def test_at_an_entry_of_the_journal(
        self, documents: Path, alone: Path, tmp_path: Path, at: int, half: bool, resumed_by: int, monkeypatch: Any
    ) -> None:
        self.workers_at_once(monkeypatch)
        with monkeypatch.context() as patched:
            stopping_writes(patched, at, half)
            with pytest.raises(Stop):
                run(documents, tmp_path / "out", 2)
        assert multiprocessing.active_children() == []
        run(documents, tmp_path / "out", resumed_by, resume=True)
        assert tree(tmp_path / "out") == tree(alone)
        assert counts(tmp_path / "out") == counts(alone)

    @KILLS
    @pytest.mark.parametrize("resumed_by", [1, 2])
    def test_behind_a_document_that_killed_its_process(
        self, tmp_path: Path, resumed_by: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        documents = write_texts(tmp_path / "in", killer="kill 18", other="18")
        self.workers_at_once(monkeypatch)
        run(documents, tmp_path / "whole", 2)
        with monkeypatch.context() as patched:
            stopping_writes(patched, 2, False)  # the setup, the input, the failure; then no end of the input
            with pytest.raises(Stop):
                run(documents, tmp_path / "out", 2)
        assert run(documents, tmp_path / "out", resumed_by, resume=True).failed == 1
        assert tree(tmp_path / "out") == tree(tmp_path / "whole")

    def test_by_ctrl_c(self, documents: Path, alone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.workers_at_once(monkeypatch)
        with pytest.raises(KeyboardInterrupt):
            run(documents, tmp_path / "out", 2, progress=self.stop_after(20))
        assert multiprocessing.active_children() == []
        assert run(documents, tmp_path / "out", 3, resume=True).resumed == 20
        assert tree(tmp_path / "out") == tree(alone)

    @staticmethod
    def workers_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("trialsift.runs.extract.tasks._ALONE", dict.fromkeys(["fork", "spawn"], 0))
        monkeypatch.setattr("trialsift.runs.extract.tasks._CHUNK", 300)

    @staticmethod
    def stop_after(number: int) -> Callable[[int, int | None, str], None]:
        def progress(done: int, total: int | None, name: str) -> None:
            if done == number:
                raise KeyboardInterrupt

        return progress


def in_two(documents: Path, out: Path, resume: bool) -> None:
    """A run of about half a second that two workers share, in a process of its own that may be killed."""
    work._ALONE.update(fork=0, spawn=0)
    work._CHUNK = 300
    run(documents, out, 2, resume=resume, progress=lambda *_: time.sleep(0.01))


@pytest.fixture(scope="module")
def processes() -> Any:
    """Processes that start quickly, and may start others."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["trialsift.runs.extract.run", "doubles", "test_resume"])
    return context


def begun(processes: Any, documents: Path, out: Path, resume: bool = False) -> Any:
    """A process with a run that has begun."""
    process = processes.Process(target=in_two, args=(documents, out, resume))
    process.start()
    deadline = time.monotonic() + 30
    while process.is_alive() and not (out / ".partial" / "journal.jsonl").exists():
        assert time.monotonic() < deadline, "the run did not begin"
        time.sleep(0.002)
    return process


@KILLS
def test_killed_at_random_moments(documents: Path, alone: Path, tmp_path: Path, processes: Any) -> None:
    moments, out = random.Random(5), tmp_path / "out"
    for number in range(8):
        process = begun(processes, documents, out, resume=number > 0)
        process.join(moments.uniform(0, 0.3))
        process.kill()
        process.join()
    run(documents, out, 2, resume=True)
    assert tree(out) == tree(alone)
    assert counts(out) == counts(alone)


@KILLS
def test_workers_of_a_run_that_was_killed_do_not_hold_its_lock(tmp_path: Path, processes: Any) -> None:
    documents, out = write_texts(tmp_path / "in", a="slow 18", b="18"), tmp_path / "out"
    process = begun(processes, documents, out)
    process.join(0.5)
    process.kill()
    process.join()
    assert run(documents, out, 1, resume=True).documents == 2


def test_no_process_at_all_is_refused(documents: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="--jobs is 0; expected at least 1"):
        run(documents, tmp_path / "out", 0)
    assert not (tmp_path / "out").exists()
