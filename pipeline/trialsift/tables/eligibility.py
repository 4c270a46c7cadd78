"""Whom a limit lets in: the interval that a participant's value must lie in, from polarity and negation.

In: a fact with its text. Out: `Eligible`, in the unit of the fact. The rules, in this order:

- what stands outside eligibility criteria, tells of history, is a condition of another threshold, holds for a
  subgroup, or can't be meant (`plausible` false) limits nobody: all is missing;
- where the words around the value leave its sense open, or ask it of some participants only
  (extraction/assertion/wording.py), the form is `exception`, without a number;
- an inclusion criterion lets in the interval as written; what it denies, and an exclusion criterion, the complement:
  `Platelets < 100` among exclusions lets in `≥ 100`. The complement of an interval with two ends is two pieces: the
  form is `outside`, whoever lies outside `low` to `high`;
- scores of performance status go in whole steps, of 1 (ECOG, 0 to 5) or 10 (KPS and Lansky, 0 to 100), and their ends
  are closed: ECOG 2–5 among exclusions lets in 0–1. What differs only in ECOG 5 or KPS 0, death, is the same. Nobody
  is shut out for being too well: ECOG 0–2 among exclusions is an exception.
"""

from __future__ import annotations

from typing import NamedTuple

from trialsift.extraction.assertion.wording import limits_participants
from trialsift.model.fact import Fact, Scalar
from trialsift.model.interval import Interval
from trialsift.model.scales import SCALES

INTERVAL, OUTSIDE, EXCEPTION = "interval", "outside", "exception"


class Eligible(NamedTuple):
    """The interval that lets in; without a form nobody is limited, and only the form `interval` has one."""

    interval: Interval = Interval()
    form: str | None = None


def find_eligible(fact: Fact, excepted: bool) -> Eligible:
    """Whom an AGE, LAB or PERFORMANCE_STATUS fact lets in; nothing for any other label.

    `excepted`: the words around it leave that open (`Exceptions.find_excepted`).
    """
    if not limits_participants(fact):
        return Eligible()
    if excepted:
        return Eligible(form=EXCEPTION)
    a = fact.attributes
    turned = (a["polarity"] == "exclusion") is not (a.get("negated") is True)
    if fact.label == "PERFORMANCE_STATUS":
        return _find_eligible_scores(fact, turned)
    low, high = _read_end(a.get("low")), _read_end(a.get("high"))
    above, below = a.get("low_inclusive") is not False, a.get("high_inclusive") is not False
    if not turned:
        return Eligible(Interval(low, None if low is None else above, high, None if high is None else below), INTERVAL)
    if high is not None and (low is None or low <= 0):  # no test and no age is below 0
        return Eligible(Interval(high, not below, None, None), INTERVAL)
    if low is not None and high is None:
        return Eligible(Interval(None, None, low, not above), INTERVAL)
    return Eligible(form=OUTSIDE)


def _find_eligible_scores(fact: Fact, turned: bool) -> Eligible:
    scale = SCALES.get(fact.attributes.get("scale"))
    low, high = _read_end(fact.attributes.get("low")), _read_end(fact.attributes.get("high"))
    if scale is None or low is None or high is None:
        return Eligible(form=EXCEPTION)
    first, last, step = scale
    if not turned:
        return Eligible(Interval(low, True, high, True), INTERVAL)
    best = first if step == 1 else last
    if low <= best <= high:
        return Eligible(form=EXCEPTION)  # asked for in the wrong list, or a slip of the document
    if best == first and high >= last - step:
        return Eligible(Interval(first, True, low - step, True), INTERVAL)
    if best == last and low <= first + step:
        return Eligible(Interval(high + step, True, last, True), INTERVAL)
    return Eligible(form=OUTSIDE)


def _read_end(value: Scalar) -> float | None:
    return None if value is None else float(value)
