"""Whether the regimens of a document agree with the spans that state them, and with themselves.

In: a document. Out: findings, with the index of the regimen. Source: "Regimens" in the annotation guidelines.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from trialsift.checks.problems import Finding, Findings, error, warning
from trialsift.gold import GoldDocument, GoldSpan
from trialsift.model.display import format_regimen_equation
from trialsift.model.fact import Bounds, Regimen
from trialsift.model.prescription import NUMBERS, find_stated_number

#: Relative; computed bounds are rounded, and the guidelines let them differ by 1 %.
TOLERANCE = 0.01


def check_regimens(document: GoldDocument) -> Iterator[tuple[int, Finding]]:
    """Iterates over contradictions in each regimen and with its spans, with the index of the regimen."""
    spans = {span.id: span for span in document.spans}
    seen: dict[frozenset[int], tuple[int, Regimen]] = {}
    for index, regimen in enumerate(document.regimens):
        stating = [spans[i] for i in regimen.facts if i in spans]
        for finding in (*_spans(stating), *_stated(regimen, stating), *_bounds(regimen)):
            yield index, finding
        first, before = seen.setdefault(frozenset(regimen.facts), (index, regimen))
        if first == index:
            continue
        if _values(before) == _values(regimen):
            yield index, error("regimen-twice", f"has the spans and bounds of regimens[{first}]")
        else:
            yield index, warning("regimen-twice", f"has the spans of regimens[{first}], with other bounds")


def _values(regimen: Regimen) -> tuple[Bounds | None, ...]:
    return regimen.fractions, regimen.dose_per_fraction, regimen.total_dose


def _spans(stating: list[GoldSpan]) -> Findings:
    for span in stating:
        modality = span.attributes.get("modality")
        if span.label not in ("DOSE", "FRACTIONS") or modality == "drug":
            what = "a drug's dose" if modality == "drug" else span.label
            yield error("regimen-label", f"span {span.id} is {what}; expected radiation doses and fractions")
        elif span.attributes.get("role") == "other":
            yield warning("regimen-label", f"span {span.id} is a dose with role other, which states no prescription")


def _stated(regimen: Regimen, stating: list[GoldSpan]) -> Findings:
    fields = {span.id: _find_stated_field(span) for span in stating}
    values = {(fields[span.id], span.attributes.get("low"), span.attributes.get("high")) for span in stating}
    differing = Counter(field for field, *_ in values)
    for span in stating:
        field = fields[span.id]
        if field is None:
            continue
        listed: Bounds | None = getattr(regimen, field)
        if listed is None:
            if differing[field] == 1:  # in `1.1 Gy + 2.0 Gy/day` neither is the dose per fraction
                yield error("regimen-bounds", f"{field} is null, but span {span.id} states it")
            continue
        for end, given in zip(("low", "high"), listed, strict=True):
            stated = span.attributes.get(end)
            if given is None or not isinstance(stated, (int, float)):
                continue
            if not math.isclose(stated, given, rel_tol=TOLERANCE):
                yield error("regimen-bounds", f"{field} has {end} {given:g}, but span {span.id} states {stated:g}")


def _find_stated_field(span: GoldSpan) -> str | None:
    """The bounds of a regimen that a span states; None for a drug's dose and one with another role."""
    return None if span.attributes.get("modality") == "drug" else find_stated_number(span.label, span.attributes)


def _bounds(regimen: Regimen) -> Findings:
    for field in NUMBERS:
        bounds: Bounds | None = getattr(regimen, field)
        if bounds is not None and bounds[0] is not None and bounds[1] is not None and bounds[0] > bounds[1]:
            yield error("interval-order", f"{field}: low {bounds[0]:g} is above high {bounds[1]:g}")
    dose, total = regimen.dose_per_fraction, regimen.total_dose
    if dose and total and dose[0] is not None and total[1] is not None and dose[0] > total[1] * (1 + TOLERANCE):
        yield error("regimen-order", f"{dose[0]:g} Gy per fraction are more than {total[1]:g} Gy in total")
    n, d, whole = (_find_exact(getattr(regimen, field)) for field in NUMBERS)
    if n is not None and d is not None and whole is not None and not math.isclose(n * d, whole, rel_tol=TOLERANCE):
        yield warning("regimen-product", f"{format_regimen_equation(regimen)}, but {n:g} × {d:g} = {n * d:g}")


def _find_exact(bounds: Bounds | None) -> float | None:
    """The value of a pair that states exactly one."""
    return bounds[0] if bounds is not None and bounds[0] == bounds[1] else None
