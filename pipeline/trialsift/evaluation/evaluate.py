"""Evaluates predicted documents against gold ones; nothing is printed or written here.

The `meta` of a gold document says which labels are scored in it, and whether values, roles and context are; see the
annotation guidelines, "File format".
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from trialsift.evaluation.alternatives import score_alternatives
from trialsift.evaluation.attributes import SCORED_ATTRIBUTES, count_accuracies
from trialsift.evaluation.bootstrap import Bootstrap, Intervals
from trialsift.evaluation.confusion import Confusion, count_confusion
from trialsift.evaluation.counts import LEVELS, Accuracy, LabelCounts, ScoreCounts
from trialsift.evaluation.equality import find_differing
from trialsift.evaluation.errors import ErrorRow, list_regimen_errors, list_span_errors
from trialsift.evaluation.pairing import Pair, align
from trialsift.evaluation.regimens import keep_own, score_regimens
from trialsift.evaluation.rules import Rules, add_rule_counts, count_by_rule
from trialsift.gold import DEFAULT_LABELS, GoldDocument, GoldSpan
from trialsift.model.errors import UserError
from trialsift.rules.labels import shipped_labels

#: What is scored of several facts together, so that it has no label: prescriptions, those of the trial itself, and
#: pairs of alternatives.
GROUPS = ("regimens", "own_regimens", "alternatives")


@dataclass(frozen=True, slots=True)
class DocumentScore:
    """The counts of one document; of `GROUPS` only what is gold there.

    `gold_sha256` is equal in two evaluations if and only if the document's gold is.
    """

    doc_id: str
    labels: dict[str, LabelCounts]
    groups: Mapping[str, ScoreCounts]
    attributes: dict[str, Accuracy]
    errors: tuple[ErrorRow, ...]
    rules: Rules
    confusion: Confusion
    gold_sha256: str

    @property
    def micro(self) -> LabelCounts:
        return sum(self.labels.values(), LabelCounts())

    def to_json(self) -> dict[str, Any]:
        return {
            "doc_id": self.doc_id,
            "gold_sha256": self.gold_sha256,
            "labels": {name: c.to_json() for name, c in self.labels.items()},
            **{name: self.groups[name].to_json() if name in self.groups else None for name in GROUPS},
        }


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The scores of all documents. Counts are summed over documents; rates are derived from the sums."""

    documents: tuple[DocumentScore, ...]
    label_names: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    bootstrap: Bootstrap = field(default_factory=lambda: Bootstrap(0))

    @property
    def labels(self) -> dict[str, LabelCounts]:
        """Counts by label, in the order of the guidelines, then other labels."""
        return {name: sum(self.by_document(name), LabelCounts()) for name in self.label_names}

    @property
    def micro(self) -> LabelCounts:
        """Counts over all labels."""
        return sum(self.by_document(), LabelCounts())

    @property
    def regimens(self) -> ScoreCounts:
        """Counts of all prescriptions."""
        return self.groups["regimens"]

    @property
    def groups(self) -> dict[str, ScoreCounts]:
        """Counts of what has no label: see `GROUPS`. Own regimens are those that are not historical, on either side."""
        return {name: sum(self._list_groups(name), ScoreCounts()) for name in GROUPS}

    @property
    def attributes(self) -> dict[str, Accuracy]:
        """Accuracy over value matches by attribute."""
        return {name: sum((d.attributes[name] for d in self.documents), Accuracy()) for name in SCORED_ATTRIBUTES}

    @property
    def errors(self) -> list[ErrorRow]:
        """All errors, document by document in the order of gold."""
        return [error for document in self.documents for error in document.errors]

    @property
    def rules(self) -> Rules:
        """Counts by label and rule, over the documents whose values are gold."""
        return add_rule_counts(document.rules for document in self.documents)

    @property
    def confusion(self) -> Confusion:
        """Counts by gold class and predicted class."""
        return sum((document.confusion for document in self.documents), Counter())

    @property
    def error_classes(self) -> Confusion:
        """Counts by label and class of error."""
        return Counter((error.label, error.error) for error in self.errors)

    def by_document(self, label: str | None = None) -> list[LabelCounts]:
        """Returns the counts of one label, or of all, for each document; zeros where it is not scored."""
        return [d.micro if label is None else d.labels.get(label, LabelCounts()) for d in self.documents]

    @property
    def group_intervals(self) -> dict[str, Intervals]:
        """95 % intervals of precision, recall and F1 of each of `GROUPS`; None without a bootstrap."""
        return {name: self.bootstrap.compute_intervals(self._list_groups(name)) for name in GROUPS}

    def _list_groups(self, name: str) -> list[ScoreCounts]:
        return [document.groups.get(name, ScoreCounts()) for document in self.documents]

    def to_json(self) -> dict[str, Any]:
        """Returns counts, rates (null for 0/0), intervals, documents, and the errors without their context."""
        labels, intervals = self.labels, self.group_intervals
        gold = {label: labels[label].value.tp + labels[label].value.fn for label in labels}
        return {
            "documents": len(self.documents),
            "micro": self._make_counts_json(),
            "labels": {label: self._make_counts_json(label) for label in self.label_names},
            **{name: {**counts.to_json(), "interval": intervals[name]} for name, counts in self.groups.items()},
            "attributes": {name: accuracy.to_json() for name, accuracy in self.attributes.items()},
            "rules": [
                {"label": label, "rule": rule, **counts.to_json(gold[label])}
                for (label, rule), counts in self.rules.items()
            ],
            "confusion": [
                {"gold": gold_class, "predicted": predicted_class, "count": count}
                for (gold_class, predicted_class), count in sorted(self.confusion.items())
            ],
            "error_classes": [
                {"label": label, "error": error, "count": count}
                for (label, error), count in sorted(self.error_classes.items())
            ],
            "by_document": [document.to_json() for document in self.documents],
            "errors": [{k: v for k, v in asdict(error).items() if k != "context"} for error in self.errors],
            "warnings": list(self.warnings),
        }

    def _make_counts_json(self, label: str | None = None) -> dict[str, Any]:
        by_document = self.by_document(label)
        result = sum(by_document, LabelCounts()).to_json()
        for level in LEVELS:
            intervals = self.bootstrap.compute_intervals([counts.level(level) for counts in by_document])
            result[level]["interval"] = intervals
        return result


