"""Commands, each in a process of its own: start-up, peak memory, `extract` as a user runs it, and how it scales."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.clock import peak_megabytes
from benchmarks.contenders import cores
from benchmarks.corpus import FIRST, PLAIN, Document, Slice, write_documents
from benchmarks.worker import NotInstalledError, Worker

_EXTRACT = [sys.executable, "-m", "trialsift", "extract", "--quiet", "--force", "--max-file-mb", "1000000"]


@dataclass(frozen=True, slots=True)
class Used:
    """What a process used: seconds of the CPU and the wall, and peak memory in 10⁶ bytes."""

    cpu: float
    wall: float
    megabytes: float


def spawn(command: Sequence[str]) -> Used:
    """Runs a command to its end, its output thrown away. Raises RuntimeError with its stderr where it fails."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {errors.read()[-500:]}")
    return Used(usage.ru_utime + usage.ru_stime, wall, peak_megabytes(usage))


def start_up(scratch: Path, rounds: int, say: Callable[[str], None]) -> dict[str, list[Used]]:
    """What it takes until something happens, each command `rounds` times in turn."""
    python = [sys.executable]
    commands = {
        "Python alone": [*python, "-c", "pass"],
        "`import spacy`": [*python, "-c", "import spacy"],
        "`import trialsift`": [*python, "-c", "import trialsift"],
        "`trialsift --help`": [*python, "-m", "trialsift", "--help"],
        "`trialsift.load()`": [*python, "-c", "import trialsift; trialsift.load()"],
        "`extract`, one document": extract_command(scratch, PLAIN),
        "`extract`, one document that needs all libraries": extract_command(scratch, FIRST),
    }
    used: dict[str, list[Used]] = {name: [] for name in commands}
    for number in range(rounds):
        say(f"start-up, round {number + 1} of {rounds}")
        for name, command in commands.items():
            used[name].append(spawn(command))
    return used


def extract_command(scratch: Path, document: Document, jobs: int | None = None) -> list[str]:
    """`extract` over one document."""
    path = scratch / f"{document.doc_id}.jsonl"
    write_documents(path, [document])
    return _extract(path, scratch / "one", jobs)


@cache
def takes_jobs() -> bool:
    """Whether the command has `--jobs`."""
    said = subprocess.run(
        [*_EXTRACT[:4], "--help"], capture_output=True, text=True, env={**os.environ, "COLUMNS": "200"}
    )
    return "--jobs" in said.stdout


def _extract(path: Path, out: Path, jobs: int | None) -> list[str]:
    return [*_EXTRACT, str(path), "--out", str(out), *([] if jobs is None else ["--jobs", str(jobs)])]


class Commands:
    """`extract` over all documents as a user runs it, with one process and, where it can, with all cores."""

    def __init__(self, whole: Slice, scratch: Path) -> None:
        self._path, self._scratch = whole.path, scratch
        self.jobs: list[int | None] = [1, cores()] if takes_jobs() else [None]
        self.used: dict[int | None, list[Used]] = {jobs: [] for jobs in self.jobs}
        self.start: dict[int | None, list[Used]] = {jobs: [] for jobs in self.jobs}

    def round(self, say: Callable[[str], None]) -> None:
        """Each once, and each over one document: what that takes is start-up."""
        for jobs in self.jobs:
            say(f"extract{'' if jobs is None else f' --jobs {jobs}'}")
            self.start[jobs].append(spawn(extract_command(self._scratch, FIRST, jobs)))
            self.used[jobs].append(spawn(_extract(self._path, self._scratch / "all", jobs)))
            shutil.rmtree(self._scratch / "all")


@dataclass(frozen=True, slots=True)
class Scaled:
    """`extract` in one process over a corpus of `documents`; `start` is what one document takes."""

    copies: int
    documents: int
    megabytes: float
    used: Used
    start: Used


def scale(base: Sequence[Document], sizes: Sequence[int], scratch: Path, say: Callable[[str], None]) -> list[Scaled]:
    """`extract` over the documents once, and as many times over as `sizes` say."""
    one = 1 if takes_jobs() else None
    starts = [spawn(extract_command(scratch, FIRST, one)) for _ in range(3)]
    start = Used(*(statistics.median(getattr(s, name) for s in starts) for name in ("cpu", "wall", "megabytes")))
    megabytes = sum(len(document.text.encode()) for document in base) / 1e6
    results = []
    for copies in sorted({1, *sizes}):
        say(f"scale: {copies} x {len(base):,} documents")
        path, out = scratch / "scaled.jsonl", scratch / "scaled"
        write_documents(path, base, copies)
        used = spawn(_extract(path, out, one))
        results.append(Scaled(copies, copies * len(base), copies * megabytes, used, start))
        path.unlink()
        shutil.rmtree(out)
    return results


def memory(
    names: Sequence[str],
    whole: Slice,
    pythons: Mapping[str, str],
    most_seconds: float,
    scratch: Path,
    say: Callable[[str], None],
) -> dict[str, float]:
    """Peak memory of each contender over all documents, in 10⁶ bytes; a slow one stops after `most_seconds`.

    To be asked for while this process is small: Linux counts the memory of the one that starts another.
    """
    found = {}
    for name in names:
        say(f"memory: {name}")
        if name == "extract":
            found[name] = spawn(_extract(whole.path, scratch / "memory", 1 if takes_jobs() else None)).megabytes
            continue
        try:
            worker = Worker(name, pythons.get(name, sys.executable))
        except NotInstalledError:
            continue
        with worker:
            ends = time.perf_counter() + most_seconds
            for portion in whole.portions():
                worker(portion)
                if time.perf_counter() > ends:
                    break
            found[name] = worker.peak_megabytes
    return found
