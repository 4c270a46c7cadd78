"""An interval of numbers, as the annotation guidelines define it."""

from __future__ import annotations

from typing import NamedTuple


class Interval(NamedTuple):
    """`low`/`high` as in the annotation guidelines; an open side is None, and so is its `_inclusive`."""

    low: float | None = None
    low_inclusive: bool | None = None
    high: float | None = None
    high_inclusive: bool | None = None

    @classmethod
    def of(cls, operator: str | None, value: float) -> Interval:
        """Makes the interval of an operator and a number; without an operator it holds only the number."""
        if operator in ("ge", "gt"):
            return cls(value, operator == "ge", None, None)
        if operator in ("le", "lt", "within"):
            return cls(None, None, value, operator != "lt")
        return cls(value, True, value, True)

    @property
    def is_empty(self) -> bool:
        """Whether no number lies in it: both sides are the same number, and one is without it."""
        return self.low is not None and self.low == self.high and not (self.low_inclusive and self.high_inclusive)


def tidy(number: float) -> float | int:
    """Converts a whole number to int, so that it is written `18` and not `18.0`."""
    return int(number) if number == int(number) and abs(number) < 1e15 else round(number, 10)
