"""What differs between two runs: the facts and regimens that came, went and changed.

In: two runs, as folders of `trialsift extract`, files of annotations, or documents. Out: a `Diff`. Documents are paired
by doc_id and compared as they are read; only those whose counterpart has not come yet are held. diff_pairs.py pairs
what two documents state.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from trialsift.evaluation.errors import cut_context
from trialsift.evaluation.regimens import REGIMEN
from trialsift.gold import DEFAULT_LABELS, GoldDocument, GoldError, iterate_gold
from trialsift.model.document import find_line
from trialsift.model.fact import Scalar
from trialsift.runs.diff_pairs import AttributeChange, Statement, pair_facts, pair_regimens
from trialsift.runs.folder import find_annotations

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["came", "went", "changed"]
KINDS: tuple[Kind, ...] = ("came", "went", "changed")


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact or regimen that differs between the runs; the label of a regimen is `REGIMEN`.

    One that came has no `before`, one that went no `after`; one that changed has both, and `changes`. `line` (from 1)
    and `context` are those of the later statement, or of the one that went.
    """

    doc_id: str
    label: str
    before: Statement | None
    after: Statement | None
    changes: tuple[AttributeChange, ...]
    line: int
    context: str

    @property
    def kind(self) -> Kind:
        """`came`, `went` or `changed`."""
        return "came" if self.before is None else "went" if self.after is None else "changed"

    def to_row(self) -> dict[str, Scalar]:
        """Returns one row of `Diff.to_frame`."""
        row: dict[str, Scalar] = {
            "what": "regimen" if self.label == REGIMEN else "fact",
            "kind": self.kind,
            "doc_id": self.doc_id,
            "label": self.label,
            "changes": "; ".join(map(str, self.changes)) or None,
            "line": self.line,
            "context": self.context,
        }
        for name in ("value", "rule", "text", "start", "end"):
            row[f"{name}_before"] = getattr(self.before, name, None)
            row[f"{name}_after"] = getattr(self.after, name, None)
        return row


@dataclass(frozen=True, slots=True)
class DocumentDifference:
    """A document that only the later run has (`came`), only the earlier has (`went`), or whose text `changed`.

    Its facts are not compared. `facts` and `regimens` are their numbers, in the later run if both have the document.
    """

    doc_id: str
    kind: Kind
    facts: int
    regimens: int


@dataclass(frozen=True, slots=True)
class DiffCounts:
    """The numbers of facts (or regimens) in the documents compared, and of those that differ.

    `before - went + came == after`.
    """

    before: int = 0
    after: int = 0
    came: int = 0
    went: int = 0
    changed: int = 0

    @property
    def differ(self) -> bool:
        """Whether any came, went or changed."""
        return bool(self.came or self.went or self.changed)


@dataclass(frozen=True)
class Diff:
    """What differs between two runs, by document in the order in which both were read.

    `compared` is the number of documents compared, `documents` are those that could not be. `by_rule` is by label and
    rule; a fact read by another rule counts as changed for both.
    """

    came: tuple[Difference, ...]
    went: tuple[Difference, ...]
    changed: tuple[Difference, ...]
    documents: tuple[DocumentDifference, ...]
    compared: int
    by_label: Mapping[str, DiffCounts] = field(repr=False)
    by_rule: Mapping[tuple[str, str], DiffCounts] = field(repr=False)

    @property
    def differs(self) -> bool:
        """Whether the runs differ in anything."""
        return bool(self.came or self.went or self.changed or self.documents)

    def to_rows(self) -> list[dict[str, Scalar]]:
        """Returns a flat row for each fact and regimen that went, came or changed, then for each document."""
        rows = [difference.to_row() for difference in (*self.went, *self.came, *self.changed)]
        documents = ({"what": "document", "kind": one.kind, "doc_id": one.doc_id} for one in self.documents)
        return [*rows, *(dict.fromkeys(COLUMNS) | one for one in documents)]

    def to_frame(self) -> pd.DataFrame:
        """Returns `to_rows` as a DataFrame with the same columns whatever differs; absent values are `pd.NA`."""
        import pandas as pd  # takes a third of a second, and the command needs no frame

        columns = {name: "Int64" if name.startswith(("line", "start", "end")) else "string" for name in COLUMNS}
        return pd.DataFrame(self.to_rows(), columns=list(columns), dtype=object).astype(columns)

    def to_json(self) -> dict[str, Any]:
        """Returns the counts and all differences, with every attribute, as JSON."""
        return {
            "compared": self.compared,
            "by_label": [{"label": label, **asdict(counts)} for label, counts in self.by_label.items()],
            "by_rule": [
                {"label": label, "rule": rule, **asdict(counts)} for (label, rule), counts in self.by_rule.items()
            ],
            **{kind: [asdict(difference) for difference in getattr(self, kind)] for kind in KINDS},
            "documents": [asdict(document) for document in self.documents],
        }


#: The columns of `Diff.to_frame`, and of the command's CSV.
COLUMNS = tuple(Difference("", "", None, None, (), 0, "").to_row())


