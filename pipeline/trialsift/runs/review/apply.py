"""Applies decisions to a run: writes a corrected run into another folder, and gold of what was reviewed.

    OUT/annotations.jsonl, OUT/tables/, OUT/errors.csv, OUT/run.json   the run, corrected (`review` in run.json)
    OUT/gold.jsonl       the documents that somebody decided on, for `trialsift evaluate`
    OUT/decisions.csv    every decision: what was there before and after, by whom, and when

Rows of documents that nobody corrected are those of the run itself. Others are made anew; what
the registry states is taken from the tables of the run. Nothing of the run is overwritten.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from trialsift.gold import GoldDocument, write_gold
from trialsift.model.display import describe_labelled
from trialsift.model.document import RegistryFields
from trialsift.model.errors import UserError
from trialsift.model.fact import Scalar
from trialsift.rules.labels import read_labels
from trialsift.rules.layers import Patterns
from trialsift.rules.plausibility import read_plausibility
from trialsift.runs.extract.journal import JOURNAL
from trialsift.runs.folder import ANNOTATIONS, ERRORS_CSV, RESULTS, REVIEW_FILES, RUN_JSON, VIEW, publish, work_folder
from trialsift.runs.read import Results, has_unread, read_run
from trialsift.runs.review.change import Changed, Changer
from trialsift.runs.review.decisions import Decision, read_decisions, refuse
from trialsift.runs.review.queue import UNREAD, Item, Queue, make_queue
from trialsift.runs.review.readings import Readings, read_readings
from trialsift.runs.review.write import find_run_key
from trialsift.tables.criteria import make_criteria_record
from trialsift.tables.files import FORMATS, RunWriter, list_run_files
from trialsift.tables.files.csv_files import format_csv_header, make_csv_formatter
from trialsift.tables.rows import Row, RowMaker
from trialsift.tables.schema import DECISIONS, table_columns

GOLD, DECISIONS_CSV = "gold.jsonl", "decisions.csv"
_REGISTRY = ("title", "phase", "study_type", "status", "enrolment", "start_date", "sponsor_class", "registry")
_Rows = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Applied:
    """What was written: decisions taken, those that a later one replaced, by action, documents with decisions, and
    those of them that were settled in full."""

    out: Path
    decisions: int
    replaced: int
    actions: Mapping[str, int]
    documents: int
    settled: int


def apply_decisions(run: Path, files: Sequence[Path], out: Path, *, force: bool = False, patterns: Patterns) -> Applied:
    """Writes the run corrected by the decisions in `files` into the folder `out`.

    Raises UserError for a folder without a run, an `out` that can't be used or is the run, and decisions that can't be
    taken, each with its file and line; then nothing is written. PatternError for patterns that can't be used.
    """
    if out.resolve() == run.resolve():
        raise UserError(f"{out}: is the run itself, of which nothing is overwritten; name another folder with --out")
    results = read_run(run, patterns)
    decisions, replaced = read_decisions(files, find_run_key(run))
    queue = make_queue(results, patterns)
    readings = read_readings(patterns)
    changed = _change(queue, decisions, results, readings, patterns)
    with work_folder(out, force) as folder:
        target = folder / RESULTS
        if target.exists():
            shutil.rmtree(target)
        files_of_run = _write(target, run, results, queue, changed, readings)
        made = [row for one in changed.values() for row in one.rows]
        _write_decisions(target / DECISIONS_CSV, made)
        _write_run_json(target / RUN_JSON, results.run, made, files_of_run)
        (folder / JOURNAL).touch()
        formerly = [*list_run_files(table_columns(read_labels(patterns), unread=True), FORMATS), VIEW, *REVIEW_FILES]
        publish(folder, out, files_of_run, formerly)
    actions = Counter(decision.action for decision in decisions)
    settled = sum(one.settled for one in changed.values())
    return Applied(out, len(decisions), replaced, dict(sorted(actions.items())), len(changed), settled)


def _change(
    queue: Queue, decisions: Iterable[Decision], results: Results, readings: Readings, patterns: Patterns
) -> dict[str, Changed]:
    """Returns the documents with decisions, corrected, by doc_id. Raises UserError for what can't be taken."""
    labels = [label.label for label in results.labels]
    changer = Changer(readings, labels, describe_labelled, read_plausibility(patterns).find_doubt)
    grouped: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        grouped[decision.doc_id].append(decision)
    unread: dict[str, list[Item]] = defaultdict(list)
    for item in queue.items:
        if item.kind == UNREAD:
            unread[item.doc_id].append(item)
    problems = [
        f"{one.where}: the run has no document {doc_id!r}; expected a decision on one of its documents"
        for doc_id, ones in grouped.items()
        if doc_id not in queue.documents
        for one in ones
    ]
    changed = {
        doc_id: changer.change(queue.documents[doc_id].document, ones, unread[doc_id], problems)
        for doc_id, ones in grouped.items()
        if doc_id in queue.documents
    }
    if problems:
        raise refuse(problems)
    return changed


