"""What every annotation of the corpora hashed to when results were last changed on purpose.

`annotation_hashes.json` has for each file the SHA-256 of all its annotations, and four hexadecimal digits of that of
each document, so that a change can be traced to documents. A change of speed must not change any; one of rules does,
on purpose; then the values are recorded anew:

    python -m tests.support.record_hashes
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from tests.support.paths import ROOT
from trialsift.extraction.extractor import Extractor
from trialsift.model.fact import Annotation, annotation_record

RECORDED = Path(__file__).with_name("annotation_hashes.json")
OWN = ROOT / "corpus"
#: Files of the project, and files among the shared corpora.
OWN_FILES = ("dev.jsonl", "test.jsonl")
SHARED_FILES = (
    "criteria-dev.jsonl",
    "hemonc-train.jsonl",
    "radiotherapy-dev.jsonl",
    "seeds.jsonl",
    "unlabelled-criteria.jsonl.gz",
    "unlabelled-radiotherapy.jsonl.gz",
)
_DIGITS, _A_LINE = 4, 25


@dataclass(frozen=True)
class Hashes:
    """The hash of a file's annotations, and the first digits of each document's."""

    sha256: str
    documents: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """As the file has it: many documents a line, so that a change of one is a change of one line."""
        lines = ["".join(self.documents[at : at + _A_LINE]) for at in range(0, len(self.documents), _A_LINE)]
        return {"sha256": self.sha256, "documents": len(self.documents), "each": lines}


def shared_folder() -> Path:
    """The folder of annotated corpora: TRIALSIFT_CORPORA, else `shared/corpora` beside the checkout."""
    stated = os.environ.get("TRIALSIFT_CORPORA")
    return Path(stated) if stated else ROOT.parent / "shared" / "corpora"


def read_texts(path: Path) -> Iterator[tuple[str, str]]:
    """Id and text of each document of a file of JSON Lines, gzipped or not."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    for number, line in enumerate(filter(str.strip, data.decode("utf-8").split("\n")), start=1):
        record = json.loads(line)
        yield record.get("doc_id", f"document {number}"), record["text"]


def hashes_of(path: Path, extractor: Extractor) -> Hashes:
    """Those of a file as it is read now."""
    whole, documents = hashlib.sha256(), []
    for doc_id, text in read_texts(path):
        made = _bytes_of(doc_id, text, extractor.annotate(text))
        whole.update(made)
        documents.append(hashlib.sha256(made).hexdigest()[:_DIGITS])
    return Hashes(whole.hexdigest(), tuple(documents))


def _bytes_of(doc_id: str, text: str, annotation: Annotation) -> bytes:
    return json.dumps([annotation_record(doc_id, text, annotation), annotation.contexts], sort_keys=True).encode()


def recorded() -> dict[str, Hashes]:
    """What was recorded, by file."""
    files: Mapping[str, Any] = json.loads(RECORDED.read_text(encoding="utf-8")) if RECORDED.is_file() else {}
    return {name: Hashes(of["sha256"], tuple(_cut("".join(of["each"])))) for name, of in files.items()}


def _cut(digits: str) -> Iterator[str]:
    return (digits[at : at + _DIGITS] for at in range(0, len(digits), _DIGITS))


def changed(path: Path, before: Hashes, now: Hashes) -> list[str]:
    """The ids of the documents whose annotations are not what was recorded."""
    ids = [doc_id for doc_id, _ in read_texts(path)]
    pairs = zip_longest(before.documents, now.documents)
    return [ids[at] if at < len(ids) else f"document {at + 1}, gone" for at, (a, b) in enumerate(pairs) if a != b]
