"""What `trialsift extract` does, as a function for notebooks and tests: documents in, a folder of results out.

    OUT/annotations.jsonl   one document a line, in the gold format
    OUT/tables/             a table a label, regimens, trials (see tables/schema.py)
    OUT/view.html           a page to read them in, if asked for
    OUT/errors.csv          the documents that failed, and why; only its header if none did
    OUT/run.json            versions, arguments, hash of the patterns, counts, times

The way of a document, and the modules in the order in which to read them:

    options.py    what the run was asked for
    plan.py       the inputs that were found → steps: what the journal knows, and tasks
    tasks.py      a task → `Outcome` → `Written`, here or in other processes (processes.py), or by Dask (runs/dask)
    outcome.py    a document with its annotation, or its failure
    written.py    its rows and counts
    journal.py    takes each outcome before anything else does, so that a run can be resumed
    write.py      all that is written → files, in the order of the inputs, and `Summary`
    report.py     run.json; then all moves into its place (runs/folder.py)

One document that fails does not stop the others.
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
from trialsift.runs.extract.report import complete_run, run_json
from trialsift.runs.extract.summary import Summary
from trialsift.runs.extract.tasks import TaskRunner, do_steps
from trialsift.runs.extract.write import write_results
from trialsift.runs.extract.written import Written
from trialsift.runs.folder import (
    ANNOTATIONS,
    ERRORS_CSV,
    RESULTS,
    RUN_JSON,
    VIEW,
    check_out,
    publish,
    stopped,
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

    `formats` are those of the tables (by default CSV); `force` lets a run replace an earlier one in `out`; `resume`
    goes on with one that was stopped, or begins one where there is none; `read` says how inputs are read; `patterns` is
    a folder of rules in place of the built-in ones, `extra_patterns` one or more that are laid over them, in order;
    `labels` are those that are read and whose tables are written beside those of the default labels (`default` and
    `all` stand for several; by default: `default`); `alpha_beta` is the ratio of BED and EQD2, in Gy; `view` adds a
    page to read the documents in; `progress(done, total, file)` is called before each document and once at the end,
    `total` is None while it isn't known; `argv` is noted in run.json; `extractor` takes the place of
    `Extractor(patterns)`; `jobs` is the number of processes that share the work, by default one for each core. Results
    don't depend on it, and a few small inputs are read without any. Where processes don't fork (all but Linux, or with
    threads at work), a script has to call this below `if __name__ == "__main__":`, and `extractor` has to be one that
    pickle takes. With `dask` the workers of a cluster read, from URLs too (see runs/dask); the results are the same
    bytes.

    Raises UserError for inputs or an `out` that can't be used, and for a run that can't be resumed; PatternError for
    patterns that can't be used; PageError where only the page fails. A document that can't be read, or on which the
    extractor fails, is a row of errors.csv. Stopped by an exception, it leaves what it has done for `resume`.
    """
    clock = time.perf_counter()
    settings = RunSettings(inputs=inputs, out=Path(out), **options)
    summary = _complete(settings) or _extract(settings, clock)
    if settings.view and summary.documents and not (summary.was_complete and VIEW in summary.files):
        _draw_page(settings.out, settings.rules)
        if VIEW not in summary.files:
            summary.files = _with_page(summary.files)
    return summary


def _complete(settings: RunSettings) -> Summary | None:
    """The run to be resumed, where it is complete."""
    if not settings.resume or stopped(settings.out):
        return None
    summary = complete_run(settings)
    if summary is not None:
        sweep(settings.out)
    return summary


def _extract(settings: RunSettings, clock: float) -> Summary:
    """The run but for its page: find, plan, do, journal, write, report, publish."""
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
                target = _emptied(folder / RESULTS)
                summary = write_results(results, target, settings.formats, settings.tables, run_date)
        files = _files(settings.tables, settings.formats)
        summary.out, summary.left_out = settings.out, dict(left_out.most_common())
        summary.files = _with_page(files) if settings.view and summary.documents else files
        summary.duration_seconds = round(time.perf_counter() - clock, 3)
        (target / RUN_JSON).write_text(run_json(settings, started, summary), encoding="utf-8")
        publish(folder, settings.out, files, [*_files(read_labels(settings.rules), FORMATS), VIEW])
    return summary


def _find(settings: RunSettings, left_out: Counter[str]) -> Iterator[Input | ReadFailure]:
    """The inputs. Raises UserError where there is nothing to read at all."""
    find = find_inputs if settings.dask is None else settings.dask.find
    return require_inputs(find(settings.inputs, settings.out, settings.reading, left_out), settings.inputs)


def _read_here(
    settings: RunSettings, journal: Journal, found: Iterator[Input | ReadFailure], folder: Path
) -> Generator[Written, None, None]:
    """What is written of the inputs, read by this machine."""
    run_task = TaskRunner(
        settings.extractor,
        settings.rules,
        settings.wanted,
        settings.reading,
        settings.tables,
        settings.formats,
        settings.alpha_beta,
    )
    steps = plan_steps(journal, found, settings.reading)
    return do_steps(steps, run_task, journal, settings.processes, settings.progress, folder)


def _files(labels: tuple[LabelTable, ...], formats: Sequence[Format]) -> tuple[str, ...]:
    """The files of a run, relative to its folder; `run.json`, the sign of a complete run, last."""
    return (ANNOTATIONS, *list_run_files(table_columns(labels), formats), ERRORS_CSV, RUN_JSON)


def _with_page(files: tuple[str, ...]) -> tuple[str, ...]:
    return (*files[:-2], VIEW, *files[-2:])


def _emptied(folder: Path) -> Path:
    """A folder that isn't there: what a pass that was stopped has left of it goes."""
    if folder.exists():
        shutil.rmtree(folder)
    return folder


def _draw_page(out: Path, patterns: Patterns) -> None:
    """Draws the page when the run is in place: whatever becomes of it, the run is kept."""
    try:
        write_view(out, force=True, patterns=patterns)
    except Exception as error:
        reason = str(error) or repr(error)
        raise PageError(
            f"{out / VIEW}: can't be drawn ({reason}); all other results are there, `trialsift view` tries again"
        ) from error