def _write(
    target: Path, run: Path, results: Results, queue: Queue, changed: Mapping[str, Changed], readings: Readings
) -> tuple[str, ...]:
    """Writes annotations, tables and gold; returns the files of the run in order."""
    formats, schema = results.run.get("formats", ["csv"]), table_columns(results.labels, unread=has_unread(results.run))
    before = _group_rows(results)
    maker = RowMaker(results.labels, results.run.get("alpha_beta"))
    day = date.fromisoformat(str(results.run["started"])[:10])
    target.mkdir(parents=True)
    with (
        RunWriter(target, schema, formats, day) as writer,
        (target / ANNOTATIONS).open("w", encoding="utf-8", newline="\n") as annotations,
    ):
        for doc_id, one in queue.documents.items():
            document, rows = one.document, {name: before[name].get(doc_id, []) for name in schema}
            if doc_id in changed:
                document = changed[doc_id].document
                rows = _make_rows(document, rows, maker, readings)
                ratings = maker.rate(document.text, document.to_annotation())
                criteria = json.loads(make_criteria_record(rows["criteria"]))
                record = {"criteria": criteria, "confidence": ratings.to_record()}
                document = replace(document, extra={**document.extra, **record})
            annotations.write(json.dumps(document.to_record(), ensure_ascii=False, allow_nan=False) + "\n")
            writer.write(doc_id, str(document.meta.get("source", "")), document.text, rows)
    labels = [label.label for label in results.labels]
    write_gold(target / GOLD, (_make_gold(one.document, labels) for one in changed.values()))
    shutil.copyfile(run / ERRORS_CSV, target / ERRORS_CSV)
    return (ANNOTATIONS, *list_run_files(schema, formats), ERRORS_CSV, GOLD, DECISIONS_CSV, RUN_JSON)


def _group_rows(results: Results) -> dict[str, dict[str, list[Row]]]:
    """Returns the rows of a run by table and doc_id; absent values are None."""
    grouped: dict[str, dict[str, list[Row]]] = {}
    for name, frame in results.tables.items():
        of_table = grouped.setdefault(name, {})
        for row in frame.astype(object).where(frame.notna(), None).to_dict("records"):
            of_table.setdefault(row["doc_id"], []).append({str(key): value for key, value in row.items()})
    return grouped


def _make_rows(document: GoldDocument, before: _Rows, maker: RowMaker, readings: Readings) -> _Rows:
    """Makes the rows of a corrected document; what the registry states is what the tables of the run say of it."""
    trial = before["trials"][0]
    annotation = replace(document.to_annotation(), contexts=readings.find_contexts(document))
    rows = maker.make_rows(document.doc_id, document.text, annotation, _restore_registry(before))
    kept = {name: trial[name] for name in ("nct_id", "same_trial_as")}
    rows["trials"] = [{**rows["trials"][0], **kept}]
    rows["unread"] = [row for row in before.get("unread", ()) if not _is_settled(row, document)]
    return {name: rows[name] for name in before}


def _is_settled(row: Mapping[str, Any], document: GoldDocument) -> bool:
    """Whether an unread number was decided on, or is part of a fact now."""
    decided = [(one["start"], one["end"]) for one in document.meta["review"].get("no_fact", ())]
    inside = any(span.start < row["end"] and row["start"] < span.end for span in document.spans)
    return inside or (row["start"], row["end"]) in decided


def _restore_registry(before: _Rows) -> RegistryFields | None:
    """Returns what the registry states of a trial, as far as its tables do; None for a document that is no record."""
    trial: Mapping[str, Any] = before["trials"][0]
    if trial["registry"] is None and trial["age_agreement"] is None and trial["title"] is None:
        return None
    written = {row["field"]: row["in_registry"] for row in before["agreement"] if row["in_registry"]}
    ages = {}
    for end, name in (("low", "minimum_age"), ("high", "maximum_age")):
        years = trial[f"registry_age_{end}"]
        ages[name] = written.get(f"age_{end}", _write_age(years))
    if trial["age_agreement"] is not None:
        ages = {name: age or "N/A" for name, age in ages.items()}
    made: dict[str, Any] = {**ages, **{name: trial[name] for name in _REGISTRY}}
    for name in ("conditions", "other_ids"):
        made[name] = tuple(filter(None, str(trial[name] or "").split("; ")))
    return RegistryFields(
        nct_id=trial["nct_id"],
        sex=trial["registry_sex"],
        healthy_volunteers=trial["registry_healthy_volunteers"],
        **made,
    )


def _write_age(years: float | None) -> str | None:
    """Writes an age as ClinicalTrials.gov does, in days where it isn't a whole number of years or months."""
    if years is None:
        return None
    for unit, number in (("Years", years), ("Months", years * 12)):
        if abs(number - round(number)) < 1e-6:
            return f"{round(number)} {unit}"
    return f"{round(years * 365.25)} Days"


def _make_gold(document: GoldDocument, labels: Sequence[str]) -> GoldDocument:
    """Returns a document as gold: without rules, and what the extractor says of its own reading."""
    spans = tuple(replace(span, rule=None) for span in document.spans)
    extra = {key: value for key, value in document.extra.items() if key not in ("criteria", "confidence")}
    return replace(document, spans=spans, meta={**document.meta, "labels": list(labels)}, extra=extra)


def _write_decisions(path: Path, rows: Iterable[Mapping[str, Scalar]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(format_csv_header(DECISIONS))
        file.write(make_csv_formatter(DECISIONS)(rows))


def _write_run_json(
    path: Path, run: Mapping[str, Any], rows: Sequence[Mapping[str, Scalar]], files: Sequence[str]
) -> None:
    """Writes run.json of the run with what was decided; `counts` are those of the run before."""
    review = {
        "decisions": len(rows),
        "actions": dict(sorted(Counter(str(row["action"]) for row in rows).items())),
        "by": sorted({str(row["by"]) for row in rows}),
        "documents": len({row["doc_id"] for row in rows}),
    }
    report = {**run, "review": review, "files": list(files)}
    path.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
