"""What `trialsift extract` does, as a function for notebooks and tests: documents in, a folder of results out.

    OUT/annotations.jsonl   one document a line, in the gold format
    OUT/tables/             a table a label, regimens, trials (see tables/schema.py)
    OUT/view.html           a page to read them in, if asked for
    OUT/errors.csv          the documents that failed, and why; only its header if none did
    OUT/run.json            versions, arguments, hash of the patterns, counts, times

A document passes from its reader through the extractor, here or in another process (reading.py, work.py, workers.py),
into the journal and, in the order of the inputs, into the results (journal.py, outputs.py); one that fails does not
stop the others. At the end the run says what it did (run_report.py), and all moves into its place (out_folder.py).
"""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from trialsift.model.errors import UserError
from trialsift.model.version import __version__
from trialsift.readers import Input, ReadFailure, ReadOptions, find_inputs
from trialsift.readers.find import ENDINGS, STDIN
from trialsift.rules.files import patterns_of
from trialsift.rules.labels import LabelTable, chosen, read_labels, tables_of
from trialsift.rules.layers import Patterns, patterns_hash
from trialsift.runs.dask import Dask, PartitionResults
from trialsift.runs.extract.journal import Journal
from trialsift.runs.extract.plan import Annotator, Progress, steps
from trialsift.runs.extract.processes import cores
from trialsift.runs.extract.report import RunSummary, complete_run, run_json, utf8
from trialsift.runs.extract.tasks import Results, Work
from trialsift.runs.extract.write import write_rendered
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
from trialsift.tables.files import FORMATS, Format, check_formats, run_files
from trialsift.tables.linear_quadratic import TUMOUR_ALPHA_BETA, check_alpha_beta
from trialsift.tables.schema import table_columns

__all__ = ["Annotator", "PageError", "Progress", "RunSummary", "extract_run"]


class PageError(UserError):
    """The page of a run failed, and nothing else did."""

    exit_code = 1


