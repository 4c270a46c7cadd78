"""A document as one row: which trial it is, whom it takes by age and ECOG, how it irradiates, how much was read.

The limits follow one rule. What counts are the inclusion criteria that limit who may take part in the whole trial:
neither denied, historical, for a subgroup, nor with or inside a condition. Where they agree on an end, it stands in the
row. Where they state several values of it (cohorts, alternatives, two trials on a page) nothing is guessed: that end
stays missing, and so do both where the two contradict each other; the facts are in their own tables. A limit that
stands only among the exclusions (`older than 80 years`) is there too: it often holds for some participants only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from trialsift.facts import Annotation, Fact, Regimen, Scalar
from trialsift.words import regimen_words

_NCT = re.compile(r"(?<![A-Za-z0-9])NCT\d{8}(?!\d)", re.IGNORECASE)

#: How many of a unit make a year: a Julian year of 365.25 days, as UCUM defines `a`.
_PER_YEAR: Mapping[str, float] = {"a": 1, "mo": 12, "wk": 365.25 / 7, "d": 365.25, "h": 365.25 * 24}


class Limits(NamedTuple):
    """An interval; None for an open end and for its inclusiveness."""

    low: float | None = None
    low_inclusive: bool | None = None
    high: float | None = None
    high_inclusive: bool | None = None


def trial_row(doc_id: str, text: str, annotation: Annotation, counts: Mapping[str, int]) -> dict[str, Scalar]:
    """The row of one document in the table `trials`; `counts` are the columns that begin with `n_`."""
    age, ecog = age_limits(annotation), ecog_limits(annotation)
    words = dict.fromkeys(regimen_words(regimen) for regimen in prescribed(annotation))
    return {
        "doc_id": doc_id,
        "nct_id": nct_id(doc_id, text),
        "age_low": age.low,
        "age_low_inclusive": age.low_inclusive,
        "age_high": age.high,
        "age_high_inclusive": age.high_inclusive,
        "age_unit": None if age == Limits() else "a",
        "ecog_low": ecog.low,
        "ecog_high": ecog.high,
        "regimens": "; ".join(w for w in words if w) or None,
        **counts,
    }


def age_limits(annotation: Annotation) -> Limits:
    """The age limits of the whole trial, in years."""
    return agreed(_age_in_years(fact) for fact in annotation.facts if fact.label == "AGE" and limits_trial(fact))


def ecog_limits(annotation: Annotation) -> Limits:
    """The ECOG performance status that the whole trial allows."""
    return agreed(
        _closed(fact)
        for fact in annotation.facts
        if fact.label == "PERFORMANCE_STATUS" and fact.attributes.get("scale") == "ECOG" and limits_trial(fact)
    )


def prescribed(annotation: Annotation) -> list[Regimen]:
    """The regimens of the trial itself: neither historical nor denied."""
    return [
        regimen
        for regimen in annotation.regimens
        if not (regimen_flag(regimen, annotation, "historical") or regimen_flag(regimen, annotation, "negated"))
    ]


def nct_id(doc_id: str, text: str) -> str | None:
    """The ClinicalTrials.gov identifier in the document's name, else the first one in its text, else None.

    The name comes first: somebody chose it for this document, while a text may open with another trial's number.
    """
    found = _NCT.search(doc_id) or _NCT.search(text)
    return found.group().upper() if found else None


def agreed(intervals: Iterable[Limits]) -> Limits:
    """What `intervals` say in agreement: an end that all of those with one state, else None.

    Of two ends of one value the exclusive one counts. Both are None where they leave nothing.
    """
    given = list(intervals)
    low, low_exclusive = _one((one.low, one.low_inclusive is False) for one in given)
    high, high_exclusive = _one((one.high, one.high_inclusive is False) for one in given)
    if low is not None and high is not None and (low > high or (low == high and (low_exclusive or high_exclusive))):
        return Limits()
    return Limits(low, None if low is None else not low_exclusive, high, None if high is None else not high_exclusive)


def _one(ends: Iterable[tuple[float | None, bool]]) -> tuple[float | None, bool]:
    """The one value of several ends, and whether any of them excludes it; None where they differ."""
    stated = {(value, exclusive) for value, exclusive in ends if value is not None}
    values = {value for value, _ in stated}
    return (values.pop(), any(exclusive for _, exclusive in stated)) if len(values) == 1 else (None, False)


def regimen_flag(regimen: Regimen, annotation: Annotation, flag: str) -> bool:
    """Whether any fact of the regimen carries the flag (`historical`, `negated`, `boost`)."""
    return any(annotation.facts[i].attributes.get(flag) is True for i in regimen.facts)


def limits_trial(fact: Fact) -> bool:
    """Whether a fact limits who may take part in the whole trial, as the head of this module says."""
    a = fact.attributes
    return (
        a.get("polarity") == "inclusion"
        and a.get("scope") in ("trial", None)
        and a.get("condition") is None
        and not any(a.get(flag) is True for flag in ("negated", "historical", "conditional"))
    )


def _age_in_years(fact: Fact) -> Limits:
    a, per_year = fact.attributes, _PER_YEAR.get(str(fact.attributes.get("unit")))
    if per_year is None:
        return Limits()
    low, high = _number(a.get("low")), _number(a.get("high"))
    return Limits(
        None if low is None else low / per_year,
        None if low is None else a.get("low_inclusive") is not False,
        None if high is None else high / per_year,
        None if high is None else a.get("high_inclusive") is not False,
    )


def _closed(fact: Fact) -> Limits:
    """Both ends of a performance status belong to it (annotation guidelines)."""
    low, high = _number(fact.attributes.get("low")), _number(fact.attributes.get("high"))
    return Limits(low, None if low is None else True, high, None if high is None else True)


def _number(value: Scalar) -> float | None:
    return None if value is None else float(value)
