"""The scales of performance status and their scores.

Source: the annotation guidelines, which fold WHO, Zubrod, SWOG and GOG into ECOG.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from trialsift.model.fact import Scalar


class Scale(NamedTuple):
    """The scores from `lowest` to `highest`, both included, in steps."""

    lowest: int
    highest: int
    step: int


#: By the value of the attribute `scale`.
SCALES: Mapping[Scalar, Scale] = {"ECOG": Scale(0, 5, 1), "KPS": Scale(0, 100, 10), "Lansky": Scale(0, 100, 10)}
