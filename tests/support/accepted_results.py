"""The annotations of the corpora as they were when results were last changed on purpose.

`accepted/` holds a file for each corpus, with a line for each document: its facts, the lines they stand in, and its
regimens, without any text. A change of speed must not change them; a change of rules does, on purpose; then they are
recorded anew:

    python -m tests.support.record_results
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.support.paths import ROOT
from trialsift.cli.diff_view import format_text
from trialsift.extraction.extractor import Extractor
from trialsift.gold import GoldDocument, GoldSpan
from trialsift.model.fact import Annotation, Fact, Regimen
from trialsift.runs.diff import diff

RECORDED = Path(__file__).with_name("accepted")
OWN = ROOT / "corpus"
#: Files of the project, and files among the shared corpora.
OWN_FILES = ("dev.jsonl", "test.jsonl")
SHARED_FILES = (
    "cases-dev.jsonl",
    "chia-dev.jsonl",
    "criteria-dev.jsonl",
    "hemonc-train.jsonl",
    "papers-dev.jsonl",
    "radiotherapy-dev.jsonl",
    "registries-dev.jsonl",
    "seeds.jsonl",
    "unlabelled-criteria.jsonl.gz",
    "unlabelled-papers.jsonl.gz",
    "unlabelled-radiotherapy.jsonl.gz",
    "unlabelled-registries.jsonl.gz",
)
#: What was read in one document, as JSON has it.
Result = Mapping[str, Any]
#: So many differences of a kind are listed.
_LISTED = 20


def read_lines(path: Path) -> Iterator[Any]:
    """The objects of a file of JSON Lines, gzipped or not."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    yield from map(json.loads, filter(str.strip, data.decode("utf-8").split("\n")))


def read_texts(path: Path) -> Iterator[tuple[str, str]]:
    """Id and text of each document of a corpus; an id that stands there again is numbered."""
    seen: Counter[str] = Counter()
    for record in read_lines(path):
        doc_id = record["doc_id"]
        seen[doc_id] += 1
        yield doc_id if seen[doc_id] == 1 else f"{doc_id} ({seen[doc_id]})", record["text"]


@dataclass(frozen=True)
class Accepted:
    """What was recorded of a corpus, and what is read in it now."""

    path: Path
    extractor: Extractor

    @cached_property
    def texts(self) -> dict[str, str]:
        """Those of the documents, by id."""
        return dict(read_texts(self.path))

    @cached_property
    def before(self) -> list[Result]:
        """What was recorded; nothing where nothing was."""
        recorded = recorded_path(self.path.name)
        return list(read_lines(recorded)) if recorded.is_file() else []

    @cached_property
    def now(self) -> list[Result]:
        """What is read now."""
        return [result_of(doc_id, self.extractor.annotate(text)) for doc_id, text in self.texts.items()]

    def describe_changes(self) -> str:
        """The facts and regimens that came, went and changed, as `trialsift diff` prints them; empty if none did."""
        if self.before == self.now:
            return ""
        found = diff(*(self._documents(results) for results in (self.before, self.now)))
        return format_text(found, _LISTED) if found.differs else "facts or regimens come in another order"

    def _documents(self, results: Iterable[Result]) -> Iterator[GoldDocument]:
        return (to_document(result, self.texts.get(result["doc_id"], "")) for result in results)


def result_of(doc_id: str, annotation: Annotation) -> Result:
    """What is recorded of one document. The line or sentence of a fact stands among its attributes."""
    facts = [
        [fact.start, fact.end, fact.label, fact.rule, {**_without_quotations(fact), "line": f"{start}–{end}"}]
        for fact, (start, end) in zip(annotation.facts, annotation.contexts, strict=True)
    ]
    regimens = [list(regimen.to_record().values()) for regimen in annotation.regimens]
    result: Result = json.loads(json.dumps({"doc_id": doc_id, "facts": facts, "regimens": regimens}))
    return result


def _without_quotations(fact: Fact) -> dict[str, Any]:
    """The attributes; of a condition, which quotes the text, a digest."""
    condition = fact.attributes.get("condition")
    if not isinstance(condition, str):
        return dict(fact.attributes)
    return {**fact.attributes, "condition": f"sha256 {hashlib.sha256(condition.encode()).hexdigest()[:8]}"}


def to_document(result: Result, text: str) -> GoldDocument:
    """The inverse of `result_of`, with the text beside it."""
    spans = (
        GoldSpan(number, start, end, label, text[start:end], attributes, rule)
        for number, (start, end, label, rule, attributes) in enumerate(result["facts"])
    )
    regimens = (
        Regimen(tuple(facts), *(tuple(bounds) if bounds else None for bounds in numbers))
        for facts, *numbers in result["regimens"]
    )
    return GoldDocument(result["doc_id"], text, tuple(spans), tuple(regimens))


def recorded_path(name: str) -> Path:
    """Where the results of a corpus are recorded: gzipped where the corpus is not the project's own."""
    return RECORDED / (name if name in OWN_FILES else f"{name.removesuffix('.gz')}.gz")


def write_results(name: str, results: Iterable[Result]) -> None:
    """Records the results of a corpus; equal results give equal bytes."""
    lines = (json.dumps(result, ensure_ascii=False, separators=(",", ":")) for result in results)
    data = "".join(f"{line}\n" for line in lines).encode()
    path = recorded_path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
