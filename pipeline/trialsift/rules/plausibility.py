"""LAB: is the value of a threshold one that a trial can have meant?

In: an analyte with its plausible bounds (`patterns/analytes.csv`, in its usual unit), an interval and its unit.
Out: False where an end of the interval lies outside of those bounds. Such a fact is kept and marked
(`plausible: false`): most are slips of the document (`platelets ≥ 100,000/mL`, `hemoglobin ≥ 10 mg/dL`), and the
reader has to see them.

Nothing is said of a value that can't be judged: one without a unit, or in a unit that doesn't convert to the usual one.
"""

from __future__ import annotations

from functools import cache

from trialsift.model.fact import Scalar
from trialsift.rules.analytes import Analyte
from trialsift.rules.lab_units import lab_factor

#: Bounds of a threshold given as a multiple of a normal limit, or of a control value.
MULTIPLES = {"ULN": (0.1, 100.0), "LLN": (0.1, 10.0)}


def is_plausible(analyte: Analyte, low: Scalar, high: Scalar, unit: str | None) -> bool:
    """False where a finite end, other than zero, lies outside the analyte's plausible bounds."""
    bounds = plausible_bounds(analyte, unit) if unit is not None else None
    if bounds is None:
        return True
    return all(
        bounds[0] <= end <= bounds[1]
        for end in (low, high)
        if isinstance(end, int | float) and end != 0  # `> 0 copies/mL` says detectable, whatever the bounds
    )


@cache
def plausible_bounds(analyte: Analyte, unit: str) -> tuple[float, float] | None:
    """The plausible bounds in `unit`; None where the analyte has none, or the unit doesn't convert to its usual one."""
    if unit in MULTIPLES:
        return MULTIPLES[unit]
    if analyte.plausible is None:
        return None
    factor = lab_factor(analyte, analyte.usual_unit, unit)
    return None if factor is None else (analyte.plausible[0] * factor, analyte.plausible[1] * factor)
