"""A patient's value in the unit of a limit, as an interval: what is known of it after conversion.

- Ages are in completed years, so that 75 is within `≤ 75 years`; in another unit, an age in years is a span of a year.
- Units of tests convert through UCUM, molar mass and charge, HbA1c through the master equation of IFCC and NGSP;
  multiples of a normal limit only with the laboratory's own limit.
- ECOG and KPS stand for each other by the table of ECOG-ACRIN (ECOG Performance Status Scale, compared to Karnofsky's;
  Oken et al., Am J Clin Oncol 5 (1982) 649; Karnofsky and Burchenal 1949), where the patient has only one of them: a
  KPS is one ECOG score, an ECOG score two of KPS, so that a limit between the two remains unknown.
"""

from __future__ import annotations

from math import floor, nextafter
from typing import NamedTuple

from trialsift.model.display import TIMES, format_scalar
from trialsift.rules.layers import Folder
from trialsift.runs.match.patient import Patient, Result, convert_test
from trialsift.tables.derived import PER_YEAR

#: The KPS scores of an ECOG score: lowest and highest.
KPS_OF_ECOG = {0: (90, 100), 1: (70, 80), 2: (50, 60), 3: (30, 40), 4: (10, 20), 5: (0, 0)}
_ECOG_OF_KPS = {kps: ecog for ecog, ends in KPS_OF_ECOG.items() for kps in range(ends[0], ends[1] + 1, 10)}
#: The sexes as numbers, so that a limit by sex is an interval too.
SEXES = {"female": 0.0, "male": 1.0}
SEX = "SEX"
_YOUNG = 2  # years: of a younger child's age, fractions of a year count


class Category(NamedTuple):
    """What limits are compared with: `LAB`, `creatinine`, `mg/dL`."""

    label: str
    name: str | None
    unit: str | None


class Value(NamedTuple):
    """A patient's value lies from `low` to `high`. `written`: as given; `converted`: by which table, if by one."""

    low: float
    high: float
    written: str
    converted: str | None = None


def find_value(patient: Patient, category: Category, folder: Folder) -> Value | None:
    """Returns the patient's value for a category; None where it isn't known, or doesn't convert."""
    if category.label == SEX:
        return None if patient.sex is None else Value(SEXES[patient.sex], SEXES[patient.sex], f"sex {patient.sex}")
    if category.label == "AGE":
        return _find_age(patient, category.unit)
    if category.label == "PERFORMANCE_STATUS":
        return _find_score(patient, category.name)
    result = patient.labs.get(str(category.name))
    if category.label != "LAB" or result is None or category.unit is None:
        return None
    number = _convert_result(str(category.name), result, category.unit, folder)
    return None if number is None else Value(number, number, describe_result(str(category.name), result))


def describe_converted(patient: Patient, category: Category, value: Value) -> str | None:
    """Describes a value as it was compared, where that differs from what was given: `alt 2 ULN`, `age 24 months`."""
    number, unit = format_scalar(float(f"{value.low:.4g}")), category.unit
    if category.label == "AGE" and patient.age is not None and unit is not None and unit != patient.age[1]:
        high = format_scalar(float(f"{value.high:.4g}"))
        return f"age {number if number == high else f'{number} to below {high}'} {TIMES[unit]}"
    result = patient.labs.get(str(category.name)) if category.label == "LAB" else None
    if result is None or result.unit == unit:
        return None
    return f"{category.name} {number}" + ("" if unit == "1" else f" {unit}")


def explain_missing(patient: Patient, category: Category) -> str:
    """Explains why a patient has no value for a category."""
    if category.label in (SEX, "AGE"):
        return f"{category.label.lower()} not known" if category.unit in (None, *PER_YEAR) else "age in another unit"
    if category.label == "PERFORMANCE_STATUS":
        known = category.name in ("ECOG", "KPS")
        return "performance status not known" if known else f"the scale {category.name or 'of it'} isn't compared"
    result = patient.labs.get(str(category.name))
    if category.label != "LAB":
        return f"{category.name or category.label.lower()} isn't compared"
    if result is None:
        return f"no result of {category.name}"
    written = describe_result(str(category.name), result)
    if category.unit in ("ULN", "LLN") and getattr(result, category.unit.lower()) is None:
        return f"{written}: the laboratory's {category.unit} isn't known"
    if result.unit in ("ULN", "LLN"):
        return f"{written}: the laboratory's {result.unit} isn't known"
    return f"{written}: the limit has " + ("no unit" if category.unit is None else f"another unit, {category.unit}")


def describe_result(test: str, result: Result) -> str:
    """Describes a result as given: `alt 80 U/L (ULN 40)`."""
    ends = [f"{end.upper()} {format_scalar(getattr(result, end))}" for end in ("uln", "lln") if getattr(result, end)]
    unit = "" if result.unit == "1" else f" {result.unit}"
    return f"{test} {format_scalar(result.value)}{unit}" + (f" ({', '.join(ends)})" if ends else "")


def describe_patient(patient: Patient) -> str:
    """Describes what is known of a patient: `age 71; female; ECOG 1; alt 80 U/L (ULN 40); has liver metastases`."""
    parts = [] if patient.age is None else [_describe_age(patient.age)]
    parts += [] if patient.sex is None else [patient.sex]
    parts += [f"{name} {score}" for name, score in (("ECOG", patient.ecog), ("KPS", patient.kps)) if score is not None]
    parts += [describe_result(test, result) for test, result in patient.labs.items()]
    return "; ".join([*parts, *patient.findings])


def _describe_age(age: tuple[float, str]) -> str:
    return f"age {format_scalar(age[0])}" + ("" if age[1] == "a" else f" {TIMES[age[1]]}")


def _find_age(patient: Patient, unit: str | None) -> Value | None:
    if patient.age is None or unit is None or unit not in PER_YEAR:
        return None
    number, own = patient.age
    words = _describe_age(patient.age)
    if unit == own:
        low, high = number, number
    else:
        factor = PER_YEAR[unit] / PER_YEAR[own]
        low = number * factor
        high = nextafter((number + 1) * factor, 0) if number.is_integer() else low
    if unit == "a" and low >= _YOUNG:
        low = floor(low)
    return Value(low, high, words)


def _find_score(patient: Patient, scale: str | None) -> Value | None:
    if scale == "ECOG":
        if patient.ecog is not None:
            return Value(patient.ecog, patient.ecog, f"ECOG {patient.ecog}")
        if patient.kps is not None:
            ecog = _ECOG_OF_KPS[patient.kps]
            return Value(ecog, ecog, f"KPS {patient.kps}", f"KPS {patient.kps} as ECOG {ecog}")
    if scale == "KPS":
        if patient.kps is not None:
            return Value(patient.kps, patient.kps, f"KPS {patient.kps}")
        if patient.ecog is not None:
            low, high = KPS_OF_ECOG[patient.ecog]
            return Value(low, high, f"ECOG {patient.ecog}", f"ECOG {patient.ecog} as KPS {low}–{high}")
    return None


def _convert_result(test: str, result: Result, unit: str, folder: Folder) -> float | None:
    """Returns a result in another unit, or as a multiple of the laboratory's limit."""
    if result.unit == unit:
        return result.value
    absolute, own = result.value, result.unit
    if own in ("ULN", "LLN"):
        limit = result.uln if own == "ULN" else result.lln
        if limit is None or result.limit_unit is None:
            return None
        absolute, own = absolute * limit, result.limit_unit
    if unit in ("ULN", "LLN"):
        limit = result.uln if unit == "ULN" else result.lln
        return None if limit is None else absolute / limit
    return convert_test(folder, test, absolute, own, unit)
