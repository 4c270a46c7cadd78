"""Makes the queue of a run: its facts, regimens, and numbers that no rule took, the most doubtful first.

In: `Results`. Out: `Item`s. A fact is doubted for its confidence (where the run states one), as implausible, for its
direction, where criteria of its trial contradict each other on what it is about, and where the registry contradicts it.
A row of `unread` may be a missed fact; so may an age that only the registry states.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from trialsift.evaluation.calibration import read_confidence
from trialsift.gold import GoldDocument, GoldSpan
from trialsift.model.display import describe_labelled, describe_regimen
from trialsift.model.fact import Fact, Scalar
from trialsift.rules.layers import Folder
from trialsift.rules.plausibility import Plausibility, read_plausibility
from trialsift.runs.read import Results
from trialsift.runs.review.doubts import LOW, combine_doubt, doubt_rule
from trialsift.tables.agreement import DIFFERS, ONLY_REGISTRY, SEVERAL

FACT, REGIMEN, UNREAD, REGISTRY = "fact", "regimen", "unread", "registry"
_INTERVAL = ("low", "low_inclusive", "high", "high_inclusive")
#: The attribute that names what a number is about.
NAMES: Mapping[str, str] = {"LAB": "analyte", "MEASUREMENT": "measure", "PERFORMANCE_STATUS": "scale", "DOSE": "agent"}
#: A doubt in which a reading is only a hint of what a number may be.
_UNREAD = 0.1
_CONFLICT = re.compile(r"(?:^|; )([\w ]+):")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at. `number` is a fact's or regimen's in the document, from 0; None for others.

    `kind` is fact, regimen, unread or registry. `attributes` are those of the fact, or what an unread number may be;
    `why` says each of `reasons` in words. Offsets count code points; those of `registry` are 0 and 0, no place.
    """

    doc_id: str
    kind: str
    number: int | None
    start: int
    end: int
    label: str
    text: str
    words: str
    doubt: float
    reasons: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    attributes: Mapping[str, Scalar] = field(default_factory=dict)
    rule: str | None = None
    confidence: float | None = None
    members: tuple[int, ...] = ()

    @property
    def name(self) -> str | None:
        """The analyte, measure, scale or drug; `radiation` for a dose of it; None for other labels."""
        value = self.attributes.get(NAMES.get(self.label, ""))
        if value is None and self.label == "DOSE":
            value = self.attributes.get("modality")
        return None if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A document of the queue: its annotation, and its title and conditions by the registry."""

    document: GoldDocument
    title: str | None
    conditions: str | None


@dataclass(frozen=True, slots=True)
class Queue:
    """The items, the most doubtful first, and the documents by doc_id."""

    items: list[Item]
    documents: dict[str, Reviewed]


def make_queue(results: Results, patterns: Folder) -> Queue:
    """Returns the queue of a run. Raises GoldError for annotations that have been changed so that they are none."""
    trials = {row["doc_id"]: row for row in _iterate(results, "trials")}
    told = _Told(results, read_plausibility(patterns))
    documents: dict[str, Reviewed] = {}
    for document in results.annotations():
        row = trials.get(document.doc_id, {})
        documents[document.doc_id] = Reviewed(document, row.get("title"), row.get("conditions"))
    rules = Counter(span.rule for one in documents.values() for span in one.document.spans)
    items = [
        item
        for doc_id, one in documents.items()
        for item in told.find_items(one.document, rules, trials.get(doc_id, {}).get("conflicts"))
    ]
    order = {doc_id: place for place, doc_id in enumerate(documents)}
    items.sort(key=lambda item: (-item.doubt, order[item.doc_id], item.start, item.end, item.kind))
    return Queue(items, documents)


class _Told:
    """What the tables of a run say of its documents, by doc_id."""

    def __init__(self, results: Results, plausibility: Plausibility) -> None:
        self._plausibility = plausibility
        self._agreement, self._unread, self._regimens = (
            _group(results, name) for name in ("agreement", "unread", "regimens")
        )
        self._mentions = _group(results, "regimen_mentions")

    def find_items(self, document: GoldDocument, rules: Counter[str | None], conflicts: str | None) -> Iterator[Item]:
        """Iterates over the items of a document, in no order."""
        disputed = set(_CONFLICT.findall(conflicts or ""))
        sure: Sequence[float | None] = read_confidence(document) or [None] * len(document.spans)
        for number, (span, confidence) in enumerate(zip(document.spans, sure, strict=True)):
            yield self._make_fact((document.doc_id, number), span, confidence, rules[span.rule], disputed, conflicts)
        yield from self._make_regimens(document)
        for row in self._unread.get(document.doc_id, ()):
            yield _make_unread(document, row)
        for row in self._agreement.get(document.doc_id, ()):
            if row["kind"] == ONLY_REGISTRY:
                yield _make_registry(document, row)

    def _make_fact(
        self,
        place: tuple[str, int],
        span: GoldSpan,
        confidence: float | None,
        read: int,
        disputed: set[str],
        conflicts: str | None,
    ) -> Item:
        """Makes the item of a fact at a place (document, number); `read` is how many facts its rule read."""
        (doc_id, number), get = place, span.attributes.get
        why: dict[str, str] = {}
        if get("plausible") is False:
            fact = Fact(span.label, span.start, span.end, span.text, span.rule or "", span.attributes)
            why["implausible"] = self._plausibility.find_doubt(fact) or "implausible"
        if get("unusual_direction") is True:
            why["unusual direction"] = "asks for the opposite of what criteria on this test usually ask for"
        if get("operator_inferred") is True:
            why["operator inferred"] = "the text has lost its ≥ or ≤"
        if _find_subject(span) in disputed and get("polarity") in ("inclusion", "exclusion"):
            why["contradiction"] = f"criteria of the trial: {conflicts}"
        if span.label == "AGE" and (against := self._find_registry(doc_id, span)):
            why["registry against text"] = against
        if confidence is not None and confidence < LOW:
            why["low confidence"] = f"confidence {confidence:.2f}"
        base = doubt_rule(read) if confidence is None else 1.0 - confidence
        return Item(
            *(doc_id, FACT, number, span.start, span.end),
            span.label,
            span.text,
            describe_labelled(span.label, span.attributes),
            combine_doubt(base, why),
            tuple(why),
            tuple(why.values()),
            span.attributes,
            span.rule,
            confidence,
        )

    def _find_registry(self, doc_id: str, span: GoldSpan) -> str | None:
        """Returns what the registry says against an age that the text states."""
        for row in self._agreement.get(doc_id, ()):
            if row["kind"] in (DIFFERS, SEVERAL) and span.text in str(row["spans"]).split("; "):
                return f"the registry says {row['in_registry'] or 'nothing'}, the text {row['in_text']}"
        return None

    def _make_regimens(self, document: GoldDocument) -> Iterator[Item]:
        mentions, rows = self._mentions.get(document.doc_id, ()), self._regimens.get(document.doc_id, ())
        by_number = {row["regimen"]: row for row in rows}
        of_mention = {row["mention"]: by_number.get(row["regimen"], {}) for row in mentions}
        places = {span.id: span for span in document.spans}
        numbers = {span.id: number for number, span in enumerate(document.spans)}
        for number, regimen in enumerate(document.regimens):
            row = of_mention.get(number + 1, {})
            spans = [places[identifier] for identifier in regimen.facts]
            if not spans:
                continue
            start, end = min(span.start for span in spans), max(span.end for span in spans)
            confidence, why = row.get("confidence"), {}
            if row.get("plausible") is False:
                why["implausible"] = str(row["implausible"])
            if confidence is not None and confidence < LOW:
                why["low confidence"] = f"confidence {confidence:.2f}"
            yield Item(
                document.doc_id,
                REGIMEN,
                number,
                start,
                end,
                "REGIMEN",
                document.text[start:end],
                describe_regimen(regimen),
                combine_doubt(0.0 if confidence is None else 1.0 - confidence, why),
                tuple(why),
                tuple(why.values()),
                confidence=confidence,
                members=tuple(numbers[identifier] for identifier in regimen.facts),
            )


def _make_unread(document: GoldDocument, row: Mapping[str, Any]) -> Item:
    """Makes an item of a number that no rule took, with what it may be."""
    label, start, end = row.get("label") or "", row["start"], row["end"]
    attributes: dict[str, Scalar] = {name: row.get(name) for name in _INTERVAL if label}
    if label and row.get("unit") is not None:
        attributes["unit"] = row["unit"]
    if row.get("name") is not None and label in NAMES:
        attributes[NAMES[label]] = row["name"]
    if label == "DOSE":
        attributes["modality"] = "radiation" if attributes.get("unit") in ("Gy", "cGy") else "drug"
    if row.get("polarity") is not None:
        attributes["polarity"] = row["polarity"]
    known = bool(label) and (attributes.get("low") is not None or attributes.get("high") is not None)
    why = str(row.get("why") or row.get("reason") or "no rule took it")
    return Item(
        document.doc_id,
        UNREAD,
        None,
        start,
        end,
        label,
        document.text[start:end],
        describe_labelled(label, attributes) if known else (label or "a number"),
        combine_doubt(_UNREAD, ("unread",)),
        ("unread",),
        (why,),
        attributes,
    )


def _make_registry(document: GoldDocument, row: Mapping[str, Any]) -> Item:
    why = f"the registry says {row['in_registry']}, the text nothing"
    words = f"{str(row['field']).replace('_', ' ')} {row['in_registry']}"
    reasons = ("only in registry",)
    return Item(document.doc_id, REGISTRY, None, 0, 0, "AGE", "", words, combine_doubt(0.0, reasons), reasons, (why,))


def _find_subject(span: GoldSpan) -> str:
    """Returns what a fact is about, as the column `conflicts` names it."""
    if span.label == "PERFORMANCE_STATUS":
        return str(span.attributes.get("scale")).lower()
    return "age" if span.label == "AGE" else str(span.attributes.get("analyte"))


def _iterate(results: Results, name: str) -> Iterator[dict[str, Any]]:
    """Iterates over the rows of a table, with None for what is missing; nothing for a table that the run lacks."""
    if name not in results.tables:
        return
    frame = results.tables[name]
    for row in frame.astype(object).where(frame.notna(), None).to_dict("records"):
        yield {str(key): value for key, value in row.items()}


def _group(results: Results, name: str) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _iterate(results, name):
        rows[row["doc_id"]].append(row)
    return rows
