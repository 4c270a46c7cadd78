"""A document as readers return it: its text, parts and registry fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

#: The part that holds the eligibility criteria.
CRITERIA = "eligibility"
#: Parts of running text: criteria may stand in them too, under headings of their own.
RUNNING = frozenset({"title", "brief_summary", "detailed_description"})
#: Parts in which nothing limits who may take part.
NO_CRITERIA = frozenset({"arms", "interventions", "outcomes", "other_chapters"})
#: The parts of a registry record, in the order in which it is written out.
RECORD_PARTS = ("title", "brief_summary", "detailed_description", "arms", "interventions", "outcomes", CRITERIA)
#: All names of parts; `other_chapters` are those of a protocol on its background, statistics and the like.
PART_NAMES = (*RECORD_PARTS, "other_chapters")


@dataclass(frozen=True, slots=True)
class Part:
    """A named range of a document, such as a field of a registry record: `eligibility`, `arms` …

    `name` is one of `PART_NAMES`; it determines the polarity of the sections within. `arms` are the ranges in it that
    are about one arm of the trial each, with its label, or about several (None).
    """

    start: int
    end: int
    name: str
    arms: tuple[tuple[int, int, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class RegistryFields:
    """The fields of a registry record, as written there; None for an absent field.

    Ages as ClinicalTrials.gov writes them: `18 Years`, `6 Months`, `N/A` for no limit. `conditions`: the diseases that
    are studied. `enrolment`: people, planned or actual. `start_date` in ISO form as far as it is stated: `2021-03`.
    `registry` is its name, and `other_ids` are the trial's numbers in others, as readers/registry/ids.py writes them.
    """

    nct_id: str | None = None
    minimum_age: str | None = None
    maximum_age: str | None = None
    sex: str | None = None
    healthy_volunteers: bool | None = None
    conditions: tuple[str, ...] = ()
    title: str | None = None
    phase: str | None = None
    study_type: str | None = None
    status: str | None = None
    enrolment: int | None = None
    start_date: str | None = None
    sponsor_class: str | None = None
    registry: str | None = None
    other_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document with all its characters as `text`; offsets in results count them.

    `source` is the name of its input, for `meta.source`, and `place` how messages name the file. `parts` are the named
    ranges (none in plain text). `notes` go into `meta` too, such as the encoding of a text that isn't UTF-8.
    """

    doc_id: str
    source: str
    text: str
    parts: tuple[Part, ...] = ()
    registry: RegistryFields | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    place: str = ""


def split_at_parts(text: str, parts: Sequence[Part]) -> Iterator[tuple[int, int]]:
    """Splits the whole text into ranges that end where a part starts or ends; blank ones are left out."""
    bounds = sorted({0, len(text), *(end for part in parts for end in (part.start, part.end))})
    for start, end in pairwise(bounds):
        if text[start:end].strip():
            yield start, end


def find_line(text: str, offset: int) -> int:
    """Returns the line of a character, counted from 1."""
    return text.count("\n", 0, offset) + 1
