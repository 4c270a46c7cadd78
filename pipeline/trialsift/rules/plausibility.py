"""Plausibility of facts: are the numbers ones that a trial can have meant?

In: a fact's label and attributes. Out: why not, in words; None for a fact that is plausible, or can't be judged. Such a
fact is kept and marked (`plausible: false`): most are slips of the document (`platelets ≥ 100,000/mL`, `docetaxel
750 mg/m2`), and readers have to see them. What is told apart:

- LAB: an end outside the plausible bounds of the analyte (`patterns/analytes.csv`, in its usual unit). Values without a
  unit, or in a unit that does not convert to the usual one, are not judged;
- AGE: beyond human life, the ends the wrong way round, or limits of adults in months, weeks or days;
- PERFORMANCE_STATUS: outside its scale, or upside down: a limit that asks for the worst scores, or excludes only the
  best ones (`ECOG ≥ 2` among inclusions);
- DOSE of radiation: centigrays written as grays, or a range that lost its dash;
- DOSE of a drug that is given: more than five times the largest dose of its label (`patterns/drug_doses.csv`). Limits
  of earlier treatment, which criteria state as a sum over courses, are not judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from trialsift.model.display import describe_interval
from trialsift.model.fact import Fact, Scalar
from trialsift.model.memory import remember, remember_of_folders
from trialsift.model.scales import SCALES
from trialsift.rules.analytes import Analyte, read_analytes
from trialsift.rules.files import Where, read_csv
from trialsift.rules.lab_units import find_lab_factor
from trialsift.rules.layers import Folder

#: Bounds of thresholds that are multiples of a normal limit, or of a control value.
MULTIPLES = {"ULN": (0.1, 100.0), "LLN": (0.1, 10.0)}
#: Gy from which a dose is no dose in gray: radiosurgery gives up to 90 at once, radioembolisation several hundred.
CENTIGRAY = {"per_fraction": 100.0, "total": 1000.0}
_DOSE_COLUMNS = ("drug", "aliases", "highest", "unit", "source")
#: A dose above this multiple of the largest one of the label is a slip; trials of escalation stay below.
_TIMES_LABEL = 5
_MILLIGRAMS = {"g": 1000.0, "mg": 1.0, "ug": 0.001}
_TIMES = {"h": 24 * 365.25, "d": 365.25, "wk": 365.25 / 7, "mo": 12.0, "a": 1.0}
_UNITS = {"a": "years", "mo": "months", "wk": "weeks", "d": "days", "h": "hours"}
_LONGEST_LIFE = 120  # years
#: Limits of adults, which nobody states in months: `18 to 65 months`. 72 months are six years.
_ADULT, _OLD = range(16, 22), frozenset({65, 70, 75, 80, 85, 90})


class LabelDose(NamedTuple):
    """The largest dose of a drug's label, in mg, mg/m2 or mg/kg."""

    highest: float
    unit: str
    source: str


class Plausibility:
    """What the patterns of a folder tell about plausible numbers. Raises PatternError for an unusable table."""

    def __init__(self, folder: Folder) -> None:
        self.analytes = read_analytes(folder)
        self._doses = read_label_doses(folder)

    def find_doubt(self, fact: Fact) -> str | None:
        """Returns why a fact is implausible, in words; None where it isn't."""
        a = fact.attributes
        match fact.label:
            case "LAB":
                analyte = self.analytes.get(str(a.get("analyte")))
                return None if analyte is None else _doubt_lab(analyte, a)
            case "AGE":
                return _doubt_age(a)
            case "PERFORMANCE_STATUS":
                return _doubt_score(a)
            case "DOSE" if a.get("modality") == "drug":
                return self._doubt_dose(a)
            case "DOSE":
                return _doubt_radiation(a)
        return None

    def _doubt_dose(self, a: Mapping[str, Scalar]) -> str | None:
        agent, unit = a.get("agent"), a.get("unit")
        known = self._doses.get(str(agent))
        if known is None or unit is None:
            return None
        factor = _find_dose_factor(str(unit), known.unit)
        most = known.highest * _TIMES_LABEL
        low, high = a.get("low"), a.get("high")
        if factor is None or not isinstance(high, int | float) or low is None or high * factor <= most:
            return None
        if a.get("polarity") in ("inclusion", "exclusion") or a.get("historical") is True:
            return None  # the sum of earlier courses
        words = f"{high:.4g} {unit} of {agent}, above {most / factor:.4g} {unit}"
        return f"{words}: {_TIMES_LABEL} times the largest dose of {known.source}"


@remember_of_folders
def read_plausibility(folder: Folder) -> Plausibility:
    """Returns what a folder of patterns tells about plausible numbers, read once in a process."""
    return Plausibility(folder)


def is_plausible(analyte: Analyte, low: Scalar, high: Scalar, unit: str | None) -> bool:
    """Returns False if a finite end other than zero lies outside the plausible bounds of the analyte."""
    return _doubt_lab(analyte, {"low": low, "high": high, "unit": unit}) is None


