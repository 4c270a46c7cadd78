"""What `trialsift extract` does, as a function for notebooks and tests: documents in, a folder of results out.

    OUT/annotations.jsonl   one document a line, in the gold format
    OUT/tables/             a table a label, regimens, trials (see labels.py)
    OUT/view.html           a page to read them in, if asked for
    OUT/errors.csv          the documents that failed, and why; only its header if none did
    OUT/run.json            versions, arguments, hash of the patterns, counts, times

One document at a time passes from its reader through the extractor into the journal (journal.py), and one that fails
does not stop the others. At the end all results are written from the journal (outputs.py) and moved into their places
(out_folder.py).
"""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

from trialsift import __version__
from trialsift.errors import UserError
from trialsift.facts import Annotation, annotation_record
from trialsift.journal import Entry, Journal
from trialsift.labels import LabelTable, read_labels, table_columns
from trialsift.linear_quadratic import TUMOUR_ALPHA_BETA, check_alpha_beta
from trialsift.out_folder import (
    ANNOTATIONS,
    ERRORS_CSV,
    RESULTS,
    RUN_JSON,
    VIEW,
    check_out,
    publish,
    stopped,
    work_folder,
)
from trialsift.outputs import Failure, Tally, internal, write_outputs
from trialsift.parts import Part
from trialsift.readers import Input, ReadFailure, ReadOptions, Source, find_inputs, read_documents
from trialsift.readers.find import ENDINGS, STDIN
from trialsift.resources import patterns_dir, patterns_hash
from trialsift.table_files import FORMATS, Format, check_formats, run_files
from trialsift.view_files import write_view

Progress = Callable[[int, int | None, str], None]


class Annotator(Protocol):
    """Whatever reads facts in a text: `trialsift.extraction.Extractor`, or a stand-in."""

    def annotate(self, text: str, parts: Sequence[Part] = ()) -> Annotation:
        """All facts and regimens of one text."""


class PageError(UserError):
    """The page of a run failed, and nothing else did."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run did. `documents` counts those with results; `facts` has every label, also those with 0 facts;
    `failures` are the first of `failed`; `resumed` counts documents and failures of before a stop; `ages_agreed` are
    the age limits that registry and text both state, and those of them that agree; `left_out` counts files of folders
    and archives that have the ending of no format, by that ending; `was_complete`: there was nothing to resume."""

    out: Path
    documents: int
    facts: dict[str, int]
    regimens: int
    failures: tuple[Failure, ...]
    failed: int
    files: tuple[str, ...]
    duration_seconds: float
    resumed: int = 0
    ages_agreed: tuple[int, int] = (0, 0)
    left_out: Mapping[str, int] = field(default_factory=dict)
    was_complete: bool = False

    @property
    def exit_status(self) -> int:
        """0 when every document gave results, 1 when some failed."""
        return 1 if self.failed else 0


