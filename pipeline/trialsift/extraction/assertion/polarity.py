"""Polarity: whether a fact states whom a trial lets in, whom it shuts out, or neither."""

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
    """`inclusion`, `exclusion` or `none`, and the words that told it where no section did.

    The named section tells, or the part of the source. In criteria of the source, in front of any heading, what isn't
    said to exclude is an inclusion criterion; in its arms, interventions and outcomes nothing limits who takes part.
    Elsewhere the meaning tells: limits on age and performance status are eligibility wherever they stand, and so are
    thresholds in the bullets of a document that names no section.
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
