"""When two annotations state the same value: equal key attributes, label by label, after conversion of units.

In: a label and the attributes of a gold and a predicted span. Out: the names of the key attributes that differ.
Source of the table: "Key attributes" in the annotation guidelines.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from trialsift.model.fact import Scalar
from trialsift.model.scales import SCALES
from trialsift.model.ucum import factor

Attributes = Mapping[str, Scalar]

#: Conversions and decimal fractions are exact to about 1e-15; no two stated values are as close as this.
RELATIVE_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class KeyAttributes:
    """What makes up the value of a label besides the numbers `low` and `high`.

    names: attributes that must be the same as they stand.
    unit: whether the unit counts; numbers are compared after conversion.
    inclusive: whether it counts that an end belongs to the interval.
    null_unit_is_any: whether a value without a unit equals the same numbers in any unit.
    """

    names: tuple[str, ...] = ()
    unit: bool = True
    inclusive: bool = True
    null_unit_is_any: bool = False


#: A label that isn't here is compared by `OTHER_LABEL`; add one here only if that doesn't suit it.
KEY_ATTRIBUTES: dict[str, KeyAttributes] = {
    "AGE": KeyAttributes(),
    "PERFORMANCE_STATUS": KeyAttributes(names=("scale",), unit=False, inclusive=False),
    "LAB": KeyAttributes(names=("analyte",), null_unit_is_any=True),
    "DOSE": KeyAttributes(names=("modality", "role")),
    "FRACTIONS": KeyAttributes(unit=False, inclusive=False),
    "MEASUREMENT": KeyAttributes(names=("measure",), null_unit_is_any=True),
}
OTHER_LABEL = KeyAttributes(names=("measure",))


def differing(label: str, gold: Attributes, predicted: Attributes, compare_role: bool = True) -> tuple[str, ...]:
    """The key attributes in which two spans of a label differ, in a fixed order; empty if they state the same value.

    `compare_role=False` leaves out a dose's role, where that isn't gold. Symmetric in gold and predicted.
    """
    keys = KEY_ATTRIBUTES.get(label, OTHER_LABEL)
    names = [
        name
        for name in keys.names
        if gold.get(name) != predicted.get(name) and not (name == "role" and not compare_role)
    ]
    if "role" in names and gold.get("modality") == predicted.get("modality") != "radiation":
        names.remove("role")  # a drug's dose has none
    conversion = _conversion(keys, gold.get("unit"), predicted.get("unit"))
    if conversion is None:
        names.append("unit")
    for side in ("low", "high"):
        names.extend(_differing_end(label, keys, side, gold, predicted, conversion or 1.0))
    return tuple(names)


def _conversion(keys: KeyAttributes, gold_unit: Scalar, predicted_unit: Scalar) -> float | None:
    """What predicted numbers are multiplied by to be in the gold unit; None if the units can't be equal."""
    if not keys.unit or gold_unit == predicted_unit:
        return 1.0
    if gold_unit is None or predicted_unit is None:
        return 1.0 if keys.null_unit_is_any else None
    return factor(str(predicted_unit), str(gold_unit))


def _differing_end(
    label: str, keys: KeyAttributes, side: str, gold: Attributes, predicted: Attributes, conversion: float
) -> list[str]:
    """Empty, `["low"]` or `["low_inclusive"]` (or the same of `high`)."""
    gold_end = _end(label, keys, side, gold)
    predicted_end = _end(label, keys, side, predicted)
    if gold_end is None or predicted_end is None:
        return [] if gold_end == predicted_end else [side]
    if not math.isclose(gold_end[0], predicted_end[0] * conversion, rel_tol=RELATIVE_TOLERANCE):
        return [side]
    return [] if gold_end[1] == predicted_end[1] else [f"{side}_inclusive"]


def _end(label: str, keys: KeyAttributes, side: str, attributes: Attributes) -> tuple[float, bool] | None:
    """Number and inclusiveness of one end; None where it is open, or where the scale or the quantity ends anyway.

    A flag that is missing beside a number is read as true: the guidelines leave it out where ends are always closed.
    """
    value = attributes.get(side)
    if not isinstance(value, (int, float)):
        return None
    inclusive = attributes.get(f"{side}_inclusive") is not False or not keys.inclusive
    physical_end = 0 if side == "low" else None
    scale = SCALES.get(attributes.get("scale")) if label == "PERFORMANCE_STATUS" else None
    if scale is not None and side == "high":
        physical_end = scale.highest
    return None if inclusive and value == physical_end else (float(value), inclusive)
