"""The scales of performance status and their scores.

Source: the annotation guidelines, which fold WHO, Zubrod, SWOG and GOG into ECOG. ECOG and Karnofsky scores are
compared as ECOG-ACRIN's page "ECOG Performance Status Scale" does, and the protocol template of the NCI's Cancer
Therapy Evaluation Program: 0 is 90–100, 1 is 70–80, 2 is 50–60, 3 is 30–40, 4 is 10–20, 5 is 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from trialsift.model.fact import Scalar
from trialsift.model.interval import Interval


class Scale(NamedTuple):
    """The scores from `lowest` to `highest`, both included, in steps."""

    lowest: int
    highest: int
    step: int


#: By the value of the attribute `scale`.
SCALES: Mapping[Scalar, Scale] = {"ECOG": Scale(0, 5, 1), "KPS": Scale(0, 100, 10), "Lansky": Scale(0, 100, 10)}


def convert_score(limits: Interval, scale: str) -> Interval:
    """Converts limits on the scale `ECOG` to that of Karnofsky, or those on `KPS` to ECOG, by the table above.

    A score of ECOG has two of Karnofsky: a limit that is converted admits both.
    """
    low, high = limits.low, limits.high
    if scale == "KPS":
        best, worst = (None if end is None else float((100 - end) // 20) for end in (high, low))
        return Interval(best, None if best is None else True, worst, None if worst is None else True)
    least = None if high is None else float(max(0, 90 - 20 * high))
    most = None if low is None else float(100 - 20 * low)
    return Interval(least, None if least is None else True, most, None if most is None else True)
