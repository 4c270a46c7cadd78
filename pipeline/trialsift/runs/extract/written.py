"""Renders an outcome: its rows by table, as the files of the run need them, and its counts.

This can be done in any process; write.py only assembles the results in order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import NamedTuple

from trialsift.rules.files import PatternError
from trialsift.rules.labels import LabelTable
from trialsift.runs.extract.outcome import Failure, Outcome, encode, make_internal_failure
from trialsift.tables.agreement import count_agreement
from trialsift.tables.criteria import make_criteria_record
from trialsift.tables.files import Encoded, Encoder, Format
from trialsift.tables.rows import Row, RowMaker
from trialsift.tables.same_trials import find_trial_numbers
from trialsift.tables.schema import table_columns


class Written(NamedTuple):
    """What is written about an `outcome` (kept without its document): `rows` and counts, or a `failure`.

    A document whose facts fit no table is a failure too. `facts` counts by label, `regimens` distinct ones,
    `implausible` those among them that are marked so; `doubtful` facts that are, by label, and `unusual` thresholds in
    an unusual direction. `ages_agreed` are the age limits that both registry fields and text state, and how many of
    them agree. `source` and `text` serve formats that hold documents. `known`: the outcome is from before the run was
    stopped. `numbers` are those of its trial, and `trial` is its row of `trials` where there are any: only the whole
    run shows which documents are of one trial (write.py). `number_counts` counts the numbers of criteria and
    prescriptions by where they went, if that was asked for.
    """

    outcome: Outcome
    failure: Failure | None = None
    rows: Encoded | None = None
    facts: Mapping[str, int] = {}
    regimens: int = 0
    implausible: int = 0
    doubtful: Mapping[str, int] = {}
    unusual: int = 0
    ages_agreed: tuple[int, int] = (0, 0)
    encoding: str | None = None
    source: str = ""
    text: str = ""
    known: bool = False
    trial: Row | None = None
    numbers: tuple[str, ...] = ()
    number_counts: Mapping[str, int] = {}


class Renderer:
    """Renders outcomes in a run with these labels and formats.

    `alpha_beta` is the ratio for BED and EQD2, in Gy, instead of the site's; `unread` adds the table of that name.
    Raises PatternError for patterns that cannot be used.
    """

    def __init__(
        self,
        labels: tuple[LabelTable, ...],
        formats: Collection[Format],
        alpha_beta: float | None,
        *,
        unread: bool = False,
    ) -> None:
        self._rows = RowMaker(labels, alpha_beta, unread=unread)
        self._encoded = Encoder(table_columns(labels, unread=unread), formats)

    def __call__(self, outcome: Outcome) -> Written:
        """Returns what is written about an outcome."""
        document, annotation = outcome.document, outcome.annotation
        if document is None or annotation is None:
            return Written(outcome, outcome.failure)
        outcome = outcome._replace(document=None, annotation=None)
        try:
            ratings = self._rows.rate(document.text, annotation)
            rows = self._rows.make_rows(document.doc_id, document.text, annotation, document.registry, ratings)
            encoded = self._encoded(rows)
        except PatternError:  # not the document's fault
            raise
        except (ValueError, TypeError) as error:
            # Names the source, since the journal, from which the run may resume, does not hold the place.
            return Written(outcome, make_internal_failure(document.source, error, document.doc_id))
        criteria, confidence = make_criteria_record(rows["criteria"]), encode(ratings.to_record()).encode()
        record = b'%b, "criteria": %b, "confidence": %b}' % (outcome.record[:-1], criteria, confidence)
        outcome = outcome._replace(record=record)
        facts = Counter([fact.label for fact in annotation.facts])
        regimens = rows["regimens"]
        written = Written(
            outcome,
            None,
            encoded,
            facts,
            len(regimens),
            sum(row["plausible"] is False for row in regimens),
            Counter([fact.label for fact in annotation.facts if fact.attributes.get("plausible") is False]),
            sum(fact.attributes.get("unusual_direction") is True for fact in annotation.facts),
            count_agreement(rows),
            document.notes.get("encoding"),
            number_counts={} if annotation.numbers is None else annotation.numbers.counts,
        )
        if numbers := find_trial_numbers(document.doc_id, document.registry):
            written = written._replace(trial=rows["trials"][0], numbers=numbers)
        if encoded.rows is None:
            return written
        return written._replace(source=document.source, text=document.text)
