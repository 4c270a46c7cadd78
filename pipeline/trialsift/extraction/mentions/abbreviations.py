"""Abbreviations that a document defines for a concept it names: `absolute neutrophil count (ANc)`, later `ANc ≥ 1.5`.

scispaCy's algorithm (Schwartz and Hearst 2003) decides whether the short form in brackets fits the name before it. It
sees only the few words before such a bracket, and most documents have none: their texts cost one search.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from trialsift.extraction.mentions.lexicon import Concept, Names

#: A short form in brackets: 2 to 8 characters, the first a letter. A bracket that holds more is no definition.
_BRACKET = re.compile(r"\(\s*[\"'“‘]?(?P<short>[A-Za-z][A-Za-z0-9-]{1,7})[\"'”’]?\s*\)")
_CAPITAL = re.compile(r"[A-Z]")
#: What stands in brackets after a concept, has a capital and is no name for it: limits, units, grades, groups.
_NO_NAMES = frozenset(
    """
    HG ULN LLN IULN ULNR UNL CTC CTCAE NCI EU US UK IU IV SI SD CI CR PR RR OR HR NA NOT MAX MIN NCIC AJCC WHO
    IDMS CKD-EPI MDRD CG SPEP UPEP HPLC PCR LOCF FDA EMA BSA IBW AND MALE MEN WOMEN BOTH
    """.split()
)
_LONGEST_NAME = 80
_GENERIC = re.compile(
    r"(?:[\s-]+(?:count|level|concentration|value|number|activity|score|test|result)s?){0,2}\s*", re.I
)


#: Finds names in a range of a text.
FindNames = Callable[[int, int], Iterator[re.Match[str]]]


def defined_names(text: str, names: Names, find: FindNames | None = None) -> dict[str, Concept]:
    """Short forms that the text itself defines, with the concept each stands for; usually none.

    `find` finds names in the text; by default they are looked for everywhere.

    A short form has 2 to 8 characters, one of them a capital, is no unit or limit and no other name of the same, and
    stands in brackets directly behind a known name whose letters it takes in order. One that is defined twice for
    different concepts is left out.
    """
    found: dict[str, Concept] = {}
    clashing: set[str] = set()
    for bracket in _BRACKET.finditer(text):
        short = bracket["short"]
        if not _CAPITAL.search(short) or short.upper() in _NO_NAMES:
            continue
        known = names.get(short)
        left = max(0, bracket.start() - _LONGEST_NAME)
        name = None
        end = bracket.start()
        for match in names.pattern.finditer(text, left, end) if find is None else find(left, end):
            name = match if _GENERIC.fullmatch(text, match.end(), bracket.start()) else None
        concept = names.get(name.group()) if name else None
        if (
            name is None
            or concept is None
            or concept == known
            or len(concept) > 2
            or not _fits(text[name.start() : bracket.start()], short)
        ):
            continue
        if found.setdefault(short, concept) != concept:
            clashing.add(short)
    return {short: concept for short, concept in found.items() if short not in clashing}


def _fits(long_form: str, short: str) -> bool:
    """Whether scispaCy takes `short` for an abbreviation of the whole name, from its first word on.

    Its detector's own functions, not the detector: that would replace a user's extension `Doc._.abbreviations`.
    """
    from scispacy.abbreviation import find_abbreviation, short_form_filter  # a second to import, and few texts need it
    from spacy.tokens import Doc

    words = long_form.split()
    doc = Doc(_vocab(), words=[*words, short])
    _, found = find_abbreviation(doc[: len(words)], doc[len(words) :])
    return found is not None and found.start == 0 and bool(short_form_filter(doc[len(words) :]))


@cache
def _vocab() -> Any:
    from spacy.vocab import Vocab

    return Vocab()
