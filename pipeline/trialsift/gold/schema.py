"""Checks one document of the gold format: from a JSON object to a `GoldDocument`, compared with its own text.

Every mistake is a `GoldError` that begins with the place and says what was expected there; nothing is guessed.
`parse_document` stops at the first, `examine_document` lists all.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

from trialsift.gold.document import GoldDocument, GoldError, GoldSpan
from trialsift.model.document import PART_NAMES
from trialsift.model.fact import Bounds, Regimen
from trialsift.model.prescription import NUMBERS

_DOCUMENT_KEYS = ("doc_id", "text", "meta", "spans", "regimens")
_SPAN_KEYS = ("id", "start", "end", "label", "text", "attributes", "rule")


def parse_document(record: Any, where: str, place: Callable[[str, int], str] | None = None) -> GoldDocument:
    """Reads a document from its JSON object, gold or as `annotation_record` makes it.

    Each message begins with `where`, such as `file:line`, or for a span or regimen with `place("spans", 3)`, in formats
    where they have lines of their own. Raises GoldError for anything the format doesn't allow.
    """
    document, errors = examine_document(record, where, place)
    if errors:
        raise errors[0]
    assert document is not None
    return document


def examine_line(line: bytes, where: str) -> tuple[GoldDocument | None, list[GoldError]]:
    """Parses a line of a file and passes it to `examine_document`."""
    try:
        record = parse_json(line, where)
    except GoldError as error:
        return None, [error]
    return examine_document(record, where)


def examine_document(
    record: Any, where: str, place: Callable[[str, int], str] | None = None
) -> tuple[GoldDocument | None, list[GoldError]]:
    """Returns a document with all usable spans and regimens, and a list of all mistakes in its JSON object.

    The document is None if there is no text to annotate. `where` and `place`: as for `parse_document`.
    """
    place = place or (lambda key, i: f"{where}: {key}[{i}]")
    errors: list[GoldError] = []
    try:
        record = _require_object(record, where, "the line")
        doc_id, text, meta = _read_head(record, where)
        span_records = _require_list(record["spans"], where, "spans")
    except GoldError as error:
        return None, [error]
    with _collect_error(errors):
        _check_meta(meta, where)
        _check_parts(meta, text, where)
    if errors:
        meta = {}
    spans: dict[int, GoldSpan] = {}
    for i, span_record in enumerate(span_records):
        with _collect_error(errors):
            span = _read_span(span_record, text, place("spans", i))
            if span.id in spans:
                _fail(where, "span-id", f"two spans have the id {span.id}; expected ids to be unique in a document")
            spans[span.id] = span
    # a regimen isn't wrong because one of its spans is
    ids = {s["id"] for s in span_records if isinstance(s, dict) and type(s.get("id")) is int}
    regimens: list[Regimen] = []
    with _collect_error(errors):
        for i, regimen_record in enumerate(_require_list(record.get("regimens", []), where, "regimens")):
            with _collect_error(errors):
                regimens.append(_read_regimen(regimen_record, ids, place("regimens", i)))
    extra = {k: v for k, v in record.items() if k not in _DOCUMENT_KEYS}
    return GoldDocument(doc_id, text, tuple(spans.values()), tuple(regimens), meta, extra), errors


@contextmanager
def _collect_error(errors: list[GoldError]) -> Iterator[None]:
    try:
        yield
    except GoldError as error:
        errors.append(error)


def _read_head(record: Mapping[str, Any], where: str) -> tuple[str, str, dict[str, Any]]:
    for key in ("doc_id", "text", "spans"):
        if key not in record:
            _fail(where, "key-missing", f"the key {key!r} is missing; expected doc_id, text and spans")
    doc_id, text = record["doc_id"], record["text"]
    if not isinstance(doc_id, str) or not doc_id:
        _fail(where, "type", f"doc_id is {_show(doc_id)}; expected a text that is not empty")
    if not isinstance(text, str):
        _fail(where, "type", f"text is {_show(text)}; expected a string")
    return doc_id, text, _require_object(record.get("meta", {}), where, "meta")


def _check_parts(meta: Mapping[str, Any], text: str, where: str) -> None:
    """Checks `meta.parts`: [start, end, name] in the order of the text, without overlaps."""
    behind = 0
    for part in _require_list(meta.get("parts", []), where, "meta.parts"):
        shape = isinstance(part, list) and [type(value) for value in part] == [int, int, str]
        if not shape or not behind <= part[0] <= part[1] <= len(text) or part[2] not in PART_NAMES:
            _fail(
                where,
                "meta",
                f"meta.parts holds {_show(part)}; expected [start, end, name] in the order of the text, with a name "
                f"out of {', '.join(PART_NAMES)}",
            )
        behind = part[1]


def _check_meta(meta: Mapping[str, Any], where: str) -> None:
    labels = meta.get("labels", [])
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        _fail(where, "meta", f"meta.labels is {_show(labels)}; expected a list of label names")
    if len(set(labels)) != len(labels):
        _fail(where, "meta", "meta.labels names a label twice")
    complete = meta.get("complete_attributes", True)
    if not isinstance(complete, bool) and complete != "value_without_role":
        _fail(
            where,
            "meta",
            f'meta.complete_attributes is {_show(complete)}; expected true, false or "value_without_role"',
        )


def _read_span(record: Any, text: str, where: str) -> GoldSpan:
    record = _require_object(record, where, "a span")
    for key in ("id", "start", "end", "label", "text"):
        if key not in record:
            _fail(where, "key-missing", f"the key {key!r} is missing; expected id, start, end, label and text")
    for key in ("id", "start", "end"):
        if type(record[key]) is not int:
            _fail(where, "type", f"{key} is {_show(record[key])}; expected an integer")
    start, end, label = record["start"], record["end"], record["label"]
    if not isinstance(label, str) or not label:
        _fail(where, "type", f"label is {_show(label)}; expected the name of a label")
    if not 0 <= start < end <= len(text):
        _fail(
            where, "offsets", f"offsets {start}–{end} don't lie in the text; expected 0 <= start < end <= {len(text)}"
        )
    if text[start:end] != record["text"]:
        _fail(
            where,
            "span-text",
            f"text[{start}:{end}] is {_show(text[start:end])}, but the span says {_show(record['text'])}; "
            "expected offsets in Unicode code points, end exclusive",
        )
    attributes = _require_object(record.get("attributes", {}), where, "attributes")
    for name, value in attributes.items():
        _check_attribute(name, value, where)
    rule = record.get("rule")
    if rule is not None and not isinstance(rule, str):
        _fail(where, "type", f"rule is {_show(rule)}; expected the id of a rule")
    extra = {k: v for k, v in record.items() if k not in _SPAN_KEYS}
    return GoldSpan(record["id"], start, end, label, record["text"], attributes, rule, extra)


def _check_attribute(name: str, value: Any, where: str) -> None:
    if name in ("low", "high"):
        if value is not None and not _is_number(value):
            _fail(where, "type", f"attributes.{name} is {_show(value)}; expected a number or null")
    elif name in ("low_inclusive", "high_inclusive"):
        if value is not None and not isinstance(value, bool):
            _fail(where, "type", f"attributes.{name} is {_show(value)}; expected true, false or null")
    elif name == "unit" and value is not None and not isinstance(value, str):
        _fail(where, "type", f"attributes.unit is {_show(value)}; expected a UCUM unit or null")
    elif isinstance(value, (list, dict)):
        _fail(where, "type", f"attributes.{name} is {_show(value)}; expected a string, a number, true, false or null")


def _read_regimen(record: Any, ids: set[int], where: str) -> Regimen:
    record = _require_object(record, where, "a regimen")
    spans = record.get("spans")
    if not isinstance(spans, list) or not spans or not all(type(i) is int for i in spans):
        _fail(where, "type", f"spans is {_show(spans)}; expected a list of span ids that is not empty")
    unknown = [i for i in spans if i not in ids]
    if unknown:
        _fail(where, "regimen-span", f"no span of the document has the id {unknown[0]}")
    bounds = {name: _read_bounds(record.get(name), name, where) for name in NUMBERS}
    return Regimen(tuple(spans), **bounds)


def _read_bounds(value: Any, name: str, where: str) -> Bounds | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2 or not all(v is None or _is_number(v) for v in value):
        _fail(where, "type", f"{name} is {_show(value)}; expected [low, high], numbers or null, or null")
    return value[0], value[1]


def parse_json(line: bytes, where: str) -> Any:
    """Parses a line of JSON. Raises GoldError, prefixed with `where`, for what can't be read or written again."""
    try:
        value = json.loads(line.decode("utf-8"), parse_constant=_refuse_constant)
        if b"\\ud" in line.lower():  # half a surrogate pair is valid JSON, but can't be written again
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        return value
    except UnicodeEncodeError:
        _fail(where, "json", "an escape \\ud… is half a surrogate pair; expected whole characters")
    except UnicodeDecodeError as error:
        _fail(where, "json", f"byte {error.start + 1} of the line is not UTF-8")
    except json.JSONDecodeError as error:
        _fail(where, "json", f"no JSON ({error.msg} at column {error.colno}); expected one object a line")
    except (ValueError, RecursionError) as error:
        _fail(where, "json", f"no usable JSON: {error}")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON; expected a finite number or null")


def _require_object(value: Any, where: str, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        _fail(where, "type", f"{what} is {_show(value)}; expected a JSON object")
    return value


def _require_list(value: Any, where: str, what: str) -> list[Any]:
    if not isinstance(value, list):
        _fail(where, "type", f"{what} is {_show(value)}; expected a list")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= sys.float_info.max


def _show(value: Any) -> str:
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= 60 else shown[:57] + "…"


def _fail(where: str, code: str, message: str) -> NoReturn:
    raise GoldError(f"{where}: {message}", code)


def make_doc_id_error(doc_id: str, where: str, first: int) -> GoldError:
    """Makes the error for a doc_id that occurs in line `first` of the same file already."""
    message = f"{where}: doc_id {doc_id!r} stands in line {first} already; expected each document once"
    return GoldError(message, "doc-id-twice")
