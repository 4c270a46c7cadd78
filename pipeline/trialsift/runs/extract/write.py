"""From the entries of a run to its results, as they come: one pass, in which nothing is decided any more.

The same entries give the same bytes, however often and wherever they are written out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from trialsift.rules.labels import LabelTable
from trialsift.runs.extract.entries import Entry, Failure
from trialsift.runs.extract.render import Rendered, Renderer
from trialsift.runs.folder import ANNOTATIONS, ERRORS_CSV
from trialsift.tables.files import Format, RunWriter, TableWriter
from trialsift.tables.schema import ERRORS, table_columns

#: Failures, and names of files with an encoding of their own, that are listed outside of the tables.
_MOST_LISTED = 100
_BUFFER = 1 << 16


@dataclass(slots=True)
class Tally:
    """What has been written. `failures` are the first of `failed`, `encodings` counts what isn't UTF-8; the last two
    are the age limits that both a registry's fields and the text state, and those of them that agree."""

    documents: int = 0
    facts: Counter[str] = field(default_factory=Counter)
    regimens: int = 0
    failed: int = 0
    failures: list[Failure] = field(default_factory=list)
    codes: Counter[str] = field(default_factory=Counter)
    encodings: Counter[str] = field(default_factory=Counter)
    ages_stated_by_both: int = 0
    ages_agreed: int = 0

    def add(self, rendered: Rendered) -> None:
        """Counts a document or a failure."""
        if (counts := rendered.counts) is not None:
            self.documents += 1
            for label, number in counts.facts.items():
                self.facts[label] += number
            self.regimens += counts.regimens
            self.ages_stated_by_both += counts.ages_stated_by_both
            self.ages_agreed += counts.ages_agreed
        if rendered.encoding:
            self.encodings[rendered.encoding] += 1
        if (failure := rendered.failure) is not None:
            self.failed += 1
            self.codes[failure.code] += 1
            if len(self.failures) < _MOST_LISTED:
                self.failures.append(failure)


def write_outputs(
    entries: Iterable[Entry],
    folder: Path,
    formats: Sequence[Format],
    labels: tuple[LabelTable, ...],
    run_date: date,
    alpha_beta: float,
) -> Tally:
    """Writes annotations, tables and errors of all entries into `folder`, which it makes, and counts them.

    `run_date` is the day on which the run began, `alpha_beta` the ratio of BED and EQD2 in Gy. A document whose facts
    no table can hold has no results anywhere but a row among the errors. Raises OSError as the system does, and
    PatternError for patterns that can't be used.
    """
    return write_rendered(map(Renderer(labels, formats, alpha_beta), entries), folder, formats, labels, run_date)


def write_rendered(
    rendered: Iterable[Rendered],
    folder: Path,
    formats: Sequence[Format],
    labels: tuple[LabelTable, ...],
    run_date: date,
) -> Tally:
    """The same of what a `Renderer` of these labels and formats has made of entries."""
    tally = Tally(facts=Counter({label.label: 0 for label in labels}))
    folder.mkdir(parents=True)
    with (
        RunWriter(folder, table_columns(labels), formats, run_date) as writer,
        TableWriter(folder, {Path(ERRORS_CSV).stem: ERRORS}, ("csv",)) as errors,
        (folder / ANNOTATIONS).open("wb", buffering=_BUFFER) as annotations,
    ):
        for of in rendered:
            if of.rows is not None:
                annotations.write(of.entry.record + b"\n")
                writer.encoded(of.entry.doc_id or "", of.source, of.text, of.rows)
            if of.failure is not None:
                errors.add({Path(ERRORS_CSV).stem: [of.failure._asdict()]})
            tally.add(of)
    return tally
