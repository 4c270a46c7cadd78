"""Which fact of one run corresponds to which of another within a document, and how the two differ.

In: two documents with the same text. Out: for each fact or regimen that differs, its label, what each run states, and
the changes. Equal ones are paired first, the rest as evaluation pairs them: one to one, overlapping, equal values
first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from trialsift.evaluation.assignment import find_best_assignment
from trialsift.evaluation.equality import find_differing
from trialsift.evaluation.pairing import align, measure_overlap
from trialsift.evaluation.regimens import REGIMEN, find_spans
from trialsift.gold import GoldDocument, GoldSpan
from trialsift.model.display import describe_fact, describe_regimen, format_scalar
from trialsift.model.fact import UNSAID, Fact, Scalar


@dataclass(frozen=True, slots=True)
class Statement:
    """What one run states in one place. `value`: in words; `rule`: None for gold and for regimens.

    `attributes` of a regimen are its bounds, named as in the table `regimens`, and the facts it consists of.
    """

    start: int
    end: int
    text: str
    value: str
    rule: str | None
    attributes: Mapping[str, Scalar]


@dataclass(frozen=True, slots=True)
class AttributeChange:
    """An attribute with its values in the earlier and the later run, None if absent.

    `rule`, `start` and `end` are those of the fact itself.
    """

    name: str
    before: Scalar
    after: Scalar

    def __str__(self) -> str:
        return f"{self.name} {format_scalar(self.before)} → {format_scalar(self.after)}"


T = TypeVar("T")
Key = Callable[[T], Hashable]
Pairs = list[tuple[T, T]]
Found = tuple[str, Statement | None, Statement | None, tuple[AttributeChange, ...]]


def pair_facts(before: GoldDocument, after: GoldDocument) -> Iterator[Found]:
    """Iterates over the facts that differ between two documents with one text."""
    for one, other in _pair(before.spans, after.spans, (_fact_key, _fact_key_without_rule), _align_facts):
        changes = tuple(_fact_changes(one, other)) if one and other else ()
        if changes or not (one and other):
            label = one.label if one else other.label if other else ""
            yield label, _state_fact(one) if one else None, _state_fact(other) if other else None, changes


def pair_regimens(before: GoldDocument, after: GoldDocument) -> Iterator[Found]:
    """Iterates over the regimens that differ between two documents with one text."""
    early, late = ([_Prescription(side, i) for i in range(len(side.regimens))] for side in (before, after))
    for one, other in _pair(early, late, (_Prescription.key,), _align_regimens):
        changes = tuple(_changes(one.said.attributes, other.said.attributes)) if one and other else ()
        if changes or not (one and other):
            yield REGIMEN, one.said if one else None, other.said if other else None, changes


def _pair(
    before: Sequence[T], after: Sequence[T], keys: Sequence[Key[T]], align_rest: Callable[[list[T], list[T]], Pairs[T]]
) -> Iterator[tuple[T | None, T | None]]:
    """Pairs items with equal keys, one key after another, then those that `align_rest` pairs; the rest has no
    counterpart."""
    left, right = list(before), list(after)
    for key in keys:
        equal, left, right = _take_equal(left, right, key)
        yield from equal
    # If several assignments are equally good, the order decides, in the same way for both directions of a diff.
    left, right = (sorted(side, key=lambda one: repr(keys[0](one))) for side in (left, right))
    if repr(list(map(keys[0], left))) <= repr(list(map(keys[0], right))):
        pairs = align_rest(left, right)
    else:
        pairs = [(one, other) for other, one in align_rest(right, left)]
    yield from pairs
    paired = {id(one) for pair in pairs for one in pair}
    yield from ((one, None) for one in left if id(one) not in paired)
    yield from ((None, other) for other in right if id(other) not in paired)


def _take_equal(before: list[T], after: list[T], key: Key[T]) -> tuple[Pairs[T], list[T], list[T]]:
    """Returns the pairs with equal keys, and what is left on either side."""
    waiting: dict[Hashable, list[T]] = defaultdict(list)
    for one in before:
        waiting[key(one)].append(one)
    pairs, rest = [], []
    for other in after:
        alike = waiting.get(key(other))
        if alike:
            pairs.append((alike.pop(), other))
        else:
            rest.append(other)
    return pairs, [one for alike in waiting.values() for one in alike], rest


def _fact_key(span: GoldSpan) -> Hashable:
    return (*_fact_key_without_rule(span), span.rule or "")


def _fact_key_without_rule(span: GoldSpan) -> tuple[Hashable, ...]:
    return span.start, span.end, span.label, tuple(sorted(_drop_unsaid(span.attributes).items()))


def _drop_unsaid(attributes: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """Returns the attributes without values that equal their absence."""
    return {name: value for name, value in attributes.items() if value is not None and value != UNSAID.get(name)}


def _align_facts(before: list[GoldSpan], after: list[GoldSpan]) -> Pairs[GoldSpan]:
    pairs: Pairs[GoldSpan] = []
    for label in sorted({span.label for span in before}):
        one, other = ([span for span in side if span.label == label] for side in (before, after))
        pairs.extend((pair.gold, pair.predicted) for pair in align(one, other, _differing))
    return pairs


def _differing(before: GoldSpan, after: GoldSpan) -> tuple[str, ...]:
    return find_differing(before.label, before.attributes, after.attributes)


def _fact_changes(before: GoldSpan, after: GoldSpan) -> Iterator[AttributeChange]:
    yield from _changes(before.attributes, after.attributes)
    if before.rule is not None and after.rule is not None and before.rule != after.rule:
        yield AttributeChange("rule", before.rule, after.rule)
    for name in ("start", "end"):
        if getattr(before, name) != getattr(after, name):
            yield AttributeChange(name, getattr(before, name), getattr(after, name))


def _changes(before: Mapping[str, Scalar], after: Mapping[str, Scalar]) -> Iterator[AttributeChange]:
    was, now = _drop_unsaid(before), _drop_unsaid(after)
    for name in dict.fromkeys((*before, *after)):
        if was.get(name) != now.get(name):
            yield AttributeChange(name, was.get(name, UNSAID.get(name)), now.get(name, UNSAID.get(name)))


def _state_fact(span: GoldSpan) -> Statement:
    fact = Fact(span.label, span.start, span.end, span.text, span.rule or "gold", span.attributes)
    return Statement(span.start, span.end, span.text, describe_fact(fact), span.rule, span.attributes)


class _Prescription:
    """A regimen of a document, with the spans that state it."""

    def __init__(self, document: GoldDocument, index: int) -> None:
        regimen = document.regimens[index]
        self.spans = find_spans(document, regimen)
        bounds = {}
        for name in ("fractions", "dose_per_fraction", "total_dose"):
            bounds[f"{name}_low"], bounds[f"{name}_high"] = getattr(regimen, name) or (None, None)
        facts = "; ".join(f"{span.text} [{span.start}–{span.end}]" for span in self.spans)
        self.said = Statement(
            min(span.start for span in self.spans),
            max(span.end for span in self.spans),
            "; ".join(span.text for span in self.spans),
            describe_regimen(regimen),
            None,
            {**bounds, "facts": facts},
        )

    def key(self) -> Hashable:
        return self.said.start, self.said.end, tuple(_drop_unsaid(self.said.attributes).items())


def _align_regimens(before: list[_Prescription], after: list[_Prescription]) -> Pairs[_Prescription]:
    """Aligns regimens one to one: most pairs with equal bounds, then most characters in common."""
    shared = np.array([[_count_shared(one, other) for other in after] for one in before], dtype=float)
    if not shared.size:
        return []
    equal = np.array([[_bounds(one) == _bounds(other) for other in after] for one in before])
    weights = shared + (shared > 0) * equal * (shared.sum() + 1)
    return [(before[i], after[j]) for i, j in find_best_assignment(weights)]


def _count_shared(one: _Prescription, other: _Prescription) -> int:
    return sum(measure_overlap(here, there) for here in one.spans for there in other.spans)


def _bounds(one: _Prescription) -> dict[str, Scalar]:
    return {name: value for name, value in one.said.attributes.items() if name != "facts"}
