"""The readers of quantities with the shipped patterns, made once for all these tests."""

from __future__ import annotations

from functools import cache

from trialsift.entities.performance_status import read_scales
from trialsift.lexicon import Lexer, Lexicon
from trialsift.quantity.comparators import Comparators
from trialsift.quantity.parts import Quantity
from trialsift.quantity.quantities import QuantityReader
from trialsift.quantity.units import Unit, Units
from trialsift.resources import patterns_dir


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
        comparators().operator(text[t.start : t.end]) for t in _lexer().tokens(text, 0, len(text)) if t.kind == "op"
    ]


def quantities(text: str) -> list[Quantity]:
    return QuantityReader(units(), comparators()).read(text, _lexer().tokens(text, 0, len(text)))


def unit_behind(number: str, written: str) -> Unit | None:
    """The unit that begins right behind a number."""
    found = units().match(number + written, len(number))
    return found[0] if found else None
