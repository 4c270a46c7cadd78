"""Compares the age limits of a registry's fields with those of the text: a measure of quality that needs no gold.

In: what the registry states (`18 Years`, `6 Months`, `N/A` for no limit) and the limits of the trial as trials.py finds
them in the criteria. Out: an `AgeEnd` for each end that a field or the text states, rows of the table `agreement` for
the ends that don't agree, and the column `age_agreement` of `trials`.

Ends are compared by value in completed years, before anything is rounded, regardless of whether they are inclusive:
`< 76` and `> 17` in the text agree with 75 and 18 in the registry, `≥ 14 days` with `2 Weeks`. A minimum of 0 is no
limit. Where the text agrees with a field, as with one of several values that it states, or is silent, `trials` has the
registry's limit; where it contradicts the field, that of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from trialsift.model.display import describe_interval
from trialsift.model.fact import Scalar
from trialsift.model.interval import Interval
from trialsift.tables.asked import Known
from trialsift.tables.derived import PER_YEAR
from trialsift.tables.limits import Combined, End, is_same_age, round_converted, round_interval

if TYPE_CHECKING:
    from trialsift.model.document import RegistryFields

AGREES, DIFFERS, ONLY_REGISTRY, ONLY_TEXT, SEVERAL = (
    "agrees",
    "differs",
    "only in registry",
    "only in text",
    "several in text",
)
#: Units of ClinicalTrials.gov per year.
_PER_YEAR = {
    "year": PER_YEAR["a"],
    "month": PER_YEAR["mo"],
    "week": PER_YEAR["wk"],
    "day": PER_YEAR["d"],
    "hour": PER_YEAR["h"],
    "minute": PER_YEAR["h"] * 60,
}
_AGE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(year|month|week|day|hour|minute)s?\s*", re.I)
#: Fields of a record that `trials` has by the same name.
_AS_WRITTEN = ("phase", "study_type", "status", "enrolment", "start_date", "sponsor_class", "registry")
_NO_LIMIT = re.compile(r"\s*N\s*/?\s*A\s*", re.I)


class AgeEnd(NamedTuple):
    """One end of the age limits: `field` as in the table `agreement`, ages in years."""

    field: str
    kind: str
    in_registry: str | None
    in_text: str | None
    registry_value: float | None
    text_value: float | None
    facts: tuple[int, ...]


def convert_registry_age(written: str | None) -> float | None:
    """Returns the age of a registry's field in years; None for `N/A`, a missing field, or text that is not an age."""
    found = None if written is None else _AGE.fullmatch(written)
    return None if found is None else float(found[1]) / _PER_YEAR[found[2].lower()]


def compare_age_ends(
    registry: RegistryFields | None, ages: Sequence[tuple[int, Interval]], age: Combined
) -> tuple[AgeEnd, ...]:
    """Returns the ends of the age limits that the registry or the text states, where the registry has the field.

    `age` holds the limits stated in the text, `ages` the facts that state them by their numbers, which are those of
    `AgeEnd.facts`.
    """
    if registry is None:
        return ()
    fields = (("age_low", registry.minimum_age, True), ("age_high", registry.maximum_age, False))
    found = (_compare_end(name, written, low, ages, age) for name, written, low in fields if written is not None)
    return tuple(end for end in found if end is not None)


def summarise_agreement(registry: RegistryFields | None, ends: Iterable[AgeEnd]) -> str | None:
    """Returns the worst kind among the ends; `agrees` also where neither side has a limit; None without a field."""
    if registry is None or (registry.minimum_age is None and registry.maximum_age is None):
        return None
    kinds = {end.kind for end in ends}
    if kinds & {DIFFERS, SEVERAL} or {ONLY_REGISTRY, ONLY_TEXT} <= kinds:
        return DIFFERS
    return next((kind for kind in (ONLY_REGISTRY, ONLY_TEXT) if kind in kinds), AGREES)


def make_agreement_rows(
    doc_id: str, nct_id: str | None, ends: Iterable[AgeEnd], known: Sequence[Known], context: Callable[[int], str]
) -> list[dict[str, Scalar]]:
    """Makes one document's rows of the table `agreement`; `context` returns the context of a fact by its index."""
    return [
        {
            "doc_id": doc_id,
            "nct_id": nct_id,
            "field": end.field,
            "in_registry": end.in_registry,
            "in_text": end.in_text,
            "registry_value": _round(end.registry_value),
            "text_value": _round(end.text_value),
            "kind": end.kind,
            "spans": "; ".join(known[i].fact.text for i in end.facts) or None,
            "context": context(end.facts[0]) if end.facts else None,
        }
        for end in ends
        if end.kind != AGREES
    ]


