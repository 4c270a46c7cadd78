"""The words around a regimen that tell how it is given (`patterns/wording/regimens.toml`)."""

from __future__ import annotations

import re
from typing import NamedTuple

from trialsift.rules.layers import Folder
from trialsift.rules.wording import read_wordings


class CourseWords(NamedTuple):
    """Expressions of the group `regimens` that the tables need."""

    twice_daily: re.Pattern[str]
    thrice_daily: re.Pattern[str]
    once_daily: re.Pattern[str]
    per_week: re.Pattern[str]
    overall: re.Pattern[str]
    technique: re.Pattern[str]
    joins_boost: re.Pattern[str]
    boosted_to: re.Pattern[str]
    integrated: re.Pattern[str]
    alternative: re.Pattern[str]
    effect: re.Pattern[str]
    ratio: re.Pattern[str]


def read_course_words(folder: Folder) -> CourseWords:
    """Returns the words of a folder of patterns. Raises PatternError."""
    return read_wordings(folder).fill(CourseWords, "regimens")
