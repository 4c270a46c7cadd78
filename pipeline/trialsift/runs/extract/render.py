"""From an entry to all that is written of it: its rows by table, as the files of the run take them, and its counts.

An entry is rendered where it was made, in any process; outputs.py only puts things together, in order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import NamedTuple

from trialsift.rules.files import PatternError
from trialsift.rules.labels import LabelTable
from trialsift.runs.extract.entries import Entry, Failure, internal
from trialsift.tables.agreement import agreement_counts
from trialsift.tables.files import Encoded, Encoder, Format
from trialsift.tables.rows import RowMaker
from trialsift.tables.schema import table_columns


class Counts(NamedTuple):
    """What is counted of a document: facts by label, regimens, the age limits that both a registry's fields and the
    text state, those of them that agree."""

    facts: Mapping[str, int]
    regimens: int
    ages_stated_by_both: int
    ages_agreed: int


class Rendered(NamedTuple):
    """What is written of an entry, which is here without its document: rows and counts, or a failure, also that of a
    document whose facts no table can hold. `source` and `text` are there for the formats that hold documents."""

    entry: Entry
    failure: Failure | None = None
    rows: Encoded | None = None
    counts: Counts | None = None
    encoding: str | None = None
    source: str = ""
    text: str = ""


class Renderer:
    """Renders the entries of a run with these labels and formats; `alpha_beta` is the ratio of BED and EQD2, in Gy.

    Raises PatternError for patterns that can't be used.
    """

    def __init__(self, labels: tuple[LabelTable, ...], formats: Collection[Format], alpha_beta: float) -> None:
        self._rows, self._encoded = RowMaker(labels, alpha_beta), Encoder(table_columns(labels), formats)

    def __call__(self, entry: Entry) -> Rendered:
        """All that is written of an entry."""
        document = entry.document
        if document is None:
            return Rendered(entry, entry.failure)
        entry = entry._replace(document=None)
        try:
            rows = self._rows.rows(document.doc_id, document.text, document.annotation, document.registry)
            encoded = self._encoded(rows)
        except PatternError:  # nobody's fault but that of the patterns
            raise
        except (ValueError, TypeError) as error:
            return Rendered(entry, internal(document.source, error, document.doc_id))
        facts = Counter([fact.label for fact in document.annotation.facts])
        counts = Counts(facts, len(document.annotation.regimens), *agreement_counts(rows))
        if encoded.rows is None:
            return Rendered(entry, None, encoded, counts, document.encoding)
        return Rendered(entry, None, encoded, counts, document.encoding, document.source, document.text)
