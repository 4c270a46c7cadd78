"""Polarity: whether a fact says whom a trial includes, whom it excludes, or neither."""

from __future__ import annotations

import re
from typing import NamedTuple

from trialsift.extraction.assertion.parts import OTHER, PEOPLE, RESULTS, PartWords, find_part
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.model.fact import Fact
from trialsift.rules.guarded import Guarded

#: The labels whose facts limit who takes part also where no section says so.
LIMITED = frozenset({"AGE", "PERFORMANCE_STATUS", "LIFE_EXPECTANCY", "LAB", "MEASUREMENT"})

#: A polarity, and the word that decided; None where a section did.
Polarity = tuple[str, re.Match[str] | None]


class PolarityWords(NamedTuple):
    """Words that decide in a sentence outside named sections (`patterns/wording/polarity.toml`)."""

    excludes: Guarded
    admits: Guarded
    reports: Guarded
    strata: Guarded
    against: re.Pattern[str]
    against_before: re.Pattern[str]
    goes_on: re.Pattern[str]
    taken: Guarded


def read_polarity(fact: Fact, passage: Passage, words: PolarityWords, headings: PartWords) -> Polarity:
    """Returns `inclusion`, `exclusion` or `none`, and the match of the words that decided it, if no section did.

    The named section decides, or the part of the source. In the source's criteria, before any heading, everything not
    said to exclude is an inclusion criterion; its arms, interventions and outcomes limit nobody. Elsewhere the meaning
    decides: the nearest word that excludes or admits. Without one, limits on age and performance status are eligibility
    criteria but in results and in reports of other work, and so are thresholds where a paper tells who took part, or in
    bullets of a document without section names.
    """
    text, place = passage.text, (passage.start, passage.end)
    if stated := fact.attributes.get("polarity"):  # a field of a registry says it wherever it stands
        return str(stated), None
    if fact.label in LIMITED and (strata := _find_strata(fact, passage, words)):
        return "none", strata
    if passage.unheaded:
        excludes = words.excludes.search(text, passage.plain, *place)
        return ("exclusion" if excludes else "inclusion"), excludes
    if passage.polarity is not None:
        return passage.polarity, None
    if passage.limits_nobody:
        return "none", None
    drug = fact.attributes.get("modality") == "drug"
    if fact.label not in LIMITED and not (drug and words.taken.search(text, passage.plain, place[0], fact.start)):
        return "none", None
    cue = _find_nearest(fact, passage, words)
    if cue is not None and cue.re is words.excludes.expression:
        return "exclusion", cue
    if drug:
        return ("none" if cue is None else "inclusion"), cue
    part = find_part(text, fact.start, headings).kind
    if fact.label in ("LAB", "MEASUREMENT"):
        if words.goes_on.search(text, *place) or (cue is None and words.reports.search(text, passage.plain, *place)):
            return "none", None
        admitted = cue is not None or passage.unsectioned_bullet or part == PEOPLE
        return ("inclusion" if admitted and part not in (OTHER, RESULTS) else "none"), cue
    if cue is not None:
        return "inclusion", cue
    told = words.reports.search(text, passage.plain, *place)
    of_some = fact.attributes.get("scope") == "subgroup" or part in (OTHER, RESULTS)
    return ("none" if told or of_some else "inclusion"), told


def _find_strata(fact: Fact, passage: Passage, words: PolarityWords) -> re.Match[str] | None:
    """Words that make a limit one of a stratum, or of a class that is set against another."""
    text, start, end = passage.text, passage.start, passage.end
    return (
        words.strata.search(text, passage.plain, start, end)
        or words.against.match(text, fact.end, end)
        or words.against_before.search(text, max(start, fact.start - Window.ADJOINING), fact.start)
    )


def _find_nearest(fact: Fact, passage: Passage, words: PolarityWords) -> re.Match[str] | None:
    """The word nearest to a fact in its sentence that excludes or admits: `… were included; those with X were not
    eligible`."""
    kinds = (words.excludes, words.admits)
    found = [cue for kind in kinds for cue in kind.finditer(passage.text, passage.plain, passage.start, passage.end)]
    return min(found, key=lambda cue: max(fact.start - cue.end(), cue.start() - fact.end), default=None)
