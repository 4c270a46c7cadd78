"""From the journal of a run to its results: one pass, in which nothing is decided any more.

The same journal gives the same bytes, however often and wherever it is written out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from trialsift.facts import Annotation, Fact, Regimen
from trialsift.journal import Entry, Journal
from trialsift.labels import ERRORS, LabelTable, table_columns
from trialsift.out_folder import ANNOTATIONS, ERRORS_CSV, TABLES
from trialsift.readers import RegistryFields
from trialsift.table_files import Format, TableWriter
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
    """What has been written. `failures` are the first of `failed`, `encodings` counts what isn't UTF-8."""

    documents: int = 0
    facts: Counter[str] = field(default_factory=Counter)
    regimens: int = 0
    failed: int = 0
    failures: list[Failure] = field(default_factory=list)
    codes: Counter[str] = field(default_factory=Counter)
    encodings: Counter[str] = field(default_factory=Counter)


def write_outputs(journal: Journal, folder: Path, formats: Sequence[Format], labels: tuple[LabelTable, ...]) -> Tally:
    """Writes annotations, tables and errors of all that the journal holds into `folder`, and counts them.

    A document whose facts no table can hold has no results anywhere but a row among the errors. Raises OSError as the
    system does.
    """
    tally = Tally(facts=Counter({label.label: 0 for label in labels}))
    folder.mkdir(parents=True)
    with (
        TableWriter(folder / TABLES, table_columns(labels), formats) as tables,
        TableWriter(folder, {Path(ERRORS_CSV).stem: ERRORS}, ("csv",)) as errors,
        (folder / ANNOTATIONS).open("w", encoding="utf-8", newline="\n") as annotations,
    ):
        for entry in journal.entries():
            failure = entry.get("failure")
            if "document" in entry:
                record, annotation = entry["document"], annotation_of(entry)
                try:
                    rows = document_rows(record["doc_id"], record["text"], annotation, labels)
                except (ValueError, TypeError) as error:
                    failure = internal(str(record["meta"]["source"]), error)
                else:
                    annotations.write(json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n")
                    tables.add(rows)
                    tally.documents += 1
                    tally.facts.update(fact.label for fact in annotation.facts)
                    tally.regimens += len(annotation.regimens)
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
