"""Reads and writes JSON Lines of Prodigy, https://prodi.gy: a task a line, for `ner.manual` and `spans.manual`.

    text, doc_id, meta              the document
    tokens                          cut so that every span begins and ends with one; offsets are those of the text
    spans                           start, end, token_start, token_end, label, and attributes, id, rule, extra
    relations                       the links of regimens (links.py), as `rel.manual` has them
    regimens, extra                 what only trialsift reads

Tokens are optional when reading. Tasks that were rejected or ignored are left out and counted, and so are relations
between other spans. Format: Prodigy's documentation, "API: Interfaces".
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from trialsift.gold import GoldDocument, GoldError, GoldSpan, iterate_lines, parse_document, parse_json
from trialsift.gold.formats.links import (
    ALTERNATIVES,
    PRESCRIBED,
    Link,
    list_links,
    number_alternatives,
    restore_regimens,
)
from trialsift.gold.formats.staging import stage

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
_OF_TASK = {"text", "tokens", "spans", "relations", "meta", "doc_id", "regimens", "extra", "answer"}
_OF_SPAN = {"start", "end", "label", "text", "token_start", "token_end", "attributes", "id", "rule", "extra"}
#: What Prodigy adds to spans and tasks for itself.
_OF_PRODIGY = {"source", "input_hash", "pattern", "type", "config", "options", "accept", "html", "view_id"}
_LINK = "REGIMEN"
_Place = tuple[int, int, str]


def write_prodigy(path: Path | str, documents: Iterable[GoldDocument], overwrite: bool = False) -> None:
    """Writes tasks. Raises GoldError if the file exists, unless `overwrite`."""
    with stage(Path(path), folder=False, overwrite=overwrite) as made:
        lines = (json.dumps(_make_task(d), ensure_ascii=False, allow_nan=False) + "\n" for d in documents)
        made.write_bytes("".join(lines).encode("utf-8"))


def read_prodigy(path: Path | str) -> tuple[list[GoldDocument], Counter[str]]:
    """Reads tasks. Returns the documents, and counts of what was left out, by what it is.

    Raises GoldError, naming the line, for what is no task with a text, and for two tasks of one document.
    """
    path = Path(path)
    documents: list[GoldDocument] = []
    left_out: Counter[str] = Counter()
    seen: dict[str, int] = {}
    for number, line in iterate_lines(path):
        where = f"{path}:{number}"
        task = parse_json(line, where)
        if not isinstance(task, dict) or not isinstance(task.get("text"), str):
            raise GoldError(f"{where}: holds no text; expected a task of Prodigy with text and spans")
        answer = task.get("answer", "accept")
        if answer != "accept":
            left_out[f"task with the answer {answer!r}"] += 1
            continue
        document = _read_task(task, where, f"{path.stem}-{number}", left_out)
        first = seen.setdefault(document.doc_id, number)
        if first != number:
            raise GoldError(
                f"{where}: doc_id {document.doc_id!r} is that of line {first} already; keep the task of one annotator"
            )
        documents.append(document)
    return documents, left_out


# -- writing ------------------------------------------------------------------------------------------------------


def _make_task(document: GoldDocument) -> dict[str, Any]:
    tokens = list(_cut_tokens(document.text, document.spans))
    first = {token["start"]: token["id"] for token in tokens}
    last = {token["end"]: token["id"] for token in tokens}
    by_id = {span.id: span for span in document.spans}

    def place(span: GoldSpan) -> dict[str, Any]:
        bounds = {"token_start": first[span.start], "token_end": last[span.end]}
        return {"start": span.start, "end": span.end, **bounds, "label": span.label}

    relations = []
    for regimen in document.regimens:
        members = [by_id[number] for number in regimen.facts]
        places: dict[Any, dict[str, Any]] = {(span.start, span.end, span.label): place(span) for span in members}
        for one, other in list_links([(span.start, span.end, span.label) for span in members]):
            head, child = places[one], places[other]
            ends = {"head": head["token_end"], "child": child["token_end"]}
            relations.append({**ends, "head_span": head, "child_span": child, "label": _LINK})
    return {
        "text": document.text,
        "doc_id": document.doc_id,
        "meta": dict(document.meta),
        "tokens": tokens,
        "spans": [{**place(span), **_make_own(span)} for span in document.spans],
        "relations": relations,
        "regimens": [regimen.to_record() for regimen in document.regimens],
        "extra": dict(document.extra),
    }


def _make_own(span: GoldSpan) -> dict[str, Any]:
    rule = {} if span.rule is None else {"rule": span.rule}
    return {"text": span.text, "id": span.id, "attributes": dict(span.attributes), **rule, "extra": dict(span.extra)}


def _cut_tokens(text: str, spans: Iterable[GoldSpan]) -> Iterator[dict[str, Any]]:
    """Cuts words, signs and white space, and where spans begin and end; a single space behind a token is its `ws`."""
    bounds = sorted({0, len(text), *(offset for span in spans for offset in (span.start, span.end))})
    edges = set(bounds)
    places = [m.span() for one, other in pairwise(bounds) for m in _TOKEN.finditer(text, one, other)]
    number, skipped = 0, -1
    for start, end in places:
        if start == skipped:
            continue
        spaced = (
            text[end : end + 1] == " " and text[end + 1 : end + 2] not in ("", " ") and not text[start:end].isspace()
        )
        spaced = spaced and end not in edges and end + 1 not in edges
        spaced = spaced and not text[end + 1 : end + 2].isspace()
        yield {"text": text[start:end], "start": start, "end": end, "id": number, "ws": spaced}
        number += 1
        skipped = end if spaced else -1


# -- reading ------------------------------------------------------------------------------------------------------


def _read_task(task: Mapping[str, Any], where: str, name: str, left_out: Counter[str]) -> GoldDocument:
    spans = task.get("spans") or []
    if not isinstance(spans, list) or not all(isinstance(span, dict) for span in spans):
        raise GoldError(f"{where}: spans can't be read; expected a list of objects")
    records = [_read_span(span, task["text"], f"{where}: spans[{i}]") for i, span in enumerate(spans)]
    _number_spans(records)
    places: dict[int, _Place] = {one["id"]: (one["start"], one["end"], one["label"]) for one in records}
    prescribed, alternatives = _read_relations(task, places, left_out)
    number_alternatives(records, alternatives)
    stored, meta, extra = task.get("regimens") or [], task.get("meta") or {}, task.get("extra") or {}
    if not isinstance(stored, list) or not isinstance(extra, dict):
        raise GoldError(f"{where}: regimens or extra can't be read; expected a list, and an object")
    others = {k: v for k, v in task.items() if k not in _OF_TASK | _OF_PRODIGY and not k.startswith("_")}
    record = {
        "doc_id": task.get("doc_id", name),
        "text": task["text"],
        "meta": meta,
        "spans": records,
        "regimens": restore_regimens([r for r in stored if isinstance(r, dict)], prescribed, places),
        **extra,
        **others,
    }
    return parse_document(record, where)


def _read_span(span: Mapping[str, Any], text: str, where: str) -> dict[str, Any]:
    start, end, extra = span.get("start"), span.get("end"), span.get("extra") or {}
    if type(start) is not int or type(end) is not int or not isinstance(span.get("label"), str):
        raise GoldError(f"{where}: expected start and end, which are whole numbers, and a label")
    if not isinstance(extra, dict):
        raise GoldError(f"{where}: extra can't be read; expected an object")
    others = {k: v for k, v in span.items() if k not in _OF_SPAN | _OF_PRODIGY and not k.startswith("_")}
    return {
        **extra,
        **others,
        **({"id": span["id"]} if type(span.get("id")) is int else {}),
        "start": start,
        "end": end,
        "label": span["label"],
        "text": span.get("text", text[start:end]),
        "attributes": span.get("attributes", {}),
        **({"rule": span["rule"]} if span.get("rule") is not None else {}),
    }


def _number_spans(records: list[dict[str, Any]]) -> None:
    """Gives numbers to spans without one of their own."""
    used: set[int] = set()
    for record in records:
        if record.get("id") in used:
            del record["id"]
        elif "id" in record:
            used.add(record["id"])
    free = max([-1, *used]) + 1
    for record in records:
        if "id" not in record:
            record["id"], free = free, free + 1


def _read_relations(
    task: Mapping[str, Any], places: Mapping[int, _Place], left_out: Counter[str]
) -> tuple[list[Link], list[Link]]:
    ids = {place: number for number, place in reversed(list(places.items()))}
    prescribed: list[Link] = []
    alternatives: list[Link] = []
    for one in task.get("relations") or []:
        ends = tuple(_read_end(one, key) for key in ("head_span", "child_span"))
        if ends[0] not in ids or ends[1] not in ids or ends[0] == ends[1]:
            left_out["relation without two spans"] += 1
        elif one.get("label") == _LINK or all(end is not None and end[2] in PRESCRIBED for end in ends):
            prescribed.append((ends[0], ends[1]))
        elif str(one.get("label")).lower() in ALTERNATIVES:
            alternatives.append((ids[ends[0]], ids[ends[1]]))
        else:
            left_out["relation of other spans than doses and fractions"] += 1
    return prescribed, alternatives


def _read_end(relation: Any, key: str) -> _Place | None:
    span = relation.get(key) if isinstance(relation, dict) else None
    if not isinstance(span, dict):
        return None
    place = span.get("start"), span.get("end"), span.get("label")
    return place if type(place[0]) is int and type(place[1]) is int and isinstance(place[2], str) else None  # type: ignore[return-value]
