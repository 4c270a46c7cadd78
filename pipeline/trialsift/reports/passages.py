"""Cuts a passage of a text into segments that are highlighted or not.

In: a text, a range to show, spans. Out: `Segment`s that concatenate to the passage.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from trialsift.gold import GoldSpan

#: Characters shown on either side of what matters.
AROUND = 140


@dataclass(frozen=True, slots=True)
class Segment:
    """Some characters and their kind: `main` (the subject), `other` (a span nearby), or empty."""

    text: str
    kind: str = ""
    title: str = ""


def find_windows(text: str, places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Returns the ranges to show around some places, in order; overlapping ones are merged."""
    merged: list[tuple[int, int]] = []
    for left, right in sorted(find_window(text, start, end) for start, end in places):
        if merged and left <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], right)
        else:
            merged.append((left, right))
    return merged


def find_window(text: str, start: int, end: int) -> tuple[int, int]:
    """Returns the range to show around a place, from the start of a word to the end of a word."""
    left, right = max(0, start - AROUND), min(len(text), end + AROUND)
    while left > 0 and left < start and not text[left - 1].isspace():
        left += 1
    while right < len(text) and right > end and not text[right].isspace():
        right -= 1
    while left < start and text[left].isspace():
        left += 1
    while right > end and text[right - 1].isspace():
        right -= 1
    return left, right


def cut_segments(
    text: str, start: int, end: int, main: Sequence[tuple[int, int]], others: Iterable[GoldSpan] = ()
) -> list[Segment]:
    """Cuts the text from `start` to `end` at the ranges of `main` and the spans of `others`.

    Where they overlap, `main` takes precedence. `others` get their label and text as a title.
    """
    marks = [("main", a, b, "") for a, b in main]
    near = (span for span in others if span.start < end and span.end > start)
    marks += [("other", span.start, span.end, f"{span.label}: {span.text}") for span in near]
    marks = [(kind, max(a, start), min(b, end), title) for kind, a, b, title in marks if a < end and b > start]
    cuts = sorted({start, end, *(a for _, a, _, _ in marks), *(b for _, _, b, _ in marks)})
    result = []
    for a, b in pairwise(cuts):
        kind, title = next(((kind, title) for kind, left, right, title in marks if left <= a and b <= right), ("", ""))
        result.append(Segment(text[a:b], kind, title))
    return result
