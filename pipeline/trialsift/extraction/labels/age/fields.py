"""Ages in the fields of a registry: `Minimum age: 18Y`, `Age maximum: 65 Years`.

A field names the side of the limit in front of the colon, so that its value needs no comparator; `0`, `999` and `no
limit` say that there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from trialsift.extraction.quantities.parts import QuantityPiece
from trialsift.model.interval import Interval

_LOWEST = r"minimum|minimal|min\.?|lowest|lower|youngest|from"
_HIGHEST = r"maximum|maximal|max\.?|highest|upper|oldest|to"
_SIDE = rf"(?:(?P<low{{0}}>{_LOWEST})|(?P<high{{0}}>{_HIGHEST}))"
_UNIT = r"(?:y(?:ea)?rs?|years?|y|months?|mos?|m|weeks?|wks?|w|days?|d|hours?|hrs?|h)"
_FIELD = re.compile(
    rf"(?<![\w-])(?:{_SIDE.format(1)}[ \t]+age(?:[ \t]+limit)?|age[ \t]*(?:limit[ \t]*)?[(,:–-]?[ \t]*"
    rf"{_SIDE.format(2)}\b\)?(?:[ \t]+limit)?)[ \t]*(?:\([ \t]*(?:in[ \t]+)?(?P<above>{_UNIT})[ \t]*\)[ \t]*)?[:|=]\s*"
    rf"(?P<value>(?P<number>\d{{1,4}})(?!\d|[.,]\d|[ \t]*[-–][ \t]*\d)(?:[ \t-]*(?P<unit>{_UNIT})(?![A-Za-z]))?)",
    re.I,
)
_UNITS = {"y": "a", "m": "mo", "w": "wk", "d": "d", "h": "h"}
_OLDEST = {"a": 120, "mo": 1440, "wk": 6300, "d": 44000, "h": 1000}


class Field(NamedTuple):
    """A field with its value: where the field begins, where the value does, and what it limits. `interval` is None
    where the value says that there is no limit; `pieces` are what it was read from."""

    start: int
    value_start: int
    end: int
    interval: Interval | None
    unit: str
    pieces: tuple[QuantityPiece, ...]


def find_fields(text: str, start: int, end: int) -> Iterator[Field]:
    """The fields in `text[start:end]`."""
    for found in _FIELD.finditer(text, start, end):
        value = int(found["number"])
        unit = _UNITS[(found["unit"] or found["above"] or "y")[0].lower()]
        interval = None
        if 0 < value <= _OLDEST[unit]:
            interval = Interval.of("ge" if found["low1"] or found["low2"] else "le", value)
        pieces: tuple[QuantityPiece, ...] = (("number", *found.span("number"), float(value)),)
        if found["unit"] or found["above"]:
            pieces += (("unit", *found.span("unit" if found["unit"] else "above"), unit),)
        yield Field(found.start(), found.start("value"), found.end("value"), interval, unit, pieces)
