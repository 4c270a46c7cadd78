"""What `trialsift extract` does, as a function for notebooks and tests: documents in, a folder of results out.

    OUT/annotations.jsonl   one document a line, in the gold format
    OUT/tables/             a table a label, regimens, trials (see labels.py)
    OUT/view.html           a page to read them in, if asked for
    OUT/errors.csv          the documents that failed, and why; only its header if none did
    OUT/run.json            versions, arguments, hash of the patterns, counts, times

One document at a time passes from the reader through the extractor into the files, and one that fails does not stop
the others.
"""

from __future__ import annotations

import json
import platform
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Protocol

from trialsift import __version__
from trialsift.errors import UserError
from trialsift.facts import Annotation, annotation_record
from trialsift.labels import ERRORS, LabelTable, read_labels, table_columns
from trialsift.out_folder import ANNOTATIONS, ERRORS_CSV, RUN_JSON, TABLES, VIEW, check_out, run_folder
from trialsift.readers import ReadFailure, ReadOptions, Source, find_inputs, read_documents
from trialsift.resources import patterns_dir, patterns_hash
from trialsift.table_files import FORMATS, Format, TableWriter, write_csv
from trialsift.tables import document_rows, frame
from trialsift.view_files import write_view

Progress = Callable[[int, int, str], None]


class Annotator(Protocol):
    """Whatever reads facts in a text: `trialsift.extraction.Extractor`, or a stand-in."""

    def annotate(self, text: str) -> Annotation:
        """All facts and regimens of one text."""


class PageError(UserError):
    """The page of a run failed, and nothing else did."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Failure:
    """A document without results: a row of errors.csv."""

    file: str
    error: str
    message: str
    what_to_do: str


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run did. `documents` counts those with results; `facts` has every label, also those with 0 facts."""

    out: Path
    documents: int
    facts: dict[str, int]
    regimens: int
    failures: tuple[Failure, ...]
    files: tuple[str, ...]
    duration_seconds: float

    @property
    def exit_status(self) -> int:
        """0 when every document gave results, 1 when some failed."""
        return 1 if self.failures else 0


def extract_run(
    inputs: Sequence[Path | str],
    out: Path | str,
    *,
    formats: Sequence[Format] = ("csv",),
    force: bool = False,
    patterns: Path | None = None,
    view: bool = False,
    progress: Progress | None = None,
    argv: Sequence[str] = (),
    extractor: Annotator | None = None,
) -> RunSummary:
    """Reads the documents that `inputs` name (see readers.py) and writes their facts into the folder `out`.

    `formats` are those of the tables; `force` lets a run replace an earlier one in `out`; `patterns` is a folder of
    rules in place of the built-in ones; `view` adds a page to read the documents in; `progress(done, total, file)` is
    called before each document and once at the end; `argv` is noted in run.json; `extractor` takes the place of
    `Extractor(patterns)`.

    Raises UserError for inputs or an `out` that can't be used, PatternError for patterns that can't, PageError where
    only the page fails. A document that can't be read, or on which the extractor fails, is a `Failure` of the summary
    and a row of errors.csv.
    """
    clock, started = time.perf_counter(), datetime.now(UTC)
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        raise UserError(f"{unknown[0] if unknown else 'none'}: no format of tables; choose {' or '.join(FORMATS)}")
    out = Path(out)
    check_out(out, force)
    found = find_inputs(inputs, leave_out=out)
    options = ReadOptions()
    rules = patterns_dir(patterns)
    extractor = extractor or _extractor(patterns)

    labels = tuple(label for label in read_labels(rules) if label.default)
    schema = table_columns(labels)
    facts = Counter({label.label: 0 for label in labels})
    documents = regimens = 0
    failures: list[Failure] = []
    with run_folder(out, force, schema) as folder:
        with (
            TableWriter(folder / TABLES, schema, formats) as tables,
            (folder / ANNOTATIONS).open("w", encoding="utf-8", newline="\n") as annotations,
        ):
            sources = (s for i in found for s in ([i] if isinstance(i, ReadFailure) else read_documents(i, options)))
            for done, source in enumerate(sources):
                try:
                    if isinstance(source, ReadFailure):
                        raise source
                    if progress:
                        progress(done, done, source.name)
                    line, rows, annotation = _document(source, extractor, labels)
                except Exception as error:  # whatever it is, it is this document's, and the others go on
                    failures.append(_failure(source, error))
                    continue
                annotations.write(line)
                tables.add(rows)
                documents += 1
                facts.update(fact.label for fact in annotation.facts)
                regimens += len(annotation.regimens)
        write_csv(frame([asdict(failure) for failure in failures], ERRORS), folder / ERRORS_CSV)
        viewed = [VIEW] if view and documents else []
        tabled = (f"{TABLES}/{name}.{f}" for name in schema for f in formats)
        files = (ANNOTATIONS, *tabled, *viewed, ERRORS_CSV, RUN_JSON)
        summary = RunSummary(
            out, documents, dict(facts), regimens, tuple(failures), files, round(time.perf_counter() - clock, 3)
        )
        report = {
            **_environment(),
            "arguments": list(argv),
            "inputs": [str(given) for given in inputs],
            "out": str(out),
            "formats": list(formats),
            "patterns": {"folder": str(rules), "sha256": patterns_hash(rules)},
            **_counts(summary),
            "started": started.isoformat(timespec="seconds"),
            "duration_seconds": summary.duration_seconds,
            "exit_status": summary.exit_status,
        }
        (folder / RUN_JSON).write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    if viewed:
        _view(out, patterns)
    return summary


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


def _document(
    source: Source, extractor: Annotator, labels: tuple[LabelTable, ...]
) -> tuple[str, dict[str, list[Any]], Annotation]:
    """Everything that is written of one document, made before any of it is written: no half results."""
    annotation = extractor.annotate(source.text)
    record = annotation_record(source.doc_id, source.text, annotation, {"source": source.name, **source.notes})
    line = json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n"
    rows = document_rows(source.doc_id, source.text, annotation, labels)
    return line, rows, annotation


def _failure(source: Source | ReadFailure, error: Exception) -> Failure:
    if isinstance(error, ReadFailure):
        return Failure(error.place, error.code, error.message, error.advice)
    return Failure(
        source.name if isinstance(source, Source) else source.place,
        "internal",
        str(error) or repr(error),
        "a fault of trialsift: please report it with this document",
    )


def _environment() -> dict[str, Any]:
    """Versions of what had a hand in the results, without importing any of it."""
    versions: dict[str, str | None] = {"trialsift": __version__, "python": platform.python_version()}
    for name in ("spacy", "medspacy", "scispacy", "pandas"):
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = None
    return {"versions": versions}


def _counts(summary: RunSummary) -> dict[str, Any]:
    return {
        "counts": {
            "documents": summary.documents,
            "facts": summary.facts,
            "regimens": summary.regimens,
            "errors": len(summary.failures),
        }
    }