def extract_run(
    inputs: Sequence[Path | str],
    out: Path | str,
    *,
    formats: Sequence[Format] = ("csv",),
    force: bool = False,
    resume: bool = False,
    patterns: Path | None = None,
    read: ReadOptions | None = None,
    alpha_beta: float = TUMOUR_ALPHA_BETA,
    view: bool = False,
    progress: Progress | None = None,
    argv: Sequence[str] = (),
    extractor: Annotator | None = None,
) -> RunSummary:
    """Reads the documents that `inputs` name (see readers/) and writes their facts into the folder `out`.

    `formats` are those of the tables; `force` lets a run replace an earlier one in `out`; `resume` goes on with one
    that was stopped, or begins one where there is none; `patterns` is a folder of rules in place of the built-in ones;
    `read` says how inputs are read; `alpha_beta` is the ratio of BED and EQD2, in Gy; `view` adds a page to read the
    documents in; `progress(done, total, file)` is called before each document and once at the end, `total` None while
    it isn't known; `argv` is noted in run.json; `extractor` takes the place of `Extractor(patterns)`.

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
    if resume and STDIN in map(str, inputs):
        raise UserError("standard input can't be read twice: save it to a file, and name that to be able to resume")
    out, read, rules = Path(out), read or ReadOptions(), patterns_dir(patterns)
    setup = {
        "inputs": [_utf8(str(given)) for given in inputs],
        "reading": {key: _utf8(value) if isinstance(value, str) else value for key, value in asdict(read).items()},
        "patterns": patterns_hash(rules),
        "trialsift": __version__,
    }
    if resume and not stopped(out) and (complete := _complete(out, setup, formats, alpha_beta)):
        if not view or not complete.documents or (out / VIEW).is_file():
            return complete
        _view(out, patterns)
        return replace(complete, files=(*complete.files[:-2], VIEW, *complete.files[-2:]))
    check_out(out, force, resume)
    left_out: Counter[str] = Counter()
    found = _some(find_inputs(inputs, out, read, left_out), inputs)
    extractor = extractor or _extractor(patterns)
    labels = tuple(label for label in read_labels(rules) if label.default)
    with work_folder(out, force, resume) as folder:
        with Journal(folder) as journal:
            first = journal.begin(setup, datetime.now(UTC).isoformat(timespec="seconds"))
            resumed = _fill(journal, found, read, extractor, progress)
            started = datetime.fromisoformat(first["started"])
            tally = write_outputs(journal, _emptied(folder / RESULTS), formats, labels, started.date(), alpha_beta)
        files = _files(labels, formats)
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
            resumed,
            (tally.ages_stated_by_both, tally.ages_agreed),
            dict(left_out.most_common()),
        )
        report = {
            "setup": setup,
            "versions": _versions(),
            "arguments": [_utf8(argument) for argument in argv],
            "out": _utf8(str(out)),
            "formats": list(formats),
            "alpha_beta": alpha_beta,
            "patterns": {"folder": _utf8(str(rules)), "sha256": setup["patterns"]},
            **_counts(tally),
            "left_out": summary.left_out,
            "files": list(summary.files),
            "started": first["started"],
            "duration_seconds": summary.duration_seconds,
            "resumed": resumed,
            "exit_status": summary.exit_status,
        }
        text = json.dumps(report, ensure_ascii=False, indent=2) + "\n"
        (folder / RESULTS / RUN_JSON).write_text(text, encoding="utf-8")
        publish(folder, out, files, [*_files(labels, FORMATS), VIEW])
    if viewed:
        _view(out, patterns)
    return summary


def _utf8(argument: str) -> str:
    """An argument, with bytes that are no UTF-8 (Python holds them as lone surrogates) as escapes."""
    return argument.encode("utf-8", "backslashreplace").decode("utf-8")


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


def _fill(
    journal: Journal,
    found: Iterator[Input | ReadFailure],
    read: ReadOptions,
    extractor: Annotator,
    progress: Progress | None,
) -> int:
    """Reads all inputs that the journal doesn't hold yet into it; how many documents and failures it held before."""
    doc_ids = _DocIds()
    known = journal.replay(doc_ids.add)
    done = resumed = 0
    for item in found:
        now, before = _state(item), next(known, None)
        if before is not None and before.input != now:
            raise UserError(
                f"{item.place}: has changed since the run was stopped, or the inputs before it have; "
                "the results would be of two states: start over with --force"
            )
        skipped = 0 if before is None else before.outcomes
        done, resumed = done + skipped, resumed + skipped
        if before is None:
            journal.add({"input": now})
        elif before.ended:
            continue
        for number, source in enumerate([item] if isinstance(item, ReadFailure) else read_documents(item, read)):
            if number < skipped:
                continue
            if progress:
                progress(done, None, source.place if isinstance(source, ReadFailure) else source.name)
            _record(journal, source, _place(source, item), extractor, doc_ids)
            done += 1
        journal.add({"end": now["name"]})
    if (gone := next(known, None)) is not None:
        raise UserError(
            f"{gone.input['name']}: is gone since the run was stopped; bring it back, or start over with --force"
        )
    if progress:
        progress(done, done, "")
    return resumed


