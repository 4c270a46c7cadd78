"""Words around doses (`patterns/wording/`: dose, agent, elision, fractions, radiation)."""

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
    in_tissue: Guarded
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
    weighed: re.Pattern[str]
    blood_product: re.Pattern[str]
    fluid_behind: re.Pattern[str]
    fluid_before: re.Pattern[str]
    fluid_given: re.Pattern[str]
    diluent_before: re.Pattern[str]
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


class ElisionWords(NamedTuple):
    """Expressions of the group `elision`."""

    joined: re.Pattern[str]
    listed: re.Pattern[str]
    list_begins: re.Pattern[str]
    numbered_thing: re.Pattern[str]
    single: re.Pattern[str]
    goes_on: re.Pattern[str]
    spread: re.Pattern[str]
    spread_before: re.Pattern[str]
    level: re.Pattern[str]
    statistic: re.Pattern[str]
    bracket_range: re.Pattern[str]
    between_again: re.Pattern[str]


class RadiationWords(NamedTuple):
    """Expressions of the group `radiation`."""

    alpha_beta: re.Pattern[str]
    alpha_beta_twice: re.Pattern[str]
    alpha_behind: Guarded
    area_product: re.Pattern[str]
    of_imaging: re.Pattern[str]
    in_vitro: Guarded
    boost_behind: re.Pattern[str]
    boost_before: re.Pattern[str]
    constraint_goes_on: re.Pattern[str]
    two_ends: re.Pattern[str]
    largest_of: re.Pattern[str]
    same_bound: re.Pattern[str]
    given_in: re.Pattern[str]
    same: re.Pattern[str]
    times_number: re.Pattern[str]
    daily_too: re.Pattern[str]
    joined: re.Pattern[str]
    in_fractions: re.Pattern[str]
    per_time: re.Pattern[str]
    times: re.Pattern[str]
    next_to: re.Pattern[str]
    for_fractions: re.Pattern[str]
    whole_at_once: Guarded


class FractionWords(NamedTuple):
    """Expressions of the group `fractions`."""

    number: re.Pattern[str]
    own_number: re.Pattern[str]
    alternative: re.Pattern[str]
    between: re.Pattern[str]
    counted: re.Pattern[str]
    slashed: re.Pattern[str]
    after_times: re.Pattern[str]
    frequency: re.Pattern[str]
    not_before: re.Pattern[str]
    in_bare: re.Pattern[str]
    product: re.Pattern[str]
    in_all: re.Pattern[str]
    cell: re.Pattern[str]
    column: re.Pattern[str]
    before_times: re.Pattern[str]
    twice_a_day: re.Pattern[str]
    dose_a_day: re.Pattern[str]
    divides_day: re.Pattern[str]
    single_before: re.Pattern[str]
    single: re.Pattern[str]
    not_single: re.Pattern[str]
    dose_of_fraction: re.Pattern[str]
    told: re.Pattern[str]
    radiation: re.Pattern[str]
    other_treatment: re.Pattern[str]
    of_dose: re.Pattern[str]
    drug_amount: re.Pattern[str]
    adjoins: re.Pattern[str]
    a_week: re.Pattern[str]
    labelled: re.Pattern[str]
    several_before: re.Pattern[str]
    several_behind: re.Pattern[str]
    single_behind: re.Pattern[str]
    in_before: re.Pattern[str]
    one_of: re.Pattern[str]
    times_before: re.Pattern[str]
    total_before: re.Pattern[str]
    treatments: re.Pattern[str]
    radiation_kind: re.Pattern[str]
    of_number: re.Pattern[str]
    numbered: re.Pattern[str]
    of_gray: re.Pattern[str]
    of_each: re.Pattern[str]
    light: re.Pattern[str]
    of_irradiation: re.Pattern[str]
    thing: re.Pattern[str]
