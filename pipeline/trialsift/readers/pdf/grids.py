"""The cells of tables, from the lines drawn around and between them.

In: the rules of a page. Out: its grids, each with the columns and rows that its rules make.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from trialsift.readers.pdf.rules import Rule

#: In points: rules as near as this are one, and touch.
_NEAR = 3.0
_MOST = 400  # rules; a drawing has more


@dataclass(frozen=True, slots=True)
class Grid:
    """A table by its borders, in points: `xs` from left to right, `ys` from above to below. Without vertical rules its
    columns are unknown: `xs` has its sides only. `rules` are those that it is made of; `bordered`: whether they are
    drawn."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    rules: tuple[Rule, ...]
    bordered: bool = True

    def find_cell(self, x: float, y: float) -> tuple[int, int] | None:
        """Returns the row and the column of a place, those where its cell begins if it spans several; None outside."""
        if not (self.xs[0] - 1 <= x <= self.xs[-1] + 1 and self.ys[-1] <= y <= self.ys[0]):
            return None
        column = min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)
        row = min(max(bisect_right([-place for place in self.ys], -y) - 1, 0), len(self.ys) - 2)
        while column and not self._parts(False, self.xs[column], (self.ys[row] + self.ys[row + 1]) / 2):
            column -= 1
        while row and not self._parts(True, self.ys[row], (self.xs[column] + self.xs[column + 1]) / 2):
            row -= 1
        return row, column

    def _parts(self, level: bool, place: float, at: float) -> bool:
        return any(
            rule.level == level and abs(rule.place - place) <= _NEAR and rule.begin <= at <= rule.end
            for rule in self.rules
        )


def find_grids(rules: Sequence[Rule]) -> list[Grid]:
    """Returns the tables of a page, from above to below: rules that cross, or level ones of one width below each
    other."""
    merged = sorted({*_merge(rules, True), *_merge(rules, False)})
    if len(merged) > _MOST:
        return []
    grids, loose = [], []
    for group in _connect(merged):
        upright = [rule for rule in group if not rule.level]
        level = [rule for rule in group if rule.level]
        if upright and len(level) > 1:
            xs, ys = _spread(upright, level), _spread(level, upright)
            if (len(xs) - 1) * (len(ys) - 1) > 1:
                grids.append(Grid(tuple(xs), tuple(reversed(ys)), tuple(group)))
        elif not upright:
            loose.extend(level)
    grids.extend(_find_open(loose))
    return sorted(_drop_outer(grids), key=lambda grid: -grid.ys[0])


def _merge(rules: Sequence[Rule], level: bool) -> Iterator[Rule]:
    """Iterates over rules of one direction, with pieces that touch put together."""
    kind = sorted((rule for rule in rules if rule.level == level), key=lambda rule: (rule.place, rule.begin))
    lines: list[list[Rule]] = []
    for rule in kind:
        if lines and rule.place - lines[-1][0].place <= 1.0:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    for line in lines:
        line.sort(key=lambda rule: rule.begin)
        current = line[0]
        for rule in line[1:]:
            if rule.begin <= current.end + _NEAR:
                current = current._replace(end=max(current.end, rule.end))
            else:
                yield current
                current = rule
        yield current


def _connect(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Returns the rules in groups that cross or touch."""
    parent = list(range(len(rules)))

    def find(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for i, one in enumerate(rules):
        for j, other in enumerate(rules[:i]):
            if one.level != other.level and _touch(one, other):
                parent[find(i)] = find(j)
    groups: dict[int, list[Rule]] = {}
    for index, rule in enumerate(rules):
        groups.setdefault(find(index), []).append(rule)
    return list(groups.values())


def _touch(one: Rule, other: Rule) -> bool:
    return one.begin - _NEAR <= other.place <= one.end + _NEAR and other.begin - _NEAR <= one.place <= other.end + _NEAR


def _spread(rules: Sequence[Rule], across: Sequence[Rule]) -> list[float]:
    """Returns the distinct places of rules in order, with the ends of those across them where none stands there."""
    ends = [] if not across else [min(rule.begin for rule in across), max(rule.end for rule in across)]
    found: list[float] = []
    for place in sorted([*(rule.place for rule in rules), *ends]):
        if not found or place - found[-1] > _NEAR:
            found.append(place)
    return found


def _find_open(level: Sequence[Rule]) -> Iterator[Grid]:
    """Iterates over tables with level rules only: three or more of one width."""
    groups: list[list[Rule]] = []
    for rule in sorted(level, key=lambda rule: -rule.place):
        for group in groups:
            if abs(group[0].begin - rule.begin) <= _NEAR and abs(group[0].end - rule.end) <= _NEAR:
                group.append(rule)
                break
        else:
            groups.append([rule])
    for group in groups:
        ys = sorted(_spread(group, ()), reverse=True)
        if len(ys) > 2:
            yield Grid((group[0].begin, group[0].end), tuple(ys), tuple(group))


def _drop_outer(grids: Sequence[Grid]) -> Iterator[Grid]:
    """Iterates over grids that hold no other: frames of a page are no tables."""
    for grid in grids:
        if not any(other is not grid and _holds(grid, other) for other in grids):
            yield grid


def _holds(grid: Grid, other: Grid) -> bool:
    return any(
        left <= other.xs[0] and other.xs[-1] <= right and lower <= other.ys[-1] and other.ys[0] <= upper
        for left, right in pairwise(grid.xs)
        for upper, lower in pairwise(grid.ys)
    )
