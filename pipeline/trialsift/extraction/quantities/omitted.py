"""What a quantity leaves out because its neighbour says it: a limit of normal, a unit."""

from __future__ import annotations

from itertools import accumulate, pairwise

from trialsift.extraction.quantities import joints
from trialsift.extraction.quantities.parts import Quantity, QuantityPiece


def completed(text: str, written: list[Quantity], stop: int) -> list[Quantity]:
    """The quantities of a line in order, at least one, each with what its neighbours say for it."""
    limited = list(accumulate(written, lambda before, quantity: _with_limit_of(text, before, quantity, stop)))
    return [*(_with_unit_of(text, first, second) for first, second in pairwise(limited)), limited[-1]]


def _with_limit_of(text: str, before: Quantity, quantity: Quantity, stop: int) -> Quantity:
    """`≤ 2.5 x ULN (≤ 5 times if liver metastases)`: the limit of normal is not said again."""
    limited = before.unit is not None and before.unit.kind == "limit"
    if limited and quantity.unit is None and not quantity.ranged:
        times = joints.TIMES_AGAIN.match(text, quantity.end, stop)
        if times:
            pieces = (*_units(before), *quantity.pieces)
            return quantity._replace(unit=before.unit, end=times.end("times"), pieces=pieces)
    return quantity


def _with_unit_of(text: str, quantity: Quantity, behind: Quantity) -> Quantity:
    """`< 4 or > 30 x 109/L`: the unit of both stands behind the second."""
    outside = {quantity.operator, behind.operator} in ({"lt", "gt"}, {"le", "ge"}, {"lt", "ge"}, {"le", "gt"})
    said_later = quantity.unit is None and behind.unit is not None and behind.unit.kind != "time"
    single = not quantity.ranged and not behind.ranged
    if said_later and outside and single and joints.OR.fullmatch(text, quantity.end, behind.start):
        return quantity._replace(unit=behind.unit, pieces=(*quantity.pieces, *_units(behind)))
    return quantity


def _units(quantity: Quantity) -> list[QuantityPiece]:
    """The characters of its unit."""
    return [piece for piece in quantity.pieces if piece[0] == "unit"][:1]
