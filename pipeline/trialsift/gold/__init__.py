"""The gold format: one JSON object a line. Predictions come in the same format.

In: a `.jsonl` file as the annotation guidelines describe it, "File format". Out: `GoldDocument`s, in its order; every
mistake is a `GoldError` that names file and line. `write_gold` is the inverse of `read_gold`.

    gold_documents.py   what a document and a span are
    gold_format.py      one document: what the format allows, and every mistake
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from trialsift.gold.document import DEFAULT_LABELS, GoldDocument, GoldError, Span
from trialsift.gold.schema import doc_id_twice, examine_line, parse_document, parse_json

__all__ = [
    "DEFAULT_LABELS",
    "GoldDocument",
    "GoldError",
    "Span",
    "doc_id_twice",
    "examine_line",
    "gold_lines",
    "parse_document",
    "parse_json",
    "read_gold",
    "write_gold",
]


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


def write_gold(path: Path | str, documents: Iterable[GoldDocument], overwrite: bool = False) -> None:
    """Writes documents as JSON Lines. Raises GoldError if the file exists, unless `overwrite`."""
    path = Path(path)
    if path.exists() and not overwrite:
        raise GoldError(f"{path}: exists already; choose another name or allow it to be overwritten")
    lines = [json.dumps(d.to_record(), ensure_ascii=False, allow_nan=False) + "\n" for d in documents]
    path.write_text("".join(lines), encoding="utf-8", newline="\n")
