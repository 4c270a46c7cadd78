"""The gold format: one JSON object a line, checked against its own text. Predictions come in the same format.

In: a `.jsonl` file as the annotation guidelines describe it, "File format". Out: `GoldDocument`s, in its order.
Every mistake in a file is a `GoldError` that names file and line and says what was expected there: a scorer that
guessed would give a number that nobody can trust. `read_gold` stops at the first, `examine_line` lists all of a line.
`write_gold` is the inverse of `read_gold`.
"""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

from trialsift.errors import UserError
from trialsift.facts import Annotation, Bounds, Fact, Regimen, Scalar

#: The labels that are annotated in a document which doesn't say otherwise in `meta.labels`.
DEFAULT_LABELS = ("AGE", "PERFORMANCE_STATUS", "LAB", "DOSE", "FRACTIONS")
_DOCUMENT_KEYS = ("doc_id", "text", "meta", "spans", "regimens")
_SPAN_KEYS = ("id", "start", "end", "label", "text", "attributes", "rule")
_REGIMEN_BOUNDS = ("fractions", "dose_per_fraction", "total_dose")


class GoldError(UserError):
    """A file of annotations that can't be used; the message names file and line, and what was expected.

    `code` is the kind of mistake in a word.
    """

    def __init__(self, message: str, code: str = "gold") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Span:
    """One annotated value. `start`/`end`: code points into the text, end exclusive. `rule`: of a prediction only.

    `extra` keeps keys that this project doesn't know, so that reading and writing loses nothing.
    """

    id: int
    start: int
    end: int
    label: str
    text: str
    attributes: Mapping[str, Scalar] = field(default_factory=dict)
    rule: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def to_record(self) -> dict[str, Any]:
        """As in the file."""
        rule = {} if self.rule is None else {"rule": self.rule}
        return {
            "id": self.id,
            "start": self.start,
            "end": self.end,
            "label": self.label,
            "text": self.text,
            **rule,
            "attributes": dict(self.attributes),
            **self.extra,
        }


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """One annotated text. A regimen's `facts` are ids of `spans` here. `extra`: unknown keys, kept as they are."""

    doc_id: str
    text: str
    spans: tuple[Span, ...] = ()
    regimens: tuple[Regimen, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def scored_labels(self) -> tuple[str, ...]:
        """The labels annotated here: `meta.labels`, or the five defaults where that is absent."""
        return tuple(self.meta.get("labels", DEFAULT_LABELS))

    @property
    def scores_values(self) -> bool:
        """False where only span and label are gold (`complete_attributes: false`)."""
        return self.meta.get("complete_attributes", True) is not False

    @property
    def scores_context(self) -> bool:
        """Whether a dose's role, the context attributes and the regimens are gold here too."""
        return self.meta.get("complete_attributes", True) is True

    def to_annotation(self) -> Annotation:
        """As the extractor gives it: regimens by the places of their facts. The contexts of facts aren't in the file;
        a gold span, which no rule has read, becomes a fact with the rule `gold`."""
        places = {span.id: place for place, span in enumerate(self.spans)}
        return Annotation(
            tuple(Fact(s.label, s.start, s.end, s.text, s.rule or "gold", s.attributes) for s in self.spans),
            tuple(replace(regimen, facts=tuple(places[i] for i in regimen.facts)) for regimen in self.regimens),
        )

    def to_record(self) -> dict[str, Any]:
        """As in the file."""
        return {
            "doc_id": self.doc_id,
            "text": self.text,
            "meta": dict(self.meta),
            "spans": [s.to_record() for s in self.spans],
            "regimens": [r.to_record() for r in self.regimens],
            **self.extra,
        }


def read_gold(path: Path | str) -> list[GoldDocument]:
    """The documents of a JSON Lines file; blank lines are passed over.

    Raises GoldError, naming the line, for anything the format doesn't allow, and for a doc_id that comes twice.
    """
    path = Path(path)
    documents: list[GoldDocument] = []
    seen: dict[str, int] = {}
    for number, line in gold_lines(path):
        document, errors = examine_line(line, f"{path}:{number}")
        if errors:
            raise errors[0]
        assert document is not None
        first = seen.setdefault(document.doc_id, number)
        if first != number:
            raise doc_id_twice(document.doc_id, f"{path}:{number}", first)
        documents.append(document)
    return documents


def gold_lines(path: Path | str) -> Iterator[tuple[int, bytes]]:
    """The lines of a JSON Lines file that aren't blank, with their numbers. Raises GoldError if it can't be read."""
    try:
        content = Path(path).read_bytes().removeprefix(codecs.BOM_UTF8)
    except OSError as error:
        raise GoldError(f"{path}: can't be read ({error.strerror}); expected a JSON Lines file") from None
    for number, line in enumerate(content.split(b"\n"), start=1):
        if line.strip():
            yield number, line


def doc_id_twice(doc_id: str, where: str, first: int) -> GoldError:
    """The mistake of a document that stands in line `first` of the same file already."""
    return _error(
        where, "doc-id-twice", f"doc_id {doc_id!r} stands in line {first} already; expected each document once"
    )


def write_gold(path: Path | str, documents: Iterable[GoldDocument], overwrite: bool = False) -> None:
    """Writes documents as JSON Lines. Raises GoldError if the file exists, unless `overwrite`."""
    path = Path(path)
    if path.exists() and not overwrite:
        raise GoldError(f"{path}: exists already; choose another name or allow it to be overwritten")
    lines = [json.dumps(d.to_record(), ensure_ascii=False, allow_nan=False) + "\n" for d in documents]
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def parse_document(record: Any, where: str, place: Callable[[str, int], str] | None = None) -> GoldDocument:
    """A document from its JSON object, as `facts.annotation_record` makes it too.

    `where` begins each message, as `file:line`; `place("spans", 3)` begins those on that span or regimen, for a format
    that has them in other lines. Raises GoldError for anything the format doesn't allow.
    """
    document, errors = examine_document(record, where, place)
    if errors:
        raise errors[0]
    assert document is not None
    return document


def examine_line(line: bytes, where: str) -> tuple[GoldDocument | None, list[GoldError]]:
    """`examine_document` of a line of a file."""
    try:
        record = parse_json(line, where)
    except GoldError as error:
        return None, [error]
    return examine_document(record, where)


def examine_document(
    record: Any, where: str, place: Callable[[str, int], str] | None = None
) -> tuple[GoldDocument | None, list[GoldError]]:
    """A document of the spans and regimens that can be used, and all that the format doesn't allow in its JSON object.

    The document is None, with errors, where there is no text to annotate. `where` and `place`: as for `parse_document`.
    """
    place = place or (lambda key, i: f"{where}: {key}[{i}]")
    errors: list[GoldError] = []
    try:
        record = _mapping(record, where, "the line")
        doc_id, text, meta = _head(record, where)
        span_records = _list(record["spans"], where, "spans")
    except GoldError as error:
        return None, [error]
    with _noting(errors):
        _check_meta(meta, where)
    if errors:
        meta = {}
    spans: dict[int, Span] = {}
    for i, span_record in enumerate(span_records):
        with _noting(errors):
            span = _span(span_record, text, place("spans", i))
            if span.id in spans:
                _fail(where, "span-id", f"two spans have the id {span.id}; expected ids to be unique in a document")
            spans[span.id] = span
    # a regimen isn't wrong too because a span of it is
    ids = {s["id"] for s in span_records if isinstance(s, dict) and type(s.get("id")) is int}
    regimens: list[Regimen] = []
    with _noting(errors):
        for i, regimen_record in enumerate(_list(record.get("regimens", []), where, "regimens")):
            with _noting(errors):
                regimens.append(_regimen(regimen_record, ids, place("regimens", i)))
    extra = {k: v for k, v in record.items() if k not in _DOCUMENT_KEYS}
    return GoldDocument(doc_id, text, tuple(spans.values()), tuple(regimens), meta, extra), errors


@contextmanager
def _noting(errors: list[GoldError]) -> Iterator[None]:
    try:
        yield
    except GoldError as error:
        errors.append(error)


def _head(record: Mapping[str, Any], where: str) -> tuple[str, str, dict[str, Any]]:
    for key in ("doc_id", "text", "spans"):
        if key not in record:
            _fail(where, "key-missing", f"the key {key!r} is missing; expected doc_id, text and spans")
    doc_id, text = record["doc_id"], record["text"]
    if not isinstance(doc_id, str) or not doc_id:
        _fail(where, "type", f"doc_id is {_shown(doc_id)}; expected a text that is not empty")
    if not isinstance(text, str):
        _fail(where, "type", f"text is {_shown(text)}; expected a string")
    return doc_id, text, _mapping(record.get("meta", {}), where, "meta")


def _check_meta(meta: Mapping[str, Any], where: str) -> None:
    labels = meta.get("labels", [])
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        _fail(where, "meta", f"meta.labels is {_shown(labels)}; expected a list of label names")
    if len(set(labels)) != len(labels):
        _fail(where, "meta", "meta.labels names a label twice")
    complete = meta.get("complete_attributes", True)
    if not isinstance(complete, bool) and complete != "value_without_role":
        _fail(
            where,
            "meta",
            f'meta.complete_attributes is {_shown(complete)}; expected true, false or "value_without_role"',
        )


def _span(record: Any, text: str, where: str) -> Span:
    record = _mapping(record, where, "a span")
    for key in ("id", "start", "end", "label", "text"):
        if key not in record:
            _fail(where, "key-missing", f"the key {key!r} is missing; expected id, start, end, label and text")
    for key in ("id", "start", "end"):
        if type(record[key]) is not int:
            _fail(where, "type", f"{key} is {_shown(record[key])}; expected an integer")
    start, end, label = record["start"], record["end"], record["label"]
    if not isinstance(label, str) or not label:
        _fail(where, "type", f"label is {_shown(label)}; expected the name of a label")
    if not 0 <= start < end <= len(text):
        _fail(
            where, "offsets", f"offsets {start}–{end} don't lie in the text; expected 0 <= start < end <= {len(text)}"
        )
    if text[start:end] != record["text"]:
        _fail(
            where,
            "span-text",
            f"text[{start}:{end}] is {_shown(text[start:end])}, but the span says {_shown(record['text'])}; "
            "expected offsets in Unicode code points, end exclusive",
        )
    attributes = _mapping(record.get("attributes", {}), where, "attributes")
    for name, value in attributes.items():
        _check_attribute(name, value, where)
    rule = record.get("rule")
    if rule is not None and not isinstance(rule, str):
        _fail(where, "type", f"rule is {_shown(rule)}; expected the id of a rule")
    extra = {k: v for k, v in record.items() if k not in _SPAN_KEYS}
    return Span(record["id"], start, end, label, record["text"], attributes, rule, extra)


def _check_attribute(name: str, value: Any, where: str) -> None:
    if name in ("low", "high"):
        if value is not None and not _is_number(value):
            _fail(where, "type", f"attributes.{name} is {_shown(value)}; expected a number or null")
    elif name in ("low_inclusive", "high_inclusive"):
        if value is not None and not isinstance(value, bool):
            _fail(where, "type", f"attributes.{name} is {_shown(value)}; expected true, false or null")
    elif name == "unit" and value is not None and not isinstance(value, str):
        _fail(where, "type", f"attributes.unit is {_shown(value)}; expected a UCUM unit or null")
    elif isinstance(value, (list, dict)):
        _fail(where, "type", f"attributes.{name} is {_shown(value)}; expected a string, a number, true, false or null")


def _regimen(record: Any, ids: set[int], where: str) -> Regimen:
    record = _mapping(record, where, "a regimen")
    spans = record.get("spans")
    if not isinstance(spans, list) or not spans or not all(type(i) is int for i in spans):
        _fail(where, "type", f"spans is {_shown(spans)}; expected a list of span ids that is not empty")
    unknown = [i for i in spans if i not in ids]
    if unknown:
        _fail(where, "regimen-span", f"no span of the document has the id {unknown[0]}")
    bounds = {name: _bounds(record.get(name), name, where) for name in _REGIMEN_BOUNDS}
    return Regimen(tuple(spans), **bounds)


def _bounds(value: Any, name: str, where: str) -> Bounds | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2 or not all(v is None or _is_number(v) for v in value):
        _fail(where, "type", f"{name} is {_shown(value)}; expected [low, high], numbers or null, or null")
    return value[0], value[1]


def parse_json(line: bytes, where: str) -> Any:
    """The value of a line of JSON. Raises GoldError, begun by `where`, for what can't be read or written again."""
    try:
        value = json.loads(line.decode("utf-8"), parse_constant=_no_constant)
        if b"\\ud" in line.lower():  # half an escaped pair is JSON, but no character, and can't be written again
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


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON; expected a finite number or null")


def _mapping(value: Any, where: str, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        _fail(where, "type", f"{what} is {_shown(value)}; expected a JSON object")
    return value


def _list(value: Any, where: str, what: str) -> list[Any]:
    if not isinstance(value, list):
        _fail(where, "type", f"{what} is {_shown(value)}; expected a list")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= sys.float_info.max


def _shown(value: Any) -> str:
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= 60 else shown[:57] + "…"


def _fail(where: str, code: str, message: str) -> NoReturn:
    raise _error(where, code, message)


def _error(where: str, code: str, message: str) -> GoldError:
    return GoldError(f"{where}: {message}", code)
