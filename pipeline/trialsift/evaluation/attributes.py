"""The attributes that are scored on their own: as accuracy over the pairs whose value is right.

In: pairs from `pairing.align`. Out: an `Accuracy` for each attribute. An attribute is asked of the labels that it
belongs to, and of any other span for which gold or prediction states it.
"""

from __future__ import annotations

from collections.abc import Iterable

from trialsift.evaluation.counts import Accuracy
from trialsift.evaluation.pairing import Pair
from trialsift.model.fact import FLAGS, Scalar

#: Attribute → the labels that have it; None: all.
SCORED_ATTRIBUTES: dict[str, frozenset[str] | None] = {
    "polarity": None,
    "historical": None,
    "negated": None,
    "operator_inferred": None,
    "condition": frozenset({"LAB"}),
    "conditional": frozenset({"LAB"}),
    "agent": frozenset({"DOSE"}),
    "scope": frozenset({"AGE"}),
    "boost": frozenset({"DOSE"}),
}
#: Free text: case and white space don't count.
_TEXTS = frozenset({"condition", "agent"})
#: A dose has the one or the other: drugs have agents, radiation has boosts.
_MODALITY = {"agent": "drug", "boost": "radiation"}


def count_accuracies(pairs: Iterable[Pair]) -> dict[str, Accuracy]:
    """Accuracy by attribute over those of `pairs` whose values are equal."""
    result = {name: Accuracy() for name in SCORED_ATTRIBUTES}
    for pair in pairs:
        if not pair.value_equal:
            continue
        wrong = set(find_wrong_attributes(pair))
        for name in SCORED_ATTRIBUTES:
            if _is_scored(name, pair):
                result[name] += Accuracy(int(name not in wrong), 1)
    return result


def find_wrong_attributes(pair: Pair) -> tuple[str, ...]:
    """The attributes scored on their own in which a prediction differs from gold."""
    return tuple(
        name
        for name in SCORED_ATTRIBUTES
        if _normalise(name, pair.gold.attributes.get(name)) != _normalise(name, pair.predicted.attributes.get(name))
    )


def _is_scored(name: str, pair: Pair) -> bool:
    if any(_normalise(name, s.attributes.get(name)) not in (None, False) for s in (pair.gold, pair.predicted)):
        return True
    labels = SCORED_ATTRIBUTES[name]
    if labels is None:
        return True
    return pair.gold.label in labels and (
        name not in _MODALITY or pair.gold.attributes.get("modality") == _MODALITY[name]
    )


def _normalise(name: str, value: Scalar) -> Scalar:
    if name in FLAGS:  # gold leaves out what does not hold
        return bool(value)
    if name in _TEXTS and value is not None:
        return " ".join(str(value).lower().split())
    return value
