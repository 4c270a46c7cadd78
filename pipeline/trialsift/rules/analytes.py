"""The laboratory tests in `analytes.csv`, with their units, codes and plausible bounds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from trialsift.rules.files import Where, read_csv
from trialsift.rules.layers import Folder

ANALYTE_COLUMNS = tuple(
    "analyte aliases loinc usual_unit kinds molar_mass plausible_low plausible_high bare usual_side opposite_in".split()
)
#: Which limit criteria usually ask for.
AT_LEAST, AT_MOST = "at least", "at most"
KINDS = frozenset(
    """
    count mass molar enzyme iu percent ratio time clearance clearance_area excretion excretion_molar
    mass_ratio pressure copies titer ph sedimentation index osmolality
    """.split()
)

_BARE = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?) (\S+)")


class BareRange(NamedTuple):
    """Numbers that are in this UCUM unit where a criterion gives none: `platelets 100,000` are 100,000/uL."""

    low: float
    high: float
    unit: str


@dataclass(frozen=True, slots=True)
class Analyte:
    """A laboratory test: the kinds of unit of its thresholds, its usual UCUM unit, LOINC code and molar mass (g/mol) if
    known, the plausible bounds of a threshold in the usual unit, and the ranges that tell the unit of a bare number.

    `usual_side` is the limit that criteria usually ask for, `opposite_in` finds words that make the other one usual.
    """

    id: str
    kinds: frozenset[str]
    usual_unit: str
    loinc: str | None = None
    molar_mass: float | None = None
    plausible: tuple[float, float] | None = None
    bare: tuple[BareRange, ...] = ()
    usual_side: str | None = None
    opposite_in: re.Pattern[str] | None = None

    def find_bare_unit(self, value: float) -> str | None:
        """Returns the unit that a number without one is in, None where it can't be told."""
        return next((bare.unit for bare in self.bare if bare.low <= value <= bare.high), None)


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
    bare = _read_bare(row["bare"], where)
    side = row["usual_side"] or None
    if side not in (None, AT_LEAST, AT_MOST):
        raise where.error(f"usual_side {side!r}; expected `{AT_LEAST}`, `{AT_MOST}` or nothing")
    words = [re.escape(word.strip()) for word in row["opposite_in"].split("|") if word.strip()]
    opposite = re.compile(rf"\b(?:{'|'.join(words)})", re.I) if words else None
    mass, loinc = figures["molar_mass"], row["loinc"] or None
    return Analyte(row["analyte"], kinds, row["usual_unit"], loinc, mass, bounds, bare, side, opposite)


def _read_bare(written: str, where: Where) -> tuple[BareRange, ...]:
    """Reads `0.3-30 10*3/uL|300-30000 /uL`. Raises PatternError for another form, or ranges that overlap."""
    ranges = []
    for part in filter(None, written.split("|")):
        found = _BARE.fullmatch(part.strip())
        if found is None or float(found[1]) >= float(found[2]):
            raise where.error(
                f"bare {part!r}; expected the lower number, a hyphen, the higher one and a unit: 5-20 g/dL"
            )
        ranges.append(BareRange(float(found[1]), float(found[2]), found[3]))
    for one, other in combinations(ranges, 2):
        if one.low <= other.high and other.low <= one.high:
            raise where.error(f"bare {written!r}; expected ranges that do not overlap")
    return tuple(ranges)
