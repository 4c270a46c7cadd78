"""Makes one row per document: its trial, its eligibility limits, its regimens, and counts of facts.

The limits are the most restrictive combination of the criteria that apply to everybody: the eligible intervals
(eligibility.py) of inclusion and exclusion criteria, except those with a condition, of a subgroup, or with an
exception. Where criteria state several values for an end, the narrower one is taken and `conflicts` says so. Where
nobody is left, as with two cohorts or two trials on a page, no limit is given and `conflicts` has both values. The
facts with their eligible intervals are in their own tables.

`labs` does the same for each analyte, once in its usual unit and once in multiples of a normal limit. Alternatives
(`creatinine ≤ 1.5 mg/dL or clearance ≥ 60 mL/min`) stand side by side as if both applied.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from trialsift.model.display import describe_interval
from trialsift.model.fact import Annotation, Fact, Regimen, Scalar
from trialsift.model.interval import Interval
from trialsift.tables.derived import PER_YEAR, Derivation
from trialsift.tables.eligibility import INTERVAL
from trialsift.tables.limits import Combined, combine, is_same_age, is_same_amount

# begins with a character class, so that the regex engine can skip ahead
_NCT = re.compile(r"[Nn](?<![A-Za-z0-9].)[Cc][Tt]\d{8}(?!\d)")
_ELIGIBLE = tuple(f"eligible_{end}" for end in Interval._fields)
#: Multiples of a normal limit don't convert, but can be compared with each other.
_NORMAL = frozenset({"ULN", "LLN"})


class Known(NamedTuple):
    """A fact with its derived columns (derived.py)."""

    fact: Fact
    columns: Mapping[str, Scalar]


class TrialLimits(NamedTuple):
    """The limits that apply to everybody: age in years, scores, and tests by (analyte, unit as shown)."""

    age: Combined
    ecog: Combined
    kps: Combined
    labs: Mapping[tuple[str, str | None], Combined]

    def describe_conflicts(self) -> list[str]:
        """Describes all conflicts in words."""
        found = [
            words
            for name, combined in (("age", self.age), ("ecog", self.ecog), ("kps", self.kps))
            for words in combined.describe_conflicts(name)
        ]
        for (analyte, unit), combined in self.labs.items():
            found += combined.describe_conflicts(analyte, unit)
        return found

    def describe_labs(self) -> list[str]:
        """Describes the limit of each test, as in `hemoglobin ≥ 9 g/dL`; tests that leave nobody are omitted."""
        return [
            f"{analyte} {describe_interval(combined.limits._asdict())} {unit or '(no unit)'}"
            for (analyte, unit), combined in self.labs.items()
            if combined.limits != Interval()
        ]


def make_trial_row(doc_id: str, nct: str | None, counts: Mapping[str, int], limits: TrialLimits) -> dict[str, Scalar]:
    """Makes one document's row of `trials` without regimens and the registry's columns; the keys of `counts` begin with
    `n_`."""
    age, ecog, kps = limits.age.limits, limits.ecog.limits, limits.kps.limits
    return {
        "doc_id": doc_id,
        "nct_id": nct,
        "age_low": age.low,
        "age_low_inclusive": age.low_inclusive,
        "age_high": age.high,
        "age_high_inclusive": age.high_inclusive,
        "age_unit": None if age == Interval() else "a",
        "ecog_low": _convert_score(ecog.low),
        "ecog_high": _convert_score(ecog.high),
        "kps_low": _convert_score(kps.low),
        "labs": "; ".join(limits.describe_labs()) or None,
        "conflicts": "; ".join(limits.describe_conflicts()) or None,
        **counts,
    }


def derive_facts(text: str, annotation: Annotation, derivation: Derivation) -> list[Known]:
    """Returns the facts of a document with their derived columns."""
    facts, excepted = annotation.facts, annotation.excepted
    if len(excepted) != len(facts):  # annotations from a file lack it, as do facts that somebody has replaced
        excepted = derivation.exceptions.find_excepted(text, facts)
    return [
        Known(fact, derivation.derive_columns(fact, left_open)) for fact, left_open in zip(facts, excepted, strict=True)
    ]


def find_trial_limits(known: Sequence[Known]) -> TrialLimits:
    """Returns the limits that the facts of a document set for every participant; see the module's docstring."""
    asked = _find_asked_of_everybody(known)
    scores: dict[str, list[tuple[Interval, bool]]] = {"ECOG": [], "KPS": []}
    for (fact, _), limits in asked.get("PERFORMANCE_STATUS", ()):
        scores.setdefault(str(fact.attributes.get("scale")), []).append((limits, True))
    labs: dict[tuple[str, str | None], list[tuple[Interval, bool]]] = {}
    for (fact, columns), limits in asked.get("LAB", ()):
        unit, factor, usual = fact.attributes.get("unit"), columns.get("usual_factor"), columns.get("usual_unit")
        if factor is None or unit in _NORMAL:
            shown, factor = (None if unit is None else str(unit)), 1.0
        else:
            shown = str(usual)
        key = (str(fact.attributes.get("analyte")), shown)
        labs.setdefault(key, []).append((_convert(limits, float(factor)), factor == 1))
    return TrialLimits(
        combine(((limits, True) for _, limits in _convert_to_years(asked.get("AGE", ()))), is_same_age),
        combine(scores["ECOG"]),
        combine(scores["KPS"]),
        {key: combine(intervals, is_same_amount) for key, intervals in labs.items()},
    )


