"""The words around doses and fractions that tell which belong together (`patterns/wording/regimens.toml`)."""

from __future__ import annotations

import re
from typing import NamedTuple


class RegimenWords(NamedTuple):
    """Expressions of the group `regimens`."""

    another: re.Pattern[str]
    another_course: re.Pattern[str]
    given_in: re.Pattern[str]
    sequence: re.Pattern[str]
    integrated: re.Pattern[str]
    elsewhere: re.Pattern[str]
    alternative: re.Pattern[str]
    detail: re.Pattern[str]
    of: re.Pattern[str]
    levels: re.Pattern[str]
    strata: re.Pattern[str]
    experiment: re.Pattern[str]
    statistic: re.Pattern[str]
    equal: re.Pattern[str]
    point: re.Pattern[str]
    to_total: re.Pattern[str]
    goes_on: re.Pattern[str]
    for_sizes: re.Pattern[str]
    fractionation: re.Pattern[str]
    boost_of: re.Pattern[str]
    daily_for: re.Pattern[str]
