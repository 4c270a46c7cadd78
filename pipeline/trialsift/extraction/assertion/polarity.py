"""Polarity: whether a fact says whom a trial includes, whom it excludes, or neither."""

from __future__ import annotations

import re

from trialsift.extraction.structure.passage import Passage
from trialsift.model.fact import Fact

_EXCLUDES = re.compile(
    r"\b(?:exclud\w+|not\s+(?:be\s+)?eligible(?!\s+(?:to\s+(?:receive|undergo)|for\s+(?:surgery|transplant|radio|"
    r"chemo|resection|curative|standard)))|ineligible)\b",
    re.I,
)
_ADMITS = re.compile(
    r"\b(?:eligible|eligibility|were\s+required\s+to|had\s+to\s+(?:be|have)|must\s+have|we\s+(?:enrolled|included|"
    r"recruited)|inclusion\s+criteri\w+)\b",
    re.I,
)
_REPORTS = re.compile(
    r"\b(?:reported|showed|demonstrated|et\s+al|results?|survival|compared\s+with|was\s+observed|were\s+(?:treated|"
    r"analy[sz]ed|observed))\b|\d\s*%\s+of\b",
    re.I,
)
_STRATA = re.compile(r"\bstratif", re.I)


def read_polarity(fact: Fact, passage: Passage) -> tuple[str, re.Match[str] | None]:
    """Returns `inclusion`, `exclusion` or `none`, and the match of the words that decided it, if no section did.

    The named section decides, or the part of the source. In the source's criteria, before any heading, everything not
    said to exclude is an inclusion criterion; its arms, interventions and outcomes limit nobody. Elsewhere the meaning
    decides: limits on age and performance status are eligibility criteria anywhere, and so are thresholds in bullets of
    a document without section names.
    """
    text, place = passage.text, (passage.start, passage.end)
    if passage.unheaded:
        excludes = _EXCLUDES.search(text, *place)
        return ("exclusion" if excludes else "inclusion"), excludes
    if passage.polarity is not None:
        return passage.polarity, None
    if passage.limits_nobody:
        return "none", None
    if fact.label in ("AGE", "PERFORMANCE_STATUS", "LIFE_EXPECTANCY"):
        excludes = _EXCLUDES.search(text, *place)
        if excludes:
            return "exclusion", excludes
        told = _REPORTS.search(text, *place) or _STRATA.search(text, *place)
        return ("none" if told else "inclusion"), told
    if fact.label in ("LAB", "MEASUREMENT"):
        cue = _EXCLUDES.search(text, *place)
        if cue:
            return "exclusion", cue
        cue = _ADMITS.search(text, *place)
        if cue or passage.unsectioned_bullet:
            return "inclusion", cue
    return "none", None
