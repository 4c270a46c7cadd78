"""What a regimen was put together from: the facts that state it, and what follows from n × d = D."""

from __future__ import annotations

from trialsift.extraction.explain.data import RegimenExplanation, Step
from trialsift.model.display import format_bounds
from trialsift.model.fact import Annotation, Bounds, Fact, Regimen
from trialsift.model.prescription import NUMBERS, find_stated_number

_SYMBOLS = {"fractions": "n", "dose_per_fraction": "d", "total_dose": "D"}
_COMPUTED = {"fractions": "D / d", "dose_per_fraction": "D / n", "total_dose": "n × d"}


def explain_regimens(annotation: Annotation) -> list[RegimenExplanation]:
    """An explanation of each regimen, in the same order."""
    return [_explained(regimen, annotation) for regimen in annotation.regimens]


def _explained(regimen: Regimen, annotation: Annotation) -> RegimenExplanation:
    stated: dict[str | None, list[Fact]] = {}
    for fact in (annotation.facts[index] for index in regimen.facts):
        stated.setdefault(find_stated_number(fact.label, fact.attributes), []).append(fact)
    steps = []
    for name in NUMBERS:
        bounds: Bounds | None = getattr(regimen, name)
        if name in stated:
            written = "; ".join(f"`{' '.join(fact.text.split())}` at {fact.start}" for fact in stated[name])
            steps.append(Step(_of(name), f"stated: {written}", _value(name, bounds)))
        elif bounds is not None:
            steps.append(Step(_of(name), f"computed: {_equation(name, regimen)}", _value(name, bounds)))
    return RegimenExplanation(regimen, tuple(steps))


def _of(name: str) -> str:
    return f"{name.replace('_', ' ')} {_SYMBOLS[name]}"


def _value(name: str, bounds: Bounds | None) -> str:
    return format_bounds(bounds) + ("" if name == "fractions" else " Gy")


def _equation(name: str, regimen: Regimen) -> str:
    """`n × d = 25 × 2 Gy`; a whole number of fractions is rounded (regimens.py)."""
    symbols = _COMPUTED[name]
    values = {_SYMBOLS[key]: _value(key, getattr(regimen, key)) for key in _SYMBOLS if key != name}
    return f"{symbols} = " + " ".join(values.get(part, part) for part in symbols.split())
