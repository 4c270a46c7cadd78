"""What is known of a patient, checked when it is read: a value that can't be meant is an error, not a guess."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Any, NamedTuple

from trialsift.extraction.quantities.units import Units
from trialsift.model.errors import UserError
from trialsift.model.scales import SCALES
from trialsift.model.ucum import find_factor, is_known
from trialsift.rules.lab_units import convert_hba1c, convert_to_usual, find_lab_factor
from trialsift.rules.layers import Folder
from trialsift.tables.derived import PER_YEAR, read_derivation

#: What a record of a patient may hold; a table of patients has further columns, one for each test.
FIELDS = ("patient", "age", "sex", "ecog", "kps", "labs", "has", "has_not")
_NUMBER = re.compile(r"\s*([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?![\d,.])\s*(.*?)\s*", re.DOTALL)
_NORMAL = re.compile(r"(?:[x×*]\s*|times\s+)?(ULN|LLN)", re.IGNORECASE)
_SEXES = {"f": "female", "female": "female", "woman": "female", "m": "male", "male": "male", "man": "male"}
_OLDEST = 130  # years


class Result(NamedTuple):
    """The result of a test: `unit` is UCUM, or ULN or LLN. `uln` and `lln` are the laboratory's own limits, in `unit`
    (in any unit where the value is a multiple: then in `limit_unit`)."""

    value: float
    unit: str
    uln: float | None = None
    lln: float | None = None
    limit_unit: str | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """What is known of a patient. `age` has its UCUM unit; `labs` are by analyte; findings are named as conditions name
    them (`Conditions.name_finding`), and `findings` are the words in which they were given."""

    name: str
    age: tuple[float, str] | None = None
    sex: str | None = None
    ecog: int | None = None
    kps: int | None = None
    labs: Mapping[str, Result] = field(default_factory=dict)
    has: frozenset[str] = frozenset()
    has_not: frozenset[str] = frozenset()
    findings: tuple[str, ...] = field(default=(), compare=False)


class PatientReader:
    """Reads patients by the names and units of a folder of patterns. `tests` are further names of tests, those of the
    trials. Raises PatternError."""

    def __init__(self, folder: Folder, tests: Collection[str] = ()) -> None:
        self._derivation, self._folder = read_derivation(folder), folder
        self._tests = {*self._derivation.analytes, *tests}

    @cached_property
    def _units(self) -> Units:
        return Units(self._folder)

    def read(self, record: Mapping[str, Any], where: str, name: str) -> Patient:
        """Returns the patient of a record; `name` is used where it has none.

        Raises UserError, which begins with `where` and the field, for what can't be meant.
        """
        for key in record:
            if key not in FIELDS:
                raise UserError(f"{where}: unknown field {key!r}; expected {', '.join(FIELDS)}")
        get = {key: value for key, value in record.items() if not _is_missing(value)}.get
        labs = get("labs") or {}
        if not isinstance(labs, Mapping):
            raise UserError(f"{where}: labs is {labs!r:.60}; expected results by name: {{'alt': '80 U/L'}}")
        has, has_not = (self._read_findings(get(key), f"{where}: {key}") for key in ("has", "has_not"))
        if both := has.keys() & has_not.keys():
            raise UserError(f"{where}: has and has_not both name {sorted(both)[0]!r}; expected it in one of them")
        return Patient(
            str(get("patient", name)),
            self._read_age(get("age"), f"{where}: age"),
            _read_sex(get("sex"), f"{where}: sex"),
            _read_score(get("ecog"), "ECOG", f"{where}: ecog"),
            _read_score(get("kps"), "KPS", f"{where}: kps"),
            self._read_labs(labs, where),
            frozenset(has),
            frozenset(has_not),
            (*(f"has {words}" for words in has.values()), *(f"has not {words}" for words in has_not.values())),
        )

    def name_test(self, name: str, where: str) -> str:
        """Returns the identifier of a test by any of its names. Raises UserError for an unknown one."""
        found = self.find_test(name)
        if found is None:
            near = get_close_matches(name.lower().replace(" ", "_"), sorted(self._tests), 3, 0.7)
            meant = f"did you mean {' or '.join(near)}?" if near else "expected a name of patterns/analytes.csv"
            raise UserError(f"{where}: unknown test {name!r}; {meant}")
        return found

    def find_test(self, name: str) -> str | None:
        """Returns the identifier of a test by any of its names, None for an unknown one."""
        name = name.strip()
        if (plain := name.lower().replace(" ", "_")) in self._tests:
            return plain
        concept = self._derivation.conditions.names.get(name)
        return concept[1] if concept is not None and concept[0] == "analyte" and len(concept) == 2 else None

    def _read_labs(self, labs: Mapping[str, Any], where: str) -> dict[str, Result]:
        read: dict[str, Result] = {}
        for name, given in labs.items():
            if _is_missing(given):
                continue
            test = self.name_test(str(name), where)
            if test in read:
                raise UserError(f"{where}: {name}: {test} is there twice; expected one result of a test")
            read[test] = self._read_result(test, given, f"{where}: {name}")
        return read

    def _read_result(self, test: str, given: Any, where: str) -> Result:
        """Reads `80 U/L`, `80 U/L;uln=40 U/L`, or the same as a mapping with value, unit, uln and lln."""
        parts = _split_result(given, where)
        value, unit = self._read_amount(parts["value"], parts.get("unit"), test, where)
        limits: dict[str, tuple[float, str]] = {}
        for end in ("uln", "lln"):
            if not _is_missing(parts.get(end)):
                written = None if unit in ("ULN", "LLN") else unit
                limits[end] = self._read_amount(parts[end], written, test, f"{where}: {end}")
        own = next((own for _, own in limits.values()), None)
        limit_unit = own if unit in ("ULN", "LLN") else unit
        ends = {}
        for end, (number, in_unit) in limits.items():
            converted = number if in_unit == limit_unit else self._convert(test, number, in_unit, str(limit_unit))
            if converted is None or number <= 0:
                raise UserError(f"{where}: {end} is {parts[end]!r}; expected a limit above 0 in {limit_unit}")
            ends[end] = converted
        return Result(value, unit, ends.get("uln"), ends.get("lln"), limit_unit)

    def _read_amount(self, given: Any, unit: Any, test: str, where: str) -> tuple[float, str]:
        analyte = self._derivation.analytes.get(test)
        usual = "1" if analyte is None else analyte.usual_unit
        number, words = _split_number(given)
        if number is None:
            raise UserError(f"{where} is {given!r}; expected a number and its unit, such as {_give_example(usual)}")
        written = words or ("" if _is_missing(unit) else str(unit))
        code = self.read_unit(written) if written else (usual if usual in ("1", "[pH]") else None)
        if code is None:
            raise UserError(f"{where} is {given!r}; expected a unit with it, such as {_give_example(usual)}")
        fits = code in ("ULN", "LLN") or analyte is None or self._convert(test, number, code, usual) is not None
        if not fits and not self._measures(test, written):
            raise UserError(f"{where} is {given!r}; expected a unit of {test}, such as {_give_example(usual)}")
        return number, code

    def read_unit(self, written: str) -> str | None:
        """Returns the UCUM code of a unit as people write it; None for anything else."""
        normal = _NORMAL.fullmatch(written.strip())
        if normal is not None:
            return normal[1].upper()
        found = self._units.match(f" {written.strip()}", 0)
        if found is not None and found[1] == len(written.strip()) + 1:
            return found[0].ucum
        return written.strip() if is_known(written.strip()) else None

    def _measures(self, test: str, written: str) -> bool:
        """Whether a unit is of a kind that the test has, though it doesn't convert to the usual one."""
        found, analyte = self._units.match(f" {written.strip()}", 0), self._derivation.analytes.get(test)
        return found is not None and analyte is not None and found[0].kind in analyte.kinds

    def _convert(self, test: str, value: float, from_unit: str, to_unit: str) -> float | None:
        return convert_test(self._folder, test, value, from_unit, to_unit)

    def _read_age(self, given: Any, where: str) -> tuple[float, str] | None:
        if given is None:
            return None
        number, words = _split_number(given)
        unit = "a" if not words else self.read_unit(words)
        if number is None or unit is None or unit not in PER_YEAR or not 0 <= number / PER_YEAR[unit] <= _OLDEST:
            raise UserError(f"{where} is {given!r}; expected years from 0 to {_OLDEST}, or an age such as 18 months")
        return number, unit

    def _read_findings(self, given: Any, where: str) -> dict[str, str]:
        """Returns the words of findings by the names that conditions have for them."""
        if given is None:
            return {}
        listed = given.split(";") if isinstance(given, str) else given
        if not isinstance(listed, Collection) or not all(isinstance(one, str) for one in listed):
            raise UserError(f"{where} is {given!r}; expected findings in words, several separated by `;`")
        named = {one.strip(): self._derivation.conditions.name_finding(one) for one in listed if one.strip()}
        for words, name in named.items():
            if not name:
                raise UserError(f"{where}: {words!r} names no finding; expected words such as liver metastases")
        return {" ".join(sorted(name.split())): words for words, name in named.items()}


