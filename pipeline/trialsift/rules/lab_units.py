"""From one unit of a laboratory test to another, also from an amount of substance to a mass, and to its usual unit."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from trialsift.model.ucum import find_factor
from trialsift.rules.analytes import Analyte

#: Elementary charges of an ion: 1 mmol of it is so many milliequivalents. A unit does not know the ion, a test does.
_CHARGES = {
    "sodium": 1,
    "potassium": 1,
    "chloride": 1,
    "bicarbonate": 1,
    "lithium": 1,
    "calcium": 2,
    "ionized_calcium": 2,
    "magnesium": 2,
}


class Usual(NamedTuple):
    """The number that a value is multiplied by to be in the usual unit of its analyte, and what that rests on: `unit`
    (the two units measure the same), `molar mass 113.12 g/mol`, or `charge 1`; both where both were needed."""

    factor: float
    unit: str
    source: str


def lab_factor(analyte: Analyte, from_unit: str, to_unit: str) -> float | None:
    """The number that a value of the analyte in `from_unit` is multiplied by to be in `to_unit`, both UCUM.

    A molar unit and one of mass convert through the analyte's molar mass; None where they don't convert, as multiples
    of a normal limit never do.
    """
    direct = find_factor(from_unit, to_unit)
    if direct is not None or analyte.molar_mass is None:
        return direct
    # grams of the one stand for moles of the other: per litre, and per day for an excretion
    for mass, molar in (("g/L", "mol/L"), ("g/(24.h)", "mol/(24.h)")):
        for source, target, scale in ((mass, molar, 1 / analyte.molar_mass), (molar, mass, analyte.molar_mass)):
            there, back = find_factor(from_unit, source), find_factor(target, to_unit)
            if there is not None and back is not None:
                return there * scale * back
    return None


@cache
def to_usual(analyte: Analyte, unit: str) -> Usual | None:
    """How a value of the analyte in `unit` (UCUM) comes to its usual unit.

    None where it doesn't convert by a factor: a multiple of a normal limit, another kind of unit, or HbA1c in mmol/mol,
    which is a straight line to per cent (NGSP % = 0.09148 · IFCC mmol/mol + 2.152) and no factor.
    """
    target = analyte.usual_unit
    same = find_factor(unit, target)
    if same is not None:
        return Usual(same, target, "unit")
    by_mass = f"molar mass {analyte.molar_mass:.12g} g/mol" if analyte.molar_mass is not None else ""
    through_mass = lab_factor(analyte, unit, target)
    if through_mass is not None:
        return Usual(through_mass, target, by_mass)
    charge, equivalents = _CHARGES.get(analyte.id), find_factor(unit, "meq/L")
    moles = lab_factor(analyte, "mmol/L", target)
    if charge is None or equivalents is None or moles is None:
        return None
    source = f"charge {charge}" + ("" if find_factor("mmol/L", target) is not None else f", {by_mass}")
    return Usual(equivalents / charge * moles, target, source)
