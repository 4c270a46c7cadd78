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
#: HbA1c of the IFCC, mmol/mol, in per cent of the NGSP: NGSP = 0.09148 · IFCC + 2.152 (the master equation; Hoelzel et
#: al., Clin Chem 50 (2004) 166; ngsp.org/ifccngsp.asp). Laboratories report whole mmol/mol, and per cent with one
#: decimal (consensus statement of 2010; Hanas and John, Clin Chem 56 (2010) 1362).
_NGSP_FACTOR, _NGSP_OFFSET = 0.09148, 2.152
_NGSP, _IFCC = "%", "mmol/mol"
#: UCUM has no conversion between its arbitrary unit and the unit of catalytic activity, which trials write for each
#: other: `U/mL` of a tumour marker, `IU/L` of an enzyme.
_INTERNATIONAL, _EQUATED = "[IU]", "[IU] taken as U"


class Usual(NamedTuple):
    """The factor that converts a value to the usual unit of its analyte, and its source: `unit` (both units measure the
    same), `[IU] taken as U`, `molar mass 113.12 g/mol`, `charge 1`, or both of the last two.

    `same_property`: both are of one property in the sense of LOINC, as mass and substance concentration are not.
    """

    factor: float
    unit: str
    source: str
    same_property: bool = True


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


def convert_hba1c(value: float, from_unit: str, to_unit: str) -> float | None:
    """Returns HbA1c in `%` (NGSP) or `mmol/mol` (IFCC) in the other of the two, as laboratories report it: in whole
    mmol/mol, or in per cent with one decimal. None for other units."""
    if (from_unit, to_unit) == (_NGSP, _IFCC):
        return round((value - _NGSP_OFFSET) / _NGSP_FACTOR)
    if (from_unit, to_unit) == (_IFCC, _NGSP):
        return round(value * _NGSP_FACTOR + _NGSP_OFFSET, 1)
    return None


@remember
def convert_to_usual(analyte: Analyte, unit: str) -> Usual | None:
    """Returns the conversion of a value of the analyte from `unit` (UCUM) to its usual unit.

    None if there is no such factor: for a multiple of a normal limit, a unit of another kind, or HbA1c in mmol/mol,
    whose conversion is linear with an offset (`convert_hba1c`).
    """
    target = analyte.usual_unit
    same = find_factor(unit, target)
    if same is not None:
        return Usual(same, target, "unit" if (_INTERNATIONAL in unit) is (_INTERNATIONAL in target) else _EQUATED)
    by_mass = f"molar mass {analyte.molar_mass:.12g} g/mol" if analyte.molar_mass is not None else ""
    through_mass = find_lab_factor(analyte, unit, target)
    if through_mass is not None:
        return Usual(through_mass, target, by_mass, same_property=False)
    charge, equivalents = _CHARGES.get(analyte.id), find_factor(unit, "meq/L")
    moles = find_lab_factor(analyte, "mmol/L", target)
    if charge is None or equivalents is None or moles is None:
        return None
    same_property = find_factor("mmol/L", target) is not None
    source = f"charge {charge}" + ("" if same_property else f", {by_mass}")
    return Usual(equivalents / charge * moles, target, source, same_property)
