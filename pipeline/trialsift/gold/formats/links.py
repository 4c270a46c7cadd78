"""Regimens and alternatives as links between two spans: what the annotation tools have in their place.

A regimen is written as a chain of links, from each of its spans to the next. Links that an annotator has drawn become
regimens without numbers, one for all spans that they join; fill.py reads the numbers from the spans.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

#: Labels of which a link makes a regimen, and names of links that make alternatives, in small letters.
PRESCRIBED = frozenset({"DOSE", "FRACTIONS"})
ALTERNATIVES = frozenset({"any_of", "any of", "alternative", "alternatives", "or", "equiv"})
Link = tuple[Hashable, Hashable]


def list_links(members: Sequence[Hashable]) -> list[Link]:
    """Returns the links of a regimen's spans, in their order; none of a span with itself."""
    return [link for link in pairwise(members) if link[0] != link[1]]


def join_links(links: Iterable[Link]) -> list[list[Hashable]]:
    """Returns the groups that links join, in the order of the links."""
    groups: list[list[Hashable]] = []
    for link in links:
        touched = [group for group in groups if not set(link).isdisjoint(group)]
        merged = list(dict.fromkeys([*(member for group in touched for member in group), *link]))
        groups = [group for group in groups if group not in touched]
        groups.append(merged)
    return groups


def restore_regimens(
    stored: Iterable[Mapping[str, Any]], links: Sequence[Link], keys: Mapping[int, Hashable]
) -> list[dict[str, Any]]:
    """Returns the regimens of a document whose links may have been edited.

    `stored` are the regimens as they were written, `keys` what stands for each span in a link, by its id. A stored
    regimen stays if all its spans and links are still there; other links make new regimens, without numbers.
    """
    ids: dict[Hashable, int] = {}
    for number, key in keys.items():
        ids.setdefault(key, number)
    present = {frozenset(link) for link in links}
    kept, explained = [], set()
    for record in stored:
        spans = record.get("spans")
        if not isinstance(spans, list) or not all(type(number) is int and number in keys for number in spans):
            continue
        chain = {frozenset(link) for link in list_links([keys[number] for number in spans])}
        if chain <= present:
            kept.append(dict(record))
            explained |= chain
    new = [link for link in links if frozenset(link) not in explained]
    return [*kept, *({"spans": sorted(ids[key] for key in group)} for group in join_links(new))]


def number_alternatives(spans: Sequence[dict[str, Any]], links: Iterable[Link]) -> None:
    """Writes `any_of` into the records of spans that links join as alternatives; a link is a pair of ids."""
    by_id = {span["id"]: span["attributes"] for span in spans}
    taken = [value for each in by_id.values() if type(value := each.get("any_of")) is int]
    number = max([0, *taken])
    for group in join_links(links):
        known = {by_id[member].get("any_of") for member in group} - {None}
        if len(known) != 1:
            number += 1
        for member in group:
            by_id[member]["any_of"] = known.copy().pop() if len(known) == 1 else number
