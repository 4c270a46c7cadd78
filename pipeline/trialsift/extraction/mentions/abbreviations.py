"""Abbreviations that a document defines for a concept: `absolute neutrophil count (ANc)`, later `ANc ≥ 1.5`.

scispaCy's algorithm (Schwartz and Hearst 2003) decides whether the short form in brackets fits the name before it. It
sees only the few words before such a bracket. Most documents have none and cost one search.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

from trialsift.extraction.mentions.lexicon import Concept, Names
from trialsift.extraction.mentions.schwartz_hearst import find_long_form, is_short_form

#: A short form in brackets: 2 to 8 characters, the first a letter. Longer contents are no definition.
_BRACKET = re.compile(r"\(\s*[\"'“‘]?(?P<short>[A-Za-z][A-Za-z0-9-]{1,7})[\"'”’]?\s*\)")
_CAPITAL = re.compile(r"[A-Z]")
_LONGEST_NAME = 80


#: Finds names in a range of a text.
FindNames = Callable[[int, int], Iterator[re.Match[str]]]


class AbbreviationWords(NamedTuple):
    """What is no abbreviation, and what may stand in front of one (`patterns/wording/abbreviations.toml`)."""

    defines_nothing: re.Pattern[str]
    generic: re.Pattern[str]


def find_defined_names(
    text: str, names: Names, words: AbbreviationWords, find: FindNames | None = None
) -> dict[str, Concept]:
    """Returns the short forms that the text defines, with the concept of each; usually none.

    A short form has 2 to 8 characters, one of them a capital. It is no unit or limit, and not yet a name of the
    concept. It stands in brackets directly after a known name whose letters it uses in order. Short forms defined for
    two different concepts are left out.

    `find` finds names in the text; by default the whole text is searched.
    """
    found: dict[str, Concept] = {}
    clashing: set[str] = set()
    for bracket in _BRACKET.finditer(text):
        short = bracket["short"]
        if not _CAPITAL.search(short) or words.defines_nothing.fullmatch(short):
            continue
        known = names.get(short)
        left = max(0, bracket.start() - _LONGEST_NAME)
        name = None
        end = bracket.start()
        for match in names.pattern.finditer(text, left, end) if find is None else find(left, end):
            name = match if words.generic.fullmatch(text, match.end(), bracket.start()) else None
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
    """Whether `short` is an abbreviation of the whole name, from its first word on: by scispaCy, or by
    `schwartz_hearst`, which says the same, where scispaCy has no version for this Python."""
    words = long_form.split()
    try:
        found = _ask_scispacy(words, short)
    except ModuleNotFoundError:
        return find_long_form(words, short) == 0 and is_short_form(short)
    return found


def _ask_scispacy(words: list[str], short: str) -> bool:
    """Calls the functions of scispaCy's detector: it itself would replace a user's extension `Doc._.abbreviations`."""
    from scispacy.abbreviation import (  # takes a second to import, and few texts need it
        find_abbreviation,
        short_form_filter,
    )
    from spacy.tokens import Doc

    doc = Doc(_vocab(), words=[*words, short])
    _, found = find_abbreviation(doc[: len(words)], doc[len(words) :])
    return found is not None and found.start == 0 and bool(short_form_filter(doc[len(words) :]))


@cache
def _vocab() -> Any:
    from spacy.vocab import Vocab

    return Vocab()
