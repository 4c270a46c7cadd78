"""Writes annotations as tasks of Label Studio, https://labelstud.io: a folder with what its import takes.

    tasks.json      a list of tasks: the text in `data`, spans as `annotations`, or as `predictions` if rules read them
    config.xml      the labelling configuration (label_studio_config.py)

A span is a region: a result of type `labels`, and results of type `choices`, `number` and `textarea` with its id for
the attributes that have a control. Everything else of a span stands as JSON in `meta.text` of its region, where Label
Studio shows it; that of a document in the `meta` of its task. A regimen is a chain of relations (links.py).
Format: Label Studio's documentation, "Label Studio JSON format of annotated tasks" and "Import pre-annotated data".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from trialsift.gold import GoldDocument, GoldSpan
from trialsift.gold.formats.label_studio_config import (
    FLAG_CONTROL,
    LABELS,
    NUMBER_CONTROLS,
    REGIMEN_LINK,
    TEXT,
    TEXT_CONTROLS,
    format_config,
)
from trialsift.gold.formats.links import list_links
from trialsift.gold.formats.staging import stage
from trialsift.model.fact import FLAGS
from trialsift.model.listed_values import LISTED_VALUES
from trialsift.model.version import __version__

TASKS, CONFIG = "tasks.json", "config.xml"
#: The key of a task's `meta` that holds what only trialsift reads.
OWN = "trialsift"


def write_label_studio(folder: Path | str, documents: Iterable[GoldDocument], overwrite: bool = False) -> None:
    """Writes `tasks.json` and `config.xml`. Raises GoldError if the folder is not empty, unless `overwrite`."""
    documents = list(documents)
    spans = [span for document in documents for span in document.spans]
    predicted = bool(spans) and all(span.rule is not None for span in spans)
    with stage(Path(folder), folder=True, overwrite=overwrite) as made:
        made.mkdir()
        tasks = [_make_task(document, predicted) for document in documents]
        content = json.dumps(tasks, ensure_ascii=False, allow_nan=False, indent=1)
        (made / TASKS).write_bytes(content.encode("utf-8") + b"\n")
        (made / CONFIG).write_bytes(format_config(documents).encode("utf-8"))


def _make_task(document: GoldDocument, predicted: bool) -> dict[str, Any]:
    result = list(_make_results(document))
    own = {
        "meta": dict(document.meta),
        "extra": dict(document.extra),
        "regimens": [regimen.to_record() for regimen in document.regimens],
    }
    made: dict[str, Any] = {"annotations": [{"result": result}]}
    if predicted:
        made = {"predictions": [{"model_version": f"trialsift {__version__}", "result": result}]}
    return {"data": {TEXT: document.text, "doc_id": document.doc_id}, "meta": {OWN: own}, **made}


def _make_results(document: GoldDocument) -> Iterator[dict[str, Any]]:
    regions = {span.id: f"span-{index}" for index, span in enumerate(document.spans)}
    for span in document.spans:
        yield from _make_region(span, regions[span.id])
    for regimen in document.regimens:
        for one, other in list_links([regions[number] for number in regimen.facts]):
            labels = [REGIMEN_LINK]
            yield {"type": "relation", "from_id": one, "to_id": other, "direction": "right", "labels": labels}


def _make_region(span: GoldSpan, region: str) -> Iterator[dict[str, Any]]:
    controls = dict(_list_controls(span.attributes))
    flags = sorted(name for name, value in span.attributes.items() if name in FLAGS and value is True)
    place = {"start": span.start, "end": span.end, "text": span.text}
    note: dict[str, Any] = {
        "id": span.id,
        "attributes": {k: v for k, v in span.attributes.items() if k not in controls and k not in flags},
    }
    if span.rule is not None:
        note["rule"] = span.rule
    if span.extra:
        note["extra"] = dict(span.extra)
    yield {
        **_make_result(region, LABELS, "labels", {**place, "labels": [span.label]}),
        "meta": {"text": [json.dumps(note, ensure_ascii=False, allow_nan=False)]},
    }
    if flags:
        yield _make_result(region, FLAG_CONTROL, "choices", {**place, "choices": flags})
    for name, (kind, value) in controls.items():
        yield _make_result(region, name, kind, {**place, **value})


def _make_result(region: str, control: str, kind: str, value: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": region, "from_name": control, "to_name": TEXT, "type": kind, "value": dict(value)}


def _list_controls(attributes: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, dict[str, Any]]]]:
    """Yields type and value of the results for attributes that have a control."""
    for name, value in attributes.items():
        if isinstance(value, str) and value in LISTED_VALUES.get(name, ()):
            yield name, ("choices", {"choices": [value]})
        elif name in NUMBER_CONTROLS and type(value) in (int, float):
            yield name, ("number", {"number": value})
        elif name in TEXT_CONTROLS and isinstance(value, str):
            yield name, ("textarea", {"text": [value]})
