"""A BED or EQD2 that the text states beside a regimen, and the α/β that it calculates with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from trialsift.model.fact import Annotation, Fact
from trialsift.tables.regimens.mentions import Mention
from trialsift.tables.regimens.wording import CourseWords

_REACH = 120
_SUBSCRIPTS = {"₁₀": 10.0, "₃": 3.0}


class StatedEffect(NamedTuple):
    """A BED or an EQD2 in Gy, and the α/β that goes with it, None where the text tells none."""

    is_bed: bool
    dose: float
    alpha_beta: float | None


def find_stated_effects(
    text: str, annotation: Annotation, mentions: Sequence[Mention], words: CourseWords
) -> dict[int, list[StatedEffect]]:
    """Returns the effects that the text states, by the number of the statement that each belongs to: the last one
    before it in its sentence."""
    found: dict[int, list[StatedEffect]] = {}
    by_sentence: dict[tuple[int, int] | None, list[Mention]] = {}
    for mention in mentions:
        by_sentence.setdefault(mention.context, []).append(mention)
    for i, fact in enumerate(annotation.facts):
        if fact.label != "DOSE" or fact.attributes.get("role") != "other" or i >= len(annotation.contexts):
            continue
        context = annotation.contexts[i]
        near = [m for m in by_sentence.get(context, ()) if m.end <= fact.start]
        effect = _read_effect(text, fact, context, words) if near else None
        if effect is not None:
            found.setdefault(max(near, key=lambda m: m.end).number, []).append(effect)
    return found


def _read_effect(text: str, fact: Fact, context: tuple[int, int], words: CourseWords) -> StatedEffect | None:
    low, high = fact.attributes.get("low"), fact.attributes.get("high")
    if not isinstance(low, int | float) or low != high:
        return None
    told = words.effect.search(text[max(context[0], fact.start - _REACH) : fact.start])
    if told is None:
        return None
    ratio = told["told"] or told["ratio"]
    value = _SUBSCRIPTS.get(ratio) or float(ratio) if ratio else _find_ratio(text, fact, context, words)
    return StatedEffect(told["bed"] is not None, float(low), value)


def _find_ratio(text: str, fact: Fact, context: tuple[int, int], words: CourseWords) -> float | None:
    """The α/β behind a dose in its sentence (`BED 151.2 Gy10`, `90 Gy (α/β = 3)`), else the only one of the text."""
    behind = words.ratio.search(text, max(context[0], fact.end - 4), max(context[1], fact.end))
    if behind is not None:
        return _read_ratio(behind["n"] or behind["unit"])
    everywhere = _list_ratios(text, words.ratio)
    return _read_ratio(*everywhere) if len(everywhere) == 1 else None


@lru_cache(maxsize=1)  # all facts of a text are asked for before those of the next
def _list_ratios(text: str, expression: re.Pattern[str]) -> frozenset[str]:
    return frozenset(found["n"] for found in expression.finditer(text) if found["n"])


def _read_ratio(written: str) -> float | None:
    return float(written) if 0 < float(written) < 30 else None


def list_doses(effects: Iterable[StatedEffect], is_bed: bool) -> float | None:
    """Returns the first of the stated doses of a kind."""
    return next((effect.dose for effect in effects if effect.is_bed is is_bed), None)
