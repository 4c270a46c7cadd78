"""Whether an age limit holds for the trial or for a subgroup of its participants only."""

from __future__ import annotations

import re

from trialsift.extraction.labels.age.words import AgeExpressions
from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.rules.guarded import plain

_COLON = re.compile(r"[-\s]*(?:olds?\b|of age\b)?\s*(?::|\):[^\S\n]*\S)", re.I)
_AGE_ROW = re.compile(r"\|[^|\n]*\bages?\b", re.I)
_SHARE = re.compile(r"\d\s*%?\s*\(?$")


def read_scope(passage: Passage, quantity: Quantity, words: AgeExpressions) -> str:
    """`subgroup` where the sentence goes on about those of that age, or states an alternative."""
    text = passage.text
    head = passage.line_left(quantity.start, Window.LINE).strip(" -•*\t0123456789.)")
    after = text[quantity.end : passage.end]
    before, behind = plain(head) + " ", passage.plain
    if words.other_people.match(after, behind) or words.who_are.search(head, before):
        return "subgroup"
    if words.age_of_all.search(head, before):
        return "trial"
    told = (
        passage.polarity is None and words.in_people.search(head, before) and words.trial.search(head)
    )  # `to test … in patients 16 to 50 years old`
    if words.both_sexes.search(head, before) or words.one_sex.search(head, before):
        return "trial"
    if (
        words.for_some.search(head, before)
        or (not told and words.condition.search(head, before))
        or words.if_before.search(head, before)
        or words.cohort_before.search(passage.left(quantity.start, Window.CLAUSE), behind)
        or words.cohort_behind.match(after)
        or _is_of_some(passage, quantity, head + " ", words)
    ):
        return "subgroup"
    if passage.polarity is None and words.strata.search(text, passage.start, passage.end):
        return "subgroup"
    if passage.polarity != "exclusion" and (
        words.versus_behind.match(after, behind)
        or words.versus_before.search(head, before)
        or words.or_age.match(after, behind)
        or words.or_age_before.search(head, before)
    ):
        return "subgroup"
    if passage.above is not None and words.menopause.search(text[passage.above[0] : passage.above[1]]):
        return "subgroup"
    if words.group_start.search(head + " ", before) and words.goes_on.match(after):
        return "subgroup"
    if (head.endswith("(") and _SHARE.search(head.rstrip("("))) or _COLON.match(after):
        return "subgroup"
    return "subgroup" if _states_alternative(text[passage.line_start : passage.line_end], words) else "trial"


def _heads_column(passage: Passage, quantity: Quantity) -> bool:
    """Whether an age is one of several headings of columns, in the cells of a row that isn't about age: `| Test | 3–12
    years | 13–17 years |`."""
    text = passage.text
    row = text.rfind("\n", 0, quantity.start) + 1
    if not text.startswith("|", row) or _AGE_ROW.match(text, row):
        return False
    others = [
        q for q in passage.quantities if q.kind == "time" and q.start >= row and q.number_start != quantity.number_start
    ]
    return any("|" in text[min(q.end, quantity.end) : max(q.start, quantity.start)] for q in others)


def _states_alternative(line: str, words: AgeExpressions) -> bool:
    """Whether a line joins criteria by a capital OR, of which the age is one."""
    return "OR" in line and words.or_capitals.search(line) is not None and words.status.search(line) is not None


def _is_of_some(passage: Passage, quantity: Quantity, head: str, words: AgeExpressions) -> bool:
    """Whether an age is that of relatives, of a place, of women who may become pregnant, or of one part of the trial,
    where the criteria are listed by part: `Part A: … Part B: …`."""
    text, before, behind = passage.text, plain(head), passage.plain
    after = text[quantity.end : passage.end]
    if words.others.search(head, before) or words.place_before.search(head, before):
        return True
    if _heads_column(passage, quantity):
        return True
    if words.rules_elsewhere.match(after, behind) or words.menses.match(after, behind):
        return True
    if passage.polarity is None:
        return False
    start = max(0, quantity.start - Window.SURROUNDINGS)
    start = max(start, text.rfind("riteria", start, quantity.start))  # in the description, parts are told of too
    found = list(words.part_heading.finditer(text, start, quantity.end + Window.SURROUNDINGS))
    return len({one["name"] for one in found}) > 1 and found[0].start() < quantity.start
