"""Ages in the fields of a registry: `Minimum age: 18Y`, `Age maximum: 65 Years`.

A field names the side of the limit in front of the colon, so that its value needs no comparator; `0`, `999` and `no
limit` say that there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from trialsift.extraction.labels.age.words import UNITS
from trialsift.extraction.quantities.parts import QuantityPiece
from trialsift.model.interval import Interval

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


def find_fields(text: str, start: int, end: int, expression: re.Pattern[str]) -> Iterator[Field]:
    """The fields in `text[start:end]`, as an expression finds them: the wording `age.field`."""
    for found in expression.finditer(text, start, end):
        value = int(found["number"])
        unit = UNITS[(found["unit"] or found["above"] or "y")[0].lower()]
        interval = None
        if 0 < value <= _OLDEST[unit]:
            sign, lowest = found["sign"], found["low1"] or found["low2"]
            strict = sign in ("<", ">")  # behind the number, `20 years-old <=` and `75 years-old >`
            interval = Interval.of(("gt" if strict else "ge") if lowest else ("lt" if strict else "le"), value)
        pieces: tuple[QuantityPiece, ...] = (("number", *found.span("number"), float(value)),)
        if found["unit"] or found["above"]:
            pieces += (("unit", *found.span("unit" if found["unit"] else "above"), unit),)
        yield Field(found.start(), found.start("value"), found.end("value"), interval, unit, pieces)
