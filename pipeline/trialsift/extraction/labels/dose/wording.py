"""Words around amounts of drugs (`patterns/wording/dose.toml`)."""

from __future__ import annotations

import re
from typing import NamedTuple

from trialsift.rules.guarded import Guarded


class DrugWords(NamedTuple):
    """Expressions of the group `dose`."""

    cue_before: Guarded
    strong_cue_before: Guarded
    cue_behind: re.Pattern[str]
    measured_before: Guarded
    measured_behind: re.Pattern[str]
    nutrient_before: Guarded
    nutrient_behind: re.Pattern[str]
    strength_before: Guarded
    strength_behind: re.Pattern[str]
    given_in_group: re.Pattern[str]
    one_of_tablets: re.Pattern[str]
    tablets_behind: re.Pattern[str]
    imaging_before: Guarded
    imaging_behind: re.Pattern[str]
    coded_name: re.Pattern[str]
    drinks: re.Pattern[str]
    in_urine: Guarded
    units_or_grams: re.Pattern[str]
    daily_before: Guarded
    daily_behind: re.Pattern[str]
    day_behind_name: re.Pattern[str]
    area_behind_name: re.Pattern[str]
    weight_behind_name: re.Pattern[str]
    day_behind_weight: re.Pattern[str]
    composition: Guarded
    not_below: Guarded
    bound_before_name: re.Pattern[str]
    only_abbreviation: re.Pattern[str]
    other_agent: re.Pattern[str]
    area: re.Pattern[str]
    area_behind: re.Pattern[str]
    area_in_units: re.Pattern[str]


class AgentWords(NamedTuple):
    """Expressions of the group `agent`."""

    alternative: re.Pattern[str]
    stop: re.Pattern[str]
    adjoining: re.Pattern[str]
    behind: re.Pattern[str]