class _DocIds:
    """The doc_ids of a run, as digests: eight bytes each, so that a million of them take little memory."""

    def __init__(self) -> None:
        self._seen: set[bytes] = set()

    def add(self, doc_id: str) -> None:
        """Takes another one in."""
        self._seen.add(self._digest(doc_id))

    def __contains__(self, doc_id: str) -> bool:
        return self._digest(doc_id) in self._seen

    @staticmethod
    def _digest(doc_id: str) -> bytes:
        return hashlib.blake2b(doc_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _state(item: Input | ReadFailure) -> dict[str, Any]:
    """What tells whether an input is as it was: of a file its size and time of change."""
    if isinstance(item, ReadFailure) or item.path is None:
        return {"name": item.place}
    try:
        found = [path.stat() for path in (sorted(item.path.iterdir()) if item.path.is_dir() else [item.path])]
    except OSError:
        return {"name": item.name}
    return {"name": item.name, "size": sum(f.st_size for f in found), "changed": max(f.st_mtime_ns for f in found)}


def _place(source: Source | ReadFailure, item: Input | ReadFailure) -> str:
    """The file of a document as messages name it: the input, or what lies in it where it is an archive."""
    if isinstance(source, ReadFailure) or isinstance(item, ReadFailure):
        return item.place
    return item.place + source.name.removeprefix(item.name) if source.name.startswith(item.name) else source.name


def _record(journal: Journal, source: Source | ReadFailure, place: str, extractor: Annotator, doc_ids: _DocIds) -> None:
    """Enters one document: all that is written of it, or why there is nothing."""
    if isinstance(source, ReadFailure):
        journal.add({"failure": _failure(source)})
        return
    try:
        if source.doc_id in doc_ids:
            raise ReadFailure(
                place,
                "duplicate_id",
                "has the doc_id of a document before it",
                "rename one of them, or run them into different folders",
                source.doc_id,
            )
        entry = _document(source, extractor)
    except ReadFailure as failure:
        journal.add({"failure": _failure(failure)})
        return
    except Exception as error:  # whatever it is, it is this document's, and the others go on
        journal.add({"failure": internal(place, error, source.doc_id)})
        return
    try:
        journal.add(entry)
    except ValueError as error:  # what no file of results can hold
        journal.add({"failure": internal(place, error, source.doc_id)})
    else:
        doc_ids.add(source.doc_id)


def _document(source: Source, extractor: Annotator) -> Entry:
    annotation = extractor.annotate(source.text, source.parts)
    meta: dict[str, Any] = {"source": source.name, **source.notes}
    if source.parts:
        meta["parts"] = [[part.start, part.end, part.name] for part in source.parts]
    entry: Entry = {
        "document": annotation_record(source.doc_id, source.text, annotation, meta),
        "contexts": [list(context) for context in annotation.contexts],
    }
    if source.registry is not None:
        entry["registry"] = asdict(source.registry)
    return entry


def _failure(failure: ReadFailure) -> dict[str, Any]:
    return asdict(Failure(failure.place, failure.record or None, failure.code, failure.message, failure.advice))


def _emptied(folder: Path) -> Path:
    """The name of a folder that isn't there: what a pass that was stopped has left of it goes."""
    if folder.exists():
        shutil.rmtree(folder)
    return folder


def _view(out: Path, patterns: Path | None) -> None:
    """The page comes when the run is in place: whatever becomes of it, the run is kept."""
    try:
        write_view(out, force=True, patterns=patterns)
    except Exception as error:
        reason = str(error) or repr(error)
        raise PageError(
            f"{out / VIEW}: can't be drawn ({reason}); all other results are there, `trialsift view` tries again"
        ) from error


def _extractor(patterns: Path | None) -> Annotator:
    from trialsift.extraction import Extractor  # compiles the rules: not before inputs and output are known good

    return Extractor(patterns)


def _complete(out: Path, setup: dict[str, Any], formats: Sequence[Format], alpha_beta: float) -> RunSummary | None:
    """The run that `out` holds, where it is a whole one of just this kind: nothing of it is left to resume."""
    try:
        report = json.loads((out / RUN_JSON).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    made = {"setup": setup, "formats": list(formats), "alpha_beta": alpha_beta}
    if not isinstance(report, dict) or {key: report.get(key) for key in made} != made:
        return None
    if not all((out / name).is_file() for name in report["files"] if name != VIEW):
        return None
    counts = report["counts"]
    done = counts["documents"] + counts["errors"]
    return RunSummary(
        out,
        counts["documents"],
        counts["facts"],
        counts["regimens"],
        (),
        counts["errors"],
        tuple(name for name in report["files"] if name != VIEW or (out / VIEW).is_file()),
        0,
        done,
        (counts["age_limits_in_registry_and_text"], counts["age_limits_that_agree"]),
        report["left_out"],
        was_complete=True,
    )


def _versions() -> dict[str, str | None]:
    """Versions of what had a hand in the results, without importing any of it."""
    versions: dict[str, str | None] = {"trialsift": __version__, "python": platform.python_version()}
    for name in ("spacy", "medspacy", "scispacy", "pandas"):
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = None
    return versions


def _counts(tally: Tally) -> dict[str, Any]:
    return {
        "counts": {
            "documents": tally.documents,
            "facts": dict(tally.facts),
            "regimens": tally.regimens,
            "errors": tally.failed,
            "errors_by_code": dict(sorted(tally.codes.items())),
            "encodings": dict(sorted(tally.encodings.items())),
            "age_limits_in_registry_and_text": tally.ages_stated_by_both,
            "age_limits_that_agree": tally.ages_agreed,
        }
    }
