"""`trialsift extract` as a function for notebooks and tests: documents in, a folder of results out.

    OUT/annotations.jsonl   one document per line, in the gold format
    OUT/tables/             one table per label, regimens, trials (see tables/schema.py)
    OUT/view.html           a page to read them in, if requested
    OUT/errors.csv          the failed documents, and why; only its header if there are none
    OUT/run.json            versions, arguments, hash of the patterns, counts, times

The path of a document, through the modules in reading order:

    options.py    the options of the run
    plan.py       inputs → steps: what the journal knows, and tasks
    tasks.py      a task → `Outcome` → `Written`, here, in other processes (processes.py), or by Dask (runs/dask)
    outcome.py    a document with its annotation, or its failure
    written.py    its rows and counts
    journal.py    records each outcome before anything else happens, so that a run can be resumed
    write.py      everything written → files, in the order of the inputs, and `Summary`
    report.py     run.json; then everything moves into place (runs/folder.py)

A failed document does not stop the others.
"""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Unpack

from trialsift.model.errors import UserError
from trialsift.readers import Input, ReadFailure, find_inputs
from trialsift.readers.find import require_inputs
from trialsift.rules.labels import LabelTable, read_labels
from trialsift.rules.layers import Patterns
from trialsift.runs.extract.journal import Journal
from trialsift.runs.extract.options import RunOptions, RunSettings
from trialsift.runs.extract.plan import plan_steps
from trialsift.runs.extract.report import find_complete_run, make_run_json
from trialsift.runs.extract.summary import Summary
from trialsift.runs.extract.tasks import HowToAnnotate, TaskRunner, do_steps
from trialsift.runs.extract.write import write_results
from trialsift.runs.extract.written import Written
from trialsift.runs.folder import (
    ANNOTATIONS,
    ERRORS_CSV,
    RESULTS,
    REVIEW_FILES,
    RUN_JSON,
    VIEW,
    check_out,
    is_stopped,
    publish,
    sweep,
    work_folder,
)
from trialsift.runs.view import write_view
from trialsift.tables.files import FORMATS, Format, list_run_files
from trialsift.tables.schema import table_columns


class PageError(UserError):
    """The page of a run failed, and nothing else did."""

    exit_code = 1


def extract_run(inputs: Sequence[Path | str], out: Path | str, **options: Unpack[RunOptions]) -> Summary:
    """Reads the documents that `inputs` name (see readers/) and writes their facts into the folder `out`.

    - `formats`: the formats of the tables (default: CSV)
    - `force`: replaces an earlier run in `out`
    - `resume`: resumes an interrupted run, or begins one if there is none
    - `read`: how inputs are read
    - `patterns`, `extra_patterns`: a folder of rules instead of the built-in ones; one or more laid over them, in order
    - `labels`: labels that are read, and written beside the tables of the default labels; `default` (the default) and
      `all` stand for several
    - `alpha_beta`: the ratio for BED and EQD2, in Gy
    - `unread`: adds the table of numbers that no rule took although they may be facts, and counts where all numbers of
      criteria and prescriptions went; takes two to three times as long. An `extractor` has to tell them itself
    - `min_confidence`: leaves out facts and regimens that are less sure, from 0 (the default: none) to 1
    - `view`: adds a page to read the documents in
    - `progress(done, total, file)`: called before each document and once at the end; `total` is None while unknown
    - `argv`: recorded in run.json
    - `extractor`: replaces `Extractor(patterns)`
    - `jobs`: the number of processes, by default one per core; results do not depend on it, and a few small inputs are
      read without others
    - `dask`: the workers of a cluster read, also from URLs (see runs/dask); the results are the same bytes

    Where processes do not fork (anywhere but on Linux, or with threads at work), a script has to call this under `if
    __name__ == "__main__":`, and `extractor` must be picklable.

    Raises UserError for inputs or an `out` that cannot be used, and for a run that cannot be resumed; PatternError for
    patterns that cannot be used; PageError if only the page fails. A document that cannot be read, or that the
    extractor fails on, is a row of errors.csv. If an exception interrupts it, the work done is kept for `resume`.
    """
    clock = time.perf_counter()
    settings = RunSettings(inputs=inputs, out=Path(out), **options)
    summary = _find_complete(settings) or _extract(settings, clock)
    if settings.view and summary.documents and not (summary.was_complete and VIEW in summary.files):
        _draw_page(settings.out, settings.rules)
        if VIEW not in summary.files:
            summary.files = _with_page(summary.files)
    return summary


