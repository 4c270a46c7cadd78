"""How units are written in trial documents, and what they are in UCUM."""

from __future__ import annotations

import pytest

from tests.extraction.quantities.readers import unit_behind, units

COUNTS = {
    "10*9/L": [
        "x 109/L",
        "x109/L",
        " x 109/L",
        "× 10⁹/L",
        "x 10⁹/l",
        "x 10^9/L",
        "x 10 9/L",
        "X 10^9/L",
        "* 10^9/L",
        "· 10^9/L",
        "×10^9 /L",
        "x 10E9/L",
        "x 10e9/L",
        "x 10**9/L",
        "x 10*9/L",
        "x 10(9)/L",
        "x 10[9]/L",
        "x 10^9/liter",
        "x 10^9 per liter",
        "times 10^9/L",
        " 10^9/L",
        " 10⁹/L",
        " 10*9/L",
        " 10E9/L",
        " G/L",
        " G/l",
        " Giga/L",
        "/nL",
        " x 109 cells/L",
        " x 10^9 cells per litre",
        "˟ 10^9/L",
        "✕ 10^9/L",
    ],
    "10*3/uL": [
        " K/mm3",
        " K/uL",
        " K/µL",
        " k/mcL",
        " K/cumm",
        "K/cu mm",
        " x 103/uL",
        " x 10^3/µL",
        " x 10³/μl",
        " x 10^3/mm3",
        " x103 cells/uL",
        " thousand/mm3",
        " thou/uL",
        " 10^3/uL",
    ],
    "/uL": [
        "/mcL",
        "/mcl",
        "/uL",
        "/µL",
        "/μl",
        "/ul",
        "/mm3",
        "/mm^3",
        "/mm³",
        "/mm 3",
        "/mm(3)",
        "/MM3",
        " /mm3",
        "/ mm3",
        "/cu mm",
        "/cu. mm",
        "/cumm",
        "/cmm",
        "/mmc",
        "/cubic millimeter",
        "/cubic mm",
        " per microliter",
        " per cubic millimeter",
        " per mm3",
        " cells/mm3",
        " cells/µL",
        " cells/cu mm",
        " cells per microliter",
        " cells/ mm³",
        "/microL",
        "/mm",
    ],
    "10*6/L": [" x 106/L", " x 10^6/L", " million/L"],
}
OTHERS = [
    (
        "mass",
        "g/dL",
        [
            " g/dL",
            "g/dl",
            " gm/dL",
            " gm/dl",
            " gms/dl",
            " g / dL",
            " g/100 ml",
            " g/100ml",
            " grams per deciliter",
            " g per dl",
            " g%",
        ],
    ),
    ("mass", "g/L", [" g/L", " g/l", "g/liter", " grams/litre"]),
    (
        "mass",
        "mg/dL",
        [" mg/dL", "mg/dl", " MG/DL", " Mg/dl", " mg%", " mg %", " mg/100 mL", " milligrams per deciliter"],
    ),
    ("mass", "ug/L", [" µg/L", " μg/l", " ug/L", " mcg/L", " micrograms/L"]),
    ("mass", "ng/mL", [" ng/mL", " ng/ml", " NG/ML", " nanograms per milliliter"]),
    ("mass", "pg/mL", [" pg/mL", "pg/ml"]),
    ("molar", "mmol/L", [" mmol/L", " mmol/l", " MMOL/L", " mM", " millimoles/liter", " mmol per liter"]),
    ("molar", "umol/L", [" µmol/L", " μmol/l", " umol/L", " micromol/L", " micromoles/L", " µM", " mcmol/l"]),
    ("molar", "meq/L", [" mEq/L", " meq/l", " mEq per liter", " milliequivalents/L"]),
    ("molar", "meq/dL", [" milliequivalent (mEq)/dL"]),
    ("enzyme", "U/L", [" U/L", " u/l", " units/L", " Units/liter"]),
    ("enzyme", "[IU]/L", [" IU/L", " iu/l", " I.U./L", " international units/L"]),
    ("enzyme", "m[IU]/mL", [" mIU/mL", " mIU/ml"]),
    ("enzyme", "ukat/L", [" µkat/L", " ukat/l"]),
    (
        "clearance",
        "mL/min",
        [
            " mL/min",
            "ml/min",
            " ML/MIN",
            " mL/minute",
            " ml per minute",
            " cc/min",
            " mL / min",
            " milliliters per minute",
        ],
    ),
    ("clearance", "mL/s", [" mL/s", " ml/sec"]),
    (
        "clearance_area",
        "mL/min/{1.73_m2}",
        [
            " mL/min/1.73m2",
            " mL/min/1.73 m2",
            " ml/min/1.73 m²",
            " mL/min/1.73m^2",
            " mL/min per 1.73 m2",
            " ml/min/1,73 m2",
            " mL/min/1.73 sqm",
            " mL/min/1.73 square meters",
            " mL/minute/1.73 m2",
            " mL/min/1.73 M2",
            " mL/min /1.73m2",
        ],
    ),
    (
        "dose",
        "mg/m2",
        [" mg/m2", "mg/m²", " mg/m^2", " mg/sqm", " mg/sq m", " mg/m", " mg per m2", " mg per square meter"],
    ),
    ("dose", "g/m2", [" g/m2", " gm/m2", " g/sqm"]),
    ("per_mass", "mg/kg", [" mg/kg", "mg/kg", " mg per kg", " milligrams per kilogram"]),
    ("dose", "mg/kg/d", [" mg/kg/day", " mg/kg/d", " mg per kg per day"]),
    ("amount_rate", "mg/d", [" mg per day", " mg/day", " mg/d", "mg/ day", " milligrams per day"]),
    ("amount_rate", "mg/(24.h)", [" mg/24h", " mg/24 hours", " mg per 24 hours", " mg/24 hr"]),
    ("amount", "mg", [" mg", "mg", "-mg", " MG", " milligrams"]),
    (
        "radiation",
        "Gy",
        [
            " Gy",
            "Gy",
            " GY",
            " gy",
            "-Gy",
            " gray",
            " Gray",
            " grays",
            " grays (Gy)",
            " Gray (Gy)",
            " GyE",
            " Gy(RBE)",
            " Gy (RBE)",
            " Gy [RBE]",
            " GyRBE",
            " CGE",
            " cobalt gray equivalent",
            " Gy equivalent",
            " Gy Eq",
            " Gray equivalents",
        ],
    ),
    ("mass", "g/dL", [" G/dL", " G/DL"]),
    ("dose", "mg/m2", [" MG/M2"]),
    ("radiation", "cGy", [" cGy", "cGy", " CGY", " centigray", " centiGray", " cGy(RBE)", " cGyE"]),
    ("radiation_rate", "cGy/min", [" cGy/min", " cGy per minute"]),
    ("percent", "%", ["%", " %", " percent", " per cent"]),
    ("pressure", "mm[Hg]", [" mmHg", " mm Hg", "mmHg"]),
    ("time", "a", [" years", "years", "-year", " yrs", " y/o", " y.o.", " yo", " YEARS"]),
    ("time", "mo", [" months", "-month", " mos"]),
    ("copies", "{copies}/mL", [" copies/mL", " copies/ml", " copies per milliliter", " c/mL"]),
]
SURFACES = [
    *(pytest.param("count", ucum, written, id=f"{written!r}") for ucum, forms in COUNTS.items() for written in forms),
    *(pytest.param(kind, ucum, written, id=f"{written!r}") for kind, ucum, forms in OTHERS for written in forms),
]


