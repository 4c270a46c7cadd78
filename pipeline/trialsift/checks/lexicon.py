"""Mistakes in tables of names and units that their loaders accept.

In: a folder of patterns. Out: problems with the line of the row. Loaders do not check units against UCUM, whose
registry takes a second to load, nor the form of LOINC codes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from trialsift.checks.problems import CheckProblem, Findings, error, warning
from trialsift.checks.values import SNAKE_CASE
from trialsift.model.ucum import find_factor, is_known
from trialsift.rules.analytes import ANALYTE_COLUMNS
from trialsift.rules.files import PatternError, Where, read_rows
from trialsift.rules.layers import Folder

Rows = list[tuple[Where, dict[str, str]]]
Found = Iterator[tuple[Where, Findings]]

_LOINC = re.compile(r"\d{1,7}-\d")
# A unit of each kind that UCUM can tell from the others; arbitrary units, ratios and titres it can't.
_SAMPLES = {"mass": "g/L", "molar": "mol/L", "count": "/L", "clearance": "mL/min", "time": "s"}


def check_lexicon(folder: Folder) -> list[CheckProblem]:
    """Returns the problems of `analytes.csv`, `units.csv` and `drugs.csv`. Unreadable tables are left to their
    loaders."""
    problems: list[CheckProblem] = []
    tables: tuple[tuple[str, tuple[str, ...], Callable[[Rows], Found]], ...] = (
        ("analytes.csv", ANALYTE_COLUMNS, _analytes),
        ("units.csv", ("surface", "ucum", "kind"), _units),
        ("drugs.csv", ("drug", "kind"), _drugs),
    )
    for name, columns, findings_of in tables:
        try:
            rows = read_rows(folder / name, columns)
        except PatternError:
            continue
        for where, findings in findings_of(rows):
            problems.extend(CheckProblem(str(where.file), where.line or 0, *finding) for finding in findings)
    return problems


def _analytes(rows: Rows) -> Found:
    seen: dict[str, str] = {}
    for where, row in rows:
        yield where, _analyte(row, seen, where.layer > 0)


def _analyte(row: dict[str, str], seen: dict[str, str], over: bool) -> Findings:
    analyte, loinc, unit = row["analyte"], row["loinc"], row["usual_unit"]
    if not SNAKE_CASE.fullmatch(analyte):
        yield error("analyte-form", f"the analyte {analyte!r}; expected an identifier in lower snake case")
    aliases = [" ".join(alias.split()) for alias in row["aliases"].split("|") if row["aliases"] or not over]
    for alias in sorted({alias for alias in aliases if not alias or aliases.count(alias) > 1}):
        what = f"the alias {alias!r} occurs twice in this row" if alias else "an empty alias"
        yield (warning if alias else error)("alias", f"{analyte}: {what}")
    if loinc and not is_loinc(loinc):
        yield error("loinc", f"{analyte}: {loinc!r} is not a LOINC code: its form or check digit is wrong")
    if loinc:
        first = seen.setdefault(loinc, analyte)
        if first != analyte:
            yield warning("loinc", f"{analyte}: the LOINC code {loinc} is already used for {first}")
    if unit and not is_known(unit):
        yield error("unit-unknown", f"{analyte}: the usual unit {unit!r} is not UCUM")
    elif unit and not _is_of_kinds(unit, row["kinds"].split("|")):
        expected = ", ".join(f"{kind} ({_SAMPLES[kind]})" for kind in row["kinds"].split("|"))
        yield error("usual-unit", f"{analyte}: the usual unit {unit!r} is of none of its kinds: {expected}")


def _is_of_kinds(unit: str, kinds: list[str]) -> bool:
    """Whether a unit measures what one of the kinds does; True too where UCUM can't tell."""
    return not _SAMPLES.keys() >= set(kinds) or any(find_factor(unit, _SAMPLES[kind]) is not None for kind in kinds)


def is_loinc(code: str) -> bool:
    """Whether a text has the form of a LOINC code with the right check digit.

    The digit after the hyphen is computed with Mod 10 (LOINC Users' Guide, appendix "LOINC check digit").
    """
    if not _LOINC.fullmatch(code):
        return False
    number, check = code.split("-")
    doubled = [int(digit) * (2 if i % 2 == 0 else 1) for i, digit in enumerate(reversed(number))]
    return (sum(value // 10 + value % 10 for value in doubled) + int(check)) % 10 == 0


def _units(rows: Rows) -> Found:
    for where, row in rows:
        # `(24.h)` is valid UCUM only in a denominator
        if row["ucum"] and not is_known(row["ucum"]) and not is_known(f"mg/{row['ucum']}"):
            yield where, iter([error("unit-unknown", f"{row['surface']!r}: the unit {row['ucum']!r} is not UCUM")])


def _drugs(rows: Rows) -> Found:
    seen: dict[tuple[str, ...], Where] = {}
    for where, row in rows:
        first = seen.setdefault(tuple(row.values()), where)
        if first is not where:
            there = f"line {first.line}" if first.layer == where.layer else str(first)
            yield where, iter([warning("drug-twice", f"{row['drug']!r} is already in {there}")])
