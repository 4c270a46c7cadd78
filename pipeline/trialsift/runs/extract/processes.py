"""Worker processes: chunks of tasks in, their results out in the order of the chunks.

A worker receives a chunk when it has returned the previous one, so nothing waits in a pipe, and the number of chunks in
progress is bounded. A worker that dies (killed by the system for lack of memory, or by a faulty library) is replaced.
The tasks of its chunk are repeated one by one, and one that kills its worker again is given up.

`concurrent.futures` promises less: a death breaks its whole pool without naming the task, its workers outlive a killed
parent, and they cannot be stopped in the middle of a task.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
import traceback
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from trialsift.model.errors import UserError

Do = Callable[[Any], Iterable[Any]]
#: Chunks in progress per worker: one being worked on, one ready, one waiting for earlier ones.
_CHUNKS_A_WORKER = 3
#: No chunk is added while those in progress weigh more: few texts of many megabytes are in memory at a time.
_MOST_WEIGHT = 16_000_000


@dataclass(slots=True)
class Chunk:
    """A list of steps that comes back in the same order; the tasks among them go to a worker together. `weight`
    measures the chunks in progress, `results` holds those of each task."""

    steps: Sequence[Any]
    tasks: Sequence[Any]
    weight: int = 0
    results: list[Any] = field(default_factory=list)
    missing: int = 0


@dataclass(slots=True)
class _Job:
    """The tasks of a chunk that a worker gets together; `again`: they have killed a worker before."""

    chunk: Chunk
    indices: Sequence[int]
    again: bool = False


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    connection: Connection
    ready: bool = False
    job: _Job | None = None


def count_cores() -> int:
    """Returns the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def choose_start_method() -> str:
    """Returns how workers start. `fork` shares everything loaded, but is reliable only on Linux and without other
    threads that may hold a lock; otherwise `spawn`."""
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"


def run_in_order(
    chunks: Iterator[Chunk],
    do: Do,
    jobs: int,
    given_up: Callable[[Any], Sequence[Any]],
    folder: Path | None = None,
    method: str | None = None,
) -> Generator[Chunk, None, None]:
    """Iterates over the chunks in order, each with the results of its tasks: `do(task)` in one of `jobs` workers, or
    `given_up(task)` if that kills the worker.

    Workers are gone when this ends, however it ends. Forked ones keep no file in `folder` open. Raises what `do`
    raises, and UserError if workers cannot be started.
    """
    with closing(_Pool(do, jobs, given_up, folder, method or choose_start_method())) as pool:
        yield from pool.run(chunks)


