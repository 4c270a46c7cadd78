"""Worker processes: the same results in the same order, and a task that ends its worker costs no other."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from trialsift.model.errors import UserError
from trialsift.runs.extract.processes import Chunk, choose_start_method, count_cores, run_in_order

METHODS = [method for method in ("fork", "spawn") if method in multiprocessing.get_all_start_methods()]


def double(task: Any) -> Iterator[Any]:
    """What workers do here: a number is doubled, a word tells of something that goes wrong."""
    if task == "dies":
        os._exit(9)
    if task == "is killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if task == "leaves":
        raise SystemExit("all is lost")
    if task == "raises":
        raise LookupError("no such thing")
    if task == "sleeps":
        time.sleep(0.2)
    yield task * 2


def given_up(task: Any) -> Sequence[Any]:
    return [f"{task}, given up"]


def run(*chunks: Sequence[Any], jobs: int = 2, method: str = METHODS[0], weight: int = 0) -> list[Any]:
    """The results of all chunks, one after another."""
    made = (Chunk(tasks, tasks, weight) for tasks in chunks)
    return [result for chunk in run_in_order(made, double, jobs, given_up, method=method) for [result] in chunk.results]


@pytest.fixture(autouse=True)
def _no_process_is_left() -> Iterator[None]:
    yield
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_results_come_in_order(jobs: int, method: str) -> None:
    chunks = [["sleeps"], *([i, i + 1] for i in range(0, 40, 2)), []]
    assert run(*chunks, jobs=jobs, method=method) == ["sleepssleeps", *range(0, 80, 2)]


def test_of_no_chunks_comes_nothing() -> None:
    assert run() == run([], []) == []


@pytest.mark.skipif(os.name != "posix", reason="kills processes by signal")
@pytest.mark.parametrize("word", ["dies", "is killed", "leaves"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_task_that_ends_its_worker_is_given_up_alone(word: str, jobs: int) -> None:
    assert run([1, word, 2], [3], [word], [4], jobs=jobs) == [2, f"{word}, given up", 4, 6, f"{word}, given up", 8]


def test_an_error_is_raised_here() -> None:
    with pytest.raises(LookupError, match="no such thing") as error:
        run([1], ["raises"], [2])
    [note] = error.value.__notes__
    assert note.startswith("in a worker:\nTraceback")
    assert ", in double\n" in note


def test_no_more_chunks_are_read_than_are_needed() -> None:
    read = 0

    def chunks() -> Iterator[Chunk]:
        nonlocal read
        for number in range(100):
            read += 1
            yield Chunk([number], [number], 1)

    results = run_in_order(chunks(), double, 2, given_up, method=METHODS[0])
    next(results)
    assert read <= 8
    results.close()


def test_heavy_chunks_go_one_at_a_time() -> None:
    read: list[int] = []

    def chunks() -> Iterator[Chunk]:
        for number in range(5):
            read.append(number)
            yield Chunk([number], [number], 20_000_000)

    for number, chunk in enumerate(run_in_order(chunks(), double, 2, given_up, method=METHODS[0])):
        assert chunk.results == [[2 * number]]
        assert len(read) == number + 1


def test_processes_that_do_not_start_are_told() -> None:
    """As in a script that starts them whenever it is imported."""

    class NotThere:
        def __reduce__(self) -> Any:
            return os._exit, (3,)

    chunks = iter([Chunk([1], [1])])
    with pytest.raises(UserError, match=r"can't be started.*__main__.*--jobs 1"):
        list(run_in_order(chunks, NotThere(), 2, given_up, method="spawn"))  # type: ignore[arg-type]


class Once:
    """Does what `double` does, but in the first process that gets it only."""

    def __init__(self, there: Path) -> None:
        self.there = there

    def __reduce__(self) -> Any:
        return _begun, (self.there,)


def _begun(there: Path) -> Any:
    if there.exists():
        os._exit(3)
    there.touch()
    return double


def test_a_replacement_that_does_not_start_is_told(tmp_path: Path) -> None:
    chunks = iter([Chunk([1], [1]), Chunk([2], ["dies"])])
    with pytest.raises(UserError, match=r"replacement for a process that died has died too.*--jobs"):
        list(run_in_order(chunks, Once(tmp_path / "there"), 1, given_up, method="spawn"))  # type: ignore[arg-type]


def test_a_system_that_starts_no_more_processes_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(multiprocessing.get_context(METHODS[0]).Process, "start", fails)  # type: ignore[attr-defined]
    with pytest.raises(UserError, match=r"can't be started \(Resource temporarily unavailable\).*--jobs"):
        run([1], [2])


def test_at_least_one_core_is_there() -> None:
    assert count_cores() >= 1


def test_a_process_with_threads_is_not_forked() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert choose_start_method() == "spawn"
    finally:
        stop.set()
        thread.join()


SCRIPT = """
import sys, time
from trialsift.runs.extract.processes import Chunk, run_in_order

def slow(task):
    time.sleep(0.05)
    yield task

def given_up(task):
    return []

if __name__ == "__main__":
    import multiprocessing, signal
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts background jobs with SIGINT ignored
    for number, _ in enumerate(run_in_order((Chunk([i], [i]) for i in range(10_000)), slow, 2, given_up)):
        if number == 0:
            print(*(child.pid for child in multiprocessing.active_children()), flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="ends processes by signal")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_worker_outlives_its_parent(tmp_path: Path, how: signal.Signals) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        assert process.stdout is not None
        workers = [int(pid) for pid in process.stdout.readline().split()]
        assert len(workers) == 2
        if how is signal.SIGINT:
            os.killpg(process.pid, how)  # as a terminal does: everybody gets it
        else:
            process.send_signal(how)
        process.wait(10)
    deadline = time.monotonic() + 10
    while any(map(_runs, workers)):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat")
        return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
