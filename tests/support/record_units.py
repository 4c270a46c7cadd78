"""Records what the UCUM registry says of the units of trial documents, so that they need no registry.

python -m tests.support.record_units
"""

from __future__ import annotations

import csv
from collections.abc import Iterator

from trialsift.extraction.extractor import Extractor
from trialsift.model.ucum import RECORDED, resolve_unit

_COUNTS = ("", "10*3", "10*6", "10*9", "10*12", "{copies}", "{cells}", "{log10_copies}", "{log10_IU}")
_MASSES = ("kg", "g", "mg", "ug", "ng", "pg")
_AMOUNTS = ("mol", "mmol", "umol", "nmol", "pmol", "meq", "mosm")
_ACTIVITIES = ("[IU]", "k[IU]", "m[IU]", "u[IU]", "U", "mU", "uU", "ukat", "nkat")
_VOLUMES = ("L", "dL", "mL", "uL", "fL")
_OTHERS = (
    "%", "s", "min", "h", "d", "wk", "mo", "a", "m", "cm", "mm", "m2", "mm[Hg]", "kPa", "kg/m2", "mm/h", "mmol/mol",
    "mg/g", "mg/mg", "mg/mmol", "ug/mg", "ug/g", "g/g", "mL/min", "mL/s", "mL/min/{1.73_m2}", "mL/min/m2",
    "mL/s/{1.73_m2}", "g/(24.h)", "mg/(24.h)", "ug/(24.h)", "mol/(24.h)", "mmol/(24.h)", "dL/min", "ng/mL/h",
    "Gy", "cGy", "mGy", "GBq", "MBq", "kBq", "mCi",
)  # fmt: skip
_PER = ("/d", "/wk", "/mo", "/kg", "/m2", "/kg/d", "/m2/d", "/h", "/min")


def units() -> Iterator[str]:
    """All that are recorded: of amounts and counts in a volume, of doses, of usual units, and some others."""
    for amount in (*_COUNTS, *_MASSES, *_AMOUNTS, *_ACTIVITIES):
        yield from (f"{amount}/{volume}" for volume in _VOLUMES)
    for amount in (*_MASSES, *_AMOUNTS, *_ACTIVITIES):
        yield amount
        yield from (f"{amount}{per}" for per in _PER)
    yield from _OTHERS
    yield from ("{copies}", "{cells}")
    yield from (analyte.usual_unit for analyte in Extractor().lexicon.analytes.values())


def main() -> None:
    """Writes the table."""
    with RECORDED.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["unit", "kind", "scale"])
        for unit in sorted(set(units())):
            known = resolve_unit(unit)
            table.writerow([unit, known.kind, repr(known.scale)])


if __name__ == "__main__":
    main()
