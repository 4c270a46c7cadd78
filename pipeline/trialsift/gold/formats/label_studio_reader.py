"""Reads tasks of Label Studio as its JSON export gives them, or as label_studio.py writes them for import.

Of a task, the annotation counts; of several that which is marked as ground truth. Predictions count only in a file
without any annotation. What the gold format can't hold is counted in the notes, or refused with its task.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from trialsift.gold import GoldDocument, GoldError, parse_document, parse_json
from trialsift.gold.formats.label_studio import OWN, TASKS
from trialsift.gold.formats.label_studio_config import FLAG_CONTROL, TEXT
from trialsift.gold.formats.links import ALTERNATIVES, PRESCRIBED, Link, number_alternatives, restore_regimens
from trialsift.gold.formats.own_notes import add_note, split_notes
from trialsift.gold.formats.utf16 import find_place
from trialsift.model.fact import FLAGS

_REGIONS = ("labels", "hypertextlabels")
_CONTROLS = {"choices": "choices", "number": "number", "textarea": "text"}
_NOTE_KEYS = {"id", "attributes", "rule", "extra"}


def read_label_studio(path: Path | str) -> tuple[list[GoldDocument], Counter[str]]:
    """Reads the tasks of a `.json` file, or of `tasks.json` in a folder.

    Returns the documents, and counts of what was left out, by what it is. Raises GoldError, naming the task, for
    anything else than tasks, several annotations of one task, and spans that don't fit the text.
    """
    path = Path(path) / TASKS if Path(path).is_dir() else Path(path)
    tasks = _read_tasks(path)
    annotated = any(_list_annotations(task) for task in tasks)
    left_out: Counter[str] = Counter()
    documents: list[GoldDocument] = []
    seen: dict[str, str] = {}
    for number, task in enumerate(tasks, start=1):
        where = f"{path}: task {number}"
        if not annotated and task.get("predictions"):
            chosen = _choose(task["predictions"], where, "predictions")
        elif _list_annotations(task):
            chosen = _choose(_list_annotations(task), where, "annotations")
        else:
            left_out["task without an annotation"] += 1
            continue
        document = _TaskReader(task, where, path.stem, left_out).read(chosen)
        if document.doc_id in seen:
            raise GoldError(f"{where}: doc_id {document.doc_id!r} is that of {seen[document.doc_id]} already")
        seen[document.doc_id] = f"task {number}"
        documents.append(document)
    return documents, left_out


def _read_tasks(path: Path) -> list[dict[str, Any]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise GoldError(f"{path}: can't be read ({error.strerror}); expected tasks of Label Studio") from None
    tasks = parse_json(content, str(path))
    tasks = [tasks] if isinstance(tasks, dict) else tasks
    for number, task in enumerate(tasks if isinstance(tasks, list) else [None], start=1):
        if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
            _fail(f"{path}: task {number}", "holds no data; expected tasks of Label Studio, exported as JSON")
        for key in ("annotations", "predictions"):
            if not isinstance(task.get(key) or [], list):
                _fail(f"{path}: task {number}", f"{key} is no list; expected tasks exported as JSON")
    return tasks


def _list_annotations(task: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = [one for one in task.get("annotations") or [] if isinstance(one, dict) and not one.get("was_cancelled")]
    return [one for one in found if one.get("ground_truth")] or found


def _choose(given: list[Any], where: str, kind: str) -> dict[str, Any]:
    if len(given) > 1:
        _fail(where, f"has {len(given)} {kind}; mark one as ground truth, or leave one, since gold has one")
    if not isinstance(given[0], dict) or not isinstance(given[0].get("result"), list):
        _fail(where, f"{kind} hold no result; expected a list of regions")
    return dict(given[0])


class _TaskReader:
    """Reads one task; `left_out` counts what the gold format can't hold."""

    def __init__(self, task: Mapping[str, Any], where: str, stem: str, left_out: Counter[str]) -> None:
        self._where, self._left_out = where, left_out
        data, meta = task["data"], task.get("meta")
        own = meta.get(OWN) if isinstance(meta, dict) else None
        self._own: Mapping[str, Any] = own if isinstance(own, dict) else {}
        texts = [value for name, value in data.items() if isinstance(value, str) and name != "doc_id"]
        text = data.get(TEXT, texts[0] if len(texts) == 1 else None)
        if not isinstance(text, str):
            _fail(where, f"data holds no text under {TEXT!r}; expected the text of the document there")
        self._text: str = text
        doc_id = data.get("doc_id")
        self._doc_id = doc_id if isinstance(doc_id, str) and doc_id else f"{stem}-{task.get('id', where.split()[-1])}"
        self._spans: dict[Any, dict[str, Any]] = {}
        self._given: dict[Any, dict[str, Any]] = {}

    def read(self, annotation: Mapping[str, Any]) -> GoldDocument:
        results = [one for one in annotation["result"] if isinstance(one, dict)]
        for one in results:
            if one.get("type") in _REGIONS:
                self._add_region(one)
        for one in results:
            if one.get("type") in _CONTROLS:
                self._add_attribute(one)
            elif one.get("type") not in (*_REGIONS, "relation"):
                self._left_out[f"result of type {one.get('type')!r}"] += 1
        spans = self._finish_spans()
        regimens, alternatives = self._read_relations([one for one in results if one.get("type") == "relation"])
        number_alternatives(spans, alternatives)
        extra = self._own.get("extra", {})
        record = {
            "doc_id": self._doc_id,
            "text": self._text,
            "meta": self._own.get("meta", {}),
            "spans": spans,
            "regimens": regimens,
            **(extra if isinstance(extra, dict) else {}),
        }
        return parse_document(record, self._where, lambda key, i: f"{self._where}: {key}[{i}]")

    def _add_region(self, one: Mapping[str, Any]) -> None:
        where, value, region = f"{self._where}: region {one.get('id')!r}", one.get("value"), one.get("id")
        labels = value.get(one["type"]) if isinstance(value, dict) else None
        if not isinstance(value, dict) or not isinstance(labels, list) or len(labels) != 1 or region in self._spans:
            _fail(where, "expected a region with an id of its own, start, end and one label")
        place = find_place(self._text, value.get("start"), value.get("end"), value.get("text"))
        if place is None:
            _fail(where, f"start {value.get('start')!r} and end {value.get('end')!r} don't give its text")
        start, end = place
        meta = one.get("meta")
        texts = meta.get("text", []) if isinstance(meta, dict) else []
        texts = [texts] if isinstance(texts, str) else texts
        notes = [(text, where) for text in texts if isinstance(text, str)]
        note, free = split_notes(notes, ("attributes",), _NOTE_KEYS)
        attributes, extra = note.get("attributes", {}), note.get("extra", {})
        if not isinstance(attributes, dict) or not isinstance(extra, dict):
            _fail(where, "attributes or extra of its meta can't be read; expected JSON objects")
        self._given[region] = note
        self._spans[region] = {
            **add_note(extra, free),
            "start": start,
            "end": end,
            "label": labels[0],
            "text": self._text[start:end],
            "attributes": dict(attributes),
            **({"rule": note["rule"]} if "rule" in note else {}),
        }

    def _add_attribute(self, one: Mapping[str, Any]) -> None:
        name, value = one.get("from_name"), one.get("value")
        given = value.get(_CONTROLS[one["type"]]) if isinstance(value, dict) else None
        if one.get("id") not in self._spans or not isinstance(name, str) or given in (None, []):
            self._left_out[f"result of type {one['type']!r} without a span"] += 1
            return
        attributes = self._spans[one["id"]]["attributes"]
        if name == FLAG_CONTROL:
            attributes |= {flag: True for flag in given if flag in FLAGS}
            return
        if isinstance(given, list):
            if len(given) > 1:
                _fail(f"{self._where}: region {one['id']!r}", f"{name} has {len(given)} values; expected one")
            given = given[0]
        attributes[name] = True if name in FLAGS else given

    def _finish_spans(self) -> list[dict[str, Any]]:
        """Returns the records of the spans; those without a number of their own get the next ones."""
        used: set[int] = set()
        for region, span in self._spans.items():
            number = self._given[region].get("id")
            if type(number) is int and number not in used:
                span["id"] = number
                used.add(number)
        free = max([-1, *used]) + 1
        for span in self._spans.values():
            if "id" not in span:
                span["id"], free = free, free + 1
        return list(self._spans.values())

    def _read_relations(self, relations: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[Link]]:
        prescribed: list[Link] = []
        alternatives: list[Link] = []
        for one in relations:
            ends = (one.get("from_id"), one.get("to_id"))
            names = {str(name).lower() for name in one.get("labels") or []}
            if not all(end in self._spans for end in ends) or ends[0] == ends[1]:
                self._left_out["relation without two spans"] += 1
            elif all(self._spans[end]["label"] in PRESCRIBED for end in ends):
                prescribed.append(ends)
            elif names & ALTERNATIVES:
                alternatives.append((self._spans[ends[0]]["id"], self._spans[ends[1]]["id"]))
            elif self._is_stored(ends):
                prescribed.append(ends)
            else:
                self._left_out["relation of other spans than doses and fractions"] += 1
        stored = self._own.get("regimens", [])
        keys = {span["id"]: region for region, span in self._spans.items()}
        return restore_regimens(stored if isinstance(stored, list) else [], prescribed, keys), alternatives

    def _is_stored(self, ends: tuple[Any, Any]) -> bool:
        """Whether a regimen that was written here, of whatever labels, has both ends."""
        ids = {self._spans[end]["id"] for end in ends}
        stored = self._own.get("regimens", [])
        return isinstance(stored, list) and any(
            isinstance(each, dict) and isinstance(each.get("spans"), list) and ids <= set(each["spans"])
            for each in stored
        )


def _fail(where: str, message: str) -> NoReturn:
    raise GoldError(f"{where}: {message}")