def diff(
    before: Path | str | Iterable[GoldDocument],
    after: Path | str | Iterable[GoldDocument],
    labels: Collection[str] | None = None,
) -> Diff:
    """Returns the facts and regimens that came, went and changed from one run to another.

    A run is a folder that `trialsift extract` wrote, a file of annotations (JSON Lines, also gold; `.gz` too), or its
    documents. A fact changed if both runs have one with its label on overlapping characters, and any attribute, the
    rule or the offsets differ; pairs are one to one, the most similar first. No differences are: the order of
    attributes, 18 and 18.0, null and absence, and the rule if one side (gold) names none.

    `labels` limits the comparison to facts of these, with `REGIMEN` for regimens. Raises UserError if a run cannot be
    read, GoldError for a violation of the format and for a duplicate doc_id.
    """
    collected = _Collected(None if labels is None else frozenset(labels))
    for one, other in _pair_documents(_documents(before, "before"), _documents(after, "after")):
        collected.add(one, other)
    return collected.to_diff()


def _documents(run: Path | str | Iterable[GoldDocument], side: str) -> Iterator[GoldDocument]:
    if isinstance(run, (str, Path)):
        yield from iterate_gold(find_annotations(Path(run)))
        return
    seen: dict[str, int] = {}
    for number, document in enumerate(run, start=1):
        first = seen.setdefault(document.doc_id, number)
        if first != number:
            raise GoldError(
                f"{side}: doc_id {document.doc_id!r} is that of documents {first} and {number}; "
                "expected each document once",
                "doc-id-twice",
            )
        yield document


def _pair_documents(
    before: Iterator[GoldDocument], after: Iterator[GoldDocument]
) -> Iterator[tuple[GoldDocument | None, GoldDocument | None]]:
    """Pairs documents by doc_id while reading both runs in step, so that runs in the same order are never held in
    memory.

    Those that only one run has come last.
    """
    early: dict[str, GoldDocument] = {}
    late: dict[str, GoldDocument] = {}
    for one, other in zip_longest(before, after):
        if one is not None:
            early[one.doc_id] = one
        if other is not None:
            late[other.doc_id] = other
        for document in (one, other):
            if document is not None and document.doc_id in early and document.doc_id in late:
                yield early.pop(document.doc_id), late.pop(document.doc_id)
    yield from ((one, None) for one in early.values())
    yield from ((None, other) for other in late.values())


class _Collected:
    """The differences and counts of the document pairs added so far."""

    def __init__(self, labels: frozenset[str] | None) -> None:
        self._labels, self._compared = labels, 0
        self._found: dict[Kind, list[Difference]] = {kind: [] for kind in KINDS}
        self._documents: list[DocumentDifference] = []
        self._by_label: dict[str, Counter[str]] = defaultdict(Counter, {label: Counter() for label in labels or ()})
        self._by_rule: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)

    def add(self, before: GoldDocument | None, after: GoldDocument | None) -> None:
        """Compares two documents with one doc_id; either may be None."""
        if before is not None and after is not None and before.text == after.text:
            self._compared += 1
            self._count("before", before)
            self._count("after", after)
            if (before.spans, before.regimens) != (after.spans, after.regimens):
                self._compare(before, after)
            return
        document = after or before
        assert document is not None
        kind: Kind = "came" if before is None else "went" if after is None else "changed"
        counts = len(document.spans), len(document.regimens)
        self._documents.append(DocumentDifference(document.doc_id, kind, *counts))

    def _count(self, side: str, document: GoldDocument) -> None:
        for span in document.spans:
            if self._wants(span.label):
                self._by_label[span.label][side] += 1
                if span.rule is not None:
                    self._by_rule[span.label, span.rule][side] += 1
        if document.regimens and self._wants(REGIMEN):
            self._by_label[REGIMEN][side] += len(document.regimens)

    def _compare(self, before: GoldDocument, after: GoldDocument) -> None:
        differences = [
            Difference(
                after.doc_id,
                label,
                one,
                other,
                changes,
                find_line(after.text, place.start),
                cut_context(after.text, place.start, place.end),
            )
            for pairs in (pair_facts(before, after), pair_regimens(before, after))
            for label, one, other, changes in pairs
            if self._wants(label) and (place := other or one) is not None
        ]
        for difference in sorted(differences, key=_place):
            kind = difference.kind
            self._found[kind].append(difference)
            self._by_label[difference.label][kind] += 1
            for rule in {one.rule for one in (difference.before, difference.after) if one is not None} - {None}:
                self._by_rule[difference.label, str(rule)][kind] += 1

    def _wants(self, label: str) -> bool:
        return self._labels is None or label in self._labels

    def to_diff(self) -> Diff:
        """Returns everything that was added."""
        order = {label: place for place, label in enumerate(DEFAULT_LABELS)} | {REGIMEN: len(self._by_label) + 5}
        labels = sorted(self._by_label, key=lambda label: (order.get(label, len(DEFAULT_LABELS)), label))
        return Diff(
            tuple(self._found["came"]),
            tuple(self._found["went"]),
            tuple(self._found["changed"]),
            tuple(self._documents),
            self._compared,
            {label: DiffCounts(**self._by_label[label]) for label in labels},
            {key: DiffCounts(**self._by_rule[key]) for key in sorted(self._by_rule)},
        )


def _place(difference: Difference) -> tuple[bool, int, int, str, str]:
    place = difference.after or difference.before
    assert place is not None
    return difference.label == REGIMEN, place.start, place.end, difference.label, place.value