def extract_run(
    inputs: Sequence[Path | str],
    out: Path | str,
    *,
    formats: Sequence[Format] = ("csv",),
    force: bool = False,
    resume: bool = False,
    patterns: Path | str | None = None,
    read: ReadOptions | None = None,
    alpha_beta: float = TUMOUR_ALPHA_BETA,
    view: bool = False,
    progress: Progress | None = None,
    argv: Sequence[str] = (),
    extractor: Annotator | None = None,
    jobs: int | None = None,
    dask: Dask | None = None,
    labels: Iterable[str] | None = None,
    extra_patterns: Path | str | Sequence[Path | str] = (),
) -> RunSummary:
    """Reads the documents that `inputs` name (see readers/) and writes their facts into the folder `out`.

    `formats` are those of the tables; `force` lets a run replace an earlier one in `out`; `resume` goes on with one
    that was stopped, or begins one where there is none; `patterns` is a folder of rules in place of the built-in ones,
    `extra_patterns` one or more that are laid over them, in order; `labels` are those that are read and whose tables
    are written beside those of the default labels (`default` and `all` stand for several; by default: `default`);
    `read` says how inputs are read; `alpha_beta` is the ratio of BED and EQD2, in Gy; `view` adds a page to read the
    documents in; `progress(done, total, file)` is called before each document and once at the end, `total` None while
    it isn't known; `argv` is noted in run.json; `extractor` takes the place of `Extractor(patterns)`; `jobs` is the
    number of processes that share the work, by default one for each core that there is. Results don't depend on it, and
    a few small inputs are read without any. Where processes don't fork (all but Linux, or with threads at work), a
    script has to call this below `if __name__ == "__main__":`, and `extractor` has to be one that pickle takes. With
    `dask` the workers of a cluster read, from URLs too (see distributed/); the results are the same bytes.

    Raises UserError for inputs or an `out` that can't be used, and for a run that can't be resumed; PatternError for
    patterns that can't be used; PageError where only the page fails. A document that can't be read, or on which the
    extractor fails, is a row of errors.csv. Stopped by an exception, it leaves what it has done for `resume`.
    """
    clock = time.perf_counter()
    check_formats(formats)
    try:
        check_alpha_beta(alpha_beta)
    except ValueError as error:
        raise UserError(f"{error}; --alpha-beta takes a number of Gy above 0") from None
    if resume and force:
        raise UserError("--resume goes on with a run, --force starts over: choose one")
    if dask is not None and STDIN in map(str, inputs):
        raise UserError("standard input is not to be seen by the workers of --dask: save it to a file, and name that")
    if resume and STDIN in map(str, inputs):
        raise UserError("standard input can't be read twice: save it to a file, and name that to be able to resume")
    jobs = cores() if jobs is None else jobs
    if jobs < 1:
        raise UserError(f"{jobs} processes can't do any work; --jobs takes a number from 1 on")
    out, read, rules = Path(out), read or ReadOptions(), patterns_of(patterns, extra_patterns)
    wanted = chosen(labels, rules)
    setup = {
        "inputs": [utf8(str(given)) for given in inputs],
        "reading": {key: utf8(value) if isinstance(value, str) else value for key, value in asdict(read).items()},
        "patterns": patterns_hash(rules),
        "trialsift": __version__,
        **({} if wanted is None else {"labels": sorted(wanted)}),
    }
    if resume and not stopped(out) and (complete := complete_run(out, setup, formats, alpha_beta)):
        sweep(out)
        if not view or not complete.documents or (out / VIEW).is_file():
            return complete
        _view(out, rules)
        return replace(complete, files=(*complete.files[:-2], VIEW, *complete.files[-2:]))
    check_out(out, force, resume)
    left_out: Counter[str] = Counter()
    find = find_inputs if dask is None else dask.find()
    found = _some(find(inputs, out, read, left_out), inputs)
    tables = tables_of(rules, wanted)
    work = Work(extractor, rules, read, tables, formats, alpha_beta, wanted)
    with work_folder(out, force, resume) as folder:
        with Journal(folder) as journal:
            begun = setup if dask is None else {**setup, **dask.setup(formats, alpha_beta)}
            first = journal.begin(begun, datetime.now(UTC).isoformat(timespec="seconds"))
            started = datetime.fromisoformat(first["started"])
            results: Results | PartitionResults
            if dask is None:
                results = Results(journal, steps(journal, found, read), work, jobs, progress, folder)
            else:
                job = dask.job(folder, begun, read, resume)
                results = PartitionResults(dask.address, jobs, job, rules, found, left_out, progress)
            with closing(iter(results)) as rendered:
                tally = write_rendered(rendered, _emptied(folder / RESULTS), formats, tables, started.date())
        files = _files(tables, formats)
        viewed = [VIEW] if view and tally.documents else []
        summary = RunSummary(
            out,
            tally.documents,
            dict(tally.facts),
            tally.regimens,
            tuple(tally.failures),
            tally.failed,
            (*files[:-2], *viewed, *files[-2:]),
            round(time.perf_counter() - clock, 3),
            results.resumed,
            (tally.ages_stated_by_both, tally.ages_agreed),
            dict(left_out.most_common()),
        )
        made = {"setup": setup, "formats": list(formats), "alpha_beta": alpha_beta, "started": first["started"]}
        used = {"folder": utf8(str(rules.base)), "sha256": setup["patterns"]}
        if rules.over:
            used["over"] = [utf8(str(folder)) for folder in rules.over]
        asked = {"arguments": list(map(utf8, argv)), "out": utf8(str(out)), "patterns": used, "jobs": jobs}
        report = run_json({**made, **asked}, tally, summary)
        (folder / RESULTS / RUN_JSON).write_text(report, encoding="utf-8")
        publish(folder, out, files, [*_files(read_labels(rules), FORMATS), VIEW])
    if viewed:
        _view(out, rules)
    return summary


def _some(found: Iterator[Input | ReadFailure], given: Sequence[Path | str]) -> Iterator[Input | ReadFailure]:
    """`found`, which has to hold something. Raises UserError where there is nothing to read at all."""
    first = next(found, None)
    if first is None:
        raise UserError(
            f"{', '.join(map(str, given))}: no file here or below that can be a document; "
            f"expected files that end in {', '.join(ENDINGS)}, also with .gz"
        )
    return chain([first], found)


def _files(labels: tuple[LabelTable, ...], formats: Sequence[Format]) -> tuple[str, ...]:
    """The files of a run, relative to its folder; `run.json`, the sign of a whole run, last."""
    return (ANNOTATIONS, *run_files(table_columns(labels), formats), ERRORS_CSV, RUN_JSON)


def _emptied(folder: Path) -> Path:
    """The name of a folder that isn't there: what a pass that was stopped has left of it goes."""
    if folder.exists():
        shutil.rmtree(folder)
    return folder


def _view(out: Path, patterns: Patterns) -> None:
    """The page comes when the run is in place: whatever becomes of it, the run is kept."""
    try:
        write_view(out, force=True, patterns=patterns)
    except Exception as error:
        reason = str(error) or repr(error)
        raise PageError(
            f"{out / VIEW}: can't be drawn ({reason}); all other results are there, `trialsift view` tries again"
        ) from error
