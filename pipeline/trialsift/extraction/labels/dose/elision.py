"""Numbers in front of a dose: those that share its unit (`50 versus 60 to 66 Gy`, `10, 15 and 20 mg`, `50/2 Gy`), and
those that belong to it (`25.7 ± 6 mg/kg`, `70 (RBE) to 72.5 Gy (RBE)`)."""

from __future__ import annotations

import re

from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.model.interval import Interval

_JOINED = re.compile(
    r"\s*(?:\([^()\d]{0,24}\)\s*)?(?:,\s*)?(?:versus|vs\.?|or|and|/|to|and/or|(?:\(\s*)?(?:range|IQR)\s*[:=,]?)\s*",
    re.I,
)
_LISTED = re.compile(r"\s*[,;]\s*")
# `receiving 70.9, 77.4, 83.8 Gy`: a list without a word that joins it
_LIST_BEGINS = re.compile(
    r"\b(?:doses?|dosages?|levels?|receiv\w+|given|cohorts?|at|to)\s*(?:of|at|are|were|is|:)?\s*\(?\s*$", re.I
)
_ALIKE = 4
# in front of a number: it counts or names something else
_NUMBERED_THING = re.compile(
    r"(?:arms?|days?|levels?|cohorts?|groups?|weeks?|cycles?|phases?|grades?|stages?|visits?|types?|PSA|scores?|x|×|"
    r"Gy(?:\s*\([^()]*\))?\s+in)\s*(?:\d++\s*+(?:,\s*+(?:and|or)?|and|or|to|[-–&])\s*+)*+[<>≤≥=]?\s*$",
    re.I,
)
_SPREAD = re.compile(r"\s*(?:±|\+\s?/\s?[-–−]|\+-|Â±|&plusmn;)\s*")
_SPREAD_BEFORE = re.compile(r"(?:±|\+\s?/\s?[-–−]|\+-|Â±)\s*$")
_LEVEL = re.compile(r"\b(?:levels?|arms?|cohorts?|groups?|steps?|tiers?)\s*$", re.I)
_STATISTIC = re.compile(r"\b(?:mean|average|median|was|were|received|delivered|SD)\b[^.;]*$", re.I)
_BRACKET_RANGE = re.compile(r"\s*\([^()]{1,60}\)\s*(?:to|-|–|—)\s*", re.I)


def widen(passage: Passage, index: int, *, spread: bool = False) -> Quantity:
    """The quantity `index` with the number in front of it that belongs to it; that is claimed.

    The number in front of a `±` is the value (a mean of `25.7 ± 6 mg/kg`: the spread is none), or with `spread` the
    middle of a range where no statistic is told (a prescription of `50 ± 5 Gy`). One with its unit in brackets is the
    lower end of a range.
    """
    quantity = _drop_level(passage, passage.quantities[index])
    earlier = passage.quantities[index - 1] if index else None
    if earlier is None or index - 1 in passage.claimed or earlier.unit is not None or quantity.ranged:
        return quantity
    gap = passage.text[earlier.end : quantity.number_start]
    if _SPREAD.fullmatch(gap) and quantity.start >= earlier.end:
        interval = earlier.interval
        middle, around = earlier.values[0], quantity.values[0]
        if spread and not earlier.ranged and not _STATISTIC.search(passage.left(earlier.start, Window.CLAUSE)):
            interval = Interval(middle - around, True, middle + around, True)
    elif (
        _BRACKET_RANGE.fullmatch(gap)
        and earlier.operator is None
        and not earlier.ranged
        and earlier.values[0] < quantity.values[0]
    ):
        interval = Interval(earlier.values[0], True, quantity.values[0], True)
    else:
        return quantity
    passage.claimed.add(index - 1)
    return quantity._replace(
        start=earlier.start,
        interval=interval,
        operator=earlier.operator,
        number_start=earlier.number_start,
        values=tuple(end for end in (interval.low, interval.high) if end is not None),
        ranged=interval.low != interval.high,
        pieces=(*earlier.pieces, *quantity.pieces),
    )


def _drop_level(passage: Passage, quantity: Quantity) -> Quantity:
    """A quantity without the number of the level or arm in front of it, which is no lower end: `Level 1 - 30 Gy`."""
    numbers = [piece for piece in quantity.pieces if piece[0] == "number"]
    if not quantity.ranged or quantity.operator is not None or len(numbers) < 2:
        return quantity
    if not _LEVEL.search(passage.left(quantity.start, Window.ADJOINING)):
        return quantity
    start, high = numbers[-1][1], quantity.values[-1]
    return quantity._replace(
        start=start,
        number_start=start,
        interval=Interval(high, True, high, True),
        values=(high,),
        ranged=False,
        pieces=tuple(piece for piece in quantity.pieces if piece[1] >= start),
    )


def claim_elided(passage: Passage, index: int, whole: Quantity) -> list[tuple[Quantity, str]]:
    """The numbers that `find_elided` finds; they are claimed."""
    found = find_elided(passage, index, whole)
    starts = {earlier.start for earlier, _ in found}
    passage.claimed.update(k for k in range(index) if passage.quantities[k].start in starts)
    return found


def find_elided(passage: Passage, index: int, whole: Quantity) -> list[tuple[Quantity, str]]:
    """The numbers in front of the quantity `index` that take its unit, from the nearest to the farthest, each with
    what stands between it and the next. `whole` is that quantity as `widen` gives it.

    A comma joins only where a word has joined the numbers behind it (`10, 15 and 20`), or in a list of numbers of one
    size behind a word for doses (`receiving 70.9, 77.4, 83.8 Gy`).
    """
    found: list[tuple[Quantity, str]] = []
    following = whole
    joined = False
    for k in range(index - 1, -1, -1):
        earlier = passage.quantities[k]
        if earlier.start >= whole.start:
            continue
        gap = passage.text[earlier.end : following.start]
        if (
            k in passage.claimed
            or earlier.unit is not None
            or earlier.operator is not None
            or (" AND" in gap and not whole.kind.startswith("radiation"))  # between criteria, not numbers
            or _SPREAD_BEFORE.search(passage.left(earlier.start, Window.ADJOINING))
            or _NUMBERED_THING.search(passage.left(earlier.start, Window.PHRASE))
        ):
            break
        word = _JOINED.fullmatch(gap) is not None
        if not word and not (_LISTED.fullmatch(gap) and (joined or _begins_list(passage, k, following))):
            break
        joined = True
        found.append((earlier, gap))
        following = earlier
    return found


def _begins_list(passage: Passage, index: int, following: Quantity) -> bool:
    """Whether bare numbers joined by commas reach back from the quantity `index` to a word for doses, all of one
    size."""
    for k in range(index, -1, -1):
        earlier = passage.quantities[k]
        alike = 1 / _ALIKE <= earlier.values[0] / (following.values[0] or 1) <= _ALIKE
        if k in passage.claimed or earlier.unit is not None or earlier.operator is not None or not alike:
            return False
        if not _LISTED.fullmatch(passage.text, earlier.end, following.start):
            return False
        if _LIST_BEGINS.search(passage.left(earlier.start, Window.PHRASE)):
            return True
        following = earlier
    return False
