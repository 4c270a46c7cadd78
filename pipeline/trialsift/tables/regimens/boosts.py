"""The boost that the text joins to a course, and the dose of both together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from trialsift.model.fact import Bounds
from trialsift.tables.regimens.distinct import Distinct
from trialsift.tables.regimens.mentions import Mention, is_same
from trialsift.tables.regimens.wording import CourseWords

#: The most characters between a course and its boost in one sentence.
_MOST_BETWEEN = 200


def join_boosts(text: str, distinct: list[Distinct], words: CourseWords) -> list[Distinct]:
    """Sets the course's total on courses and their boosts, and returns the regimens without those that state only this
    sum: they become statements of the course."""
    found = {mention.number: one for one in distinct for mention in one.mentions}
    mentions = sorted((m for one in distinct for m in one.mentions), key=lambda mention: mention.start)
    for course, boost in pairwise(mentions):
        if course.boost or not boost.boost or (course.use, course.negated) != (boost.use, boost.negated):
            continue
        total = _add(text, course, boost, words) if course.arm == boost.arm else None
        if total is not None and found[course.number].course_total is None:
            found[course.number].course_total = found[boost.number].course_total = total
    for arm in {one.arm for one in distinct if one.arm is not None}:
        _join_single([one for one in distinct if one.arm == arm and one.is_given])
    return _absorb_sums(distinct)


def _add(text: str, course: Mention, boost: Mention, words: CourseWords) -> Bounds | None:
    """The dose of both, if they stand in one sentence and the words between join them."""
    if boost.start < course.end or boost.start - course.end > _MOST_BETWEEN or course.context != boost.context:
        return None
    first, second = course.regimen.total_dose, boost.regimen.total_dose
    if first is None or second is None or words.integrated.search(text, course.end, boost.start):
        return None
    if not words.joins_boost.fullmatch(text, course.end, boost.start):
        return None
    reached = words.boosted_to.search(text[max(0, boost.start - 100) : boost.start])
    if reached and None not in (*first, *second) and second[0] > first[1]:  # type: ignore[operator]
        return second
    return _sum(first, second)


def _sum(first: Bounds, second: Bounds) -> Bounds:
    low, high = (None if a is None or b is None else a + b for a, b in zip(first, second, strict=True))
    return low, high


def _join_single(those: Sequence[Distinct]) -> None:
    """Joins the only course of an arm to its only boost, which isn't an integrated one (in as many fractions)."""
    courses, boosts = ([one for one in those if one.fullest.boost is boost] for boost in (False, True))
    if len(courses) != 1 or len(boosts) != 1 or courses[0].course_total is not None:
        return
    course, boost = courses[0].regimen, boosts[0].regimen
    if course.total_dose is None or boost.total_dose is None or is_same(course.fractions, boost.fractions):
        return
    if None in (*course.total_dose, *boost.total_dose) or boost.total_dose[1] >= course.total_dose[0]:  # type: ignore[operator]
        return
    courses[0].course_total = boosts[0].course_total = _sum(course.total_dose, boost.total_dose)


def _absorb_sums(distinct: list[Distinct]) -> list[Distinct]:
    kept = list(distinct)
    for one in distinct:
        if one.fullest.known != {"total_dose"} or one.course_total is not None:
            continue
        for course in kept:
            alike = course.fullest.use == one.fullest.use and one.arm in (None, course.arm) and not course.fullest.boost
            summed = course.course_total is not None and is_same(course.course_total, one.fullest.regimen.total_dose)
            if alike and summed and course.fullest.negated == one.fullest.negated and course is not one:
                course.mentions = sorted([*course.mentions, *one.mentions], key=lambda mention: mention.number)
                kept.remove(one)
                break
    return kept