class _Pool:
    def __init__(
        self, do: Do, jobs: int, given_up: Callable[[Any], Sequence[Any]], folder: Path | None, method: str
    ) -> None:
        self._do, self._jobs, self._given_up, self._folder = do, jobs, given_up, folder
        self._method, self._started = method, False
        self._workers: list[_Worker] = []
        self._waiting: deque[_Job] = deque()

    def run(self, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
        under_way: deque[Chunk] = deque()
        more = True
        while more or under_way:
            if more and self._has_room(under_way):
                chunk = next(chunks, None)
                if chunk is None:
                    more = False
                else:
                    under_way.append(chunk)
                    self._add(chunk)
            self._assign()
            while under_way and not under_way[0].missing:
                yield under_way.popleft()
                self._receive(0)
            if under_way:
                self._receive(0 if more and self._has_room(under_way) else None)

    def close(self) -> None:
        """Stops all workers."""
        for worker in self._workers:
            worker.process.kill()
            worker.connection.close()
        for worker in self._workers:
            worker.process.join()
        self._workers.clear()

    def _has_room(self, under_way: Sequence[Chunk]) -> bool:
        return len(under_way) < _CHUNKS_A_WORKER * self._jobs and (
            not under_way or sum(chunk.weight for chunk in under_way) < _MOST_WEIGHT
        )

    def _add(self, chunk: Chunk) -> None:
        chunk.missing = len(chunk.tasks)
        chunk.results = [None] * chunk.missing
        if chunk.missing:
            self._waiting.append(_Job(chunk, range(chunk.missing)))

    def _assign(self) -> None:
        """Gives waiting jobs to idle workers, and starts missing workers."""
        for worker in [w for w in self._workers if w.ready and w.job is None]:
            if not self._waiting:
                return
            worker.job = self._waiting.popleft()
            try:
                worker.connection.send([worker.job.chunk.tasks[i] for i in worker.job.indices])
            except OSError:
                self._replace(worker)
        starting = sum(not worker.ready for worker in self._workers)
        while len(self._workers) < self._jobs and starting < len(self._waiting):
            self._start()
            starting += 1

    def _receive(self, timeout: float | None) -> None:
        """Takes the results of workers that have some, and gives those workers new jobs."""
        by_connection = {worker.connection: worker for worker in self._workers}
        for connection in wait(list(by_connection), timeout):
            worker = by_connection[connection]  # type: ignore[index]
            try:
                error, results = worker.connection.recv()
            except (EOFError, OSError):
                self._replace(worker)
                continue
            if error is not None:
                raise error
            worker.ready = self._started = True
            if (job := worker.job) is not None:
                worker.job = None
                self._take(job, results)
        self._assign()

    def _take(self, job: _Job, results: Sequence[Any]) -> None:
        for i, result in zip(job.indices, results, strict=True):
            job.chunk.results[i] = result
        job.chunk.missing -= len(job.indices)

    def _replace(self, worker: _Worker) -> None:
        """Discards a dead worker; its tasks are repeated one by one, or given up."""
        self._workers.remove(worker)
        worker.connection.close()
        worker.process.join()
        if not worker.ready:
            if self._started:
                raise UserError(
                    "the replacement for a process that died has died too, before it began, perhaps for "
                    "lack of memory; use fewer processes with --jobs"
                )
            raise UserError(
                "the processes that share the work can't be started; a script that calls this needs "
                "`if __name__ == '__main__':` around the call, or jobs=1 (--jobs 1)"
            )
        job = worker.job
        if job is None:
            return
        if job.again:
            self._take(job, [self._given_up(job.chunk.tasks[i]) for i in job.indices])
        else:
            self._waiting.extendleft(_Job(job.chunk, (i,), again=True) for i in reversed(job.indices))

    def _start(self) -> None:
        context = multiprocessing.get_context(self._method)
        ours, theirs = context.Pipe()
        forked = self._method == "fork"
        others = [ours, *(worker.connection for worker in self._workers)] if forked else []
        process = context.Process(  # type: ignore[attr-defined]
            target=_serve, args=(theirs, self._do, others, self._folder if forked else None), daemon=True
        )
        with _uninterrupted(), warnings.catch_warnings():
            # Python 3.12 also counts threads of libraries, which handle forks in their own ways.
            warnings.simplefilter("ignore", DeprecationWarning)
            try:
                process.start()
            except OSError as error:  # no memory, or the limit of processes is reached
                ours.close()
                raise UserError(
                    f"another process can't be started ({error.strerror or error}); use fewer processes with --jobs"
                ) from error
            finally:
                theirs.close()
            self._workers.append(_Worker(process, ours))


def _serve(connection: Connection, do: Do, others: Sequence[Connection], folder: Path | None) -> None:
    """Runs in a worker until the other end of its connection is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends the work
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    for other in others:  # while they are open here, other workers cannot see that the parent is gone
        other.close()
    if folder is not None:
        _let_go(folder)
    gc.freeze()  # what has been loaded stays, and need not be traversed again
    results: list[Any] = []
    error: Exception | None = None
    with suppress(EOFError, OSError):
        while True:
            connection.send((error, results))
            tasks = connection.recv()
            try:
                results = [list(do(task)) for task in tasks]
            except Exception as raised:
                raised.add_note("in a worker:\n" + "".join(traceback.format_exception(raised)))  # it is lost in transit
                results, error = [], raised


def _let_go(folder: Path) -> None:
    """Closes files of the run that a fork has copied; otherwise its lock would be held until the last worker ends."""
    inside = f"{folder.resolve()}{os.sep}"
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        with suppress(OSError):
            if os.readlink(f"/proc/self/fd/{name}").startswith(inside):  # noqa: PTH115
                os.close(int(name))


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Defers Ctrl-C, since a process must not be interrupted while it starts."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
