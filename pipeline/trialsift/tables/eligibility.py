"""Who is eligible by a limit: the interval that a participant's value must lie in, from polarity and negation.

In: a fact with its text. Out: `Eligible`, in the unit of the fact. The rules, in this order:

- a fact outside the eligibility criteria, or one that is historical, a condition of another threshold, limited to a
  subgroup, or implausible (`plausible` false) limits nobody: all columns are missing;
- where the words around the value leave its sense open, or apply it to some participants only
  (extraction/assertion/wording.py), the form is `exception`, without a number;
- an inclusion criterion admits the interval as written; an exclusion criterion, or a negated inclusion criterion,
  admits its complement: `Platelets < 100` among exclusions admits `≥ 100`. The complement of an interval with two ends
  has two pieces: the form is `outside`, and whoever lies outside `low` to `high` is eligible;
- performance-status scores have whole steps of 1 (ECOG, 0 to 5) or 10 (KPS and Lansky, 0 to 100) and closed ends: ECOG
  2–5 among exclusions admits 0–1. ECOG 5 and KPS 0, death, make no difference. Nobody is excluded for being too well:
  ECOG 0–2 among exclusions is an exception.
"""

from __future__ import annotations

from typing import NamedTuple

from trialsift.extraction.assertion.wording import limits_participants
from trialsift.model.fact import Fact, Scalar
from trialsift.model.interval import Interval
from trialsift.model.scales import SCALES

INTERVAL, OUTSIDE, EXCEPTION = "interval", "outside", "exception"


class Eligible(NamedTuple):
    """The eligible interval, which only the form `interval` has. Without a form nobody is limited."""

    interval: Interval = Interval()
    form: str | None = None


def find_eligible(fact: Fact, excepted: bool) -> Eligible:
    """Returns who is eligible by an AGE, LAB or PERFORMANCE_STATUS fact; an empty `Eligible` for any other label.

    `excepted`: whether the words around it leave that open (`Exceptions.find_excepted`).
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
        return Eligible(form=EXCEPTION)  # in the wrong list, or an error of the document
    if best == first and high >= last - step:
        return Eligible(Interval(first, True, low - step, True), INTERVAL)
    if best == last and low <= first + step:
        return Eligible(Interval(high + step, True, last, True), INTERVAL)
    return Eligible(form=OUTSIDE)


def _read_end(value: Scalar) -> float | None:
    return None if value is None else float(value)
