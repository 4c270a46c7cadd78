"""Paragraphs that report other work: what they tell of is historical, though their sentences have no word for it.

In: a text and a fact's place in it. Out: whether the fact lies between a report of other work (`Smith et al.`, `the
Nordic trial showed`) and the turn to this trial (`in this study`, `we`, `will`). `patterns/background.toml` has both.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any

from trialsift.rules.files import Where, check_keys, read_toml
from trialsift.rules.layers import File, Folder

_BLANK_LINE = re.compile(r"\n\s*\n")
# Characters: a paragraph further away than this has turned to something else. It is looked for from a multiple of _STEP
# on, so that sentences share the search.
_REACH, _STEP = 3000, 1500


class Background:
    """The rules, compiled. Raises PatternError for an unknown key or a faulty expression."""

    def __init__(self, folder: Folder) -> None:
        path = folder / "background.toml"
        table = read_toml(path)
        check_keys(path, "top level", table, {"reports", "turns"}, set())
        self._reports = self._compiled(path, "reports", table["reports"])
        self._turns = self._compiled(path, "turns", table["turns"])

    @staticmethod
    def _compiled(path: File, kind: str, rules: list[dict[str, Any]]) -> re.Pattern[str]:
        for number, rule in enumerate(rules, start=1):
            where = Where(path, (kind, number - 1), f"[[{kind}]] number {number}")
            check_keys(path, where.name, rule, {"why", "expression", "examples"}, {"not_examples"}, (kind, number - 1))
            try:
                empty = re.search(rule["expression"], "") is not None
            except re.error as error:
                raise where.within("expression").error(str(error)) from None
            if empty or not rule["examples"]:
                raise where.error("matches nothing at all, or has no example")
        return re.compile("|".join(f"(?:{rule['expression']})" for rule in rules), re.I)

    def reports(self, text: str, places: Sequence[tuple[int, tuple[int, int]]]) -> list[re.Match[str] | None]:
        """For each of `places` (where something begins, and the sentence that it begins in) the report of other work
        that it is told by; None where there is none."""
        told: list[re.Match[str] | None] = [None] * len(places)
        blanks = [0, *(blank.end() for blank in _BLANK_LINE.finditer(text))] if places else []
        paragraphs: dict[int, list[int]] = {}
        for index, (start, (first, _)) in enumerate(places):
            far = max(0, first - _REACH) // _STEP * _STEP
            paragraphs.setdefault(max(far, blanks[bisect_right(blanks, start) - 1]), []).append(index)
        for opening, members in paragraphs.items():
            end = max(places[index][1][1] for index in members)
            reports = list(self._reports.finditer(text, opening, end))
            if not reports:
                continue
            turns = [turn.span() for turn in self._turns.finditer(text, opening, end)]
            for index in members:
                start, (_, stop) = places[index]
                k = bisect_right(reports, stop, key=lambda report: report.end()) - 1
                if k < 0:
                    continue
                behind = bisect_left(turns, (min(reports[k].start(), start), 0))
                if behind == len(turns) or turns[behind][1] > stop:
                    told[index] = reports[k]
        return told
