"""LAB: values that are said of several names one by one: `ANC and platelets of 1500 and 100,000/mm3, respectively`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from trialsift.extraction.labels.lab.names import is_analyte
from trialsift.extraction.quantities.parts import Quantity, Token
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.rules.guarded import Guarded


class ShareWords(NamedTuple):
    """Words of such lists (`patterns/wording/lab.toml`)."""

    respectively: Guarded
    value_joiner: re.Pattern[str]
    joiner: re.Pattern[str]


class Shares:
    """Finds which value belongs to which name."""

    def __init__(self, words: ShareWords) -> None:
        self._words = words

    def find(self, passage: Passage, names: Sequence[Token]) -> dict[int, tuple[list[Token], Quantity]]:
        """Returns the names of a value and the quantity with the unit that it shares, by its place in
        `passage.quantities`."""
        found: dict[int, tuple[list[Token], Quantity]] = {}
        if len(passage.quantities) < 2 or len(names) < 2:
            return found
        told = self._words.respectively.search(passage.text[passage.start : passage.end], passage.plain) is not None
        if not told and not _has_slashed(passage.text, names):
            return found
        for run in self._find_runs(passage):
            groups = _group_before(passage.text, names, passage.quantities[run[0]].start, self._words.joiner)
            if not 2 <= len(groups) <= len(run):
                continue
            values = [passage.quantities[index] for index in run[-len(groups) :]]
            if self._are_shared(passage, groups, values) if told else _are_slashed(passage.text, groups, values):
                unit = values[-1].unit
                found |= {
                    index: (group, value if value.unit is not None else value._replace(unit=unit))
                    for index, group, value in zip(run[-len(groups) :], groups, values, strict=True)
                }
        return found

    def _are_shared(self, passage: Passage, groups: list[list[Token]], values: list[Quantity]) -> bool:
        """Whether words behind the values, or in front of them, say that they belong to the names one by one."""
        text, search = passage.text, self._words.respectively.expression.search
        behind = text[values[-1].end : min(passage.end, values[-1].end + Window.CLAUSE)]
        return bool(search(behind) or search(text[groups[-1][-1].end : values[0].start]))

    def _find_runs(self, passage: Passage) -> list[list[int]]:
        """The places of quantities that only joiners stand between."""
        runs: list[list[int]] = [[]]
        for index, quantity in enumerate(passage.quantities):
            last = passage.quantities[runs[-1][-1]] if runs[-1] else None
            if last is not None and not self._words.value_joiner.fullmatch(passage.text, last.end, quantity.start):
                runs.append([])
            runs[-1].append(index)
        return runs


def _has_slashed(text: str, names: Sequence[Token]) -> bool:
    """Whether a slash separates two names."""
    return any(text[one.end : other.start].strip() == "/" for one, other in pairwise(names))


def _are_slashed(text: str, groups: list[list[Token]], values: list[Quantity]) -> bool:
    """Whether slashes separate the names and the values alike: `Hb/ANC: ≥ 9 g/dL / ≥ 1.5 x 10^9/L`."""
    gaps = [text[one.end : other.start] for one, other in pairwise(values)]
    joined = [text[one[-1].end : other[0].start] for one, other in pairwise(groups)]
    return all("/" in gap for gap in gaps + joined) and len({value.kind for value in values}) > 1


def _group_before(text: str, names: Sequence[Token], position: int, joiner: re.Pattern[str]) -> list[list[Token]]:
    """The tests that are listed last in front of a place; a name and its abbreviation in brackets are one."""
    before = [name for name in names if name.end <= position]
    if not before or not is_analyte(before[-1]):
        return []
    groups = [[before[-1]]]
    for earlier, later in reversed(list(pairwise(before))):
        if not is_analyte(earlier) or not joiner.fullmatch(text, earlier.end, later.start):
            break
        if earlier.value == later.value:
            groups[0].insert(0, earlier)
        else:
            groups.insert(0, [earlier])
    return groups
