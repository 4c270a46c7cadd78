"""Paragraphs that report other work: their facts are historical, even if no word in the sentence says so.

In: a text and the place of a fact. Out: whether the fact lies between a report of other work (`Smith et al.`, the
heading `BACKGROUND`) and the return to this trial (`in this study`, `we`, `will`). The words are in
`patterns/background.toml`, the headings in `patterns/wording/polarity.toml`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from pydantic import Field

from trialsift.extraction.assertion.parts import OPEN, OTHER, Part, PartWords, find_part
from trialsift.rules.begun import Begun
from trialsift.rules.guarded import plain
from trialsift.rules.layers import Folder
from trialsift.rules.validation import Examples, Expression, Table, read_as
from trialsift.rules.wording import read_wordings

Place = tuple[int, int]
# Where a sign stands, and whether it turns to this study (or reports other work).
_Sign = tuple[int, int, bool]

_GIVEN = frozenset({"DOSE", "FRACTIONS"})
_BLANK_LINE = re.compile(r"\n\s*\n")
# In characters. A paragraph further back is about something else. The search starts at a multiple of _STEP, so that
# nearby sentences share it.
_REACH, _STEP = 3000, 1500
# Of so many paragraphs on, and with so many times fewer sentences inside of them, each sentence is one; then as many go
# together as make one elsewhere.
_FEW, _TOGETHER = 6, 8
_NEXT_SENTENCE = re.compile(r"[a-z0-9)][.?!] (?=[A-Z])")


class Sign(Table):
    """Words that report other work, or that return to this trial."""

    why: str
    expression: Expression
    examples: Examples
    not_examples: list[str] = Field(default_factory=list)
    anywhere: bool = False


class BackgroundFile(Table):
    """The contents of `background.toml`."""

    reports: list[Sign]
    turns: list[Sign]


class Background:
    """The compiled rules. Raises PatternError for an unknown key or an invalid expression."""

    def __init__(self, folder: Folder) -> None:
        rules = read_as(BackgroundFile, folder / "background.toml")
        self._reports, self._cites, self._turns = (
            Begun(sign.expression for sign in signs)
            for signs in (rules.reports, [sign for sign in rules.reports if sign.anywhere], rules.turns)
        )
        self._parts = read_wordings(folder).fill(PartWords, "polarity")

    def find_reports(self, text: str, places: Sequence[tuple[int, Place]], labels: Sequence[str]) -> list[Place | None]:
        """Returns for each of `places` (where a fact of a label begins, and its sentence) the words that report it as
        other work, or None. What is no treatment is reported in parts of other work only."""
        told: list[Place | None] = [None] * len(places)
        stretches: dict[Part, dict[int, list[int]]] = {}
        begins, together = _find_paragraphs(text) if places else ([0], 1)
        for index, (start, (first, stop)) in enumerate(places):
            part = find_part(text, start, self._parts)
            if part.kind != OTHER and labels[index] not in _GIVEN:
                continue
            # In parts of this study a sentence stands alone, unless it is followed by its source.
            own = part.kind not in (OTHER, OPEN) and not text[first:stop].rstrip().endswith("].")
            far = max(0, first - _REACH) // _STEP * _STEP
            # Sentences that are paragraphs don't tell where what a heading of other work begins with ends.
            near = 0 if part.kind == OTHER and together > 1 else begins[max(0, bisect_right(begins, start) - together)]
            opening = first if own else max(far, near, part.start)
            stretches.setdefault(part, {}).setdefault(opening, []).append(index)
        for part, openings in stretches.items():
            for opening, end, signs in self._find_signs(text, part, openings, places):
                # Where a part tells of other work, it is as if it began with a report.
                if part.kind == OTHER and (part.end >= opening or not text[part.end : opening].strip()):
                    signs = [(part.start, part.end, False), *(sign for sign in signs if sign[0] >= part.end)]
                for index in openings[opening]:
                    start, (first, stop) = places[index]
                    sign = _find_sign(signs, start, first, min(stop, end))
                    if sign is not None and not sign[2]:
                        told[index] = sign[:2]
        return told

    def _find_signs(
        self, text: str, part: Part, openings: dict[int, list[int]], places: Sequence[tuple[int, Place]]
    ) -> Iterator[tuple[int, int, list[_Sign]]]:
        """Iterates over the stretches of a part, each with its end and its signs. Text is searched once."""
        told_by = self._reports if part.kind in (OTHER, OPEN) else self._cites
        searched, found, around = -1, list[_Sign](), plain(text)
        ends = {opening: max(places[index][1][1] for index in members) for opening, members in openings.items()}
        for opening, end in sorted(ends.items()):
            if opening >= searched:
                found, searched = [], opening
            if end > searched:
                reports = [report.span() for report in told_by.finditer(text, around, searched, end)]
                if reports or found or part.kind == OTHER:  # without a report there is nothing to turn from
                    turns = (turn.span() for turn in self._turns.finditer(text, around, searched, end))
                    found = [*found, *_put_in_order(reports, turns)]
                searched = end
            yield opening, end, found[bisect_left(found, (opening, 0, False)) :]


def _put_in_order(reports: Iterable[Place], turns: Iterable[Place]) -> list[_Sign]:
    """Reports and turns as they stand. A turn inside of a report belongs to it: `outside this study`."""
    signs: list[_Sign] = []
    for sign in sorted([(*report, False) for report in reports] + [(*turn, True) for turn in turns]):
        if not (sign[2] and signs and not signs[-1][2] and sign[0] < signs[-1][1]):
            signs.append(sign)
    return signs


def _find_sign(signs: Sequence[_Sign], start: int, first: int, stop: int) -> _Sign | None:
    """The sign that decides about what begins at `start`, in a sentence from `first` to `stop`: the last one before it
    in the sentence, else a turn behind it, else a report behind it, else the last one of earlier sentences."""
    k = bisect_left(signs, (start, 0, False))
    last = signs[k - 1] if k else None
    if last is not None and last[0] >= first:
        return last
    behind = signs[k : bisect_right(signs, stop, key=lambda sign: sign[1])]
    return next((sign for sign in behind if sign[2]), behind[0] if behind else last)


def _find_paragraphs(text: str) -> tuple[list[int], int]:
    """Where paragraphs begin, and how many belong together: some sources set each sentence as a paragraph."""
    begins = [0, *(blank.end() for blank in _BLANK_LINE.finditer(text))]
    single = len(begins) >= _FEW and len(_NEXT_SENTENCE.findall(text)) * _FEW < len(begins)
    return begins, _TOGETHER if single else 1
