"""Statements of prescriptions for tests: by their numbers, or as the extractor reads them in a text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.extractors import shared_extractor
from trialsift.extraction.regimens.arithmetic import complete
from trialsift.model.fact import Annotation, Bounds, Fact, Regimen, Scalar
from trialsift.tables.rows import make_document_rows

Number = float | tuple[float | None, float | None] | None
#: The distance of statements that are made by their numbers, in characters.
APART = 100


def state(n: Number = None, d: Number = None, total: Number = None, **attributes: Scalar) -> tuple[Any, ...]:
    """A statement with these numbers; `attributes` are those of all its facts."""
    return n, d, total, attributes


def annotate(*statements: tuple[Any, ...]) -> Annotation:
    """An annotation with these statements, 100 characters apart."""
    facts: list[Fact] = []
    regimens = []
    for place, (n, d, total, attributes) in enumerate(statements):
        first = len(facts)
        bounds = [_make_bounds(number) for number in (n, d, total)]
        for offset, (bound, role) in enumerate(zip(bounds, (None, "per_fraction", "total"), strict=True)):
            if bound is None:
                continue
            start = APART * place + 10 * offset
            own: dict[str, Scalar] = {"low": bound[0], "high": bound[1], **attributes}
            own |= {"modality": "radiation", "role": role} if role else {}
            facts.append(Fact("DOSE" if role else "FRACTIONS", start, start + 5, "xxxxx", "test", own))
        regimens.append(Regimen(tuple(range(first, len(facts))), *complete(*bounds)))
    return Annotation(tuple(facts), tuple(regimens))


def read(text: str, table: str = "regimens", **options: Any) -> list[Mapping[str, Scalar]]:
    """The rows of a table for a text, as the extractor reads it."""
    return list(make_document_rows("doc", text, shared_extractor().annotate(text), **options)[table])


def _make_bounds(number: Number) -> Bounds | None:
    return number if isinstance(number, tuple) or number is None else (number, number)
