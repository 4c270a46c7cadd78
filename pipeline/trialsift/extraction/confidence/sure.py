"""Leaves out what is not sure enough, where that is asked for.

In: an annotation and the least confidence, from 0 to 1. Out: the annotation without facts and regimens below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from trialsift.extraction.confidence.rate import Rater
from trialsift.model.document import Part
from trialsift.model.fact import Annotation


class _Annotator(Protocol):
    def annotate(self, text: str, parts: Sequence[Part] = ()) -> Annotation: ...


class SureAnnotator:
    """Annotates as `extractor` does, without what has less confidence than `least`. Raises ValueError for a `least`
    that is not from 0 to 1."""

    def __init__(self, extractor: _Annotator, rater: Rater, least: float) -> None:
        self._extractor, self._rater, self._least = extractor, rater, check_confidence(least)

    def annotate(self, text: str, parts: Sequence[Part] = ()) -> Annotation:
        """Returns the facts and regimens of a text that are sure enough."""
        return drop_doubtful(self._rater, text, self._extractor.annotate(text, parts), self._least)


def check_confidence(least: float) -> float:
    """Returns a least confidence. Raises ValueError if it is not from 0 to 1."""
    if not 0 <= least <= 1:
        raise ValueError(f"a confidence of {least} is not possible; expected a number from 0 to 1")
    return least


def drop_doubtful(rater: Rater, text: str, annotation: Annotation, least: float) -> Annotation:
    """Returns the annotation without facts and regimens of less confidence than `least`, from 0 to 1.

    A regimen goes too if one of its facts does.
    """
    of_facts, of_regimens = rater.rate(text, annotation)
    kept = [index for index, confidence in enumerate(of_facts) if confidence >= least]
    numbers = {index: number for number, index in enumerate(kept)}
    regimens = tuple(
        replace(regimen, facts=tuple(numbers[index] for index in regimen.facts))
        for regimen, confidence in zip(annotation.regimens, of_regimens, strict=True)
        if confidence >= least and numbers.keys() >= set(regimen.facts)
    )
    return replace(
        annotation,
        facts=tuple(annotation.facts[index] for index in kept),
        regimens=regimens,
        contexts=tuple(annotation.contexts[index] for index in kept) if annotation.contexts else (),
        excepted=tuple(annotation.excepted[index] for index in kept) if annotation.excepted else (),
    )
