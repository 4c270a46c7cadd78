"""Kinds of units: those of atoms in `patterns/units.csv`, and of quantities, which follow from the atoms of a chain."""

from __future__ import annotations

#: The kinds of atoms.
ATOM_KINDS = frozenset(
    """
    mass substance molarity arbitrary volume area standard_area time percent pressure osmoles copies copy_letter cells
    power radiation activity length other whole percent_mass exposure
    """.split()
)

# The kinds of quantity, each with the chains of atom kinds that make it, the numerator first.
_CHAINS_BY_KIND = {
    "amount": "mass",
    "amount_molar": "substance",
    "amount_arbitrary": "arbitrary",
    "mass": "mass/volume percent_mass",
    "molar": "substance/volume molarity",
    "enzyme": "arbitrary/volume",
    "dose_or_ratio": "arbitrary/mass",
    "count": "cells/volume power/volume /volume whole",
    "count_bare": "power cells",
    "copies": "copies/volume copies copy_letter/volume",
    "percent": "percent",
    "clearance": "volume/time",
    "clearance_area": "volume/time/standard_area volume/standard_area volume/time/area",
    "amount_rate": "mass/time arbitrary/time mass/time/time",
    "excretion_molar": "substance/time",
    "per_mass": "mass/mass",
    "mass_ratio": "mass/substance substance/substance substance/mass",
    "dose": (
        "mass/area mass/area/time mass/mass/time arbitrary/area arbitrary/area/time arbitrary/mass/time "
        "exposure mass/length mass/length/time arbitrary/length substance/mass/time activity/mass activity/area"
    ),
    "time": "time",
    "pressure": "pressure",
    "radiation": "radiation",
    "activity": "activity",
    "radiation_rate": "radiation/time",
    "osmolality": "osmoles/mass osmoles/volume",
    "sedimentation": "length/time",
    "length": "length",
    "volume": "volume",
    "area": "area",
}
CHAINS = {tuple(chain.split("/")): kind for kind, chains in _CHAINS_BY_KIND.items() for chain in chains.split()}
# `mL/1.73 m2/min`, `mg/day/kg`: divided in the other order
SWAPPED = {("volume", "standard_area", "time"), ("mass", "time", "mass"), ("mass", "time", "area")}
#: All kinds of quantities, including units of unknown kind and multiples of a limit of normal.
KINDS = frozenset({*CHAINS.values(), "other", "limit"})


def spell(codes: list[str]) -> str:
    """Returns atoms as one UCUM expression; counts per nanolitre become the usual `10*9/L`."""
    if codes in (["", "nL"], ["10*9", "nL"]):
        return "10*9/L"
    return codes[0] + "".join("/" + code for code in codes[1:])
