"""Laboratory tests, what they are called, and thresholds that a trial would set.

`side` is the side on which a participant should be: `low` has an upper limit (creatinine), `high` a lower one
(platelets). It decides whether a comparator belongs to inclusion or exclusion criteria.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from benchmarks.language.wordings import read_wordings


@dataclass(frozen=True, slots=True)
class Test:
    """A laboratory test: its identifier, its names, its good side, and numbers by UCUM unit."""

    analyte: str
    names: tuple[str, ...]
    side: str
    amounts: tuple[tuple[str, tuple[float, ...]], ...]

    @property
    def name(self) -> str:
        return self.names[0]


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in a UCUM unit."""

    number: float
    unit: str


TESTS = tuple(
    Test(
        entry["analyte"],
        tuple(entry["names"]),
        entry["side"],
        tuple((unit, tuple(numbers)) for unit, numbers in entry["amounts"].items()),
    )
    for entry in read_wordings("analytes")["test"]
)
BY_ANALYTE = {test.analyte: test for test in TESTS}
#: The tests that every oncology trial has, from which plain sentences are drawn.
COMMON = tuple(
    BY_ANALYTE[name]
    for name in """hemoglobin platelets neutrophils leukocytes alt ast alp bilirubin_total albumin creatinine
        creatinine_clearance egfr""".split()
)


def draw_amount(draw: Random, test: Test, unit: str | None = None) -> Amount:
    """Draws a threshold of a test, in a given unit or in one of its units."""
    units = [u for u, _ in test.amounts if unit is None or u == unit]
    chosen = draw.choice(units)
    return Amount(draw.choice(dict(test.amounts)[chosen]), chosen)


def has_unit(test: Test, unit: str) -> bool:
    """Whether a test has thresholds in a unit."""
    return any(u == unit for u, _ in test.amounts)
