"""Ranges of a document whose meaning its source tells, such as the fields of a registry record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

#: The part that holds the eligibility criteria.
CRITERIA = "eligibility"
#: Parts of running text: criteria may stand in them too, under headings of their own.
RUNNING = frozenset({"title", "brief_summary", "detailed_description"})
#: Parts in which nothing limits who may take part.
NO_CRITERIA = frozenset({"arms", "interventions", "outcomes"})
#: All names of parts, in the order in which a registry record is written out.
PART_NAMES = ("title", "brief_summary", "detailed_description", "arms", "interventions", "outcomes", CRITERIA)


@dataclass(frozen=True, slots=True)
class Part:
    """A range of a document that its source names, such as a field of a registry record: `eligibility`, `arms` …

    `name` is one of `PART_NAMES`. What it says of polarity comes from that name; see `sections.Structure.sections`.
    """

    start: int
    end: int
    name: str


def segments(text: str, parts: Sequence[Part]) -> Iterator[tuple[int, int]]:
    """The whole text in ranges none of which reaches over the end of a part; blank ones are left out."""
    bounds = sorted({0, len(text), *(end for part in parts for end in (part.start, part.end))})
    for start, end in pairwise(bounds):
        if text[start:end].strip():
            yield start, end
