"""From one unit of a laboratory test to another, also from an amount of substance to a mass."""

from __future__ import annotations

from .lexicon import Analyte
from .quantity.ucum import factor


def lab_factor(analyte: Analyte, from_unit: str, to_unit: str) -> float | None:
    """The number that a value of the analyte in `from_unit` is multiplied by to be in `to_unit`, both UCUM.

    A molar unit and one of mass convert through the analyte's molar mass; None where they don't convert, as multiples
    of a normal limit never do.
    """
    direct = factor(from_unit, to_unit)
    if direct is not None or analyte.molar_mass is None:
        return direct
    # grams of the one stand for moles of the other: per litre, and per day for an excretion
    for mass, molar in (("g/L", "mol/L"), ("g/(24.h)", "mol/(24.h)")):
        for source, target, scale in ((mass, molar, 1 / analyte.molar_mass), (molar, mass, analyte.molar_mass)):
            there, back = factor(from_unit, source), factor(target, to_unit)
            if there is not None and back is not None:
                return there * scale * back
    return None