def convert_test(folder: Folder, test: str, value: float, from_unit: str, to_unit: str) -> float | None:
    """Returns the value of a test in another unit, by UCUM, molar mass and charge, and of HbA1c by the master equation;
    None where the units don't convert."""
    if test == "hba1c" and (converted := convert_hba1c(value, from_unit, to_unit)) is not None:
        return converted
    factor = _find_test_factor(folder, test, from_unit, to_unit)
    return None if factor is None else value * factor


def _find_test_factor(folder: Folder, test: str, from_unit: str, to_unit: str) -> float | None:
    analyte = read_derivation(folder).analytes.get(test)
    if analyte is None:
        return find_factor(from_unit, to_unit)
    direct = find_lab_factor(analyte, from_unit, to_unit)
    if direct is not None or {from_unit, to_unit} & {"ULN", "LLN"}:
        return direct
    there, back = convert_to_usual(analyte, from_unit), convert_to_usual(analyte, to_unit)
    return None if there is None or back is None else there.factor / back.factor


def _is_missing(value: Any) -> bool:
    """Whether a cell or field is empty: None, an empty text, NaN or NA."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return True
    return not isinstance(value, (str, Mapping, list, tuple, set, frozenset)) and (value != value) is not False


def _split_number(given: Any) -> tuple[float | None, str]:
    """Splits `9.2 g/dL`; the number is None where there is none, or another sign in front."""
    if isinstance(given, bool):
        return None, ""
    found = _NUMBER.fullmatch(str(given))
    return (None, "") if found is None else (float(found[1]), found[2])


def _split_result(given: Any, where: str) -> dict[str, Any]:
    if isinstance(given, Mapping):
        unknown = [key for key in given if key not in ("value", "unit", "uln", "lln")]
        if unknown or "value" not in given:
            raise UserError(f"{where} is {dict(given)!r:.80}; expected value, unit, and perhaps uln and lln")
        return dict(given)
    value, *more = str(given).split(";")
    parts: dict[str, Any] = {"value": value.strip()}
    for part in filter(str.strip, more):
        key, sign, content = part.partition("=")
        if not sign or key.strip().lower() not in ("uln", "lln"):
            raise UserError(f"{where} is {given!r}; expected uln=… or lln=… behind `;`: 80 U/L;uln=40 U/L")
        parts[key.strip().lower()] = content.strip()
    return parts


def _read_sex(given: Any, where: str) -> str | None:
    if given is None:
        return None
    sex = _SEXES.get(str(given).strip().lower())
    if sex is None:
        raise UserError(f"{where} is {given!r}; expected female or male, or nothing")
    return sex


def _read_score(given: Any, name: str, where: str) -> int | None:
    if given is None:
        return None
    scale = SCALES[name]
    number, words = _split_number(given)
    if number is None or words not in ("", "%") or number not in range(scale.lowest, scale.highest + 1, scale.step):
        steps = f" in steps of {scale.step}" if scale.step > 1 else ""
        raise UserError(f"{where} is {given!r}; expected a score from {scale.lowest} to {scale.highest}{steps}")
    return int(number)


def _give_example(unit: str) -> str:
    return "1.2" if unit == "1" else f"1.2 {unit}"
