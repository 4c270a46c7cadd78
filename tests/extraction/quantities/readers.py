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
    return [
        comparators().read_operator(text[t.start : t.end])
        for t in _lexer().find_tokens(text, 0, len(text))
        if t.kind == "op"
    ]


def quantities(text: str) -> list[Quantity]:
    return QuantityReader(units(), comparators()).read(text, _lexer().find_tokens(text, 0, len(text)))


def unit_behind(number: str, written: str) -> Unit | None:
    """The unit that begins right behind a number."""
    found = units().match(number + written, len(number))
    return found[0] if found else None
