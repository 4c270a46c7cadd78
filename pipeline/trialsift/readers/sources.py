"""What readers hand on: a document with its text, and what is known of it from the structure it came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from trialsift.model.document import Part


@dataclass(frozen=True, slots=True)
class RegistryFields:
    """What a registry record states in fields of its own, as written there; None where the field is absent.

    Ages as ClinicalTrials.gov writes them: `18 Years`, `6 Months`, `N/A` for no limit.
    """

    nct_id: str | None = None
    minimum_age: str | None = None
    maximum_age: str | None = None
    sex: str | None = None
    healthy_volunteers: bool | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A document. `text` is all its characters; `parts` are ranges of it whose meaning the input's structure tells
    (none for plain text); `name` is what it was read from, for `meta.source`; `notes` go into `meta` too, such as the
    encoding where it was detected.
    """

    doc_id: str
    name: str
    text: str
    parts: tuple[Part, ...] = ()
    registry: RegistryFields | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
