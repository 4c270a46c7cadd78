"""The reasons to doubt what was read, and how much each of them weighs.

A weight is the share of facts with that reason that are taken to be wrong; several reasons count as independent. It
only orders the queue. Where the run states a `confidence`, that is where the doubt of a fact begins; else its rule is:
a rule that read few facts of a run is the less tried one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType

#: By the code of a reason, which filters of the page and the column `reasons` name.
WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "implausible": 0.5,
        "registry against text": 0.3,
        "only in registry": 0.1,
        "unusual direction": 0.3,
        "contradiction": 0.2,
        "operator inferred": 0.05,
        "unread": 0.1,
        "low confidence": 0.0,  # is in the confidence itself
    }
)
#: Below this confidence a fact is said to have a low one.
LOW = 0.9
_WITHOUT_FACTS = 0.15


def combine_doubt(base: float, reasons: Iterable[str]) -> float:
    """Returns the doubt, from 0 to 1, of what has this doubt by itself, and these reasons on top."""
    sure = 1.0 - base
    for reason in reasons:
        sure *= 1.0 - WEIGHTS[reason]
    return round(1.0 - sure, 6)


def doubt_rule(facts: int) -> float:
    """Returns the doubt of a fact by the number of facts that its rule read in the run."""
    return _WITHOUT_FACTS / (1.0 + math.sqrt(facts))
