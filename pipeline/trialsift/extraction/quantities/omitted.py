"""Completes quantities that leave their limit of normal or their unit to a neighbour."""

from __future__ import annotations

from itertools import accumulate, pairwise

from trialsift.extraction.quantities.joints import JointWords
from trialsift.extraction.quantities.parts import Quantity, QuantityPiece
from trialsift.model.interval import Interval


def complete(words: JointWords, text: str, written: list[Quantity], stop: int) -> list[Quantity]:
    """Returns the quantities of a line, at least one, in order, completed from their neighbours."""
    limited = list(accumulate(written, lambda before, quantity: _add_limit(words, text, before, quantity, stop)))
    completed = [*(_add_unit(words, text, first, second) for first, second in pairwise(limited)), limited[-1]]
    return _join_ends(words, text, completed)


def _join_ends(words: JointWords, text: str, found: list[Quantity]) -> list[Quantity]:
    """`15 mg or more but 25 mg or less`, `6.5 % or more and less than 9 %`: one interval, with a lower end that is
    bounded from behind."""
    joined: list[Quantity] = []
    for quantity in found:
        before = joined[-1] if joined else None
        if before is not None and _are_ends(words, text, before, quantity):
            low, high = sorted((before, quantity), key=lambda end: end.values[0])
            interval = Interval(low.values[0], True, high.values[0], high.operator == "le")
            values, pieces = (low.values[0], high.values[0]), before.pieces + quantity.pieces
            joined[-1] = before._replace(
                end=quantity.end,
                interval=interval,
                values=values,
                ranged=True,
                pieces=pieces,
                unit=low.unit or high.unit,
            )
        else:
            joined.append(quantity)
    return joined


def _are_ends(words: JointWords, text: str, first: Quantity, second: Quantity) -> bool:
    """Whether two quantities are the ends of one interval, the lower of which is bounded by words behind it."""
    if first.ranged or second.ranged or not words.and_but.fullmatch(text, first.end, second.start):
        return False
    low, high = (first, second) if first.operator == "ge" else (second, first)
    if low.operator != "ge" or high.operator not in ("le", "lt") or low.values[0] >= high.values[0]:
        return False
    if low.start != low.number_start or (first.unit is None and second.unit is None):
        return False
    if first.unit is not None and second.unit is None:
        return words.counted.match(text, second.end) is None and second is high and first.unit.kind != "time"
    return first.unit is None or (second.unit is not None and first.unit.ucum == second.unit.ucum)


def _add_limit(words: JointWords, text: str, before: Quantity, quantity: Quantity, stop: int) -> Quantity:
    """`≤ 2.5 x ULN (≤ 5 times if liver metastases)`: the limit of normal is not repeated."""
    limited = before.unit is not None and before.unit.kind == "limit"
    if limited and quantity.unit is None and not quantity.ranged:
        times = words.times_again.match(text, quantity.end, stop)
        if times:
            pieces = (*_find_unit(before), *quantity.pieces)
            return quantity._replace(unit=before.unit, end=times.end("times"), pieces=pieces)
    return quantity


def _add_unit(words: JointWords, text: str, quantity: Quantity, behind: Quantity) -> Quantity:
    """`< 4 or > 30 x 109/L`: the unit of both follows the second."""
    outside = {quantity.operator, behind.operator} in ({"lt", "gt"}, {"le", "ge"}, {"lt", "ge"}, {"le", "gt"})
    said_later = quantity.unit is None and behind.unit is not None and behind.unit.kind != "time"
    single = not quantity.ranged and not behind.ranged
    if said_later and outside and single and words.or_.fullmatch(text, quantity.end, behind.start):
        return quantity._replace(unit=behind.unit, pieces=(*quantity.pieces, *_find_unit(behind)))
    return quantity


def _find_unit(quantity: Quantity) -> list[QuantityPiece]:
    """The piece of its unit, as a list of at most one."""
    return [piece for piece in quantity.pieces if piece[0] == "unit"][:1]
