"""What table rows and JSON records share: a text, an id, and the ways in which either can be wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from trialsift.model.document import Document
from trialsift.readers.failures import ReadFailure
from trialsift.readers.html.fragment import has_tags, read_fragment
from trialsift.readers.inputs import Input, ReadOptions, report_too_large
from trialsift.readers.names import is_showable

#: Stands for a missing field.
MISSING: Final = object()
#: A file is given up after this many records none of which is valid.
PATIENCE = 100
#: The field of annotated records (gold, results of a run).
SPANS: Final = "spans"
#: How tables say of a criterion which list it is of, and the heading of that list.
_POLARITIES = {
    **dict.fromkeys(
        ("inclusion", "inclusion criteria", "include", "included", "incl", "in", "i"), "Inclusion Criteria:"
    ),
    **dict.fromkeys(
        ("exclusion", "exclusion criteria", "exclude", "excluded", "excl", "ex", "e"), "Exclusion Criteria:"
    ),
}
#: From here on a float may stand for several integers.
_EXACT = 2**53
_KINDS = {"dict": "an object", "list": "a list", "int": "a number", "float": "a number", "bool": "true or false"}


def make_document(
    item: Input,
    where: str,
    fields: Mapping[str, Any],
    options: ReadOptions,
    notes: Mapping[str, str],
    names: Iterable[str] = (),
) -> Document | ReadFailure:
    """Returns the document of a record, with its id (a number becomes text) and text. `where` is its place in the
    input, `fields` are those that are read, without absent ones, and `names` are all of its fields."""
    try:
        text, notes = _compose_text(item, where, fields, options, names), dict(notes)
    except ReadFailure as failure:
        return failure
    doc_id = fields.get(options.id_column, MISSING)
    if doc_id is MISSING:
        return report_no_column(item, options.id_column, "--id-column", names, where)
    if SPANS not in fields and has_tags(text):  # offsets of annotations count the text as it stands
        text, notes = read_fragment(text), {**notes, "markup": "html"}
    named = _identifier(doc_id)
    if named is None:
        message = f"has {_kind(doc_id)} as {options.id_column}; expected a text or a whole number"
        return item.failure("wrong_schema", message, "give the record an id, or state --id-column", where)
    if not is_showable(named):
        message = f"has a {options.id_column} that is empty or has characters that can't be shown"
        return item.failure("bad_name", message, "give the record another id", where)
    column = ", ".join(options.text_columns)
    if not text.strip():
        return item.failure("empty", f"holds no text in {column}", "fill it or leave the record out", where)
    if "\0" in text:
        return item.failure("binary", f"holds a NUL character in {column}", "leave the record out", where)
    with suppress(UnicodeEncodeError):
        if len(text.encode()) > options.max_document:
            return report_too_large(item, options.max_document, where)
        return item.document(named, text, notes=notes)
    message = f"holds half of a character in {column}: a lone surrogate"
    return item.failure("malformed", message, "export the record again", where)


def _compose_text(
    item: Input, where: str, fields: Mapping[str, Any], options: ReadOptions, names: Iterable[str]
) -> str:
    """Returns the text of a record. Raises ReadFailure for one without its columns, without text, or with an unknown
    polarity.

    Of several columns each begins with its name as a heading; a record with a polarity begins with that of its list.
    """
    columns = options.text_columns
    if all(column not in fields for column in columns):
        raise report_no_column(item, columns[0], "--text-column", names, where)
    texts: list[tuple[str, str]] = []
    for column in columns:
        text = fields.get(column)
        if text is not None and not isinstance(text, str):
            message = f"has {_kind(text)} as {column}; expected a text"
            raise item.failure("wrong_schema", message, "state the column of the text with --text-column", where)
        if text is not None and text.strip():
            texts.append((column, text))
    if not texts:
        message = f"holds no text in {', '.join(columns)}"
        raise item.failure("empty", message, "fill it or leave the record out", where)
    if options.polarity_column is not None:
        heading = _find_heading(item, where, fields.get(options.polarity_column), options.polarity_column)
        return heading + "\n\n".join(text for _, text in texts)
    if len(columns) == 1:
        return texts[0][1]
    return "\n\n".join(f"{_write_heading(column)}\n{text}" for column, text in texts)


def _find_heading(item: Input, where: str, stated: Any, column: str) -> str:
    """Returns the heading of criteria of a polarity; none for an empty field."""
    if stated is None or (isinstance(stated, str) and not stated.strip()):
        return ""
    heading = _POLARITIES.get(str(stated).strip().lower())
    if heading is None:
        message = f"has {str(stated)[:40]!r} as {column}; expected inclusion or exclusion"
        raise item.failure("wrong_schema", message, "state the column of the polarity with --polarity-column", where)
    return f"{heading}\n"


def _write_heading(column: str) -> str:
    """Returns the heading that a column's name makes: `Inclusion criteria:` of `inclusion_criteria`."""
    name = " ".join(column.replace("_", " ").split())
    return f"{name[:1].upper()}{name[1:]}:"


def report_no_column(item: Input, column: str, option: str, names: Iterable[str], where: str = "") -> ReadFailure:
    """Returns the failure of a table or record that lacks a column; `option` names another one."""
    columns = sorted(map(repr, names))
    shown = ", ".join(columns[:12]) + (" …" if len(columns) > 12 else "")
    message = f"has no column {column!r}; its columns are {shown or 'none'}"
    return item.failure("wrong_schema", message, f"state one of them with {option}", where)


#: Failures that all records of a file may have in common.
_OF_ALL = frozenset({"malformed", "wrong_schema", "binary", "encoding"})


def merge_failures(
    item: Input, results: Iterator[Document | ReadFailure], expected: str
) -> Iterator[Document | ReadFailure]:
    """Iterates over the results; but if no record is valid, yields a single failure for the file, and gives up early.
    `expected` says what a valid record is."""
    held: list[ReadFailure] = []
    try:
        for result in results:
            if not isinstance(result, ReadFailure) or result.code not in _OF_ALL:
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
