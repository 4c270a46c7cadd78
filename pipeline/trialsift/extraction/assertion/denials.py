"""Denials by what a value defines, by whole lists, and straight in front of a test: what ConText's literals can't tell.

    without anemia (Hb < 8 g/dL)          the value defines a finding that is denied
    none of the following: platelets < 100 x 10^9/L, creatinine > 2 mg/dL
    neither hemoglobin < 9 g/dL nor …     and `not ECOG 3 or 4`

In: a text, facts of criteria for inclusion, and their sentences. Out: the words that deny each. A value that tells
health is never denied so: `without liver metastases, ALT ≤ 3 x ULN`, `no lymphopenia (ANC > 1500 /uL)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from trialsift.extraction.assertion.wording import read_exceptions
from trialsift.extraction.structure.lines import BULLET
from trialsift.model.fact import Fact
from trialsift.rules.guarded import Guarded, holds, plain
from trialsift.rules.layers import Folder
from trialsift.rules.wording import read_wordings

Place = tuple[int, int]
#: The labels whose limits may be denied so.
_DENIED = frozenset({"LAB", "MEASUREMENT", "PERFORMANCE_STATUS"})
_BACK = 300  # characters
_FULL = 100  # on the scales of Karnofsky and Lansky
_MOST_LINES = 25  # a list is no longer


class DenialWords(NamedTuple):
    """How a denial is worded (`patterns/wording/denials.toml`)."""

    finding: Guarded
    test: Guarded
    list: Guarded
    opens: re.Pattern[str]


class Denials:
    """Finds denied facts. Raises PatternError if its patterns can't be used."""

    def __init__(self, folder: Folder) -> None:
        self._words = read_wordings(folder).fill(DenialWords, "denials")
        health = read_exceptions(folder).health
        self._enough, self._little = frozenset(health.enough), frozenset(health.little)

    def find(self, text: str, facts: Sequence[Fact], places: Sequence[Place]) -> Iterator[tuple[int, Place]]:
        """Iterates over the facts that are denied, as their index and the place of the words that say so."""
        opened: dict[Place, Place | None] = {}
        worded: dict[Place, list[Guarded]] = {}
        for index, (fact, place) in enumerate(zip(facts, places, strict=True)):
            if fact.label not in _DENIED or fact.attributes.get("polarity") != "inclusion" or self._tells_health(fact):
                continue
            if place not in worded:
                sentence = plain(text[slice(*place)])
                worded[place] = [words for words in self._words[:3] if holds(sentence, words.strings)]
            far = max(place[0], fact.start - _BACK)
            found = (words.expression.search(text, far, fact.start) for words in worded[place])
            denied = next(filter(None, found), None)
            if denied is not None:
                yield index, denied.span()
                continue
            if place not in opened:
                opened[place] = self._find_opener(text, place[0])
            opener = opened[place]
            if opener is not None:
                yield index, opener

    def _tells_health(self, fact: Fact) -> bool:
        get = fact.attributes.get
        if fact.label == "PERFORMANCE_STATUS":
            return get("low") == 0 if get("scale") == "ECOG" else get("high") == _FULL
        return (get("analyte") in self._enough and get("high") is None) or (
            get("analyte") in self._little and get("low") is None
        )

    def _find_opener(self, text: str, start: int) -> Place | None:
        """The place of a line that denies the list in which a sentence is an item; None without one."""
        end = text.rfind("\n", 0, start)
        indent, bulleted = _measure(text[end + 1 : start + 20])
        for _ in range(_MOST_LINES):
            if end <= 0:
                return None
            begin = text.rfind("\n", 0, end) + 1
            column, marked = _measure(text[begin:end])
            line = text[begin:end].strip()
            if line and (column < indent or (bulleted and not marked)):
                opens = line.endswith(":") and self._words.opens.match(text, begin + column, end)
                return (begin + column, begin + column + len(line)) if opens else None
            end = begin - 1
        return None


def _measure(line: str) -> tuple[int, bool]:
    """The column of a line's first character, and whether it has a bullet."""
    words = line.lstrip()
    return len(line) - len(words), BULLET.match(words) is not None
