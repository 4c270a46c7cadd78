"""The texts that are measured: JSON Lines with a `text` in each object, gzipped or not."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Document:
    """A text and its id."""

    doc_id: str
    text: str


#: A text that needs all that is imported only when a text needs it: ConText, abbreviations, units.
FIRST = Document(
    "first",
    "Inclusion Criteria:\n- Absolute neutrophil count (ANC) ≥ 1.5 x 10^9/L, thrombocytes (THR) at least 100 x 10^9/L\n"
    "- No prior radiotherapy of more than 50 Gy in 25 fractions\n- ECOG 0-1, age 18 to 75 years\n",
)
PLAIN = Document("plain", "Inclusion Criteria:\n- Age 18 to 75 years\n- ECOG 0-1\n")


@dataclass(frozen=True)
class Slice:
    """Some documents; `path` holds the same as JSON Lines, in `folder`."""

    documents: tuple[Document, ...]
    folder: Path
    name: str

    @cached_property
    def path(self) -> Path:
        """The documents as a file, written when it is first asked for."""
        path = self.folder / f"{self.name}.jsonl"
        write_documents(path, self.documents)
        return path

    @cached_property
    def texts(self) -> list[str]:
        """The texts alone."""
        return [document.text for document in self.documents]

    @cached_property
    def megabytes(self) -> float:
        """Size of the texts as UTF-8, in 10⁶ bytes."""
        return sum(len(text.encode()) for text in self.texts) / 1e6

    def part(self, start: int, stop: int) -> Slice:
        """Those of its documents from `start` to before `stop`."""
        if start == 0 and stop >= len(self.documents):
            return self
        return Slice(self.documents[start:stop], self.folder, f"{self.name}-{start}-{stop}")

    def portions(self, first: int = 8) -> Iterator[Slice]:
        """The slice in portions, each twice as long as the one before: nobody knows yet how fast a contender is."""
        start = 0
        while start < len(self.documents):
            yield self.part(start, start + first)
            start, first = start + first, 2 * first


def read_documents(paths: Iterable[Path]) -> list[Document]:
    """The documents of some files; of equal texts the first alone. Raises OSError, ValueError or KeyError."""
    found: dict[str, Document] = {}
    for path in paths:
        data = path.read_bytes()
        if path.suffix == ".gz":
            data = gzip.decompress(data)
        for line in data.decode("utf-8").split("\n"):  # not splitlines: U+2028 may stand in a JSON string
            if line.strip():
                record = json.loads(line)
                found.setdefault(record["text"], Document(f"{len(found)}", record["text"]))
    return list(found.values())


def read_texts(path: Path, limit: int | None = None) -> list[str]:
    """The first `limit` texts of a file, in its order. Raises OSError, ValueError or KeyError."""
    return [document.text for document in read_documents([path])][:limit]


def write_documents(path: Path, documents: Iterable[Document], copies: int = 1) -> None:
    """Documents as JSON Lines, over again `copies` times, each copy with ids of its own."""
    listed = documents if copies == 1 else tuple(documents)
    with path.open("w", encoding="utf-8") as file:
        for copy in range(copies):
            file.writelines(
                json.dumps({"doc_id": f"{d.doc_id}-{copy}", "text": d.text}, ensure_ascii=False) + "\n" for d in listed
            )


def slices(documents: Sequence[Document], count: int, folder: Path, seed: int = 0) -> list[Slice]:
    """The documents, shuffled, in `count` slices of about the same number; the same ones for a seed."""
    shuffled = list(documents)
    random.Random(seed).shuffle(shuffled)
    return [Slice(tuple(shuffled[number::count]), folder, f"slice-{number}") for number in range(count)]