def find_trial_ages(known: Sequence[Known]) -> list[tuple[Known, Interval]]:
    """Returns the facts that limit everybody's age, with their limits in years."""
    return _convert_to_years(_find_asked_of_everybody(known).get("AGE", ()))


def _convert_to_years(ages: Iterable[tuple[Known, Interval]]) -> list[tuple[Known, Interval]]:
    return [
        (k, _convert(limits, 1 / PER_YEAR[str(k.fact.attributes.get("unit"))]))
        for k, limits in ages
        if k.fact.attributes.get("unit") in PER_YEAR
    ]


def _find_asked_of_everybody(known: Iterable[Known]) -> dict[str, list[tuple[Known, Interval]]]:
    """Returns by label the facts that apply to everybody, with their eligible intervals."""
    asked: dict[str, list[tuple[Known, Interval]]] = {}
    for k in known:
        get = k.columns.get
        if get("eligible_form") == INTERVAL and k.fact.attributes.get("condition") is None:
            limits = Interval(*map(get, _ELIGIBLE))  # type: ignore[arg-type]
            asked.setdefault(k.fact.label, []).append((k, limits))
    return asked


def _convert(limits: Interval, factor: float) -> Interval:
    """Converts limits to another unit; converted numbers are rounded to four digits, since no document states more."""
    if factor == 1:
        return limits
    low, high = (None if end is None else float(f"{end * factor:.4g}") for end in (limits.low, limits.high))
    return limits._replace(low=low, high=high)


def _convert_score(value: float | None) -> int | None:
    return None if value is None else int(value)


def find_nct_id(doc_id: str, text: str) -> str | None:
    """Returns the ClinicalTrials.gov identifier in the document's name, else the first one in its text, else None.

    The name comes first: somebody chose it for this document, while a text may open with another trial's number.
    """
    found = _NCT.search(doc_id) or _NCT.search(text)
    return found.group().upper() if found else None


def has_flag(regimen: Regimen, annotation: Annotation, flag: str) -> bool:
    """Whether any fact of the regimen carries the flag (`historical`, `negated`, `boost`)."""
    return any(annotation.facts[i].attributes.get(flag) is True for i in regimen.facts)


def is_trial_limit(fact: Fact) -> bool:
    """Whether a fact is an inclusion criterion that limits everybody as written; threshold plots show only these."""
    a = fact.attributes
    return (
        a.get("polarity") == "inclusion"
        and a.get("scope") in ("trial", None)
        and a.get("condition") is None
        and not any(a.get(flag) is True for flag in ("negated", "historical", "conditional"))
    )
