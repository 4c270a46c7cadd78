"""Scores single attributes: their accuracy over the pairs whose value is right.

In: pairs from `pairing.align`. Out: an `Accuracy` for each attribute. An attribute is scored for the labels that have
it, and for any other span on which gold or prediction states it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from trialsift.evaluation.counts import Accuracy
from trialsift.evaluation.pairing import Pair
from trialsift.model.fact import FLAGS, Scalar
from trialsift.rules.labels import shipped_labels

_OF_ALL_LABELS = ("polarity", "historical", "negated", "operator_inferred")
#: All that are scored. Those not of all labels are scored for the labels whose table has such a column.
SCORED_ATTRIBUTES = (*_OF_ALL_LABELS, "condition", "conditional", "agent", "scope", "boost")
#: Free text, compared without case and white space.
_TEXTS = frozenset({"condition", "agent"})
#: The modality of a dose that has the attribute: drugs have agents, radiation has boosts.
_MODALITY = {"agent": "drug", "boost": "radiation"}


def count_accuracies(pairs: Iterable[Pair]) -> dict[str, Accuracy]:
    """Counts the accuracy of each attribute over the pairs with equal values."""
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
    """Returns the scored attributes in which a prediction differs from gold."""
    return tuple(
        name
        for name in SCORED_ATTRIBUTES
        if _normalise(name, pair.gold.attributes.get(name)) != _normalise(name, pair.predicted.attributes.get(name))
    )


def _is_scored(name: str, pair: Pair) -> bool:
    if any(_normalise(name, s.attributes.get(name)) not in (None, False) for s in (pair.gold, pair.predicted)):
        return True
    if name in _OF_ALL_LABELS:
        return True
    modality = pair.gold.attributes.get("modality")
    return pair.gold.label in _find_labels(name) and (name not in _MODALITY or modality == _MODALITY[name])


@cache
def _find_labels(attribute: str) -> frozenset[str]:
    """Returns the shipped labels whose table has a column for the attribute."""
    return frozenset(
        label.label for label in shipped_labels() if any(column.name == attribute for column in label.columns)
    )


def _normalise(name: str, value: Scalar) -> Scalar:
    if name in FLAGS:  # gold omits flags that are false
        return bool(value)
    if name in _TEXTS and value is not None:
        return " ".join(str(value).lower().split())
    return value