def evaluate(
    gold: Iterable[GoldDocument], predicted: Iterable[GoldDocument], resamples: int = 0, seed: int = 0
) -> Evaluation:
    """Scores predictions against gold, document by document.

    `resamples` is the number of bootstrap samples for the 95 % intervals, 0 for none; `seed` makes them reproducible.
    In a gold document without a prediction all counts as missed, and predicted documents without gold are ignored; both
    are named in `warnings`. Raises UserError if the two texts of a document differ, since offsets would be wrong.
    """
    gold = list(gold)
    by_id = {document.doc_id: document for document in predicted}
    warnings = _list_warnings(gold, by_id)
    scores = []
    for document in gold:
        answer = by_id.get(document.doc_id, GoldDocument(document.doc_id, document.text))
        if answer.text != document.text:
            raise UserError(
                f"document {document.doc_id!r}: the predicted text differs from the gold text at "
                f"character {_find_first_difference(answer.text, document.text)}; predict on gold's own text"
            )
        scores.append(score_document(document, answer))
    return Evaluation(tuple(scores), list_labels(gold), tuple(warnings), Bootstrap(len(scores), resamples, seed))


def score_document(gold: GoldDocument, predicted: GoldDocument) -> DocumentScore:
    """Scores one document; the `meta` of gold says what is scored."""
    labels: dict[str, LabelCounts] = {}
    matched: list[Pair] = []
    all_missed: list[GoldSpan] = []
    all_spurious: list[GoldSpan] = []
    errors: list[ErrorRow] = []
    rules: Rules = {}
    for label in gold.scored_labels:
        gold_spans = [s for s in gold.spans if s.label == label]
        predicted_spans = [s for s in predicted.spans if s.label == label]
        pairs = align(gold_spans, predicted_spans, _choose_comparison(gold, label))
        labels[label] = _count(gold, pairs, len(gold_spans), len(predicted_spans))
        missed = _find_unpaired(gold_spans, [p.gold for p in pairs])
        spurious = _find_unpaired(predicted_spans, [p.predicted for p in pairs])
        matched += pairs
        all_missed += missed
        all_spurious += spurious
        errors += list_span_errors(gold, label, pairs, missed, spurious)
        if gold.scores_values:
            rules |= count_by_rule(label, predicted_spans, pairs)
    groups: dict[str, ScoreCounts] = {}
    if gold.scores_context:
        groups["alternatives"] = score_alternatives(matched)
    if gold.scores_context and {"DOSE", "FRACTIONS"} <= set(gold.scored_labels):
        score = score_regimens(gold, predicted)
        groups["regimens"] = score.counts
        groups["own_regimens"] = score_regimens(keep_own(gold), keep_own(predicted)).counts
        errors += list_regimen_errors(gold, predicted, score)
    return DocumentScore(
        gold.doc_id,
        labels,
        groups,
        count_accuracies(matched if gold.scores_context else []),
        tuple(errors),
        rules,
        count_confusion(gold, matched, all_missed, all_spurious),
        _hash(gold),
    )


