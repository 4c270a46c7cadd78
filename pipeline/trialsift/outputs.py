"""From the entries of a run to its results, as they come: one pass, in which nothing is decided any more.

The same entries give the same bytes, however often and wherever they are written out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from trialsift.agreement import agreement_counts
from trialsift.entries import Entry, Failure, internal
from trialsift.labels import ERRORS, LabelTable, table_columns
from trialsift.out_folder import ANNOTATIONS, ERRORS_CSV
from trialsift.resources import PatternError
from trialsift.table_files import Format, RunWriter, TableWriter
from trialsift.tables import document_rows

#: Failures, and names of files with an encoding of their own, that are listed outside of the tables.
_MOST_LISTED = 100


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
    tally = Tally(facts=Counter({label.label: 0 for label in labels}))
    folder.mkdir(parents=True)
    with (
        RunWriter(folder, table_columns(labels), formats, run_date) as writer,
        TableWriter(folder, {Path(ERRORS_CSV).stem: ERRORS}, ("csv",)) as errors,
        (folder / ANNOTATIONS).open("w", encoding="utf-8", newline="\n") as annotations,
    ):
        for entry in entries:
            document, failure = entry.document, entry.failure
            if document is not None:
                doc_id, text, annotation = document.doc_id, document.text, document.annotation
                try:
                    rows = document_rows(
                        doc_id, text, annotation, labels, registry=document.registry, alpha_beta=alpha_beta
                    )
                except PatternError:  # nobody's fault but that of the patterns
                    raise
                except (ValueError, TypeError) as error:
                    failure = internal(document.source, error, doc_id)
                else:
                    annotations.write(document.json + "\n")
                    writer.document(doc_id, document.source, text, rows)
                    tally.documents += 1
                    tally.facts.update(fact.label for fact in annotation.facts)
                    tally.regimens += len(annotation.regimens)
                    both, agreed = agreement_counts(rows)
                    tally.ages_stated_by_both += both
                    tally.ages_agreed += agreed
                    if document.encoding:
                        tally.encodings[document.encoding] += 1
            if failure is not None:
                errors.add({Path(ERRORS_CSV).stem: [failure._asdict()]})
                tally.failed += 1
                tally.codes[failure.code] += 1
                if len(tally.failures) < _MOST_LISTED:
                    tally.failures.append(failure)
    return tally
