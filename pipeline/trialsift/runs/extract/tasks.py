"""Performs the steps of a run, one by one here or in chunks in other processes, with the same results."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import chain, islice
from multiprocessing import current_process
from pathlib import Path
from typing import Any, NamedTuple

from trialsift.model.document import Document
from trialsift.readers import Input, ReadOptions
from trialsift.rules.labels import LabelTable
from trialsift.rules.layers import Patterns
from trialsift.runs.extract.journal import Journal
from trialsift.runs.extract.outcome import Failure, Outcome, make_failure_outcome
from trialsift.runs.extract.plan import Annotator, DocIds, Mark, Progress, Step, Task, extract_outcome, read_outcomes
from trialsift.runs.extract.processes import Chunk, choose_start_method, run_in_order
from trialsift.runs.extract.written import Renderer, Written
from trialsift.tables.files import Format

#: In characters: the size of a chunk; and what is done here before workers start, by start method. A worker that shares
#: nothing takes as long to start as a few megabytes of text.
_CHUNK = 150_000
_ALONE = {"fork": 300_000, "spawn": 6_000_000}
_MOST_STEPS = 500

_Done = Generator[tuple[Step, Iterable[Written]], None, None]


class HowToAnnotate(NamedTuple):
    """How texts are annotated: by the extractor of `patterns` for the labels `wanted` (None: those on by default),
    unless `extractor` takes its place; with the numbers that no rule took (`unread`), and without what has less
    confidence than `min_confidence`."""

    extractor: Annotator | None
    patterns: Patterns
    wanted: frozenset[str] | None
    unread: bool
    min_confidence: float

    def load(self) -> Annotator:
        """Returns what annotates. Raises PatternError for patterns that cannot be used."""
        annotator = self.extractor or _loaded(self.patterns, self.wanted, self.unread)
        return leave_out_doubtful(annotator, self.patterns, self.min_confidence)


class TaskRunner:
    """Performs tasks: renders what is written about each document.

    It can be sent to another process, which loads the extractor anew. Raises PatternError for patterns that cannot be
    used.
    """

    def __init__(
        self,
        annotation: HowToAnnotate,
        read: ReadOptions,
        labels: tuple[LabelTable, ...],
        formats: Sequence[Format],
        alpha_beta: float | None,
    ) -> None:
        self._made_of = (annotation, read, labels, formats, alpha_beta)
        self._extractor, self._read = annotation.load(), read
        self.render = Renderer(labels, formats, alpha_beta, unread=annotation.unread)

    def __reduce__(self) -> tuple[type[TaskRunner], tuple[Any, ...]]:
        return TaskRunner, self._made_of

    def __call__(self, task: Task) -> Iterator[Written]:
        """Iterates over the results of a task, one for each document."""
        if isinstance(task.given, Input):
            outcomes = read_outcomes(task.given, self._read, self._extractor)
            return map(self.render, islice(outcomes, task.skip, None))
        return map(self.render, [extract_outcome(task.given, self._extractor)])

    def give_up(self, task: Task) -> Sequence[Written]:
        """Returns the results of a task that kills its process."""
        doc_id = task.given.doc_id if isinstance(task.given, Document) else None
        message = "ended the process that read it, twice: it takes too much memory, or a library fails on it"
        failure = Failure(task.place, doc_id, "worker_died", message, "leave it out, and report it with this document")
        return [self.render(make_failure_outcome(failure, doc_id))]


def do_steps(
    steps: Iterator[Step], run_task: TaskRunner, journal: Journal, jobs: int, progress: Progress | None, folder: Path
) -> Generator[Written, None, None]:
    """Iterates over the rendered documents of a run in input order; each is journalled before it is yielded.

    `jobs` is the number of processes: with more than one, others do all but the beginning. `folder` is that of the run.
    Raises UserError as `plan_steps` does, and if workers cannot be started.
    """
    doc_ids, count = DocIds(), 0
    with closing(_run_steps(steps, run_task, jobs, folder)) as done:
        for step, results in done:
            if isinstance(step, Mark):
                journal.add(step.line)
                continue
            if progress and isinstance(step, Task):
                progress(count, None, step.name)
            for written in results:
                outcome = doc_ids.check(written.outcome)
                if isinstance(step, Task):
                    journal.add(outcome.line)
                result = written if outcome is written.outcome else run_task.render(outcome)
                yield result._replace(known=isinstance(step, Outcome))
                count += 1
    if progress:
        progress(count, count, "")


def _run_steps(steps: Iterator[Step], run_task: TaskRunner, jobs: int, folder: Path) -> _Done:
    """Iterates over the steps with their results; at most one result is produced in advance, except by workers."""
    alone, method = 0, choose_start_method()
    shared = jobs > 1 and not current_process().daemon  # a daemonic process must not start others
    for step in steps:
        if shared and alone >= _ALONE[method] and isinstance(step, Task):
            yield from _done_by_workers(chain([step], steps), run_task, jobs, folder, method)
            return
        yield step, _done_here(step, run_task)
        alone += step.weight if isinstance(step, Task) else 0


def _done_here(step: Step, run_task: TaskRunner) -> Iterable[Written]:
    if isinstance(step, Task):
        return run_task(step)
    return map(run_task.render, [step]) if isinstance(step, Outcome) else ()


def _done_by_workers(steps: Iterable[Step], run_task: TaskRunner, jobs: int, folder: Path, method: str) -> _Done:
    with closing(run_in_order(_make_chunks(steps), run_task, jobs, run_task.give_up, folder, method)) as chunks:
        for chunk in chunks:
            results = iter(chunk.results)
            for step in chunk.steps:
                yield step, next(results) if isinstance(step, Task) else _done_here(step, run_task)


def _make_chunks(steps: Iterable[Step]) -> Iterator[Chunk]:
    """Iterates over chunks of steps with about the same cost."""
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


def leave_out_doubtful(extractor: Annotator, patterns: Patterns, least: float) -> Annotator:
    """Returns an annotator that leaves out what has less confidence than `least`; with 0, the same one."""
    if least <= 0:
        return extractor
    from trialsift.extraction.confidence import SureAnnotator, read_rater

    return SureAnnotator(extractor, read_rater(patterns), least)


def _loaded(patterns: Patterns, wanted: frozenset[str] | None, unread: bool) -> Annotator:
    # Compiles the rules, so this waits until inputs and output are known to be good.
    from trialsift.extraction.extractor import Extractor

    extractor = Extractor(patterns, wanted)
    if not unread:
        return extractor
    from trialsift.extraction.explain import NumberAnnotator

    return NumberAnnotator(extractor)
