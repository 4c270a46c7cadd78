"""Columns derived from a single fact: its UCUM code, LOINC code, usual unit, and who is eligible.

In: a fact, and whether the words around it make an exception. Out: values for the columns of rules/columns.py, by name.
They are derived when a row is made: facts and `annotations.jsonl` hold only what the text says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from trialsift.extraction.assertion.wording import read_exceptions
from trialsift.extraction.mentions.lexicon import Lexicon
from trialsift.model.fact import Fact, Scalar
from trialsift.model.memory import remember_of_folders
from trialsift.model.unit_codes import find_ucum_code
from trialsift.rules.analytes import Analyte
from trialsift.rules.lab_units import Usual, convert_to_usual
from trialsift.rules.layers import Folder
from trialsift.rules.plausibility import read_plausibility
from trialsift.rules.wording import read_wordings
from trialsift.tables.conditions import Conditions
from trialsift.tables.eligibility import find_eligible

#: Units per year: a Julian year of 365.25 days, as UCUM defines `a`.
PER_YEAR: Mapping[str, float] = {"a": 1, "mo": 12, "wk": 365.25 / 7, "d": 365.25, "h": 365.25 * 24}


#: Units that tell no property: none, and multiples of a normal limit.
_NO_PROPERTY = frozenset({None, "ULN", "LLN"})


class AgeGroupWords(NamedTuple):
    """What stands around the rows of a table of age groups (`patterns/wording/age.toml`)."""

    answer: re.Pattern[str]
    group_field: re.Pattern[str]


class Derivation:
    """Derives columns with the analytes and exception words of a folder of patterns. Raises PatternError."""

    def __init__(self, folder: Folder) -> None:
        lexicon = Lexicon(folder, {})
        self.analytes: Mapping[str, Analyte] = lexicon.analytes
        self.conditions = Conditions(folder, lexicon.names)
        self.exceptions = read_exceptions(folder)
        self._plausibility = read_plausibility(folder)
        self._age_groups = read_wordings(folder).fill(AgeGroupWords, "age")

    def derive_columns(self, fact: Fact, excepted: bool) -> dict[str, Scalar]:
        """Returns the derived values of a fact by column; a column without a value is left out."""
        a = fact.attributes
        unit = a.get("unit")
        found: dict[str, Scalar] = {} if unit is None else {"ucum": find_ucum_code(str(unit))}
        analyte = self.analytes.get(str(a.get("analyte"))) if fact.label == "LAB" else None
        usual = _find_usual(fact, analyte)
        if analyte is not None and (unit in _NO_PROPERTY or (usual is not None and usual.same_property)):
            found["loinc"] = analyte.loinc
        if usual is not None:
            found |= _make_usual_columns(fact, usual)
        if a.get("plausible") is False:
            found["implausible"] = self._plausibility.find_doubt(fact)
        interval, form = find_eligible(fact, excepted)
        if form is not None:
            found |= {f"eligible_{name}": value for name, value in interval._asdict().items()}
            found["eligible_form"] = form
            if usual is not None:
                found["usual_eligible_low"] = _multiply(interval.low, usual.factor)
                found["usual_eligible_high"] = _multiply(interval.high, usual.factor)
        return found

    def is_age_group(self, text: str, fact: Fact) -> bool:
        """Whether a fact is a row of a table of age groups: `Adults (18-64 years): Yes`, `Age group: 18-64 years`."""
        if fact.label != "AGE" or fact.attributes.get("polarity") != "inclusion":
            return False
        if fact.attributes.get("scope") == "subgroup":
            return self._age_groups.answer.match(text, fact.end) is not None
        start = text.rfind("\n", 0, fact.start) + 1
        return self._age_groups.group_field.match(text, start, fact.start) is not None


@remember_of_folders
def read_derivation(folder: Folder) -> Derivation:
    """Returns the derivation of a folder of patterns, made once in a process."""
    return Derivation(folder)


def _convert_to_years(unit: str) -> Usual | None:
    return Usual(1 / PER_YEAR[unit], "a", "unit") if unit in PER_YEAR else None


def _find_usual(fact: Fact, analyte: Analyte | None) -> Usual | None:
    """Returns how the unit of an age, or of the test of a lab fact, converts to the usual one; None if it doesn't."""
    unit = fact.attributes.get("unit")
    if unit is None:
        return None
    if fact.label == "AGE":
        return _convert_to_years(str(unit))
    return None if analyte is None else convert_to_usual(analyte, str(unit))


def _make_usual_columns(fact: Fact, usual: Usual) -> dict[str, Scalar]:
    low, high = fact.attributes.get("low"), fact.attributes.get("high")
    return {
        "usual_low": _multiply(low, usual.factor),
        "usual_high": _multiply(high, usual.factor),
        "usual_unit": usual.unit,
        "usual_factor": usual.factor,
        "usual_from": usual.source,
    }


def _multiply(value: Scalar, factor: float) -> float | None:
    return None if value is None else float(value) * factor
