"""Takes the texts out of gold files of third-party documents, and puts them back in.

    python corpus/standoff/texts.py remove GOLD.jsonl OUT.jsonl
    python corpus/standoff/texts.py restore STANDOFF.jsonl OUT.jsonl --texts FOLDER

Without its texts a gold file may be published: it holds doc_id, length and SHA-256 of each text, and spans as offsets
with their attributes. A condition is the range of its words, since it would quote the text. `restore` looks for texts
with that hash in the .jsonl and .jsonl.gz files of a folder; `trialsift evaluate` reads what it writes.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Record = dict[str, Any]
#: How far from its value a condition is looked for, in characters.
NEAR = 400


def remove_text(document: Record) -> Record:
    """Returns a gold document without its text and without quotations from it."""
    text = document["text"]
    spans = []
    for span in document["spans"]:
        attributes = dict(span["attributes"])
        condition = attributes.pop("condition", None)
        if condition is not None:
            place = _find_near(text, condition, span["start"])
            if place is not None:
                attributes["condition_at"] = place
        kept = {key: value for key, value in span.items() if key not in ("text", "attributes")}
        spans.append({**kept, "attributes": attributes})
    others = {key: value for key, value in document.items() if key not in ("text", "spans")}
    return {**others, "length": len(text), "sha256": hash_text(text), "spans": spans}


def restore_text(standoff: Record, text: str) -> Record:
    """Returns the gold document of a text. Raises ValueError for another text than the annotated one."""
    if hash_text(text) != standoff["sha256"]:
        raise ValueError(f"{standoff['doc_id']}: the text is another one than was annotated")
    spans = []
    for span in standoff["spans"]:
        attributes = dict(span["attributes"])
        place = attributes.pop("condition_at", None)
        if place is not None:
            attributes["condition"] = " ".join(text[slice(*place)].split())
        spans.append({**span, "text": text[span["start"] : span["end"]], "attributes": attributes})
    others = {key: value for key, value in standoff.items() if key not in ("length", "sha256", "spans")}
    return {**others, "text": text, "spans": spans}


def hash_text(text: str) -> str:
    """Returns the SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_records(path: Path) -> Iterator[Record]:
    """Iterates over the objects of a .jsonl or .jsonl.gz file."""
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def find_texts(folder: Path, wanted: set[str]) -> dict[str, str]:
    """Returns the texts with the wanted hashes, by hash."""
    found: dict[str, str] = {}
    for path in sorted([*folder.glob("*.jsonl"), *folder.glob("*.jsonl.gz")]):
        for record in read_records(path):
            text = record.get("text")
            if isinstance(text, str) and (digest := hash_text(text)) in wanted:
                found[digest] = text
    return found


def main(arguments: list[str] | None = None) -> int:
    """Runs a command; returns 1 if texts are missing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("command", choices=["remove", "restore"])
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--texts", type=Path, help="folder of .jsonl and .jsonl.gz files with the texts")
    options = parser.parse_args(arguments)
    if not options.source.is_file():
        parser.error(f"{options.source}: no such file")
    if options.command == "restore" and (options.texts is None or not options.texts.is_dir()):
        parser.error("restore needs the folder of the texts: --texts FOLDER")
    records = list(read_records(options.source))
    if options.command == "remove":
        _write(options.out, [remove_text(record) for record in records])
        return 0
    texts = find_texts(options.texts, {record["sha256"] for record in records})
    _write(options.out, [restore_text(r, texts[r["sha256"]]) for r in records if r["sha256"] in texts])
    missing = [record["doc_id"] for record in records if record["sha256"] not in texts]
    if missing:
        print(
            f"{len(missing)} of {len(records)} texts are not in {options.texts}: {', '.join(missing)}", file=sys.stderr
        )
    return 1 if missing else 0


def _find_near(text: str, words: str, place: int) -> list[int] | None:
    """The range of the words nearest to a place, white space aside."""
    start = max(0, place - NEAR)
    window = text[start : place + NEAR]
    found: list[tuple[int, int]] = []
    for first in range(len(window)):
        end = _match_words(window, first, words.split())
        if end is not None:
            found.append((start + first, start + end))
    nearest = min(found, key=lambda one: abs(one[0] - place), default=None)
    return None if nearest is None else list(nearest)


def _match_words(text: str, at: int, words: list[str]) -> int | None:
    """Where words end that begin at a place, with any white space between them; None where they don't stand there."""
    for number, word in enumerate(words):
        if number:
            while at < len(text) and text[at].isspace():
                at += 1
        if not text.startswith(word, at):
            return None
        at += len(word)
    return at if words else None


def _write(path: Path, records: list[Record]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    path.write_text(lines, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
