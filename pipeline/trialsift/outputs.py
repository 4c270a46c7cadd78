"""From the journal of a run to its results: one pass, in which nothing is decided any more.

The same journal gives the same bytes, however often and wherever it is written out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from trialsift.agreement import agreement_counts
from trialsift.facts import Annotation, Fact, Regimen
from trialsift.journal import Entry, Journal
from trialsift.labels import ERRORS, LabelTable, table_columns
from trialsift.out_folder import ANNOTATIONS, ERRORS_CSV
from trialsift.readers import RegistryFields
from trialsift.resources import PatternError
from trialsift.table_files import Format, RunWriter, TableWriter
from trialsift.tables import document_rows

#: Failures, and names of files with an encoding of their own, that are listed outside of the tables.
_MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Failure:
    """A document without results: a row of errors.csv."""

    file: str
    record: str | None
    code: str
    message: str
    what_to_do: str


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
    journal: Journal,
    folder: Path,
    formats: Sequence[Format],
    labels: tuple[LabelTable, ...],
    run_date: date,
    alpha_beta: float,
) -> Tally:
    """Writes annotations, tables and errors of all that the journal holds into `folder`, and counts them.

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
        for entry in journal.entries():
            failure = entry.get("failure")
            if "document" in entry:
                record, annotation = entry["document"], annotation_of(entry)
                try:
                    rows = document_rows(
                        record["doc_id"],
                        record["text"],
                        annotation,
                        labels,
                        registry=registry_of(entry),
                        alpha_beta=alpha_beta,
                    )
                except PatternError:  # nobody's fault but that of the patterns
                    raise
                except (ValueError, TypeError) as error:
                    failure = internal(str(record["meta"]["source"]), error, record["doc_id"])
                else:
                    annotations.write(json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n")
                    writer.document(record["doc_id"], record["meta"]["source"], record["text"], rows)
                    tally.documents += 1
                    tally.facts.update(fact.label for fact in annotation.facts)
                    tally.regimens += len(annotation.regimens)
                    both, agreed = agreement_counts(rows)
                    tally.ages_stated_by_both += both
                    tally.ages_agreed += agreed
                    tally.encodings.update(filter(None, [record["meta"].get("encoding")]))
            if failure is not None:
                row = Failure(**failure)
                errors.add({Path(ERRORS_CSV).stem: [asdict(row)]})
                tally.failed += 1
                tally.codes[row.code] += 1
                if len(tally.failures) < _MOST_LISTED:
                    tally.failures.append(row)
    return tally


def internal(place: str, error: Exception, record: str | None = None) -> dict[str, Any]:
    """The failure of a document on which trialsift itself stumbles."""
    return {
        "file": place,
        "record": record,
        "code": "internal",
        "message": f"{type(error).__name__}: {error}",
        "what_to_do": "a fault of trialsift: please report it with this document",
    }


def annotation_of(entry: Entry) -> Annotation:
    """The annotation of a document's entry."""
    record = entry["document"]
    facts = tuple(
        Fact(s["label"], s["start"], s["end"], s["text"], s["rule"], s["attributes"]) for s in record["spans"]
    )
    regimens = tuple(
        Regimen(tuple(r["spans"]), *(_pair(r[key]) for key in ("fractions", "dose_per_fraction", "total_dose")))
        for r in record["regimens"]
    )
    return Annotation(facts, regimens, tuple((start, end) for start, end in entry["contexts"]))


def registry_of(entry: Entry) -> RegistryFields | None:
    """What the registry states of a document's entry in fields of its own."""
    return RegistryFields(**entry["registry"]) if "registry" in entry else None


def _pair(value: list[Any] | None) -> Any:
    return None if value is None else tuple(value)
