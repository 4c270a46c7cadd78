"""Reads and writes the gold format: one JSON object per line. Predictions have the same format.

In: a `.jsonl` file as in the annotation guidelines, "File format". Out: `GoldDocument`s in the order of the file; every
mistake is a `GoldError` that names file and line. `write_gold` is the inverse of `read_gold`.

    document.py   `GoldDocument` and `GoldSpan`
    schema.py     checks one document against the format
    formats/      converts to and from brat, spaCy's DocBin and CSV
"""

from __future__ import annotations

import codecs
import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from trialsift.gold.document import DEFAULT_LABELS, GoldDocument, GoldError, GoldSpan
from trialsift.gold.schema import examine_line, make_doc_id_error, parse_document, parse_json

__all__ = [
    "DEFAULT_LABELS",
    "GoldDocument",
    "GoldError",
    "GoldSpan",
    "examine_line",
    "iterate_gold",
    "iterate_lines",
    "make_doc_id_error",
    "parse_document",
    "parse_json",
    "read_gold",
    "write_gold",
]


def read_gold(path: Path | str) -> list[GoldDocument]:
    """Reads the documents of a JSON Lines file. Raises GoldError as `iterate_gold` does."""
    return list(iterate_gold(path))


def iterate_gold(path: Path | str) -> Iterator[GoldDocument]:
    """Iterates over the documents of a JSON Lines file, holding one at a time; blank lines are skipped.

    A `.gz` file is decompressed. Raises GoldError, naming the line, for anything the format doesn't allow and for a
    repeated doc_id.
    """
    seen: dict[str, int] = {}
    for number, line in iterate_lines(path):
        document, errors = examine_line(line, f"{path}:{number}")
        if errors:
            raise errors[0]
        assert document is not None
        first = seen.setdefault(document.doc_id, number)
        if first != number:
            raise make_doc_id_error(document.doc_id, f"{path}:{number}", first)
        yield document


def iterate_lines(path: Path | str) -> Iterator[tuple[int, bytes]]:
    """Iterates over the numbered lines of a file, without blank ones. Raises GoldError if it can't be read."""
    path = Path(path)
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                content = line.removesuffix(b"\n").removeprefix(codecs.BOM_UTF8 if number == 1 else b"")
                if content.strip():
                    yield number, content
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise GoldError(f"{path}: can't be read ({reason}); expected a JSON Lines file") from None


def write_gold(path: Path | str, documents: Iterable[GoldDocument], overwrite: bool = False) -> None:
    """Writes documents as JSON Lines. Raises GoldError if the file exists, unless `overwrite`."""
    path = Path(path)
    if path.exists() and not overwrite:
        raise GoldError(f"{path}: exists already; choose another name or allow it to be overwritten")
    lines = [json.dumps(d.to_record(), ensure_ascii=False, allow_nan=False) + "\n" for d in documents]
    path.write_text("".join(lines), encoding="utf-8", newline="\n")
