"""The readers of quantities with the shipped patterns, made once for all these tests."""

from __future__ import annotations

from functools import cache

from trialsift.extraction.labels.performance_status import read_scales
from trialsift.extraction.mentions.lexer import Lexer
from trialsift.extraction.mentions.lexicon import Lexicon
from trialsift.extraction.quantities.comparators import Comparators
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.quantities.reader import QuantityReader
from trialsift.extraction.quantities.units import Unit, Units
from trialsift.extraction.structure.reading_copy import ReadingCopy, make_reading_copy
from trialsift.rules.files import patterns_dir


@cache
def units() -> Units:
    return Units(patterns_dir())


@cache
def comparators() -> Comparators:
    return Comparators(patterns_dir())


@cache
def _lexer() -> Lexer:
    return Lexer(comparators(), Lexicon(patterns_dir(), read_scales(patterns_dir())).names)


def operators_in(text: str) -> list[str | None]:
    """What each comparator in front of a number states."""
    read = make_reading_copy(text).text
    return [
        comparators().read_operator(read[t.start : t.end])
        for t in _lexer().find_tokens(read, 0, len(read))
        if t.kind == "op"
    ]


def quantities(text: str) -> list[Quantity]:
    """The quantities of a text, read in its copy, as an extractor does, with their places in the text itself."""
    copy = make_reading_copy(text)
    found = QuantityReader(units(), comparators()).read(copy.text, _lexer().find_tokens(copy.text, 0, len(copy.text)))
    return [_locate(quantity, copy) for quantity in found]


def _locate(quantity: Quantity, copy: ReadingCopy) -> Quantity:
    start, end = copy.locate(quantity.start, quantity.end)
    number_start, _ = copy.locate(quantity.number_start, quantity.end)
    return quantity._replace(start=start, end=end, number_start=number_start)


def unit_behind(number: str, written: str) -> Unit | None:
    """The unit that begins right behind a number."""
    found = units().match(make_reading_copy(number + written).text, len(number))
    return found[0] if found else None
