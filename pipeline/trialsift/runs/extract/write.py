"""Writes the results of a run into its files in a single pass, without any further decisions.

The same outcomes give the same bytes, however often and wherever they are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from trialsift.rules.labels import LabelTable
from trialsift.runs.extract.summary import Summary
from trialsift.runs.extract.written import Written
from trialsift.runs.folder import ANNOTATIONS, ERRORS_CSV
from trialsift.tables.files import Encoded, Encoder, Format, RunWriter, TableWriter
from trialsift.tables.same_trials import SameTrials
from trialsift.tables.schema import ERRORS, table_columns

_BUFFER = 1 << 16


def write_results(
    results: Iterable[Written],
    folder: Path,
    formats: Sequence[Format],
    labels: tuple[LabelTable, ...],
    run_date: date,
    *,
    unread: bool = False,
) -> Summary:
    """Writes annotations, tables and errors into `folder`, which it creates, and returns their counts.

    `results` were rendered for these formats and labels, with the table `unread` or without; `run_date` is the day on
    which the run began. A document whose facts fit no table is written as an error only. Raises OSError as the system
    does.
    """
    summary = Summary(facts={label.label: 0 for label in labels})
    folder.mkdir(parents=True)
    errors_table, schema = Path(ERRORS_CSV).stem, table_columns(labels, unread=unread)
    with (
        RunWriter(folder, schema, formats, run_date) as writer,
        TableWriter(folder, {errors_table: ERRORS}, ("csv",)) as errors,
        (folder / ANNOTATIONS).open("wb", buffering=_BUFFER) as annotations,
    ):
        encode, same_trials = Encoder(schema, formats), SameTrials()
        for written in results:
            if written.rows is not None:
                annotations.write(written.outcome.record + b"\n")
                rows = _tell_same_trial(written, written.rows, same_trials, encode)
                writer.write_encoded(written.outcome.doc_id or "", written.source, written.text, rows)
            if written.failure is not None:
                errors.add({errors_table: [written.failure._asdict()]})
            summary.add(written)
    summary.cut_cells = writer.cut_cells
    return summary


def _tell_same_trial(written: Written, rows: Encoded, same_trials: SameTrials, encode: Encoder) -> Encoded:
    """Returns the rows of a document with the document before it that is of the same trial, if there is one."""
    same = same_trials.find(written.outcome.doc_id or "", written.numbers)
    if same is None or written.trial is None:
        return rows
    trials = {"trials": [{**written.trial, "same_trial_as": same}]}
    return Encoded({**rows.lines, **encode(trials).lines}, None if rows.rows is None else {**rows.rows, **trials})
