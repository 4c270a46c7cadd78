"""The attributes whose values the annotation guidelines list."""

from __future__ import annotations

from collections.abc import Mapping

from trialsift.model.prescription import NUMBER_OF_ROLE
from trialsift.model.scales import SCALES

#: The values of each, in the order of the guidelines.
LISTED_VALUES: Mapping[str, tuple[str, ...]] = {
    "polarity": ("inclusion", "exclusion", "none"),
    "modality": ("radiation", "drug"),
    "role": tuple(map(str, NUMBER_OF_ROLE)),
    "scale": tuple(map(str, SCALES)),
    "scope": ("trial", "subgroup"),
}
