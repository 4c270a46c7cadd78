"""What the parts of a paper, an abstract or a description are about: this study, or other work.

In: a text. Out: the headings of `patterns/wording/polarity.toml` in it, and for a place the kind of part it stands in.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

# A line, or a sentence within one: `METHODS: …. RESULTS: …`. Headings of a kind come before those of the next.
_LEAD = r"[\n.?!][\s>*#]{0,10}"

#: Kinds of parts: of other work, of this study's results, participants and methods, and of what isn't known.
OTHER, RESULTS, PEOPLE, OWN, OPEN = "other", "results", "people", "own", "open"


class Part(NamedTuple):
    """A part of a text, by the place of its heading."""

    start: int
    end: int
    kind: str


class PartWords(NamedTuple):
    """The headings of parts (`patterns/wording/polarity.toml`)."""

    part_other: re.Pattern[str]
    part_results: re.Pattern[str]
    part_people: re.Pattern[str]
    part_own: re.Pattern[str]
    part_open: re.Pattern[str]


def find_part(text: str, place: int, words: PartWords) -> Part:
    """The part of a text that holds a place; an OPEN one in front of any heading."""
    parts = _find_parts(text, words)
    return parts[bisect_right(parts, place, key=lambda part: part.start) - 1]


@lru_cache(maxsize=1)  # all facts of a text are asked for before those of the next
def _find_parts(text: str, words: PartWords) -> Sequence[Part]:
    headings = _compile(words)
    parts = [Part(0, 0, OPEN)]
    first = headings.match("\n" + text[:300])
    if first is not None:
        parts.append(Part(0, first.end() - 1, first.lastgroup or OPEN))
    parts.extend(Part(part.start(), part.end(), part.lastgroup or OPEN) for part in headings.finditer(text))
    return parts


@lru_cache(maxsize=8)
def _compile(words: PartWords) -> re.Pattern[str]:
    kinds = zip((OTHER, RESULTS, PEOPLE, OWN, OPEN), words, strict=True)
    return re.compile(f"{_LEAD}(?:{'|'.join(f'(?P<{kind}>{heading.pattern})' for kind, heading in kinds)})")
