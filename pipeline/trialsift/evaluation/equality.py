"""Decides whether two annotations state the same value: equal key attributes, after conversion of units.

In: a label and the attributes of a gold and a predicted span. Out: the names of the key attributes that differ. Each
label's file (`patterns/entities/`) lists its key attributes; source: "Key attributes" in the annotation guidelines.
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

#: Conversions and decimal fractions are exact to about 1e-15, and stated values differ by more than this.
RELATIVE_TOLERANCE = 1e-6
#: How a label is compared that has no file, or whose file doesn't say.
OTHER_LABEL = KeyAttributes(names=("measure",))


@cache
def read_key_attributes() -> Mapping[str, KeyAttributes]:
    """Returns how shipped labels are compared, as far as their files say (`compare`)."""
    return {label.label: label.compare for label in shipped_labels() if label.compare is not None}


def find_differing(label: str, gold: Attributes, predicted: Attributes, compare_role: bool = True) -> tuple[str, ...]:
    """Returns the key attributes in which two spans of a label differ, in a fixed order; empty for equal values.

    `compare_role=False` ignores a dose's role where that isn't gold. Symmetric in gold and predicted.
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
    """Returns the factor that converts predicted numbers to the gold unit; None if the units don't convert."""
    if not keys.unit or gold_unit == predicted_unit:
        return 1.0
    if gold_unit is None or predicted_unit is None:
        return 1.0 if keys.null_unit_is_any else None
    return find_factor(str(predicted_unit), str(gold_unit))


def _find_differing_end(
    keys: KeyAttributes, side: str, gold: Attributes, predicted: Attributes, conversion: float
) -> list[str]:
    """Returns [], `["low"]` or `["low_inclusive"]` (likewise for `high`)."""
    gold_end = _read_end(keys, side, gold)
    predicted_end = _read_end(keys, side, predicted)
    if gold_end is None or predicted_end is None:
        return [] if gold_end == predicted_end else [side]
    if not math.isclose(gold_end[0], predicted_end[0] * conversion, rel_tol=RELATIVE_TOLERANCE):
        return [side]
    return [] if gold_end[1] == predicted_end[1] else [f"{side}_inclusive"]


def _read_end(keys: KeyAttributes, side: str, attributes: Attributes) -> tuple[float, bool] | None:
    """Returns number and inclusiveness of an end; None if it is open, or at the natural end of the scale or quantity.

    A missing flag beside a number means true: the guidelines omit it where ends are always closed.
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
