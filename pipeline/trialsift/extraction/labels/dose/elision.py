"""Numbers that share the unit of a dose behind them: `50 versus 60 to 66 Gy`, `10, 15 and 20 mg`, `50/2 Gy`."""

from __future__ import annotations

import re

from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window

_JOINED = re.compile(r"\s*(?:\([^()\d]{0,24}\)\s*)?(?:versus|vs\.?|or|and|/|to|and/or)\s*", re.I)
_LISTED = re.compile(r"\s*,\s*")
# in front of a number: it counts or names something else
_NUMBERED_THING = re.compile(
    r"(?:arms?|days?|levels?|cohorts?|groups?|weeks?|cycles?|phases?|grades?|stages?|visits?|types?|PSA|scores?|x|×|"
    r"Gy(?:\s*\([^()]*\))?\s+in)\s*[<>≤≥=]?\s*$",
    re.I,
)


def claim_elided(passage: Passage, index: int) -> list[tuple[Quantity, str]]:
    """The numbers in front of the quantity `index` that take its unit, from the nearest to the farthest, each with
    what stands between it and the next. They are claimed.

    A comma joins only where a word has joined the numbers behind it (`10, 15 and 20`).
    """
    found: list[tuple[Quantity, str]] = []
    following = passage.quantities[index]
    for k in range(index - 1, -1, -1):
        earlier = passage.quantities[k]
        gap = passage.text[earlier.end : following.start]
        if (
            k in passage.claimed
            or earlier.unit is not None
            or earlier.operator is not None
            or " AND" in gap  # between criteria, not numbers
            or not (_JOINED.fullmatch(gap) or (found and _LISTED.fullmatch(gap)))
            or _NUMBERED_THING.search(passage.left(earlier.start, Window.PHRASE))
        ):
            break
        passage.claimed.add(k)
        found.append((earlier, gap))
        following = earlier
    return found
