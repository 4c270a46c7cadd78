"""What table rows and JSON records share: a text, an id, and the ways in which either can be wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from trialsift.model.document import Document
from trialsift.readers.failures import ReadFailure
from trialsift.readers.inputs import Input, ReadOptions, report_too_large
from trialsift.readers.names import is_showable

#: Stands for a missing field.
MISSING: Final = object()
#: A file is given up after this many records none of which is valid.
PATIENCE = 100
#: From here on a float may stand for several integers.
_EXACT = 2**53
_KINDS = {"dict": "an object", "list": "a list", "int": "a number", "float": "a number", "bool": "true or false"}


def make_document(
    item: Input,
    where: str,
    doc_id: Any,
    text: Any,
    options: ReadOptions,
    notes: Mapping[str, str],
    names: Iterable[str] = (),
) -> Document | ReadFailure:
    """Returns the document of a record, with its id (a number becomes text) and text. `where` is its place in the
    input, `names` are its fields."""
    if text is MISSING:
        return report_no_column(item, options.text_column, "--text-column", names, where)
    if doc_id is MISSING:
        return report_no_column(item, options.id_column, "--id-column", names, where)
    column = options.text_column
    if text is not None and not isinstance(text, str):
        message = f"has {_kind(text)} as {column}; expected a text"
        return item.failure("wrong_schema", message, "state the column of the text with --text-column", where)
    if text is None or not text.strip():
        return item.failure("empty", f"holds no text in {column}", "fill it or leave the record out", where)
    named = _identifier(doc_id)
    if named is None:
        message = f"has {_kind(doc_id)} as {options.id_column}; expected a text or a whole number"
        return item.failure("wrong_schema", message, "give the record an id, or state --id-column", where)
    if not is_showable(named):
        message = f"has a {options.id_column} that is empty or has characters that can't be shown"
        return item.failure("bad_name", message, "give the record another id", where)
    if "\0" in text:
        return item.failure("binary", f"holds a NUL character in {column}", "leave the record out", where)
    with suppress(UnicodeEncodeError):
        if len(text.encode()) > options.max_document:
            return report_too_large(item, options.max_document, where)
        return item.document(named, text, notes=notes)
    message = f"holds half of a character in {column}: a lone surrogate"
    return item.failure("malformed", message, "export the record again", where)


def report_no_column(item: Input, column: str, option: str, names: Iterable[str], where: str = "") -> ReadFailure:
    """Returns the failure of a table or record that lacks a column; `option` names another one."""
    columns = sorted(map(repr, names))
    shown = ", ".join(columns[:12]) + (" …" if len(columns) > 12 else "")
    message = f"has no column {column!r}; its columns are {shown or 'none'}"
    return item.failure("wrong_schema", message, f"state one of them with {option}", where)


def merge_failures(
    item: Input, results: Iterator[Document | ReadFailure], expected: str
) -> Iterator[Document | ReadFailure]:
    """Iterates over the results; but if no record is valid, yields a single failure for the file, and gives up early.
    `expected` says what a valid record is."""
    held: list[ReadFailure] = []
    try:
        for result in results:
            if not isinstance(result, ReadFailure) or result.code not in {"malformed", "wrong_schema"}:
                yield from held
                held.clear()
                yield result
                yield from results
                return
            held.append(result)
            if len(held) == PATIENCE:
                break
    except ReadFailure:
        yield from held
        raise
    yield from _together(item, held, expected)


def _together(item: Input, held: Sequence[ReadFailure], expected: str) -> Sequence[ReadFailure]:
    if len(held) < 2:
        return held
    first, count = held[0], len(held)
    where = f"the first {count}" if count == PATIENCE else f"its {count}"
    message = f"none of {where} records is {expected}; {first.record} {first.message}"
    return [item.failure(first.code, message, first.advice)]


def _identifier(value: Any) -> str | None:
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:  # a column of integers with gaps
        return str(int(value))
    if isinstance(value, str | int) and not isinstance(value, bool):
        with suppress(ValueError):  # a number with thousands of digits
            return str(value)
    return None


def _kind(value: Any) -> str:
    return "no value" if value is None else _KINDS.get(type(value).__name__, f"a {type(value).__name__}")