@pytest.mark.parametrize(("kind", "ucum", "written"), SURFACES)
def test_surface(kind: str, ucum: str, written: str) -> None:
    found = units().match(f"100{written} or so", 3)
    assert found is not None
    unit, end = found
    assert (unit.ucum, unit.kind) == (ucum, kind)
    assert end == 3 + len(written), "the whole of the unit, and nothing behind it"
    assert unit.surface == written.lstrip(" -")


@pytest.mark.parametrize("lead", ["&nbsp;", "&#160;", "Â", "Â ", "\u00a0", " \u00a0", "\u00ad", "\n", " \n  ", " | "])
def test_what_scraping_leaves_in_front(lead: str) -> None:
    unit = unit_behind("9", f"{lead}g/dL.")
    assert unit is not None
    assert (unit.ucum, unit.surface) == ("g/dL", "g/dL")


@pytest.mark.parametrize(
    ("written", "ucum"),
    [
        (" mg/\ndL", "mg/dL"),
        (" mL/min/\n1.73 m2", "mL/min/{1.73_m2}"),
        (" x 10^9\n/L", "10*9/L"),
        (" mg\n  /dL", "mg/dL"),
        (" cells\nper microliter", "/uL"),
    ],
)
def test_broken_over_lines(written: str, ucum: str) -> None:
    unit = unit_behind("100", written)
    assert unit is not None
    assert unit.ucum == ucum


@pytest.mark.parametrize(
    "written",
    [
        " patients",
        " Gynecology",
        " grade",
        " Lung",
        " lines of therapy",
        " meals",
        " of normal",
        " ULN",
        ")",
        "",
        ".",
        " or more",
        " mgX",
        " Gyx",
        " mma",
        "/2",
        " / ",
        "/",
        " per protocol",
        " x 10",
        " (Gy)",
    ],
)
def test_no_unit(written: str) -> None:
    assert unit_behind("100", written) is None


@pytest.mark.parametrize(
    ("written", "ucum"),
    [
        (" mg on day 1", "mg"),
        (" mg/m2/fraction", "mg/m2"),
        (" Gy/30 fx", "Gy"),
        (" Gy per fraction", "Gy"),
        (" Gy/fraction", "Gy"),
        (" mg/dL/x", "mg/dL"),
    ],
)
def test_ends_where_the_unit_ends(written: str, ucum: str) -> None:
    unit = unit_behind("100", written)
    assert unit is not None
    assert unit.ucum == ucum


def test_an_exponent_that_is_no_count_is_none() -> None:
    unit = unit_behind("100", " x 10^4/L")
    assert unit is None or unit.kind != "count"
