"""Weighs the signs of facts and regimens: a logistic regression with weights from data.

In: a text and its annotation. Out: `Rating`s in the order of the facts and of the regimens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import NamedTuple

from trialsift.extraction.confidence.signs import SignFinder, Signs, find_regimen_signs, read_confidence_words
from trialsift.model.fact import Annotation
from trialsift.model.memory import remember_of_folders
from trialsift.rules.layers import Folder
from trialsift.rules.validation import Table, read_as

_DIGITS = 3
_MOST = 0.999  # some hundreds of errors can't tell that something is surer


class Weights(Table):
    """The weights of one kind: what each sign adds to the log-odds of being right, and where they begin."""

    begin: float
    signs: dict[str, float]


class WeightsFile(Table):
    """The contents of `confidence.toml`."""

    facts: Weights
    regimens: Weights


@dataclass(frozen=True, slots=True)
class Rating:
    """How sure one reading is: the probability that it is right, from 0.001 to 0.999, and what each sign adds to its
    log-odds, by name, signs without a weight left out."""

    confidence: float
    shares: Mapping[str, float]


class Ratings(NamedTuple):
    """The confidence of each fact and of each regimen of a text, in their order."""

    facts: Sequence[float]
    regimens: Sequence[float]

    def to_record(self) -> dict[str, list[float]]:
        """Returns it as in `annotations.jsonl`."""
        return {"spans": list(self.facts), "regimens": list(self.regimens)}


class Rater:
    """Rates the readings of texts by the weights of a folder of patterns. Raises PatternError."""

    def __init__(self, folder: Folder) -> None:
        self.weights = read_as(WeightsFile, folder / "confidence.toml")
        self._words = read_confidence_words(folder)

    def rate(self, text: str, annotation: Annotation) -> Ratings:
        """Returns the confidence of each fact and of each regimen."""
        if not annotation.facts:
            return Ratings([], [])
        odds = [_add(self.weights.facts, signs) for signs in self.find_signs(text, annotation)]
        regimens = [_add(self.weights.regimens, signs) for signs in self.find_regimen_signs(annotation, odds)]
        return Ratings(list(map(_to_confidence, odds)), list(map(_to_confidence, regimens)))

    def explain(self, text: str, annotation: Annotation) -> tuple[list[Rating], list[Rating]]:
        """Returns the ratings of all facts and regimens, with what each sign adds."""
        facts = [_explain(self.weights.facts, signs) for signs in self.find_signs(text, annotation)]
        odds = [self.weights.facts.begin + sum(rating.shares.values()) for rating in facts]
        regimens = [_explain(self.weights.regimens, signs) for signs in self.find_regimen_signs(annotation, odds)]
        return facts, regimens

    def find_signs(self, text: str, annotation: Annotation) -> list[Signs]:
        """Returns the signs of each fact, with a weight or without."""
        return SignFinder(text, annotation, self._words).find() if annotation.facts else []

    def find_regimen_signs(self, annotation: Annotation, odds: Sequence[float]) -> list[Signs]:
        """Returns the signs of each regimen, whose facts have these log-odds."""
        others, facts = len(annotation.regimens) - 1, annotation.facts
        return [
            find_regimen_signs(
                regimen,
                odds,
                all(facts[index].attributes.get("plausible") is not False for index in regimen.facts),
                others,
                annotation.contexts,
            )
            for regimen in annotation.regimens
        ]


@remember_of_folders
def read_rater(folder: Folder) -> Rater:
    """Returns the rater of a folder of patterns, read once in a process."""
    return Rater(folder)


def _add(weights: Weights, signs: Signs) -> float:
    known = weights.signs
    return weights.begin + sum(known[name] * value for name, value in signs.items() if name in known)


def _explain(weights: Weights, signs: Signs) -> Rating:
    known = weights.signs
    shares = {name: known[name] * value for name, value in signs.items() if name in known}
    return Rating(_to_confidence(weights.begin + sum(shares.values())), shares)


def _to_confidence(odds: float) -> float:
    return min(max(round(1 / (1 + exp(-odds)), _DIGITS), 1 - _MOST), _MOST)
