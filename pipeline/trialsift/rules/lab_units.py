"""Converts laboratory units: between each other, between amount of substance and mass, and to the usual unit."""

from __future__ import annotations

from typing import NamedTuple

from trialsift.model.memory import remember
from trialsift.model.ucum import find_factor
from trialsift.rules.analytes import Analyte

#: Milliequivalents per millimole: the elementary charges of an ion, which a unit does not know.
_CHARGES = {
    **dict.fromkeys(("sodium", "potassium", "chloride", "bicarbonate", "lithium"), 1),
    **dict.fromkeys(("calcium", "ionized_calcium", "magnesium"), 2),
}


class Usual(NamedTuple):
    """The factor that converts a value to the usual unit of its analyte, and its source: `unit` (both units measure the
    same), `molar mass 113.12 g/mol`, `charge 1`, or both of the last two."""

    factor: float
    unit: str
    source: str


def find_lab_factor(analyte: Analyte, from_unit: str, to_unit: str) -> float | None:
    """Returns the factor that converts a value of the analyte from `from_unit` to `to_unit`, both UCUM.

    Molar and mass units convert through the analyte's molar mass. None if the units do not convert, as multiples of a
    normal limit never do.
    """
    direct = find_factor(from_unit, to_unit)
    if direct is not None or analyte.molar_mass is None:
        return direct
    # grams correspond to moles: per litre, and per day for an excretion
    for mass, molar in (("g/L", "mol/L"), ("g/(24.h)", "mol/(24.h)")):
        for source, target, scale in ((mass, molar, 1 / analyte.molar_mass), (molar, mass, analyte.molar_mass)):
            there, back = find_factor(from_unit, source), find_factor(target, to_unit)
            if there is not None and back is not None:
                return there * scale * back
    return None


@remember
def convert_to_usual(analyte: Analyte, unit: str) -> Usual | None:
    """Returns the conversion of a value of the analyte from `unit` (UCUM) to its usual unit.

    None if there is no such factor: for a multiple of a normal limit, a unit of another kind, or HbA1c in mmol/mol,
    whose conversion is linear with an offset (NGSP % = 0.09148 · IFCC mmol/mol + 2.152).
    """
    target = analyte.usual_unit
    same = find_factor(unit, target)
    if same is not None:
        return Usual(same, target, "unit")
    by_mass = f"molar mass {analyte.molar_mass:.12g} g/mol" if analyte.molar_mass is not None else ""
    through_mass = find_lab_factor(analyte, unit, target)
    if through_mass is not None:
        return Usual(through_mass, target, by_mass)
    charge, equivalents = _CHARGES.get(analyte.id), find_factor(unit, "meq/L")
    moles = find_lab_factor(analyte, "mmol/L", target)
    if charge is None or equivalents is None or moles is None:
        return None
    source = f"charge {charge}" + ("" if find_factor("mmol/L", target) is not None else f", {by_mass}")
    return Usual(equivalents / charge * moles, target, source)
