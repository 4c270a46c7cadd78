"""JSON Lines and JSON: records with a text and an id, or those of registries.

JSON Lines are read line by line, in constant memory; each line is a record. JSON that is one object over several lines,
or an array of objects, is read whole. Other fields of a record are ignored.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from trialsift.model.document import Document
from trialsift.readers.failures import ReadFailure
from trialsift.readers.inputs import Input, ReadOptions
from trialsift.readers.plain.encodings import decode_text
from trialsift.readers.recognise import HEAD, is_whole_json, make_readable
from trialsift.readers.registry.json_files import read_shaped
from trialsift.readers.registry.shapes import find_shape
from trialsift.readers.tables.lines import TextLines
from trialsift.readers.tables.records import make_document, merge_failures

_ADVICE = "export it again, or leave it out"


def read_json_records(item: Input, options: ReadOptions) -> Iterator[Document | ReadFailure]:
    """Iterates over the documents of a JSON Lines file, or of a JSON file with an object or an array of objects.

    Raises ReadFailure for a file without records, and for one that has to be read whole and is not JSON.
    """
    with item.open() as stream:
        head = make_readable(stream.read(HEAD))
    read = _read_whole if is_whole_json(head) else read_lines
    yield from merge_failures(item, read(item, options), "a JSON object with a text")


def read_lines(item: Input, options: ReadOptions, before: int | None = None) -> Iterator[Document | ReadFailure]:
    """Iterates over the documents of JSON Lines. If a file is read in ranges, `item` holds the lines of one, and
    `before` lines precede it. Raises ReadFailure for a whole file without records."""
    records = 0
    with TextLines(item, options) as lines:
        lines.number = before or 0
        for line in lines:
            if isinstance(line, ReadFailure):
                yield line
            elif line.strip():
                value = _parse(item, line, lines.where)
                if isinstance(value, ReadFailure):
                    yield value
                else:
                    yield from _read_documents(item, value, lines.where, options, lines.notes)
            else:
                continue
            records += 1
    if not records and before is None:
        raise item.failure("empty", "holds no records", "fill it or leave it out")


def _read_whole(item: Input, options: ReadOptions) -> Iterator[Document | ReadFailure]:
    text, notes = decode_text(item, item.read(options.max_file, "--max-file-mb"), options.encoding)
    value = _parse(item, text, "")
    if isinstance(value, ReadFailure):
        raise value
    del text
    if not isinstance(value, list):
        yield from _read_documents(item, value, "", options, notes)
        return
    if not value:
        raise item.failure("empty", "holds no records", "fill it or leave it out")
    for number, record in enumerate(value, start=1):
        yield from _read_documents(item, record, f"record {number}", options, notes)


def _read_documents(
    item: Input, value: Any, where: str, options: ReadOptions, notes: dict[str, str]
) -> Iterator[Document | ReadFailure]:
    """Iterates over the documents of a JSON value: one, unless it is a page of records."""
    if not isinstance(value, dict):
        yield item.failure("wrong_schema", "is no JSON object; expected an object a record", _ADVICE, where)
    elif value.keys().isdisjoint(options.text_columns) and find_shape(value.keys()):
        for found in read_shaped(value, item, options, where):
            yield replace(found, notes={**found.notes, **notes}) if isinstance(found, Document) else found
    else:
        yield make_document(item, where, value, options, notes, value)


def _parse(item: Input, text: str, where: str) -> Any:
    """Returns the value of a JSON text, or a ReadFailure."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"column {error.colno}" if where else f"line {error.lineno}, column {error.colno}"
        return item.failure("malformed", f"is no JSON: {error.msg} at {place}", _ADVICE, where)
    except (ValueError, RecursionError) as error:  # a number with thousands of digits, or nested too deeply
        return item.failure("malformed", f"is no usable JSON: {error}", _ADVICE, where)
