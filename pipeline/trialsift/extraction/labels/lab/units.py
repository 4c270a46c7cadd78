"""LAB: which kinds of unit the thresholds of a test come in, and whether a quantity's is one of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trialsift.extraction.quantities.parts import Quantity
from trialsift.rules.analytes import Analyte
from trialsift.rules.plausibility import find_plausible_bounds

# kind of a unit expression -> kinds of thresholds of a test
_FITS = {
    "count": {"count"},
    "count_bare": {"count"},
    "mass": {"mass"},
    "molar": {"molar"},
    "enzyme": {"enzyme", "iu"},
    "amount_arbitrary": {"enzyme", "iu"},  # `ALT ≤ 83 IU` leaves out the litre
    "percent": {"percent"},
    "clearance": {"clearance", "clearance_area"},
    "clearance_area": {"clearance", "clearance_area"},
    "amount": {"excretion"},
    "amount_rate": {"excretion"},
    "amount_molar": {"excretion_molar"},
    "excretion_molar": {"excretion_molar"},
    "per_mass": {"mass_ratio"},
    "mass_ratio": {"mass_ratio"},
    "pressure": {"pressure"},
    "copies": {"copies"},
    "time": {"time"},
    "sedimentation": {"sedimentation"},
    "osmolality": {"osmolality"},
}
# what is left of `g/dL` without its grams
CUT_UNITS = frozenset({"/dL", "/L"})
# units of no kind that labels ask for, in which a few tests are measured
_OWN_UNITS = frozenset({"fL", "[ppb]", "[ppm]", "[beth'U]", "nmol/mL/h"})
UNITLESS = frozenset({"ratio", "index", "titer", "ph"})
# kinds that say too little of what is measured to bridge a distance
_VAGUE = frozenset({"", "percent", "time", "amount", "amount_rate", "amount_molar"})
# what a quantity is by the kind of its unit, and a value of a test by its kinds
_WORDS = {
    "": "a number without a unit",
    "amount": "a mass",
    "amount_arbitrary": "an amount in units",
    "amount_molar": "an amount of substance",
    "amount_rate": "a mass in a time",
    "clearance": "a volume in a time",
    "clearance_area": "a volume in a time by body surface",
    "copies": "a number of copies in a volume",
    "count": "a number of cells in a volume",
    "count_bare": "a number of cells",
    "dose": "a dose by body surface or weight",
    "enzyme": "units in a volume",
    "excretion": "a mass in the urine of a day",
    "excretion_molar": "an amount of substance in the urine of a day",
    "index": "a number",
    "iu": "units in a volume",
    "limit": "a multiple of a limit of normal",
    "mass": "a mass in a volume",
    "mass_ratio": "a mass in a mass",
    "molar": "an amount of substance in a volume",
    "osmolality": "an osmolality",
    "per_mass": "an amount by weight",
    "percent": "a percentage",
    "ph": "a number",
    "pressure": "a pressure",
    "radiation": "a dose of radiation",
    "ratio": "a ratio",
    "sedimentation": "a length in a time",
    "time": "a time",
    "titer": "a titre",
    "volume": "a volume",
}


def is_testable(quantity: Quantity) -> bool:
    """Whether a quantity can be a threshold on a test at all, by the kind of its unit."""
    kind = quantity.kind
    if kind == "time" and (quantity.unit is None or quantity.unit.ucum != "s"):
        return False  # a prothrombin time is in seconds; `within 7 days` tells when it is measured
    if quantity.unit is not None and quantity.unit.ucum in _OWN_UNITS:
        return True
    if kind == "volume":
        return quantity.unit is not None and quantity.unit.ucum == "uL" and quantity.values[0] >= 50
    return kind == "limit" or kind in _FITS or (kind == "" and (quantity.operator is not None or quantity.ranged))


def select_fitting(tests: Sequence[Analyte], quantity: Quantity) -> list[Analyte]:
    """The tests of which a quantity can be a value by its unit; without a unit, those that have none, or else all."""
    kind = quantity.kind
    if kind == "limit":  # no laboratory has a normal number of viruses
        return [t for t in tests if "copies" not in t.kinds]
    if quantity.unit is not None and quantity.unit.ucum in _OWN_UNITS:
        return [t for t in tests if t.usual_unit == quantity.unit.ucum]
    if kind == "volume":  # `ANC ≥ 1,500 uL`: a count that lost its `per`
        return [t for t in tests if "count" in t.kinds]
    if quantity.unit is not None and quantity.unit.ucum in CUT_UNITS:  # `hemoglobin ≥ 9.0/dL` has lost its grams
        cut = [t for t in tests if t.usual_unit.split("/")[1:] == [quantity.unit.ucum[1:]]]
        if cut:
            return cut
    if kind in ("amount", "amount_molar") and quantity.operator is not None:
        lost = [t for t in tests if _lost_volume(t, quantity)]
        if lost:
            return lost
    if kind == "":
        plain = [t for t in tests if t.kinds & UNITLESS]
        return plain or list(tests)
    return [t for t in tests if t.kinds & _FITS[kind]]


def is_limited(test: Analyte) -> bool:
    """Whether thresholds on a test are multiples of its limit of normal, in whatever words."""
    return "enzyme" in test.kinds or test.id in ("bilirubin_total", "bilirubin_direct")


def _lost_volume(test: Analyte, quantity: Quantity) -> bool:
    """Whether a mass or an amount of substance can be a value of a test that lost its volume (`creatinine ≤ 1.5 mg`,
    `bilirubin ≤ 34 μmol`): in the unit that it would have, it is a plausible one."""
    mass, _, volume = test.usual_unit.partition("/")
    if quantity.kind == "amount_molar" and quantity.unit is not None:
        bounds = find_plausible_bounds(test, f"{quantity.unit.ucum}/L") if "molar" in test.kinds else None
        return bounds is not None and all(bounds[0] <= value <= bounds[1] for value in quantity.values)
    if quantity.unit is None or quantity.unit.ucum != mass or volume not in ("dL", "L", "mL") or test.plausible is None:
        return False
    return all(test.plausible[0] <= value <= test.plausible[1] for value in quantity.values)


def select_same(tests: Sequence[Analyte], quantity: Quantity) -> list[Analyte]:
    """The tests of the threshold before that a further quantity can be a value of."""
    kind = quantity.kind
    if quantity.unit is not None and quantity.unit.ucum in _OWN_UNITS:
        return select_fitting(tests, quantity)
    return [t for t in tests if kind in ("limit", "") or t.kinds & _FITS.get(kind, {"count"})]


def select_converted(tests: Sequence[Analyte], quantity: Quantity) -> list[Analyte]:
    """The tests whose value may be written again in this unit: `> 25 umol/L = 1.4 mg/dL`."""
    return [t for t in tests if t.kinds & _FITS.get(quantity.kind, set())]


def is_specific(quantity: Quantity, tests: Iterable[Analyte]) -> bool:
    """Whether the unit alone tells that the quantity is a test's: g/dL does, per cent and grams do not."""
    if quantity.kind in ("amount", "amount_rate", "amount_molar"):
        return any(test.kinds & _FITS[quantity.kind] for test in tests)
    return quantity.kind not in _VAGUE


def tell_misfit(name: str, tests: Iterable[Analyte], written: str, quantity: Quantity) -> str:
    """Why a quantity is no value of the tests that a name in front of it stands for, in words."""
    surface = quantity.unit.surface if quantity.unit else ""
    read = _WORDS.get(quantity.kind, f"in `{surface}`")
    expected = " or ".join(dict.fromkeys(_WORDS[kind] for test in tests for kind in sorted(test.kinds)))
    return f"`{name}` stands before it, but `{written}` is {read}, and a value of {name} is {expected}"
