"""LAB: a range whose ends are each given in two units: `8.4 mg/dL (2.1 mmol/L) to 10.2 mg/dL (2.55 mmol/L)`."""

from __future__ import annotations

import re
from typing import NamedTuple

from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage
from trialsift.model.interval import Interval

_LOWER, _UPPER = ("ge", "gt"), ("le", "lt")


class RestatedWords(NamedTuple):
    """What stands between the parts of such a range (`patterns/wording/lab.toml`)."""

    bracket_only: re.Pattern[str]
    up_to_restated: re.Pattern[str]


class Restated:
    """Joins the ends of such ranges."""

    def __init__(self, words: RestatedWords) -> None:
        self._words = words

    def join(self, passage: Passage) -> list[Quantity | None]:
        """Returns the quantities of a passage: in place of the first two of four that are such a range, the range in
        either unit, which overlap in the text; None in place of the last two."""
        joined: list[Quantity | None] = list(passage.quantities)
        if "(" not in passage.plain or len(joined) < 4:
            return joined
        at = 0
        while at + 3 < len(joined):
            ranges = self._read(passage, *passage.quantities[at : at + 4])
            if ranges is not None:
                joined[at : at + 4] = [*ranges, None, None]
            at += 1 if ranges is None else 4
        return joined

    def _read(
        self, passage: Passage, low: Quantity, low_again: Quantity, high: Quantity, high_again: Quantity
    ) -> tuple[Quantity, Quantity] | None:
        text, words = passage.text, self._words
        if not (_measure_same(low, high) and _measure_same(low_again, high_again)) or low.kind == "":
            return None
        if low.unit is None or low_again.unit is None or low.unit.ucum == low_again.unit.ucum:
            return None
        if not (
            words.bracket_only.fullmatch(text, low.end, low_again.start)
            and words.bracket_only.fullmatch(text, high.end, high_again.start)
            and words.up_to_restated.fullmatch(text, low_again.end, high.start)
        ):
            return None
        if low.operator not in (None, *_LOWER) or high.operator not in (None, *_UPPER):
            return None
        if low.operator is None and high.operator is None and text[low_again.end : high.start].strip(" )],\n") == "and":
            return None  # two values, not a range
        return _span(low, high), _span(low_again, high_again, low, high)


def _measure_same(one: Quantity, other: Quantity) -> bool:
    """Whether two single values are in the same unit, the greater one last."""
    return (
        one.unit is not None
        and other.unit is not None
        and one.unit.ucum == other.unit.ucum
        and not (one.ranged or other.ranged)
        and one.values[0] < other.values[0]
    )


def _span(
    low: Quantity, high: Quantity, low_sign: Quantity | None = None, high_sign: Quantity | None = None
) -> Quantity:
    """The range from one value to another; open ends as their own signs or those of the other unit say."""
    opened = (low.operator or (low_sign.operator if low_sign else None)) == "gt"
    closed = (high.operator or (high_sign.operator if high_sign else None)) == "lt"
    return low._replace(
        end=high.end,
        interval=Interval(low.values[0], not opened, high.values[0], not closed),
        operator=None,
        values=(low.values[0], high.values[0]),
        ranged=True,
        pieces=(*low.pieces, *high.pieces),
    )
