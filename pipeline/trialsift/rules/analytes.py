"""The laboratory tests in `analytes.csv`, with their units, codes and plausible bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trialsift.rules.files import Where, read_csv
from trialsift.rules.layers import Folder

ANALYTE_COLUMNS = tuple("analyte aliases loinc usual_unit kinds molar_mass plausible_low plausible_high".split())
KINDS = frozenset(
    """
    count mass molar enzyme iu percent ratio time clearance clearance_area excretion excretion_molar
    mass_ratio pressure copies titer ph sedimentation index osmolality
    """.split()
)


@dataclass(frozen=True, slots=True)
class Analyte:
    """A laboratory test: the kinds of unit of its thresholds, its usual UCUM unit, LOINC code and molar mass (g/mol) if
    known, and the plausible bounds of a threshold in the usual unit."""

    id: str
    kinds: frozenset[str]
    usual_unit: str
    loinc: str | None = None
    molar_mass: float | None = None
    plausible: tuple[float, float] | None = None


def read_analytes(folder: Folder) -> dict[str, Analyte]:
    """Returns the analytes in a folder of rules by id, in the order of the file.

    Raises PatternError for an unknown kind of unit, a duplicate id, or an invalid number.
    """
    analytes: dict[str, Analyte] = {}
    for where, row in read_csv(folder / "analytes.csv", ANALYTE_COLUMNS):
        kinds = frozenset(kind for kind in row["kinds"].split("|") if kind)
        if not kinds or kinds - KINDS:
            raise where.error(f"kinds {row['kinds']!r}; known are {', '.join(sorted(KINDS))}")
        if row["analyte"] in analytes:
            raise where.error(f"duplicate analyte {row['analyte']!r}")
        analytes[row["analyte"]] = _read_analyte(row, kinds, where)
    return analytes


def _read_analyte(row: Mapping[str, str], kinds: frozenset[str], where: Where) -> Analyte:
    """Reads a row of analytes.csv. Raises PatternError for an invalid number, or bounds in the wrong order."""
    figures: dict[str, float | None] = {}
    for column in ("molar_mass", "plausible_low", "plausible_high"):
        try:
            figures[column] = float(row[column]) if row[column] else None
        except ValueError:
            raise where.error(f"{column} {row[column]!r}; expected a number, or nothing") from None
    low, high = figures["plausible_low"], figures["plausible_high"]
    if (low is None) != (high is None) or (low is not None and high is not None and low >= high):
        raise where.error(f"plausible bounds {low} to {high}; expected two numbers, the lower first, or none")
    bounds = None if low is None or high is None else (low, high)
    return Analyte(row["analyte"], kinds, row["usual_unit"], row["loinc"] or None, figures["molar_mass"], bounds)
