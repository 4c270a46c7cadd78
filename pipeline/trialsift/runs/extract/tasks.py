"""The work of a run: step by step here, or chunk by chunk in other processes; the results are the same, in one order.

In: the steps that reading.py tells. Out: all that is to be written of each document, when the journal has it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import chain, islice
from multiprocessing import current_process
from pathlib import Path
from typing import Any

from trialsift.readers import Input, ReadOptions, Source
from trialsift.rules.labels import LabelTable
from trialsift.rules.layers import Patterns
from trialsift.runs.extract.entries import Failure, failure_entry
from trialsift.runs.extract.journal import Journal
from trialsift.runs.extract.plan import Annotator, DocIds, Known, Mark, Progress, Step, Task, entries_of, entry_of
from trialsift.runs.extract.processes import Chunk, in_order, start_method
from trialsift.runs.extract.render import Rendered, Renderer
from trialsift.tables.files import Format

#: Characters: of a chunk; and what is done here before workers are started, by how they start. A worker that shares
#: nothing takes as long to start as a few megabytes of text.
_CHUNK = 150_000
_ALONE = {"fork": 300_000, "spawn": 6_000_000}
_MOST_STEPS = 500

_Done = Generator[tuple[Step, Iterable[Rendered]], None, None]


class Work:
    """Does tasks: from a document to all that is written of it. It can be sent to another process, which loads the
    extractor of `patterns` for the labels `wanted` (None: those on by default) unless `extractor` takes its place.

    Raises PatternError for patterns that can't be used.
    """

    def __init__(
        self,
        extractor: Annotator | None,
        patterns: Patterns,
        read: ReadOptions,
        labels: tuple[LabelTable, ...],
        formats: Sequence[Format],
        alpha_beta: float,
        wanted: frozenset[str] | None = None,
    ) -> None:
        self._made_of = (extractor, patterns, read, labels, formats, alpha_beta, wanted)
        self._extractor, self._read = extractor or _loaded(patterns, wanted), read
        self.rendered = Renderer(labels, formats, alpha_beta)

    def __reduce__(self) -> tuple[type[Work], tuple[Any, ...]]:
        return Work, self._made_of

    def __call__(self, task: Task) -> Iterator[Rendered]:
        """What comes of a task, a document after another."""
        if isinstance(task.source, Input):
            entries = entries_of(task.source, self._read, self._extractor)
            return map(self.rendered, islice(entries, task.skip, None))
        return map(self.rendered, iter([entry_of(task.source, task.place, self._extractor)]))

    def given_up(self, task: Task) -> Sequence[Rendered]:
        """What comes of a task that ends the process that does it."""
        doc_id = task.source.doc_id if isinstance(task.source, Source) else None
        message = "ended the process that read it, twice: it takes too much memory, or a library fails on it"
        failure = Failure(task.place, doc_id, "worker_died", message, "leave it out, and report it with this document")
        return [self.rendered(failure_entry(failure, doc_id))]


class Results:
    """All that is to be written of the documents of a run, in their order, to be gone through once: each is in the
    journal before it is handed on. `resumed` counts those that the journal knew.

    `jobs` is the number of processes; with more than one, other processes do all but the beginning. `folder` is that of
    the run. Raises UserError as `steps` does, and where workers can't be started.
    """

    def __init__(
        self, journal: Journal, steps: Iterator[Step], work: Work, jobs: int, progress: Progress | None, folder: Path
    ) -> None:
        self._journal, self._steps, self._work, self._jobs = journal, steps, work, jobs
        self._progress, self._folder = progress, folder
        self.resumed = 0

    def __iter__(self) -> Generator[Rendered, None, None]:
        doc_ids, done = DocIds(), 0
        with closing(self._done()) as steps:
            for step, results in steps:
                if isinstance(step, Mark):
                    self._journal.add(step.line)
                    continue
                if self._progress and isinstance(step, Task):
                    self._progress(done, None, step.name)
                for result in results:
                    entry = doc_ids.checked(result.entry)
                    if isinstance(step, Known):
                        self.resumed += 1
                    else:
                        self._journal.add(entry.line)
                    yield result if entry is result.entry else self._work.rendered(entry)
                    done += 1
        if self._progress:
            self._progress(done, done, "")

    def _done(self) -> _Done:
        """Each step with what comes of it: at most one result is made before it is asked for, unless by a worker."""
        alone, method = 0, start_method()
        shared = self._jobs > 1 and not current_process().daemon  # a daemonic process must not start others
        for step in self._steps:
            if shared and alone >= _ALONE[method] and isinstance(step, Task):
                yield from self._done_by_workers(chain([step], self._steps), method)
                return
            yield step, self._here(step)
            alone += step.weight if isinstance(step, Task) else 0

    def _here(self, step: Step) -> Iterable[Rendered]:
        if isinstance(step, Task):
            return self._work(step)
        return map(self._work.rendered, [step.entry]) if isinstance(step, Known) else ()

    def _done_by_workers(self, steps: Iterable[Step], method: str) -> _Done:
        chunks = in_order(_chunks(steps), self._work, self._jobs, self._work.given_up, self._folder, method)
        with closing(chunks):
            for chunk in chunks:
                results = iter(chunk.results)
                for step in chunk.steps:
                    yield step, next(results) if isinstance(step, Task) else self._here(step)


def _chunks(steps: Iterable[Step]) -> Iterator[Chunk]:
    """Steps in chunks of about the same cost."""
    taken: list[Step] = []
    weight = 0
    for step in steps:
        taken.append(step)
        weight += step.weight if isinstance(step, Task) else 0
        if weight >= _CHUNK or len(taken) >= _MOST_STEPS:
            yield _chunk(taken, weight)
            taken, weight = [], 0
    yield _chunk(taken, weight)


def _chunk(steps: Sequence[Step], weight: int) -> Chunk:
    return Chunk(steps, [step for step in steps if isinstance(step, Task)], weight)


def _loaded(patterns: Patterns, wanted: frozenset[str] | None) -> Annotator:
    from trialsift.extraction.extractor import (
        Extractor,  # compiles the rules: not before inputs and output are known good
    )

    return Extractor(patterns, wanted)
