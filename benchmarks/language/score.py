"""Reads generated sentences with the extractor and counts, construct by construct, what is right.

A fact is right when its label and value are (the guidelines' *value* score). In counter-sentences nothing is a fact, so
precision there is the share of sentences that give none, and recall has no meaning.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from benchmarks.language.registry import Construct
from benchmarks.language.sentences import capitalise, make_document
from trialsift.evaluation.counts import ScoreCounts
from trialsift.evaluation.evaluate import Evaluation, evaluate
from trialsift.extraction.extractor import Extractor
from trialsift.gold import GoldDocument, parse_document
from trialsift.model.fact import annotation_record

#: Errors that the score of values doesn't count.
_NOT_VALUE = ("wrong_offsets", "wrong_attribute")


@dataclass(frozen=True, slots=True)
class Failure:
    """What is wrong with one sentence; `wrong` tells gold and prediction."""

    construct: str
    owner: str
    form: str
    text: str
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table. `facts` and `regimens` are counts of right, spurious and missed ones.

    `wrong_context`: sentences with a right value whose polarity, condition or another attribute is wrong.
    """

    construct: str
    owner: str
    kind: str
    sentences: int
    clean: int
    facts: ScoreCounts
    regimens: ScoreCounts
    context: tuple[int, int]
    failures: tuple[Failure, ...]
    wrong_context: tuple[Failure, ...] = ()

    @property
    def precision(self) -> float | None:
        if self.kind == "counter":
            return self.clean / self.sentences if self.sentences else None
        return self.facts.precision

    @property
    def recall(self) -> float | None:
        return None if self.kind == "counter" else self.facts.recall

    @property
    def worst(self) -> float:
        """The lower of precision and recall, of facts and of regimens."""
        values = [self.precision, self.recall]
        if self.regimens.tp + self.regimens.fn:
            values += [self.regimens.precision, self.regimens.recall]
        return min((value for value in values if value is not None), default=1.0)


def write_documents(row: Construct, seed: int = 0, limit: int | None = None) -> list[GoldDocument]:
    """Writes the sentences of a construct, the same for a seed; `limit` keeps a sample of them."""
    draw = Random(seed * 1_000_003 + zlib.crc32(row.name.encode()))
    sentences = [capitalise(sentence) for sentence in row.write(draw)]
    if limit is not None and len(sentences) > limit:
        sentences = [sentences[i] for i in sorted(draw.sample(range(len(sentences)), limit))]
    return [make_document(s, f"{row.name}/{i:04}", row.name, s.meta.get("carrier")) for i, s in enumerate(sentences)]


@cache
def _make_extractor(labels: tuple[str, ...]) -> Extractor:
    return Extractor(labels=labels) if labels else Extractor()


def predict(gold: Iterable[GoldDocument]) -> Iterator[GoldDocument]:
    """Annotates each text with the labels that its gold has."""
    for document in gold:
        extractor = _make_extractor(tuple(sorted(document.meta.get("labels", ()))))
        annotation = extractor.annotate(document.text, document.parts)
        yield parse_document(annotation_record(document.doc_id, document.text, annotation), document.doc_id)


def score_construct(row: Construct, seed: int = 0, limit: int | None = None) -> Row:
    """Writes, reads and scores the sentences of a construct."""
    gold = write_documents(row, seed, limit)
    return summarise(row, gold, evaluate(gold, predict(gold)))


def summarise(row: Construct, gold: Sequence[GoldDocument], evaluation: Evaluation) -> Row:
    """Makes the row of a construct out of the scores of its sentences."""
    wrong: dict[str, list[str]] = defaultdict(list)
    context: dict[str, list[str]] = defaultdict(list)
    turned = 0
    for error in evaluation.errors:
        asked = [name for name in row.attributes if name in error.differs.split(", ")]
        if error.error not in _NOT_VALUE:
            wrong[error.doc_id].append(_describe(error))
        elif error.error == "wrong_attribute" and asked:
            wrong[error.doc_id].append(f"{error.label}: {', '.join(asked)} wrong on {error.gold_value}")
            turned += 1
        elif error.error == "wrong_attribute":
            context[error.doc_id].append(
                f"{error.label} {error.gold_value}: {error.differs}, read {error.predicted_value}"
            )
    failures = _list_failures(row, gold, wrong)
    value = evaluation.micro.value
    right = sum(accuracy.right for accuracy in evaluation.attributes.values())
    total = sum(accuracy.total for accuracy in evaluation.attributes.values())
    return Row(
        row.name,
        row.owner,
        row.kind,
        len(gold),
        len(gold) - len(failures),
        ScoreCounts(value.tp - turned, value.fp + turned, value.fn + turned),
        evaluation.regimens,
        (right, total),
        failures,
        _list_failures(row, gold, context),
    )


def _list_failures(row: Construct, gold: Sequence[GoldDocument], wrong: Mapping[str, list[str]]) -> tuple[Failure, ...]:
    return tuple(
        Failure(row.name, row.owner, document.meta["form"], document.text, tuple(wrong[document.doc_id]))
        for document in gold
        if document.doc_id in wrong
    )


def _describe(error: object) -> str:
    got = getattr(error, "predicted_value", None) or "nothing"
    right = getattr(error, "gold_value", None) or "no fact"
    return f"{getattr(error, 'label', '')}: right {right}; read {got}"
