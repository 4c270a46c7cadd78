"""Doses of carboplatin by the area under the curve that they aim at: `AUC 5`, `5 AUC`, `5 mg/mL/min`."""

from __future__ import annotations

import re
from typing import NamedTuple

from trialsift.extraction.labels.dose.wording import DrugWords
from trialsift.extraction.quantities.parts import QuantityPiece
from trialsift.extraction.structure.passage import Passage
from trialsift.rules.guarded import find_needed, holds

_LEAST, _MOST = 0.5, 15
#: So small a target is one of carboplatin only where that is named: others are areas under ROC curves.
_SMALL = 1
#: Names of the drugs that are dosed so begin or end with it.
_DOSED_SO = ("carbo", "platin", "cbdca", "paraplatin")


class Area(NamedTuple):
    """An area under the curve as a dose. `pieces` are what it was read from."""

    start: int
    end: int
    low: float
    high: float
    written: str
    pieces: list[QuantityPiece]


class Areas:
    """Finds them in a passage."""

    def __init__(self, words: DrugWords) -> None:
        self._named = (words.area, words.area_behind)
        self._in_units = words.area_in_units
        self._needed = find_needed(*self._named)

    def find(self, passage: Passage) -> list[Area]:
        """Returns the areas of a passage in order; the quantities in them are claimed."""
        dosed_so = any(name in passage.plain for name in _DOSED_SO)
        expressions = [*(self._named if holds(passage.plain, self._needed) else ())]
        if dosed_so or expressions:
            expressions.append(self._in_units)
        areas: list[Area] = []
        for expression in expressions:
            for match in expression.finditer(passage.text, passage.start, passage.end):
                if not any(area.start < match.end() and match.start() < area.end for area in areas):
                    areas.extend(_read_area(passage, match, dosed_so))
        return sorted(areas)


def _read_area(passage: Passage, match: re.Match[str], dosed_so: bool) -> list[Area]:
    """The area of a match, none where it is not one that a dose aims at."""
    low, high = float(match["n"]), float(match["m"] or match["n"])
    inside = [i for i, q in enumerate(passage.quantities) if q.start < match.end() and match.start() < q.end]
    if (_LEAST if dosed_so else _SMALL) <= low <= high <= _MOST:
        pieces: list[QuantityPiece] = [("number", *match.span("n"), low)]
        pieces += [("number", *match.span("m"), high)] if match["m"] else []
        pieces.append(("unit", *match.span("name"), "AUC"))
        passage.claimed.update(inside)
        end = match.start() + len(match.group().rstrip())
        return [Area(match.start(), end, low, high, " ".join(match["name"].split()), sorted(pieces, key=_place))]
    for index in inside:
        why = f"a target area under the curve is one from {_LEAST:g} to {_MOST:g}, from {_SMALL:g} without carboplatin"
        passage.decline(passage.quantities[index], "DOSE", "dose.drug", why)
    return []


def _place(piece: QuantityPiece) -> int:
    return piece[1]
