"""Reads and writes a folder of three CSV tables, for spreadsheets and data frames.

    documents.csv    doc_id, text, then `meta.…` and `extra.…`, one column per key
    spans.csv        doc_id, id, label, start, end, text, rule, then the attributes, then `extra.…`
    regimens.csv     doc_id, spans (ids with `;` between), and the bounds `fractions_low`, …, in Gy

UTF-8, comma, `\\n` between rows. In the columns of attributes, rule, meta and extra an empty cell is an absent key;
`null`, `true`, `false`, numbers, lists and objects are JSON; a text is written unchanged, or as a JSON string if it
could be taken for one of these. An attribute with the name of another column becomes `attributes.…`. A text that a
spreadsheet would run as a formula is prefixed with an apostrophe (spreadsheet.py).
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from trialsift.gold import GoldDocument, GoldError, GoldSpan, parse_document
from trialsift.gold.formats.staging import stage
from trialsift.model.fact import Bounds, Regimen
from trialsift.model.prescription import NUMBERS
from trialsift.tables.files.spreadsheet import make_safe, restore

DOCUMENTS, SPANS, REGIMENS = "documents.csv", "spans.csv", "regimens.csv"
_DOCUMENT_COLUMNS = ("doc_id", "text")
_SPAN_COLUMNS = ("doc_id", "id", "label", "start", "end", "text", "rule")
_REGIMEN_COLUMNS = ("doc_id", "spans", *(f"{name}_{end}" for name in NUMBERS for end in ("low", "high")))
_RESERVED = {"documents": {*_DOCUMENT_COLUMNS, "meta", "spans", "regimens"}, "spans": {*_SPAN_COLUMNS, "attributes"}}
_META, _EXTRA, _ATTRIBUTES = "meta.", "extra.", "attributes."
# a lone carriage return ends a row for most readers, but the csv module doesn't quote it
_NEEDS_QUOTES = re.compile(r'[",\r\n]')
_MISSING = object()

PlacedRow = tuple[dict[str, str], str]  # cells by column, and `file:line`


def write_span_tables(folder: Path | str, documents: Iterable[GoldDocument], overwrite: bool = False) -> None:
    """Writes the three tables; files with other names are not touched.

    Raises GoldError if the folder is not empty, unless `overwrite`.
    """
    documents = list(documents)
    with stage(Path(folder), folder=True, overwrite=overwrite) as made:
        made.mkdir()
        spans = [_make_span_cells(d.doc_id, span) for d in documents for span in d.spans]
        regimens = [_make_regimen_cells(d.doc_id, regimen) for d in documents for regimen in d.regimens]
        _write_table(made / DOCUMENTS, _DOCUMENT_COLUMNS, [_make_document_cells(document) for document in documents])
        _write_table(made / SPANS, _SPAN_COLUMNS, spans)
        _write_table(made / REGIMENS, _REGIMEN_COLUMNS, regimens)


def read_span_tables(folder: Path | str) -> list[GoldDocument]:
    """Reads the documents of a folder, which keep the order of `documents.csv`, spans and regimens that of their rows.

    Raises GoldError, naming file and line, for a missing table, unexpected columns, and a cell that doesn't fit.
    """
    folder = Path(folder)
    documents = _read_table(folder / DOCUMENTS, _DOCUMENT_COLUMNS, (_META, _EXTRA))
    by_id: dict[str, str] = {}
    for cells, where in documents:
        doc_id = restore(cells["doc_id"])
        if doc_id in by_id:
            _fail(where, f"doc_id {doc_id!r} stands at {by_id[doc_id]} already; expected each document once")
        by_id[doc_id] = where
    spans = _group_by_document(_read_table(folder / SPANS, _SPAN_COLUMNS, None), by_id)
    regimens = _group_by_document(_read_table(folder / REGIMENS, _REGIMEN_COLUMNS, ()), by_id)
    return [_read_document(cells, where, spans, regimens) for cells, where in documents]


# -- cells ------------------------------------------------------------------------------------------------------


def _format_cell(value: Any) -> str:
    """Formats a value as a cell; the inverse of `_parse_cell`. Raises ValueError for a number that JSON can't hold."""
    if isinstance(value, str):
        quoted = value == "" or _parse_json(value) is not _MISSING
        return make_safe(json.dumps(value, ensure_ascii=False) if quoted else value)
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _parse_cell(cell: str) -> Any:
    """Parses a cell that is not empty."""
    value = _parse_json(restore(cell))
    return restore(cell) if value is _MISSING else value


