"""Attributes that are scored on their own, over pairs whose value is right."""

from __future__ import annotations

import pytest

from tests.evaluation.builders import age, dose, lab, span
from trialsift.evaluation.attributes import count_accuracies, find_wrong_attributes
from trialsift.evaluation.counts import Accuracy
from trialsift.evaluation.pairing import Pair
from trialsift.model.fact import Scalar


def pair(gold: dict[str, Scalar], predicted: dict[str, Scalar], label: str = "LAB") -> Pair:
    return Pair(span(label, 0, 5, **gold), span(label, 0, 5, **predicted), ())


@pytest.mark.parametrize(
    ("gold", "predicted", "wrong"),
    [
        ({"negated": True}, {"negated": True}, ()),
        ({}, {"negated": False}, ()),
        ({"negated": None}, {"negated": False}, ()),
        ({"negated": True}, {}, ("negated",)),
        ({}, {"historical": True, "conditional": True}, ("historical", "conditional")),
        ({"condition": "if  liver\nMetastases"}, {"condition": "If liver metastases "}, ()),
        ({"condition": "if liver metastases"}, {}, ("condition",)),
        ({"condition": None}, {}, ()),
        ({"agent": "cisplatin"}, {"agent": "Cisplatin"}, ()),
        ({"agent": "cisplatin"}, {"agent": "carboplatin"}, ("agent",)),
        ({"polarity": "inclusion"}, {"polarity": "exclusion"}, ("polarity",)),
        ({"polarity": "none"}, {}, ("polarity",)),
        ({"scale_as_written": "WHO"}, {"scale_as_written": "ECOG"}, ()),
    ],
)
def test_which_are_wrong(gold: dict[str, Scalar], predicted: dict[str, Scalar], wrong: tuple[str, ...]) -> None:
    assert find_wrong_attributes(pair(gold, predicted)) == wrong
    assert find_wrong_attributes(pair(predicted, gold)) == wrong


def test_asked_of_the_labels_that_have_them_or_wherever_stated() -> None:
    found = count_accuracies(
        [
            Pair(lab(0, 5, "alt", high=5, condition="a"), lab(0, 5, "alt", high=5), ()),
            Pair(lab(0, 5, "ast", high=5), lab(0, 5, "ast", high=5), ()),
            Pair(age(0, 5, 18, scope="trial"), age(0, 5, 18, scope="trial"), ()),
            Pair(dose(0, 5, 50), dose(0, 5, 50, boost=True), ()),
            Pair(dose(0, 5, 60), dose(0, 5, 60), ()),
            pair({"modality": "drug", "agent": "a"}, {"modality": "drug", "agent": "a"}, "DOSE"),
            pair({"condition": "b"}, {"condition": "b"}, "MEASUREMENT"),
        ]
    )
    assert found["condition"] == Accuracy(3, 4)  # ages have conditions too
    assert found["conditional"] == Accuracy(2, 2)
    assert found["scope"] == Accuracy(1, 1)
    assert found["boost"] == Accuracy(1, 2)
    assert found["agent"] == Accuracy(1, 1)
    assert found["polarity"] == Accuracy(7, 7)


def test_wrong_values_are_not_asked() -> None:
    assert count_accuracies([Pair(age(0, 5, 18), age(0, 5, 21), ("low",))])["polarity"] == Accuracy(0, 0)
