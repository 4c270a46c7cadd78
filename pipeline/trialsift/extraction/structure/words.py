"""The words by which lines, sentences and sections are told apart (`patterns/wording/structure.toml`)."""

from __future__ import annotations

import re
from typing import NamedTuple


class StructureWords(NamedTuple):
    """What each says stands beside it in the data."""

    goes_on: re.Pattern[str]
    unit_first: re.Pattern[str]
    open_number: re.Pattern[str]
    open_end: re.Pattern[str]
    abbreviation: re.Pattern[str]
    excepts: re.Pattern[str]
    limit: re.Pattern[str]
    limit_word: re.Pattern[str]
    heading_prefix: re.Pattern[str]
    mentioned_before: re.Pattern[str]
    mentioned_behind: re.Pattern[str]
    heading_of: re.Pattern[str]
    opens_inline: re.Pattern[str]
    told_inline: re.Pattern[str]
    met_before: re.Pattern[str]
    opens_exclusion: re.Pattern[str]
    opens_inclusion: re.Pattern[str]
    path: re.Pattern[str]
    path_inclusion: re.Pattern[str]
    path_exclusion: re.Pattern[str]
    narrates: re.Pattern[str]
