"""When two annotations state the same value: equal key attributes, label by label, after conversion of units.

In: a label and the attributes of a gold and a predicted span. Out: the names of the key attributes that differ.
Which those are stands in the label's file
(`patterns/entities/`); source: "Key attributes" in the annotation guidelines.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache

from trialsift.model.fact import Scalar
from trialsift.model.scales import SCALES
from trialsift.model.ucum import find_factor
from trialsift.rules.labels import KeyAttributes, shipped_labels

Attributes = Mapping[str, Scalar]

#: Conversions and decimal fractions are exact to about 1e-15; no two stated values are as close as this.
RELATIVE_TOLERANCE = 1e-6


#: How a label is compared that no file knows, or whose file doesn't say.
OTHER_LABEL = KeyAttributes(names=("measure",))


@cache
def read_key_attributes() -> Mapping[str, KeyAttributes]:
    """How the labels that ship are compared, as far as their files say (`compare`)."""
    return {label.label: label.compare for label in shipped_labels() if label.compare is not None}


def find_differing(label: str, gold: Attributes, predicted: Attributes, compare_role: bool = True) -> tuple[str, ...]:
    """The key attributes in which two spans of a label differ, in a fixed order; empty if they state the same value.

    `compare_role=False` leaves out a dose's role, where that isn't gold. Symmetric in gold and predicted.
    """
    keys = read_key_attributes().get(label, OTHER_LABEL)
    names = [
        name
        for name in keys.names
        if gold.get(name) != predicted.get(name) and not (name == "role" and not compare_role)
    ]
    if "role" in names and gold.get("modality") == predicted.get("modality") != "radiation":
        names.remove("role")  # a drug's dose has none
    conversion = _find_conversion(keys, gold.get("unit"), predicted.get("unit"))
    if conversion is None:
        names.append("unit")
    for side in ("low", "high"):
        names.extend(_find_differing_end(keys, side, gold, predicted, conversion or 1.0))
    return tuple(names)


def _find_conversion(keys: KeyAttributes, gold_unit: Scalar, predicted_unit: Scalar) -> float | None:
    """What predicted numbers are multiplied by to be in the gold unit; None if the units can't be equal."""
    if not keys.unit or gold_unit == predicted_unit:
        return 1.0
    if gold_unit is None or predicted_unit is None:
        return 1.0 if keys.null_unit_is_any else None
    return find_factor(str(predicted_unit), str(gold_unit))


def _find_differing_end(
    keys: KeyAttributes, side: str, gold: Attributes, predicted: Attributes, conversion: float
) -> list[str]:
    """Empty, `["low"]` or `["low_inclusive"]` (or the same of `high`)."""
    gold_end = _read_end(keys, side, gold)
    predicted_end = _read_end(keys, side, predicted)
    if gold_end is None or predicted_end is None:
        return [] if gold_end == predicted_end else [side]
    if not math.isclose(gold_end[0], predicted_end[0] * conversion, rel_tol=RELATIVE_TOLERANCE):
        return [side]
    return [] if gold_end[1] == predicted_end[1] else [f"{side}_inclusive"]


def _read_end(keys: KeyAttributes, side: str, attributes: Attributes) -> tuple[float, bool] | None:
    """Number and inclusiveness of one end; None where it is open, or where the scale or the quantity ends anyway.

    A flag that is missing beside a number is read as true: the guidelines leave it out where ends are always closed.
    """
    value = attributes.get(side)
    if not isinstance(value, (int, float)):
        return None
    inclusive = attributes.get(f"{side}_inclusive") is not False or not keys.inclusive
    physical_end = 0 if side == "low" else None
    scale = SCALES.get(attributes.get("scale")) if "scale" in keys.names else None
    if scale is not None and side == "high":
        physical_end = scale.highest
    return None if inclusive and value == physical_end else (float(value), inclusive)
