"""Makes the data of `review.html`: items with their proposals, and the texts that they stand in.

A text up to 12,000 characters is there as a whole. Of a longer one the lines around its items are, and those from which
to tell what section they are in; what is left out is said. So a page of thousands of documents stays a few megabytes,
and whoever marks a missed fact sees what stands near those that are doubted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from trialsift.gold import GoldDocument, GoldSpan
from trialsift.model.display import describe_labelled
from trialsift.model.listed_values import LISTED_VALUES
from trialsift.model.scales import SCALES
from trialsift.runs.review.change import find_faults, keep_known
from trialsift.runs.review.doubts import WEIGHTS
from trialsift.runs.review.queue import NAMES, UNREAD, Item, Queue
from trialsift.runs.review.readings import PROPOSED, Readings

_WHOLE, _AROUND = 12_000, 1_500
#: Units as people type them, that the page reads at once; others are read when decisions are applied.
_SPELLINGS = (
    "years year months month weeks week days day a mo wk d h hours g/dL g/L mg/dL mg/L ng/mL ug/L µg/L pg/mL mmol/L "
    "umol/L µmol/L nmol/L U/L IU/L mIU/mL IU/mL mL/min mL/min/1.73m2 10^9/L x10^9/L 10*9/L 10^3/uL 10*3/uL K/uL /uL "
    "/µL /mm3 cells/mm3 /L % ULN LLN Gy cGy mg mg/m2 mg/kg mg/d mg/day g g/m2 g/d ug mcg IU MBq GBq kg cm kg/m2 "
    "mmHg /min ms Cel mEq/L mg/g seconds s mm/h copies/mL"
)


def make_page_data(
    queue: Queue, shown: Sequence[Item], readings: Readings, labels: Sequence[tuple[str, str]], run: str
) -> dict[str, Any]:
    """Returns the data of the page of these items; `labels` are the run's with their colours, `run` is its key."""
    by_document: dict[str, list[Item]] = defaultdict(list)
    for item in shown:
        by_document[item.doc_id].append(item)
    places = {doc_id: place for place, doc_id in enumerate(by_document)}
    used = {str(item.attributes["unit"]) for item in queue.items if item.attributes.get("unit") is not None}
    units = {spelling: readings.read_unit(spelling) for spelling in (*_SPELLINGS.split(), *sorted(used))}
    return {
        "run": run,
        "colours": dict(labels),
        "names": readings.names,
        "named": dict(NAMES),
        "listed": {name: list(values) for name, values in LISTED_VALUES.items()},
        "scales": {str(name): list(scale) for name, scale in SCALES.items()},
        "units": {spelling: unit for spelling, unit in units.items() if unit is not None},
        "reasons": [reason for reason in WEIGHTS if any(reason in item.reasons for item in shown)],
        "documents": [_make_document(queue, doc_id, items) for doc_id, items in by_document.items()],
        "items": [_make_item(item, places[item.doc_id], queue, readings) for item in shown],
    }


def _make_document(queue: Queue, doc_id: str, items: Iterable[Item]) -> dict[str, Any]:
    one = queue.documents[doc_id]
    text = one.document.text
    return {
        "id": doc_id,
        "title": one.title,
        "conditions": one.conditions,
        "length": len(text),
        "passages": [[start, text[start:end]] for start, end in find_passages(text, [(i.start, i.end) for i in items])],
        "facts": [
            [span.start, span.end, span.label, describe_labelled(span.label, span.attributes)]
            for span in one.document.spans
        ],
    }


def find_passages(text: str, places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Returns the ranges of a text that a page shows around these places, in order: all of a short text."""
    if len(text) <= _WHOLE:
        return [(0, len(text))]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(places):
        left = text.rfind("\n", 0, max(0, start - _AROUND)) + 1
        right = text.find("\n", min(len(text), end + _AROUND))
        left, right = max(left, start - 2 * _AROUND), len(text) if right < 0 else right
        right = min(right, end + 2 * _AROUND)
        if merged and left <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], right)
        else:
            merged.append((left, right))
    return merged


def _make_item(item: Item, document: int, queue: Queue, readings: Readings) -> dict[str, Any]:
    proposals = readings.propose(item, queue.documents[item.doc_id].document)
    return {
        "document": document,
        "kind": item.kind,
        "number": item.number,
        "start": item.start,
        "end": item.end,
        "label": item.label,
        "name": item.name,
        "words": item.words,
        "doubt": round(item.doubt, 3),
        "confidence": item.confidence,
        "reasons": list(item.reasons),
        "why": list(item.why),
        "rule": item.rule,
        "members": [_place(queue.documents[item.doc_id].document, number) for number in item.members],
        "attributes": {name: item.attributes[name] for name in (*PROPOSED, *_FLAGS) if name in item.attributes},
        "ready": item.kind != UNREAD or is_complete(item, queue.documents[item.doc_id].document),
        "proposals": [
            {
                "label": one.label,
                "words": one.words,
                "attributes": dict(one.attributes),
                "place": [one.start, one.end],
            }
            for one in proposals
        ],
    }


def is_complete(item: Item, document: GoldDocument) -> bool:
    """Whether what an unread number may be says all that a fact of its label needs."""
    span = GoldSpan(0, item.start, item.end, item.label, item.text)
    stated = keep_known(span, {"unit": None, **item.attributes})
    return bool(item.label) and not find_faults(replace(span, attributes=stated), document)


_FLAGS = ("negated", "historical", "conditional", "boost")


def _place(document: GoldDocument, number: int) -> list[int]:
    return [document.spans[number].start, document.spans[number].end]
