"""Age groups in the rows of a table that lost its columns: `Age (years) <60 97 (53) 60-70 100 (47) >70 12 (1)`.

What tells them is that each begins where the one before it ends, under one name; between them stand counts, shares and
confidence intervals, of which none can be told from a group by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from trialsift.extraction.labels.age.words import UNITS, AgeExpressions
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.model.interval import Interval

_OLDEST = {"a": 110, "mo": 240, "wk": 104, "d": 400}
_NAME = re.compile(r"(?<![A-Za-z])age[ds]?(?![A-Za-z])", re.I)
_FARTHEST = 260  # characters between two groups: the cells of a row
_LEAST = 10  # of the highest bound in years without a unit: smaller ones may count anything
_FARTHEST_TOLD = 20_000  # characters: so far above the text may tell of the groups of a table
_LEAST_ROWS, _LEAST_OLD = 4, 50  # groups under a heading that is far above, and years that the oldest one has
_SENTENCE = re.compile(r"[^\W\d_)]\.\s+[A-Z]")


class Group(NamedTuple):
    """A group of ages: its place, its limits, and the unit that it names, empty for none."""

    start: int
    end: int
    interval: Interval
    unit: str


def find_groups(passage: Passage, words: AgeExpressions) -> Iterator[Group]:
    """The age groups in a passage outside of criteria, in order, each in the unit that it or its name has."""
    if passage.polarity is not None:
        return
    bounds = (q for q in passage.quantities if (q.ranged or q.operator is not None) and q.kind in ("", "time"))
    if not any(q.values[0] % 1 == 0 for q in bounds):
        return
    text, start = passage.text, max(0, passage.start - Window.TABLE)
    names = list(words.group_name.finditer(text, start, passage.end))
    if not names:
        return
    named = _NAME.search(text, passage.start, passage.end) is not None
    known: set[Interval] = set()
    for chain in _link(text, list(_read_groups(text, names[0].end(), passage.end + _FARTHEST, words))):
        name = max((n for n in names if n.end() <= chain[0].start), key=lambda n: n.end())
        unit = next((g.unit for g in chain if g.unit), "") or UNITS[(name["unit"] or "y")[0].lower()]
        beneath = words.group_cells.fullmatch(text, name.end(), chain[0].start) is not None
        beneath = beneath or known.issuperset(group.interval for group in chain) or _is_headed(text, name, chain)
        if not (beneath or _is_told_before(text, chain, words)) or not _may_be_ages(chain, unit):
            continue
        known.update(group.interval for group in chain)
        for group in chain:
            if passage.start <= group.start and group.end <= passage.end and (named or _opens_line(text, group)):
                yield group._replace(unit=unit)


def _opens_line(text: str, group: Group) -> bool:
    """Whether a group is the first cell of its row: without the name of ages, no other sentence is looked at."""
    return not text[text.rfind("\n", 0, group.start) + 1 : group.start].strip()


def _read_groups(text: str, start: int, end: int, words: AgeExpressions) -> Iterator[Group]:
    """What may be age groups between two places."""
    for found in words.group.finditer(text, start, end):
        if not found["unit"] and (
            words.other_unit.match(text, found.end())
            or words.group_other.search(text[max(0, found.start() - 25) : found.start()])
        ):
            continue
        if found["low"]:
            interval = Interval(int(found["low"]), True, int(found["high"]), True)
        elif found["sign"]:
            sign = found["sign"].lower()
            low = sign[0] in ">≥oam"
            closed = "=" in sign or sign[0] in "≤≥" or sign.startswith("at")
            interval = Interval.of(
                ("ge" if closed else "gt") if low else ("le" if closed else "lt"), int(found["bound"])
            )
        else:
            interval = Interval.of("le" if found["under"] else "ge", int(found["end"]))
        yield Group(found.start(), found.end(), interval, UNITS[found["unit"][0].lower()] if found["unit"] else "")


def _link(text: str, groups: list[Group]) -> Iterator[list[Group]]:
    """Chains of groups that each begin where the one before ends, upwards or downwards, within a sentence; what fits
    none is passed over, and what has no further end closes its chain."""
    taken: set[int] = set()
    for first in range(len(groups)):
        if first in taken:
            continue
        chain, upwards, stop = [first], None, _find_stop(text, groups[first])
        for later in range(first + 1, len(groups)):
            last = groups[chain[-1]]
            if groups[later].start > stop:
                break
            way = _find_way(last.interval, groups[later].interval)
            if later in taken or way is None or (upwards is not None and way != upwards):
                continue
            chain.append(later)
            upwards, stop = way, _find_stop(text, groups[later])
            if (groups[later].interval.high if way else groups[later].interval.low) is None:
                break
        if len(chain) > 1:
            taken.update(chain)
            yield [groups[i] for i in chain]


def _find_stop(text: str, group: Group) -> int:
    """Where the last place is at which another group may follow one: too far, or in the next sentence."""
    stop = group.end + _FARTHEST
    ended = _SENTENCE.search(text, group.end, stop)
    return stop if ended is None else ended.end() - 1


def _find_way(first: Interval, second: Interval) -> bool | None:
    """Whether a group goes on from another upwards (True) or downwards (False); None where it doesn't."""
    if first.high is not None and second.low is not None and 0 <= second.low - first.high <= 1:
        return True
    if first.low is not None and second.high is not None and 0 <= first.low - second.high <= 1:
        return False
    return None


def _is_headed(text: str, name: re.Match[str], chain: list[Group]) -> bool:
    """Whether `Age group` heads a column, with other columns between it and the first of several groups in years."""
    between = text[name.end() : chain[0].start]
    highest = max(chain[-1].interval.low or 0, chain[0].interval.low or 0)
    many = len(chain) >= _LEAST_ROWS and highest >= _LEAST_OLD
    return many and name["kind"] is not None and len(between) <= _FARTHEST and not _SENTENCE.search(between)


def _is_told_before(text: str, chain: list[Group], words: AgeExpressions) -> bool:
    """Whether the text has told of the first of the groups as an age: the columns of a table repeat it."""
    low, high = chain[0].interval.low, chain[0].interval.high
    closed = all(group.interval.low is None or group.interval.high is None for group in (chain[0], chain[-1]))
    named = any(group.unit for group in chain)
    if not (closed or named):
        return False
    bound = f"{low or high:g}"
    first = max(0, chain[0].start - _FARTHEST_TOLD)
    above = words.group_told.finditer(text, first, chain[0].start)
    return any(bound in re.findall(r"\d+", told["told"]) for told in above)


def _may_be_ages(chain: list[Group], unit: str) -> bool:
    """Whether the bounds of groups can be ages in a unit."""
    bounds = [bound for group in chain for bound in (group.interval.low, group.interval.high) if bound is not None]
    named = any(group.unit for group in chain) or unit != "a"
    distinct = all(a.interval != b.interval for a, b in pairwise(chain))
    return distinct and max(bounds) <= _OLDEST[unit] and (named or max(bounds) >= _LEAST)
