"""Tells documents of one trial, over registries and countries, by the numbers that they share.

`EUCTR2013-000615-24-BE` and an ISRCTN record that names EudraCT 2013-000615-24 are one trial, and so is a paper that
states the NCT number. Numbers of papers tell none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from trialsift.readers.registry.ids import find_ids

if TYPE_CHECKING:
    from trialsift.model.document import RegistryFields

_OF_PAPERS = ("PMID", "PMC")


def find_trial_numbers(doc_id: str, registry: RegistryFields | None) -> tuple[str, ...]:
    """Returns the numbers of the trial that a document is about: those in its name and its registry's fields. Numbers
    in a text may be of other trials, and are left out."""
    stated = () if registry is None else (registry.nct_id, *registry.other_ids)
    return tuple(number for number in find_ids([doc_id, *stated]) if not number.startswith(_OF_PAPERS))


class SameTrials:
    """The numbers of the documents so far."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}

    def find(self, doc_id: str, numbers: Iterable[str]) -> str | None:
        """Returns the first document before this one that shares a number with it, and remembers its numbers."""
        listed = list(numbers)
        same = next((self._first[number] for number in listed if number in self._first), None)
        for number in listed:
            self._first.setdefault(number, doc_id if same is None else same)
        return same