def _find_complete(settings: RunSettings) -> Summary | None:
    """Returns the run to be resumed, if it is complete."""
    if not settings.resume or is_stopped(settings.out):
        return None
    summary = find_complete_run(settings)
    if summary is not None:
        sweep(settings.out)
    return summary


def _extract(settings: RunSettings, clock: float) -> Summary:
    """Performs the run except for its page: find, plan, do, journal, write, report, publish."""
    check_out(settings.out, settings.force, settings.resume)
    left_out: Counter[str] = Counter()
    found = _find(settings, left_out)
    with work_folder(settings.out, settings.force, settings.resume) as folder:
        with Journal(folder) as journal:
            begun = settings.setup if settings.dask is None else settings.dask.setup(settings)
            started = journal.begin(begun, datetime.now(UTC).isoformat(timespec="seconds"))["started"]
            if settings.dask is None:
                results = _read_here(settings, journal, found, folder)
            else:
                results = settings.dask.read(settings, folder, found, left_out)
            with closing(results):
                run_date = datetime.fromisoformat(started).date()
                target = _empty(folder / RESULTS)
                summary = write_results(
                    results, target, settings.formats, settings.tables, run_date, unread=settings.unread
                )
        files = _list_files(settings.tables, settings.formats, unread=settings.unread)
        summary.out, summary.left_out = settings.out, dict(left_out.most_common())
        summary.files = _with_page(files) if settings.view and summary.documents else files
        summary.duration_seconds = round(time.perf_counter() - clock, 3)
        (target / RUN_JSON).write_text(make_run_json(settings, started, summary), encoding="utf-8")
        all_files = _list_files(read_labels(settings.rules), FORMATS, unread=True)
        publish(folder, settings.out, files, [*all_files, VIEW, *REVIEW_FILES])
    return summary


def _find(settings: RunSettings, left_out: Counter[str]) -> Iterator[Input | ReadFailure]:
    """Iterates over the inputs. Raises UserError if there is nothing to read."""
    find = find_inputs if settings.dask is None else settings.dask.find
    return require_inputs(find(settings.inputs, settings.out, settings.reading, left_out), settings.inputs)


def _read_here(
    settings: RunSettings, journal: Journal, found: Iterator[Input | ReadFailure], folder: Path
) -> Generator[Written, None, None]:
    """Iterates over what is written about the inputs, read on this machine."""
    annotation = HowToAnnotate(
        settings.extractor, settings.rules, settings.wanted, settings.unread, settings.min_confidence
    )
    run_task = TaskRunner(annotation, settings.reading, settings.tables, settings.formats, settings.alpha_beta)
    steps = plan_steps(journal, found, settings.reading)
    return do_steps(steps, run_task, journal, settings.processes, settings.progress, folder)


def _list_files(labels: tuple[LabelTable, ...], formats: Sequence[Format], *, unread: bool) -> tuple[str, ...]:
    """The files of a run, relative to its folder; `run.json`, the sign of a complete run, last."""
    return (ANNOTATIONS, *list_run_files(table_columns(labels, unread=unread), formats), ERRORS_CSV, RUN_JSON)


def _with_page(files: tuple[str, ...]) -> tuple[str, ...]:
    return (*files[:-2], VIEW, *files[-2:])


def _empty(folder: Path) -> Path:
    """Removes a folder that an interrupted pass left, and returns its path."""
    if folder.exists():
        shutil.rmtree(folder)
    return folder


def _draw_page(out: Path, patterns: Patterns) -> None:
    """Draws the page once the run is in place, so that a failure cannot harm the run."""
    try:
        write_view(out, force=True, patterns=patterns)
    except Exception as error:
        reason = str(error) or repr(error)
        raise PageError(
            f"{out / VIEW}: can't be drawn ({reason}); all other results are there, `trialsift view` tries again"
        ) from error
