"""The pieces of a value in words: those that a quantity keeps, and those that an engine noted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trialsift.extraction.explain.data import Found
from trialsift.extraction.quantities.parts import Quantity, QuantityPiece
from trialsift.model.display import format_scalar
from trialsift.model.interval import tidy

MEANINGS = {
    "ge": "low, inclusive",
    "gt": "low, exclusive",
    "le": "high, inclusive",
    "lt": "high, exclusive",
    "within": "high, inclusive",
    "between": "low and high",
    "eq": "exactly",
    "inclusive": "low and high, inclusive",
    "exclusive": "low and high, exclusive",
}


def quantity_pieces(quantity: Quantity, text: str, end: int) -> Iterator[Found]:
    """The comparators, numbers, range signs and units of a quantity, in the order of the text.

    A dose ends at `end`, in front of the time of its rate (`15 cGy` of `15 cGy/min`); a unit that a neighbour says
    for it comes last.
    """
    for kind, begin, stop, value in sorted(quantity.pieces, key=lambda piece: (piece[1] < quantity.start, piece[1])):
        if isinstance(value, float):
            yield Found(kind, begin, stop, format_scalar(tidy(value)))
            continue
        meaning = MEANINGS["between"] if value is None else MEANINGS.get(value, value)
        if quantity.start <= begin < end < stop:
            stop, meaning = end, meaning.split("/")[0]
        written = text[begin:stop]
        begin += len(written) - len(written.lstrip(" \n\t\r-" if kind == "unit" else None))
        yield Found(kind, begin, begin + len(text[begin:stop].rstrip()), meaning)


def noted_pieces(pieces: Iterable[QuantityPiece]) -> Iterator[Found]:
    """The pieces of a value that an engine read itself, in its order."""
    for kind, start, end, value in pieces:
        meaning = format_scalar(tidy(value)) if isinstance(value, float | int) else MEANINGS.get(str(value), str(value))
        yield Found(kind, start, end, meaning)