def make_registry_columns(registry: RegistryFields | None, ends: Iterable[AgeEnd]) -> dict[str, Scalar]:
    """Makes the registry's columns of the table `trials`."""
    if registry is None:
        return {}
    return {
        "registry_age_low": _round(convert_registry_age(registry.minimum_age)),
        "registry_age_high": _round(convert_registry_age(registry.maximum_age)),
        "registry_sex": registry.sex,
        "registry_healthy_volunteers": registry.healthy_volunteers,
        "age_agreement": summarise_agreement(registry, ends),
        "title": _join_lines(registry.title),
        "conditions": "; ".join(registry.conditions) or None,
        **{name: getattr(registry, name) for name in _AS_WRITTEN},
        "other_ids": "; ".join(registry.other_ids) or None,
    }


def _join_lines(text: str | None) -> str | None:
    return None if text is None else " ".join(text.split()) or None


def count_agreement(rows: Mapping[str, Iterable[Mapping[str, Scalar]]]) -> tuple[int, int]:
    """Counts the age limits that both sides state, and those of them that agree.

    `rows` are those of `trials` and `agreement`, of one document or of many; the counts can be added up.
    """
    kinds = {(row["doc_id"], row["field"]): row["kind"] for row in rows["agreement"]}
    both = agreeing = 0
    for trial in rows["trials"]:
        for field in ("age_low", "age_high"):
            kind, registered = kinds.get((trial["doc_id"], field)), trial.get(f"registry_{field}")
            agrees = kind is None and registered is not None and (field, registered) != ("age_low", 0)
            agreeing += agrees
            both += agrees or kind in (DIFFERS, SEVERAL)
    return both, agreeing


def describe_agreement(both: int, agreeing: int) -> str | None:
    """`registry and text agree on 95 % of 812 age limits that both state`; None if there are none.

    The share is rounded down, so 100 % means all.
    """
    if not both:
        return None
    limits = "the 1 age limit" if both == 1 else f"{both:,} age limits"
    return f"registry and text agree on {100 * agreeing // both} % of {limits} that both state"


def prefer_registry(age: Combined, ends: Iterable[AgeEnd]) -> Combined:
    """Returns the age limits of the trial: those of the registry come first where the text doesn't contradict them."""
    limits = age.limits
    for end in ends:
        value = end.registry_value
        if value is None or end.kind not in (AGREES, SEVERAL, ONLY_REGISTRY):
            continue
        if end.field == "age_low":
            inclusive = limits.low_inclusive is not False or limits.low != value
            limits = limits._replace(low=value, low_inclusive=inclusive)
        else:
            inclusive = limits.high_inclusive is not False or limits.high != value
            limits = limits._replace(high=value, high_inclusive=inclusive)
    if limits.low is not None and limits.high is not None and limits.low > limits.high:
        return age
    return age._replace(limits=limits, nobody=age.nobody and limits == Interval())


def find_age_source(stated: Interval, limits: Interval) -> str | None:
    """Returns where the age limits of a trial come from: `text` where they are those that it has `stated`, `registry`
    where they are not, or `text and registry` where each gives one end."""
    ends = [
        (stated.low, stated.low_inclusive is not False, limits.low, True),
        (stated.high, stated.high_inclusive is not False, limits.high, False),
    ]
    sources = {
        "text" if text is not None and is_same_age(End(text, inclusive), End(end, True), low) else "registry"
        for text, inclusive, end, low in ends
        if end is not None
    }
    return " and ".join(sorted(sources, reverse=True)) or None


def _compare_end(
    field: str, written: str, low: bool, ages: Sequence[tuple[int, Interval]], age: Combined
) -> AgeEnd | None:
    limits, values = age.limits, (age.lows if low else age.highs)
    value, inclusive = (limits.low, limits.low_inclusive) if low else (limits.high, limits.high_inclusive)
    registered = convert_registry_age(written)
    in_registry = _NO_LIMIT.fullmatch(written) is None and not (low and registered == 0)
    facts = tuple(i for i, years in ages if (years.low if low else years.high) is not None)
    in_text = bool(values) and not (low and values == (0,))
    if not in_registry and not in_text:
        return None
    words = _describe_end(limits, low) if value is not None else age.round().describe_clash(" years") or None

    def matches(end: End) -> bool:
        return registered is not None and is_same_age(end, End(registered, True), low)

    if not in_text:
        kind, words = ONLY_REGISTRY, None
    elif not in_registry:
        kind = ONLY_TEXT
    elif value is not None and matches(End(value, inclusive is not False)):
        kind = AGREES
    elif (value is None or len(values) > 1) and any(matches(End(other, True)) for other in values):
        kind = SEVERAL
    else:
        kind = DIFFERS
    return AgeEnd(field, kind, written, words, registered, value if in_text else None, facts if in_text else ())


def _describe_end(limits: Interval, low: bool) -> str:
    part = limits._replace(high=None) if low else limits._replace(low=None)
    return f"{describe_interval(round_interval(part)._asdict())} years"


def _round(age: float | None) -> float | None:
    return None if age is None else round_converted(age)