def _hash(gold: GoldDocument) -> str:
    return hashlib.sha256(json.dumps(_normalise(gold.to_record()), sort_keys=True).encode()).hexdigest()


def _normalise(value: Any) -> Any:
    """Converts whole numbers in a JSON value to integers, since 18.0 and 18 are the same gold."""
    if isinstance(value, dict):
        return {key: _normalise(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_normalise(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def list_labels(gold: Iterable[GoldDocument]) -> tuple[str, ...]:
    """Lists the labels scored in any of the documents, in the order of the guidelines, then by name."""
    scored = {label for document in gold for label in document.scored_labels}
    return (*(label for label in DEFAULT_LABELS if label in scored), *sorted(scored - set(DEFAULT_LABELS)))


def _choose_comparison(gold: GoldDocument, label: str) -> Callable[[GoldSpan, GoldSpan], tuple[str, ...]]:
    """Returns how values are compared in this document; where they aren't gold, only overlap counts."""
    if not gold.scores_values:
        return lambda g, p: ()
    return lambda g, p: find_differing(label, g.attributes, p.attributes, compare_role=gold.scores_context)


def _count(gold: GoldDocument, pairs: list[Pair], n_gold: int, n_predicted: int) -> LabelCounts:
    detection = ScoreCounts.of(len(pairs), n_gold, n_predicted)
    if not gold.scores_values:
        return LabelCounts(detection)
    right = [p for p in pairs if p.value_equal]
    exact = sum(p.same_offsets for p in right)
    return LabelCounts(
        detection,
        ScoreCounts.of(len(right), n_gold, n_predicted),
        ScoreCounts.of(exact, n_gold, n_predicted),
        wrong_value=len(pairs) - len(right),
    )


def _find_unpaired(spans: list[GoldSpan], paired: list[GoldSpan]) -> list[GoldSpan]:
    ids = {span.id for span in paired}
    return [span for span in spans if span.id not in ids]


def _find_first_difference(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))


def _list_warnings(gold: list[GoldDocument], predicted: dict[str, GoldDocument]) -> list[str]:
    """Lists mismatches between the two files that affect the scores."""
    result = []
    missing = [d.doc_id for d in gold if d.doc_id not in predicted]
    if missing:
        result.append(f"gold documents without a prediction count as missed ({len(missing)}): {_enumerate(missing)}")
    extra = sorted(set(predicted) - {d.doc_id for d in gold})
    if extra:
        result.append(f"predicted documents that are not in gold are left out ({len(extra)}): {_enumerate(extra)}")
    unscored = sorted({s.label for d in gold for s in d.spans if s.label not in d.scored_labels})
    if unscored:
        result.append(
            "gold spans with labels that meta.labels doesn't name for their document are not scored: "
            + _enumerate(unscored)
        )
    known = {label.label for label in shipped_labels()}
    unknown = [label for label in list_labels(gold) if label not in known]
    if unknown:
        result.append(
            "labels that the guidelines don't know are compared by interval, unit and measure: " + _enumerate(unknown)
        )
    return result


def _enumerate(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
