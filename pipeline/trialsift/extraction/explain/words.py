"""The words that tell what a number is that is no value (`patterns/wording/explanations.toml`)."""

from __future__ import annotations

import re
from typing import NamedTuple

from trialsift.rules.layers import Folder
from trialsift.rules.wording import read_wordings


class ExplanationWords(NamedTuple):
    """The forms of numbers, and what names the values of a label where no lexicon does."""

    date: re.Pattern[str]
    year: re.Pattern[str]
    sample: re.Pattern[str]
    p_value: re.Pattern[str]
    confidence: re.Pattern[str]
    share: re.Pattern[str]
    count_: re.Pattern[str]
    exponent: re.Pattern[str]
    ordinal: re.Pattern[str]
    numbered: re.Pattern[str]
    radiation: re.Pattern[str]
    age: re.Pattern[str]
    fractions: re.Pattern[str]
    life_expectancy: re.Pattern[str]


class UnreadWords(NamedTuple):
    """What a number is by the words around it (`patterns/wording/unread.toml`)."""

    unsettled: re.Pattern[str]
    change_before: re.Pattern[str]
    change_behind: re.Pattern[str]
    every: re.Pattern[str]
    often: re.Pattern[str]
    ratio: re.Pattern[str]
    clock: re.Pattern[str]
    graded: re.Pattern[str]
    scored: re.Pattern[str]
    points: re.Pattern[str]
    numbered: re.Pattern[str]
    method: re.Pattern[str]
    counts: re.Pattern[str]
    counts_one: re.Pattern[str]
    counted_before: re.Pattern[str]
    spread: re.Pattern[str]
    aimed: re.Pattern[str]
    doubted: re.Pattern[str]
    statistic: re.Pattern[str]
    of_people: re.Pattern[str]
    formula: re.Pattern[str]
    labelled: re.Pattern[str]
    hyphened: re.Pattern[str]
    item_before: re.Pattern[str]
    item_behind: re.Pattern[str]
    cited: re.Pattern[str]
    item_alone: re.Pattern[str]
    goes_on: re.Pattern[str]
    times: re.Pattern[str]
    unit_before: re.Pattern[str]
    graded_behind: re.Pattern[str]
    aged_before: re.Pattern[str]
    aged_behind: re.Pattern[str]
    averaged: re.Pattern[str]


def read_explanation_words(folder: Folder) -> ExplanationWords:
    """Returns the words of a patterns folder."""
    return read_wordings(folder).fill(ExplanationWords, "explanations")


def read_unread_words(folder: Folder) -> UnreadWords:
    """Returns the words of a patterns folder that tell what a number is that no rule took."""
    return read_wordings(folder).fill(UnreadWords, "unread")