def _parse_json(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return _MISSING


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _make_document_cells(document: GoldDocument) -> dict[str, str]:
    return {
        "doc_id": make_safe(document.doc_id),
        "text": make_safe(document.text),
        **{_META + key: _format_cell(value) for key, value in document.meta.items()},
        **{_EXTRA + key: _format_cell(value) for key, value in document.extra.items()},
    }


def _make_span_cells(doc_id: str, span: GoldSpan) -> dict[str, str]:
    return {
        "doc_id": make_safe(doc_id),
        "id": str(span.id),
        "label": make_safe(span.label),
        "start": str(span.start),
        "end": str(span.end),
        "text": make_safe(span.text),
        "rule": "" if span.rule is None else _format_cell(span.rule),
        **{_name_column(name): _format_cell(value) for name, value in span.attributes.items()},
        **{_EXTRA + key: _format_cell(value) for key, value in span.extra.items()},
    }


def _name_column(name: str) -> str:
    plain = name and name not in _SPAN_COLUMNS and not name.startswith((_ATTRIBUTES, _EXTRA))
    return name if plain else _ATTRIBUTES + name


def _make_regimen_cells(doc_id: str, regimen: Regimen) -> dict[str, str]:
    cells = {"doc_id": make_safe(doc_id), "spans": ";".join(map(str, regimen.facts))}
    for name in NUMBERS:
        bounds: Bounds | None = getattr(regimen, name)
        if bounds is not None:
            cells[f"{name}_low"], cells[f"{name}_high"] = map(_format_cell, bounds)
    return cells


def _read_document(
    cells: Mapping[str, str],
    where: str,
    spans: Mapping[str, Sequence[PlacedRow]],
    regimens: Mapping[str, Sequence[PlacedRow]],
) -> GoldDocument:
    doc_id = restore(cells["doc_id"])
    own = {"spans": spans.get(doc_id, ()), "regimens": regimens.get(doc_id, ())}
    record = {
        "doc_id": doc_id,
        "text": restore(cells["text"]),
        "meta": _read_values(cells, _META),
        "spans": [_read_span(row, place) for row, place in own["spans"]],
        "regimens": [_read_regimen(row, place) for row, place in own["regimens"]],
        **_read_extra(cells, "documents", where),
    }
    return parse_document(record, where, lambda key, i: own[key][i][1])


def _read_span(cells: Mapping[str, str], where: str) -> dict[str, Any]:
    attributes = {}
    for column, cell in cells.items():
        if cell and column not in _SPAN_COLUMNS and not column.startswith(_EXTRA):
            attributes[column.removeprefix(_ATTRIBUTES)] = _parse_cell(cell)
    return {
        **{name: _parse_integer(cells[name], name, where) for name in ("id", "start", "end")},
        "label": restore(cells["label"]),
        "text": restore(cells["text"]),
        "rule": _parse_cell(cells["rule"]) if cells["rule"] else None,
        "attributes": attributes,
        **_read_extra(cells, "spans", where),
    }


def _read_regimen(cells: Mapping[str, str], where: str) -> dict[str, Any]:
    record: dict[str, Any] = {"spans": [_parse_integer(i, "spans", where) for i in cells["spans"].split(";")]}
    for name in NUMBERS:
        low, high = cells[f"{name}_low"], cells[f"{name}_high"]
        if bool(low) != bool(high):
            _fail(where, f"one end of {name} is empty; expected a number or null in both, or both empty")
        record[name] = [_parse_cell(low), _parse_cell(high)] if low else None
    return record


def _read_values(cells: Mapping[str, str], prefix: str) -> dict[str, Any]:
    return {
        column.removeprefix(prefix): _parse_cell(c) for column, c in cells.items() if c and column.startswith(prefix)
    }


def _read_extra(cells: Mapping[str, str], table: str, where: str) -> dict[str, Any]:
    extra = _read_values(cells, _EXTRA)
    for key in extra.keys() & _RESERVED[table]:
        _fail(where, f"the column {_EXTRA}{key} has the name of a field; expected another name")
    return extra


def _parse_integer(cell: str, column: str, where: str) -> int:
    if not re.fullmatch(r"\s*-?[0-9]{1,4000}\s*", restore(cell)):
        _fail(where, f"{column} is {cell!r}; expected {'ids of spans, ;' if column == 'spans' else 'an integer'}")
    return int(restore(cell))


# -- files ------------------------------------------------------------------------------------------------------


def _write_table(path: Path, first: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    columns = list(dict.fromkeys([*first, *(column for row in rows for column in row)]))
    columns.sort(key=lambda column: column.startswith(_EXTRA))  # stable: attributes, then extra
    lines = [[make_safe(column) for column in columns], *([row.get(column, "") for column in columns] for row in rows)]
    content = "".join(",".join(map(_quote, line)) + "\n" for line in lines)
    path.write_bytes(content.encode("utf-8"))


def _quote(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell


def _read_table(path: Path, columns: Sequence[str], prefixes: tuple[str, ...] | None) -> list[PlacedRow]:
    """Reads the rows of a table. `prefixes` are those of additional columns; None allows any."""
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        tables = f"{DOCUMENTS}, {SPANS} and {REGIMENS}"
        raise GoldError(f"{path}: can't be read ({error.strerror}); expected a folder with {tables}") from None
    except UnicodeDecodeError as error:
        raise GoldError(f"{path}: byte {error.start + 1} is not UTF-8; save the table as UTF-8") from None
    lines = _iterate_lines(content, path)
    header, where = next(lines, ([], f"{path}:1"))
    names = [restore(name) for name in header]
    for column in columns:
        if column not in names:
            _fail(where, f"the column {column!r} is missing; expected {', '.join(columns)}")
    for name in names:
        if names.count(name) > 1:
            _fail(where, f"the column {name!r} stands twice")
        if prefixes is not None and name not in columns and not name.startswith(prefixes):
            more = f" and further ones that begin with {' or '.join(prefixes)}" if prefixes else ""
            _fail(where, f"the column {name!r} is unknown; expected {', '.join(columns)}{more}")
    rows: list[PlacedRow] = []
    for cells, where in lines:
        if len(cells) != len(names):
            _fail(where, f"{len(cells)} cells; expected {len(names)}, one for each column")
        rows.append((dict(zip(names, cells, strict=True)), where))
    return rows


def _iterate_lines(content: str, path: Path) -> Iterator[tuple[list[str], str]]:
    limit = csv.field_size_limit(max(len(content), csv.field_size_limit()))  # a text may be longer than the default
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield cells, f"{path}:{line}"
            line = reader.line_num + 1
    except csv.Error as error:
        raise GoldError(f"{path}:{line}: no row of CSV ({error}); expected commas, and quotes around cells") from None
    finally:
        csv.field_size_limit(limit)


def _group_by_document(rows: Iterable[PlacedRow], known: Mapping[str, str]) -> dict[str, list[PlacedRow]]:
    found: dict[str, list[PlacedRow]] = {}
    for cells, where in rows:
        doc_id = restore(cells["doc_id"])
        if doc_id not in known:
            _fail(where, f"doc_id {doc_id!r} stands in no row of {DOCUMENTS}")
        found.setdefault(doc_id, []).append((cells, where))
    return found


def _fail(where: str, message: str) -> NoReturn:
    raise GoldError(f"{where}: {message}")
