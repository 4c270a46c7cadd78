"""Makes one row per document: its trial, its eligibility limits, its regimens, and counts of facts.

The limits are the most restrictive combination of what the criteria ask of everybody (asked.py), inclusion and
exclusion criteria alike, alternatives united. Where criteria state several values for an end, the narrower one is taken
and `conflicts` says so. Inclusion criteria that exclude each other are of different groups, as two cohorts or two
trials on a page: the row has their union, and `conflicts` the ends. Where exclusion criteria leave nobody of those whom
the inclusion criteria ask for, no limit is given and `conflicts` says that nobody is left. A table of age groups fills
the ends that no criterion states. Ages of a registry's fields come first where the text doesn't contradict them
(agreement.py). The facts with their eligible intervals are in their own tables.

Performance status on one scale only is converted to the other (model/scales.py), and `performance_converted` says so.

`labs` does the same for each analyte, once in its usual unit and once in multiples of a normal limit. Alternatives on
several analytes stand there as such: `creatinine ≤ 1.5 mg/dL or creatinine_clearance ≥ 60 mL/min`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from trialsift.model.fact import Annotation, Fact, Regimen, Scalar
from trialsift.model.interval import Interval
from trialsift.model.scales import convert_score
from trialsift.tables.asked import Asked, Known, Quantity, describe_test, find_asked
from trialsift.tables.derived import Derivation
from trialsift.tables.limits import Combined, combine, is_same_age, is_same_test_limit

# begins with a character class, so that the regex engine can skip ahead
_NCT = re.compile(r"[Nn](?<![A-Za-z0-9].)[Cc][Tt]\d{8}(?!\d)")


class TrialLimits(NamedTuple):
    """The limits that apply to everybody: age in years, scores, and tests by quantity.

    `converted` is the scale (`ecog` or `kps`) whose limits are converted from the other. `ages` and `either` are those
    of `Asked`.
    """

    age: Combined
    ecog: Combined
    kps: Combined
    labs: Mapping[Quantity, Combined]
    converted: str | None = None
    ages: Sequence[tuple[int, Interval]] = ()
    either: Sequence[str] = ()

    def describe_conflicts(self) -> list[str]:
        """Describes all conflicts in words."""
        found = [
            words
            for name, combined in (("age", self.age.round()), ("ecog", self.ecog), ("kps", self.kps))
            for words in combined.describe_conflicts(name)
        ]
        for (_, analyte, unit), combined in self.labs.items():
            found += combined.describe_conflicts(str(analyte), unit)
        return found

    def describe_labs(self) -> list[str]:
        """Describes the limit of each test, as in `hemoglobin ≥ 9 g/dL`; tests without one are omitted."""
        return [
            *(
                describe_test(quantity, combined.limits)
                for quantity, combined in self.labs.items()
                if combined.limits != Interval()
            ),
            *self.either,
        ]


def make_trial_row(doc_id: str, nct: str | None, counts: Mapping[str, int], limits: TrialLimits) -> dict[str, Scalar]:
    """Makes one document's row of `trials` without regimens and the registry's columns; the keys of `counts` begin with
    `n_`."""
    age, ecog, kps = limits.age.round().limits, limits.ecog.limits, limits.kps.limits
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
        "performance_converted": limits.converted,
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
        Known(fact, derivation.derive_columns(fact, left_open), derivation.is_age_group(text, fact))
        for fact, left_open in zip(facts, excepted, strict=True)
    ]


def find_trial_limits(known: Sequence[Known]) -> TrialLimits:
    """Returns the limits that the facts of a document set for every participant; see the module's docstring."""
    asked = find_asked(known)
    ecog, kps = (combine(asked.limits.get(Quantity("PERFORMANCE_STATUS", scale), ())) for scale in ("ECOG", "KPS"))
    converted = None
    if ecog == Combined() and kps.limits != Interval():
        ecog, converted = Combined(convert_score(kps.limits, "KPS")), "ecog"
    elif kps == Combined() and ecog.limits != Interval():
        kps, converted = Combined(convert_score(ecog.limits, "ECOG")), "kps"
    labs = {key: combine(given, is_same_test_limit) for key, given in asked.limits.items() if key.label == "LAB"}
    return TrialLimits(_find_age(asked), ecog, kps, labs, converted, asked.ages, asked.either)


def _find_age(asked: Asked) -> Combined:
    """Returns the limits of age; a table of age groups fills the ends that no criterion states."""
    age, groups = combine(asked.limits.get(Quantity("AGE"), ()), is_same_age), asked.age_groups
    if groups is None or age.clash is not None:
        return age
    limits = age.limits
    if not age.lows:
        limits = limits._replace(low=groups.low, low_inclusive=groups.low_inclusive)
    if not age.highs:
        limits = limits._replace(high=groups.high, high_inclusive=groups.high_inclusive)
    if limits.low is not None and limits.high is not None and limits.low > limits.high:
        return age
    return age._replace(limits=limits)


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
