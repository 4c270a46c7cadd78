"""Polarity: whether a fact says whom a trial includes, whom it excludes, or neither."""

from __future__ import annotations

import re
from typing import NamedTuple

from trialsift.extraction.structure.passage import Passage
from trialsift.model.fact import Fact


class PolarityWords(NamedTuple):
    """Words that decide in a sentence outside named sections (`patterns/wording/polarity.toml`)."""

    excludes: re.Pattern[str]
    admits: re.Pattern[str]
    reports: re.Pattern[str]
    strata: re.Pattern[str]


def read_polarity(fact: Fact, passage: Passage, words: PolarityWords) -> tuple[str, re.Match[str] | None]:
    """Returns `inclusion`, `exclusion` or `none`, and the match of the words that decided it, if no section did.

    The named section decides, or the part of the source. In the source's criteria, before any heading, everything not
    said to exclude is an inclusion criterion; its arms, interventions and outcomes limit nobody. Elsewhere the meaning
    decides: limits on age and performance status are eligibility criteria anywhere, but for ages of subgroups, and so
    are thresholds in bullets of a document without section names.
    """
    text, place = passage.text, (passage.start, passage.end)
    if stated := fact.attributes.get("polarity"):  # a field of a registry says it wherever it stands
        return str(stated), None
    if passage.unheaded:
        excludes = words.excludes.search(text, *place)
        return ("exclusion" if excludes else "inclusion"), excludes
    if passage.polarity is not None:
        return passage.polarity, None
    if passage.limits_nobody:
        return "none", None
    if fact.label in ("AGE", "PERFORMANCE_STATUS", "LIFE_EXPECTANCY"):
        excludes = words.excludes.search(text, *place)
        if excludes:
            return "exclusion", excludes
        told = words.reports.search(text, *place) or words.strata.search(text, *place)
        of_some = fact.attributes.get("scope") == "subgroup" and not words.admits.search(text, *place)
        return ("none" if told or of_some else "inclusion"), told
    if fact.label in ("LAB", "MEASUREMENT"):
        cue = words.excludes.search(text, *place)
        if cue:
            return "exclusion", cue
        cue = words.admits.search(text, *place)
        if cue or passage.unsectioned_bullet:
            return "inclusion", cue
    return "none", None