def _doubt_lab(analyte: Analyte, a: Mapping[str, Scalar]) -> str | None:
    unit = a.get("unit")
    bounds = find_plausible_bounds(analyte, str(unit)) if unit is not None else None
    if bounds is None:
        return None
    for end in (a.get("low"), a.get("high")):
        if not isinstance(end, int | float) or end == 0:  # `> 0 copies/mL` means detectable, whatever the bounds
            continue
        if not bounds[0] <= end <= bounds[1]:
            side, bound = ("below", bounds[0]) if end < bounds[0] else ("above", bounds[1])
            return f"{end:.12g} {unit}, {side} {bound:.4g} {unit}"
    return None


@remember
def find_plausible_bounds(analyte: Analyte, unit: str) -> tuple[float, float] | None:
    """Returns the plausible bounds in `unit`; None if the analyte has none, or the unit does not convert."""
    if unit in MULTIPLES:
        return MULTIPLES[unit]
    if analyte.plausible is None:
        return None
    factor = find_lab_factor(analyte, analyte.usual_unit, unit)
    return None if factor is None else (analyte.plausible[0] * factor, analyte.plausible[1] * factor)


def _doubt_radiation(a: Mapping[str, Scalar]) -> str | None:
    most = CENTIGRAY.get(str(a.get("role")))
    ends = [end for end in (a.get("low"), a.get("high")) if isinstance(end, int | float)]
    if most is None or not ends or max(ends) < most:
        return None
    return f"{max(ends):.4g} Gy: perhaps centigray written as gray, or a range without its dash"


def _doubt_age(a: Mapping[str, Scalar]) -> str | None:
    low, high, unit = a.get("low"), a.get("high"), str(a.get("unit"))
    if unit not in _TIMES:
        return None
    for end in (low, high):
        if isinstance(end, int | float) and end / _TIMES[unit] > _LONGEST_LIFE:
            return f"{end:.12g} {_UNITS[unit]}, above {_LONGEST_LIFE} years"
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return None
    if low > high:
        return f"from {low:.12g} to {high:.12g} {_UNITS[unit]}, the wrong way round"
    if unit != "a" and low in _ADULT and high in _OLD:
        return f"{low:.12g} to {high:.12g} {_UNITS[unit]}: perhaps years"
    return None


def _doubt_score(a: Mapping[str, Scalar]) -> str | None:
    low, high, scale = a.get("low"), a.get("high"), SCALES.get(a.get("scale"))
    if scale is None or not isinstance(low, int | float) or not isinstance(high, int | float):
        return None
    words = f"{a.get('scale')} {describe_interval(a)}"
    if low < scale.lowest or high > scale.highest:
        return f"{words}, outside {scale.lowest} to {scale.highest}"
    if low > high:
        return f"{words}, the wrong way round"
    if a.get("polarity") not in ("inclusion", "exclusion") or any(
        a.get(name) for name in ("historical", "condition", "any_of")
    ):
        return None
    best, worst = (scale.lowest, scale.highest) if scale.step == 1 else (scale.highest, scale.lowest)
    asked = (a["polarity"] == "exclusion") is (a.get("negated") is True)
    has_best, has_worst = low <= best <= high, low <= worst <= high
    if asked and has_worst and not has_best:
        return f"{words} is asked for: perhaps upside down"
    if not asked and has_best and not has_worst:
        return f"{words} is excluded: perhaps upside down"
    return None


def read_label_doses(folder: Folder) -> dict[str, LabelDose]:
    """Returns the largest doses of labels by the name of the drug. Raises PatternError for a dose that is no number
    above 0, another unit, a name that stands twice, or no source."""
    found: dict[str, LabelDose] = {}
    for where, row in read_csv(folder / "drug_doses.csv", _DOSE_COLUMNS):
        dose = _read_label_dose(row, where)
        for name in filter(None, (row["drug"], *row["aliases"].split("|"))):
            if name != name.lower().strip() or name in found:
                raise where.error(f"name {name!r}; expected names in small letters, each of them once")
            found[name] = dose
    return found


def _read_label_dose(row: Mapping[str, str], where: Where) -> LabelDose:
    try:
        highest = float(row["highest"])
    except ValueError:
        highest = 0.0
    if not 0 < highest < float("inf"):
        raise where.error(f"highest {row['highest']!r}; expected a dose above 0")
    if row["unit"] not in ("mg", "mg/m2", "mg/kg"):
        raise where.error(f"unit {row['unit']!r}; expected mg, mg/m2 or mg/kg")
    if not row["source"]:
        raise where.error("expected the label that names the dose as its source")
    return LabelDose(highest, row["unit"], row["source"])


def _find_dose_factor(unit: str, wanted: str) -> float | None:
    """Returns the factor that converts a dose, at once or a day or a week, to one in mg; None where it isn't told for
    the same measure of the body, and for rates by the hour."""
    amount, *parts = unit.split("/")
    body = [part for part in parts if part in ("m2", "kg")]
    if amount not in _MILLIGRAMS or "/".join(["mg", *body]) != wanted:
        return None
    return _MILLIGRAMS[amount] if set(parts) - {"m2", "kg"} <= {"d", "wk"} else None
