"""Short ways to make documents for the scorer's tests. Texts are made of x: only offsets matter to a scorer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trialsift.gold import GoldDocument, GoldSpan
from trialsift.model.fact import Regimen, Scalar

TEXT = "x" * 200


def span(label: str, start: int, end: int, rule: str | None = None, **attributes: Scalar) -> GoldSpan:
    """A span without an id; `document` numbers it."""
    return GoldSpan(-1, start, end, label, "x" * (end - start), attributes, rule)


def document(
    doc_id: str, *spans: GoldSpan, regimens: Sequence[Regimen] = (), text: str = TEXT, **meta: Any
) -> GoldDocument:
    """A document with these spans, numbered from 0."""
    numbered = tuple(
        GoldSpan(i, s.start, s.end, s.label, text[s.start : s.end], s.attributes, s.rule) for i, s in enumerate(spans)
    )
    return GoldDocument(doc_id, text, numbered, tuple(regimens), meta)


def lab(
    start: int,
    end: int,
    analyte: str,
    low: float | None = None,
    high: float | None = None,
    unit: str | None = "ULN",
    **more: Scalar,
) -> GoldSpan:
    """A lab threshold, its ends inclusive."""
    return span("LAB", start, end, analyte=analyte, low=low, high=high, unit=unit, **more)


def age(
    start: int, end: int, low: float | None, high: float | None = None, unit: str = "a", **more: Scalar
) -> GoldSpan:
    """An age limit, its ends inclusive."""
    return span("AGE", start, end, low=low, high=high, unit=unit, **more)


def dose(start: int, end: int, gray: float, role: str | None = "total", **more: Scalar) -> GoldSpan:
    """A radiation dose."""
    return span("DOSE", start, end, modality="radiation", low=gray, high=gray, unit="Gy", role=role, **more)


def fractions(start: int, end: int, low: float, high: float | None = None, **more: Scalar) -> GoldSpan:
    """A number of fractions."""
    return span("FRACTIONS", start, end, low=low, high=low if high is None else high, **more)
