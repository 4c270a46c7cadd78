"""How many steps a regular expression takes on a text, counted by a backtracking matcher of its own.

Python's `re` doesn't tell how often it backtracks, and seconds differ from run to run. `steps` walks the parse tree of
`re` itself the way its engine does, one step for each node that is tried at a place. `probes` makes texts that an
expression has trouble with: something that one of its repeats matches, many times over, and then what fits nowhere.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Continue = Callable[[int], bool]
Node = tuple[Any, ...]

_CATEGORIES = {
    sre.CATEGORY_DIGIT: str.isdigit,
    sre.CATEGORY_NOT_DIGIT: lambda c: not c.isdigit(),
    sre.CATEGORY_SPACE: str.isspace,
    sre.CATEGORY_NOT_SPACE: lambda c: not c.isspace(),
    sre.CATEGORY_WORD: lambda c: c.isalnum() or c == "_",
    sre.CATEGORY_NOT_WORD: lambda c: not (c.isalnum() or c == "_"),
}
_SAMPLE = " a5.,-(A)/x\n:;=><*|[]%'+^_1e\u00ad–×≥Â"
#: What no expression goes on with.
NOWHERE = "\x01"


class TooManySteps(Exception):
    """More steps than were allowed."""


class _Char:
    """What a single character is tested for, in the case that its flags ask for."""

    def __init__(self, op: Any, argument: Any, flags: int) -> None:
        self._op, self._argument, self._folds = op, argument, bool(flags & re.I)
        self._dot_all = bool(flags & re.S)
        self._known: dict[str, bool] = {}

    def __call__(self, char: str) -> bool:
        known = self._known.get(char)
        if known is None:
            cases = {char, char.lower(), char.upper()} if self._folds else {char}
            known = self._known[char] = any(self._plain(c) for c in cases if len(c) == 1)
        return known

    def _plain(self, char: str) -> bool:
        if self._op is sre.ANY:
            return self._dot_all or char != "\n"
        if self._op is sre.LITERAL:
            return ord(char) == self._argument
        if self._op is sre.NOT_LITERAL:
            return ord(char) != self._argument
        found = False
        negated = self._argument[0][0] is sre.NEGATE
        for op, argument in self._argument[negated:]:
            if op is sre.LITERAL:
                found = found or ord(char) == argument
            elif op is sre.RANGE:
                found = found or argument[0] <= ord(char) <= argument[1]
            else:
                found = found or _CATEGORIES[argument](char)
        return found != negated

    def examples(self) -> list[str]:
        """Characters that fit, of few kinds."""
        if self._op is sre.LITERAL:
            return [chr(self._argument)]
        listed = [chr(a) for op, a in self._argument if op is sre.LITERAL] if self._op is sre.IN else []
        return [c for c in [*_SAMPLE, *listed] if self(c)] or ["\x02"]


def _tree(items: Iterable[Any], flags: int) -> list[Node]:
    """The parse tree in nodes of our own: flags resolved, characters as tests, groups opened."""
    nodes: list[Node] = []
    for op, argument in items:
        if op in (sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY):
            nodes.append(("char", _Char(op, argument, flags)))
        elif op is sre.BRANCH:
            nodes.append(("branch", [_tree(branch, flags) for branch in argument[1]]))
        elif op is sre.SUBPATTERN:
            _, added, removed, inside = argument
            nodes.append(("branch", [_tree(inside, (flags | added) & ~removed)]))
        elif op is sre.ATOMIC_GROUP:
            nodes.append(("atomic", _tree(argument, flags)))
        elif op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            low, high, inside = argument
            high = 1 << 30 if high is sre.MAXREPEAT else int(high)
            nodes.append(("repeat", op, int(low), high, _tree(inside, flags)))
        elif op in (sre.ASSERT, sre.ASSERT_NOT):
            direction, inside = argument
            width = inside.getwidth()[0] if direction < 0 else 0
            nodes.append(("look", op is sre.ASSERT, direction < 0, width, _tree(inside, flags)))
        elif op is sre.AT:
            nodes.append(("at", argument))
        else:
            raise NotImplementedError(op)
    return nodes


class Stepper:
    """One expression, to be run again and again."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        parsed = parser.parse(pattern.pattern, pattern.flags & ~re.U | re.U)
        self.nodes = _tree(parsed, pattern.flags)
        self._text, self._end, self._left = "", 0, 0

    def steps(self, text: str, most: int, anywhere: bool = False, whole: bool = False) -> int:
        """Steps until the expression has matched or failed at the start of `text`, or at every place of it up to the
        first match; `whole`: until it has matched all of the text or failed to. Raises TooManySteps."""
        self._text, self._end, self._left = text, len(text), most
        for start in range(len(text) + 1 if anywhere else 1):
            if self._match(self.nodes, 0, start, lambda end: not whole or end == self._end):
                break
        return most - self._left

    def _match(self, nodes: list[Node], j: int, pos: int, go_on: Continue) -> bool:
        while True:
            self._left -= 1
            if self._left < 0:
                raise TooManySteps
            if j == len(nodes):
                return go_on(pos)
            node = nodes[j]
            kind = node[0]
            if kind == "char":
                if pos >= self._end or not node[1](self._text[pos]):
                    return False
                j, pos = j + 1, pos + 1
            elif kind == "at":
                if not self._at(node[1], pos):
                    return False
                j += 1
            elif kind == "look":
                if not self._look(node, pos):
                    return False
                j += 1
            else:
                break
        after = j + 1
        if kind == "branch":
            here = self._text[pos] if pos < self._end else ""
            fitting = [b for b in node[1] if not b or b[0][0] != "char" or (here and b[0][1](here))]
            return any(self._match(branch, 0, pos, lambda p: self._match(nodes, after, p, go_on)) for branch in fitting)
        if kind == "atomic":
            ends: list[int] = []
            return self._match(node[1], 0, pos, lambda p: ends.append(p) is None) and self._match(
                nodes, after, ends[0], go_on
            )
        return self._repeat(node, pos, lambda p: self._match(nodes, after, p, go_on))

    def _repeat(self, node: Node, pos: int, go_on: Continue) -> bool:
        _, op, low, high, inside = node
        if len(inside) == 1 and inside[0][0] == "char":
            return self._run(op, low, high, inside[0][1], pos, go_on)
        if op is sre.POSSESSIVE_REPEAT:
            count = 0
            while count < high:
                ends: list[int] = []
                if not self._match(inside, 0, pos, lambda p, ends=ends: ends.append(p) is None) or ends[0] == pos:  # type: ignore[misc]
                    break
                pos, count = ends[0], count + 1
            return count >= low and go_on(pos)

        def once_more(count: int, begin: int) -> bool:
            def another() -> bool:
                return count < high and self._match(
                    inside, 0, begin, lambda p: (p > begin or count < low) and once_more(count + 1, p)
                )

            if op is sre.MIN_REPEAT:
                return (count >= low and go_on(begin)) or another()
            return another() or (count >= low and go_on(begin))

        return once_more(0, pos)

    def _run(self, op: Any, low: int, high: int, test: _Char, pos: int, go_on: Continue) -> bool:
        last = min(self._end, pos + high)
        end = pos
        while end < last and test(self._text[end]):
            end += 1
        self._left -= end - pos
        if op is sre.POSSESSIVE_REPEAT:
            return end - pos >= low and go_on(end)
        places = range(end, pos + low - 1, -1) if op is sre.MAX_REPEAT else range(pos + low, end + 1)
        return any(go_on(place) for place in places)

    def _look(self, node: Node, pos: int) -> bool:
        _, wanted, behind, width, inside = node
        if pos < width:
            return not wanted
        if not behind:
            return self._match(inside, 0, pos, lambda _: True) is wanted
        return self._match(inside, 0, pos - width, lambda p: p == pos) is wanted

    def _at(self, place: Any, pos: int) -> bool:
        if place in (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING):
            return pos == 0
        if place is sre.AT_END_STRING:
            return pos == self._end
        if place is sre.AT_END:
            return pos == self._end or (pos == self._end - 1 and self._text[pos] == "\n")
        word = _CATEGORIES[sre.CATEGORY_WORD]
        before, here = pos > 0 and word(self._text[pos - 1]), pos < self._end and word(self._text[pos])
        return (before != here) is (place is sre.AT_BOUNDARY)


