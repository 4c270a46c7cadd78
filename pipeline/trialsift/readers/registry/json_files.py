"""JSON of registries: a record, an array of records, or a page that lists them; shapes.py tells which."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from trialsift.model.document import Document
from trialsift.readers.failures import ReadFailure
from trialsift.readers.inputs import Input, ReadOptions, report_too_large
from trialsift.readers.registry.nested import UnlikeError
from trialsift.readers.registry.shapes import Shape, find_shape, get_shape, iter_shaped

_AGAIN = "fetch the file again"
_KINDS = {dict: "an object", list: "an array", str: "a text", bool: "true or false", type(None): "null"}


def read_registry_json(item: Input, options: ReadOptions) -> Iterator[Document | ReadFailure]:
    """Iterates over the documents of the records in a file. Raises ReadFailure if it is not JSON or holds none."""
    value = parse_json(item, item.read(options.max_file, "--max-file-mb"))
    if not isinstance(value, dict | list):
        message = f"is {describe_kind(value)}; expected a record of a registry, or an array of them"
        raise item.failure("wrong_schema", message, _AGAIN)
    if not value:
        raise item.failure("empty", "holds no records", "leave it out, or fetch it again")
    for where, record in [("", value)] if isinstance(value, dict) else _number(value):
        yield from read_shaped(record, item, options, where)


def read_shaped(value: Any, item: Input, options: ReadOptions, where: str) -> Iterator[Document | ReadFailure]:
    """Iterates over the documents of a JSON value at a place in an input: one, unless it is a page of records."""
    shape = find_shape(value.keys()) if isinstance(value, dict) else None
    stated = options.input_format
    if shape is None or (stated not in (None, "jsonl", "zip") and stated != shape.format):
        expected = get_shape(stated).name if stated and shape is not None else "a record of a registry"
        message = f"is {describe_kind(value) if shape is None else shape.name}; expected {expected}"
        yield item.failure("wrong_schema", message, "leave it out, or state what it is with --input-format", where)
        return
    found = False
    for place, record in iter_shaped(value, shape, where):
        found = True
        yield _compose(record, shape, item, options, place)
    if not found:
        yield item.failure("empty", "holds no records", "leave it out, or fetch it again", where)


def parse_json(item: Input, data: bytes) -> Any:
    """Returns the value of a JSON file. Raises ReadFailure for other bytes."""
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise item.failure("binary", "holds a NUL byte, so it is no JSON", "leave it out")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"is not UTF-8, as JSON has to be: byte 0x{data[error.start]:02x}"
        raise item.failure("encoding", message, "convert it to UTF-8") from error
    if not text.strip():
        raise item.failure("empty", "holds no text", "fill it or leave it out")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        message = f"is no JSON: {error.msg}, line {error.lineno}, column {error.colno}"
        raise item.failure("malformed", message, _AGAIN) from error
    except RecursionError as error:
        raise item.failure("malformed", "nests arrays or objects too deeply to be a record", _AGAIN) from error
    except ValueError as error:  # a number with thousands of digits
        raise item.failure("malformed", f"is no JSON of records: {error}", _AGAIN) from error


def describe_kind(value: object) -> str:
    """Returns what a JSON value is."""
    return _KINDS.get(type(value), "a number")


def _compose(record: Any, shape: Shape, item: Input, options: ReadOptions, where: str) -> Document | ReadFailure:
    try:
        if not isinstance(record, Mapping):
            raise UnlikeError(f"is {describe_kind(record)}; expected {shape.name}")
        document = shape.compose(record, item, where)
    except UnlikeError as error:
        return item.failure("wrong_schema", str(error), _AGAIN, where)
    except ReadFailure as failure:
        return failure
    if len(document.text.encode()) > options.max_document:
        return report_too_large(item, options.max_document, where)
    return document


def _number(values: list[Any]) -> Iterator[tuple[str, Any]]:
    return ((f"record {number}", value) for number, value in enumerate(values, start=1))
