"""Paragraphs that report other work: their facts are historical, even if no word in the sentence says so.

In: a text and the place of a fact. Out: whether the fact lies between a report of other work (`Smith et al.`, `the
Nordic trial showed`) and the return to this trial (`in this study`, `we`, `will`). Both are in
`patterns/background.toml`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from pydantic import Field

from trialsift.rules.layers import Folder
from trialsift.rules.validation import Examples, Expression, Table, read_as

_BLANK_LINE = re.compile(r"\n\s*\n")
# In characters. A paragraph further back is about something else. The search starts at a multiple of _STEP, so that
# nearby sentences share it.
_REACH, _STEP = 3000, 1500


class Sign(Table):
    """Words that report other work, or that return to this trial."""

    why: str
    expression: Expression
    examples: Examples
    not_examples: list[str] = Field(default_factory=list)


class BackgroundFile(Table):
    """The contents of `background.toml`."""

    reports: list[Sign]
    turns: list[Sign]


class Background:
    """The compiled rules. Raises PatternError for an unknown key or an invalid expression."""

    def __init__(self, folder: Folder) -> None:
        rules = read_as(BackgroundFile, folder / "background.toml")
        self._reports, self._turns = (
            re.compile("|".join(f"(?:{sign.expression})" for sign in signs), re.I)
            for signs in (rules.reports, rules.turns)
        )

    def find_reports(self, text: str, places: Sequence[tuple[int, tuple[int, int]]]) -> list[re.Match[str] | None]:
        """Returns for each of `places` (where something begins, and its sentence) the match that reports it as other
        work, or None."""
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
