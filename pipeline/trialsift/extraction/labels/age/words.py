"""The expressions for the words around an age, from `patterns/wording/age.toml`."""

from __future__ import annotations

import re
from typing import NamedTuple

from trialsift.rules.guarded import Guarded

#: Units of age by the first letter of their names.
UNITS = {"y": "a", "m": "mo", "w": "wk", "d": "d", "h": "h"}


class AgeExpressions(NamedTuple):
    """A field for each of them; the file says what it is for."""

    of_age: re.Pattern[str]
    person: re.Pattern[str]
    other_heading: re.Pattern[str]
    event: re.Pattern[str]
    bracket: re.Pattern[str]
    in_place: re.Pattern[str]
    and_years: re.Pattern[str]
    sentence_goes_on: re.Pattern[str]
    of_age_only: re.Pattern[str]
    must_be: re.Pattern[str]
    only_age: re.Pattern[str]
    opening: re.Pattern[str]
    opening_marks: re.Pattern[str]
    closing: re.Pattern[str]
    and_: re.Pattern[str]
    beside: re.Pattern[str]
    around: re.Pattern[str]
    between: re.Pattern[str]
    to: re.Pattern[str]
    up_to: re.Pattern[str]
    over: re.Pattern[str]
    at: re.Pattern[str]
    next: re.Pattern[str]
    birth: Guarded
    from_: Guarded
    years_of_age: re.Pattern[str]
    or_older: Guarded
    within_age: re.Pattern[str]
    limit_words: re.Pattern[str]
    happened: re.Pattern[str]
    answer: re.Pattern[str]
    in_span: re.Pattern[str]
    not_a_life: re.Pattern[str]
    things: Guarded
    or_and: re.Pattern[str]
    other_unit: re.Pattern[str]
    old_people: re.Pattern[str]
    habits: re.Pattern[str]
    young: Guarded
    reports: re.Pattern[str]
    counted: re.Pattern[str]
    average: re.Pattern[str]
    mean_behind: re.Pattern[str]
    animals: re.Pattern[str]
    planned: re.Pattern[str]
    age: re.Pattern[str]
    of_age_hyphened: re.Pattern[str]
    clause_ends: re.Pattern[str]
    bare: re.Pattern[str]
    bracketed: re.Pattern[str]
    length: re.Pattern[str]
    thing: re.Pattern[str]
    somebody: re.Pattern[str]
    or_for_some: re.Pattern[str]
    or_bracket: re.Pattern[str]
    of_some: re.Pattern[str]
    next_group: re.Pattern[str]
    restated: re.Pattern[str]
    ages_behind: re.Pattern[str]
    to_birth: re.Pattern[str]
    if_: re.Pattern[str]
    consent: re.Pattern[str]
    with_: re.Pattern[str]
    fills: re.Pattern[str]
    rules_elsewhere: Guarded
    place_before: Guarded
    menses: Guarded
    part_heading: re.Pattern[str]
    group_start: Guarded
    condition: Guarded
    cohort_before: Guarded
    cohort_behind: re.Pattern[str]
    in_people: Guarded
    trial: re.Pattern[str]
    versus_behind: Guarded
    versus_before: Guarded
    or_age: Guarded
    or_age_before: Guarded
    both_sexes: Guarded
    one_sex: Guarded
    other_people: Guarded
    who_are: Guarded
    for_some: Guarded
    if_before: Guarded
    menopause: re.Pattern[str]
    others: Guarded
    goes_on: re.Pattern[str]
    strata: re.Pattern[str]
    age_of_all: Guarded
    status: re.Pattern[str]
    or_capitals: re.Pattern[str]
    after_age: re.Pattern[str]
    people_tail: re.Pattern[str]
    group_name: re.Pattern[str]
    group: re.Pattern[str]
    group_cells: re.Pattern[str]
    group_other: re.Pattern[str]
    group_told: re.Pattern[str]
    by_age: re.Pattern[str]
    average_before: re.Pattern[str]
    moment: Guarded
    natural: Guarded
    newborn: re.Pattern[str]
    unit_ahead: Guarded
    restricted: Guarded
    young_behind: re.Pattern[str]
    joined: re.Pattern[str]
    joined_behind: re.Pattern[str]
    are: re.Pattern[str]
    at_entry: re.Pattern[str]
    all_people: Guarded
    by_age_word: Guarded
    by_age_word_behind: re.Pattern[str]
    listed_group: Guarded
    listed_behind: re.Pattern[str]
    who: re.Pattern[str]
    foreign: re.Pattern[str]
    foreign_name: re.Pattern[str]
    foreign_event: re.Pattern[str]
    field: re.Pattern[str]
    lead_na: Guarded
    lead_before: Guarded
    lead_by: Guarded
    lead_after: Guarded
    lead_from: Guarded
    lead_lowest_limit: Guarded
    lead_highest_limit: Guarded
    lead_lowest: Guarded
    lead_highest: Guarded
