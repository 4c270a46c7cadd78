"""The tables of names and units in a folder of patterns: what their loaders take, and is wrong all the same.

In: a folder of patterns. Out: problems with the line of the row. The loaders ask neither whether a unit is UCUM, since
its registry takes a second to load, nor whether a LOINC code can be one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from trialsift.lexicon import ANALYTE_COLUMNS
from trialsift.quantity.ucum import is_known
from trialsift.resources import PatternError, read_csv

from .problems import Findings, Problem, error, warning
from .values import SNAKE_CASE

Rows = list[tuple[int, dict[str, str]]]

_LOINC = re.compile(r"\d{1,7}-\d")


def check_lexicon(folder: Path) -> list[Problem]:
    """Problems of `analytes.csv`, `units.csv` and `drugs.csv`. A table that can't be read is left to its loader."""
    problems: list[Problem] = []
    tables: tuple[tuple[str, tuple[str, ...], Callable[[Rows], Iterator[tuple[int, Findings]]]], ...] = (
        ("analytes.csv", ANALYTE_COLUMNS, _analytes),
        ("units.csv", ("surface", "ucum", "kind"), _units),
        ("drugs.csv", ("drug", "kind"), _drugs),
    )
    for name, columns, findings_of in tables:
        try:
            rows = read_csv(folder / name, columns)
        except PatternError:
            continue
        for line, findings in findings_of(rows):
            problems.extend(Problem(str(folder / name), line, *finding) for finding in findings)
    return problems


def _analytes(rows: Rows) -> Iterator[tuple[int, Findings]]:
    seen: dict[str, str] = {}
    for line, row in rows:
        yield line, _analyte(row, seen)


def _analyte(row: dict[str, str], seen: dict[str, str]) -> Findings:
    analyte, loinc, unit = row["analyte"], row["loinc"], row["usual_unit"]
    if not SNAKE_CASE.fullmatch(analyte):
        yield error("analyte-form", f"the analyte {analyte!r}; expected an identifier in lower snake case")
    aliases = [" ".join(alias.split()) for alias in row["aliases"].split("|")]
    for alias in sorted({alias for alias in aliases if not alias or aliases.count(alias) > 1}):
        what = f"the alias {alias!r} stands twice in this row" if alias else "an empty alias"
        yield (warning if alias else error)("alias", f"{analyte}: {what}")
    if loinc and not is_loinc(loinc):
        yield error("loinc", f"{analyte}: {loinc!r} is no LOINC code: its form or its check digit is wrong")
    if loinc:
        first = seen.setdefault(loinc, analyte)
        if first != analyte:
            yield warning("loinc", f"{analyte}: the LOINC code {loinc} stands under {first} already")
    if unit and not is_known(unit):
        yield error("unit-unknown", f"{analyte}: the usual unit {unit!r} is not UCUM")


def is_loinc(code: str) -> bool:
    """Whether a text has the form of a LOINC code, and the check digit that its number asks for.

    The digit behind the hyphen is Mod 10, as the LOINC Users' Guide, appendix "LOINC check digit", computes it.
    """
    if not _LOINC.fullmatch(code):
        return False
    number, check = code.split("-")
    doubled = [int(digit) * (2 if i % 2 == 0 else 1) for i, digit in enumerate(reversed(number))]
    return (sum(value // 10 + value % 10 for value in doubled) + int(check)) % 10 == 0


def _units(rows: Rows) -> Iterator[tuple[int, Findings]]:
    for line, row in rows:
        # `(24.h)` is UCUM only below a line
        if row["ucum"] and not is_known(row["ucum"]) and not is_known(f"mg/{row['ucum']}"):
            yield line, iter([error("unit-unknown", f"{row['surface']!r}: the unit {row['ucum']!r} is not UCUM")])


def _drugs(rows: Rows) -> Iterator[tuple[int, Findings]]:
    seen: dict[tuple[str, ...], int] = {}
    for line, row in rows:
        first = seen.setdefault(tuple(row.values()), line)
        if first != line:
            yield line, iter([warning("drug-twice", f"{row['drug']!r} stands in line {first} already")])