def _example(nodes: list[Node], chosen: random.Random) -> str:
    """A text that the nodes match, but for what looks around."""
    parts = []
    for node in nodes:
        if node[0] == "char":
            parts.append(chosen.choice(node[1].examples()))
        elif node[0] == "branch":
            parts.append(_example(chosen.choice(node[1]), chosen))
        elif node[0] == "atomic":
            parts.append(_example(node[1], chosen))
        elif node[0] == "repeat":
            count = chosen.randint(node[2], min(node[3], node[2] + 1))
            parts.extend(_example(node[4], chosen) for _ in range(count))
    return "".join(parts)


def _repeats(nodes: list[Node], before: str, chosen: random.Random) -> Iterator[tuple[str, list[Node]]]:
    """Each repeat that may go on for long, with an example of what stands in front of it."""
    for node in nodes:
        if node[0] == "branch":
            for branch in node[1]:
                yield from _repeats(branch, before, chosen)
        elif node[0] == "atomic":
            yield from _repeats(node[1], before, chosen)
        elif node[0] == "repeat":
            if node[3] >= 20:
                yield before, node[4]
            yield from _repeats(node[4], before, chosen)
        before += _example([node], chosen)


_WHITE = re.compile(r"\s+")


def probes(stepper: Stepper, count: int, seed: int = 0) -> list[tuple[str, str]]:
    """Up to `count` pairs of what stands in front, and what is repeated behind it."""
    chosen = random.Random(seed)
    found: dict[tuple[str, str], None] = {}
    for _ in range(12):
        for before, inside in _repeats(stepper.nodes, "", chosen):
            piece = _example(inside, chosen)
            found[before, piece] = None
            if wide := _WHITE.sub("   ", piece) if _WHITE.search(piece) else "":
                found[before, wide] = None  # in a run of white space two repeats beside each other show
            found[before, piece + _example(inside, chosen)] = None
    usable = [(before, piece) for before, piece in found if piece and len(before) <= 60 and len(piece) <= 40]
    if len(usable) <= count:
        return usable
    usable.sort(key=lambda pair: len(pair[1]))  # the shorter a piece, the more often it stands in a window
    return usable[: count // 2] + chosen.sample(usable[count // 2 :], count - count // 2)
