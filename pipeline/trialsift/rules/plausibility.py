"""Plausibility of laboratory thresholds: is the value one that a trial can have meant?

In: an analyte with its plausible bounds (`patterns/analytes.csv`, in its usual unit), an interval and its unit. Out:
False if an end of the interval lies outside the bounds. Such a fact is kept and marked (`plausible: false`): most are
slips of the document (`platelets ≥ 100,000/mL`, `hemoglobin ≥ 10 mg/dL`), and readers have to see them.

Values without a unit, or in a unit that does not convert to the usual one, are not judged.
"""

from __future__ import annotations

from functools import cache

from trialsift.model.fact import Scalar
from trialsift.rules.analytes import Analyte
from trialsift.rules.lab_units import find_lab_factor

#: Bounds of thresholds that are multiples of a normal limit, or of a control value.
MULTIPLES = {"ULN": (0.1, 100.0), "LLN": (0.1, 10.0)}


def is_plausible(analyte: Analyte, low: Scalar, high: Scalar, unit: str | None) -> bool:
    """Returns False if a finite end other than zero lies outside the plausible bounds of the analyte."""
    bounds = find_plausible_bounds(analyte, unit) if unit is not None else None
    if bounds is None:
        return True
    return all(
        bounds[0] <= end <= bounds[1]
        for end in (low, high)
        if isinstance(end, int | float) and end != 0  # `> 0 copies/mL` means detectable, whatever the bounds
    )


@cache
def find_plausible_bounds(analyte: Analyte, unit: str) -> tuple[float, float] | None:
    """Returns the plausible bounds in `unit`; None if the analyte has none, or the unit does not convert."""
    if unit in MULTIPLES:
        return MULTIPLES[unit]
    if analyte.plausible is None:
        return None
    factor = find_lab_factor(analyte, analyte.usual_unit, unit)
    return None if factor is None else (analyte.plausible[0] * factor, analyte.plausible[1] * factor)
