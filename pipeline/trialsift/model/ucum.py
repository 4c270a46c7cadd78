"""Decides which UCUM units measure the same kind of quantity, and by which factor they convert.

In: unit strings as the annotation guidelines write them (`10*9/L`, `mg/(24.h)`, `ULN` …).
Out: `find_factor(a, b)`, the number that converts an amount in `a` to `b`; `resolve_unit(unit)`, its kind and scale.

`ucumvert` parses UCUM and `pint` converts. Their registry takes about a second to load, so the units of trial documents
are recorded in ucum_units.csv, and the registry is loaded when another unit first needs it. Each unit is resolved once
in a process. Unknown units don't raise; each converts only to itself.

Kinds are narrower than in dimensional analysis, which ignores counts, ratios and conventions:
- `{…}` annotations matter: `{copies}/mL` is not `/mL`, `mL/min/{1.73_m2}` is not `mL/min`;
- `meq/L` is not `mmol/L` (they agree for a monovalent ion only, and a unit does not know the ion);
- `mg/g` is not `%`, and `mg/kg/d` is not `/d`: numerator and denominator are kept apart;
- `U` and `[IU]` are the same unit, as in the guidelines.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from trialsift.model.memory import remember

#: The results of `resolve_unit` for the units of trial documents.
RECORDED = Path(__file__).with_name("ucum_units.csv")

#: Units that are conventions or have an offset, which convert to nothing.
ARBITRARY = frozenset({"1", "ULN", "LLN", "AUC", "[pH]", "Cel", "[degF]"})
_ANNOTATION = re.compile(r"\{[^{}]*\}")
_INTERNATIONAL_UNIT = re.compile(r"\[i?IU\]|\[iU\]")
# What ucumvert 0.3.2 reads otherwise than UCUM defines it (findings/ucumvert-reads-gram-percent-as-a-mass.sh), in other
# words.
_REWORDED = (
    (re.compile(r"(?<![\w\[])([kmunp]?g)%"), r"\1/dL"),
    (re.compile(r"\[Cal\]"), "kcal_th"),
    (re.compile(r"\[cft_i\]"), "[ft_i]3"),
)
#: Units that pint treats as amounts of substance, though they count charges or particles.
_PARTICLES = ("equivalent", "osmole")


@dataclass(frozen=True, slots=True)
class Canonical:
    """`kind` is equal for units that convert to each other; `scale` is the unit's size in base units of its kind."""

    kind: str
    scale: float


def find_factor(from_unit: str, to_unit: str) -> float | None:
    """Returns the factor that converts an amount from `from_unit` to `to_unit`; None if they don't convert."""
    if from_unit == to_unit:
        return 1.0
    if from_unit in ARBITRARY or to_unit in ARBITRARY:
        return None
    recorded = _read_recorded()
    # Both from the same source: another version of pint may name a kind differently.
    resolve = recorded.__getitem__ if from_unit in recorded and to_unit in recorded else resolve_unit
    source, target = resolve(from_unit), resolve(to_unit)
    return source.scale / target.scale if source.kind == target.kind else None


@remember
def resolve_unit(unit: str) -> Canonical:
    """Returns the kind and scale of a unit; a unit that isn't UCUM, or is arbitrary, has its own kind and scale 1."""
    itself = Canonical(f"only {unit}", 1.0)
    if unit in ARBITRARY:
        return itself
    plain = _INTERNATIONAL_UNIT.sub("U", _remove_annotations(unit))
    quantity = _parse(plain)
    if quantity is None or not quantity._is_multiplicative:
        return itself
    dimensions, scale = _find_dimensions(quantity)
    return Canonical(" ".join([dimensions, *sorted(_ANNOTATION.findall(unit))]), scale)


@remember
def is_known(unit: str) -> bool:
    """Whether a unit is UCUM or one of the guidelines' conventions (`ULN`, `AUC` …).

    Bare annotations such as `{copies}` and units that don't convert, such as `Cel`, are UCUM too.
    """
    if unit in ARBITRARY or _ANNOTATION.fullmatch(unit) is not None:
        return True
    return not (_read_recorded().get(unit) or resolve_unit(unit)).kind.startswith("only")


@cache
def _read_recorded() -> Mapping[str, Canonical]:
    with RECORDED.open(encoding="utf-8", newline="") as file:
        return {row["unit"]: Canonical(row["kind"], float(row["scale"])) for row in csv.DictReader(file)}


def _remove_annotations(unit: str) -> str:
    """`{copies}/mL` → `/mL`, `mL/min/{1.73_m2}` → `mL/min`, `ug{FEU}/mL` → `ug/mL`."""
    bare = _ANNOTATION.sub("", unit)
    return re.sub(r"[/.](?=[/.]|$)", "", bare)


def _parse(unit: str) -> Any:
    """Parses a UCUM unit to a pint quantity, such as 10⁹ per litre; None for other text."""
    from lark.exceptions import LarkError

    for misread, reworded in _REWORDED:
        unit = misread.sub(reworded, unit)
    try:
        quantity = _load_registry().from_ucum(unit)
    except LarkError:
        return None
    return quantity if hasattr(quantity, "to_base_units") else None  # a bare annotation is returned as a token


def _find_dimensions(quantity: Any) -> tuple[str, float]:
    """Returns the base dimensions of numerator and denominator, and the size in base units.

    Units are handled one by one, since pint would cancel the mass in mg/g and not distinguish meq from mmol.
    """
    unit_of = quantity._REGISTRY.Quantity  # ucumvert's quantities have their own registry
    above, below, scale = unit_of(1.0), unit_of(1.0), float(quantity.magnitude)
    particles: list[str] = []
    for name, exponent in sorted(quantity._units.items()):
        one = unit_of(1.0, name) ** exponent
        scale *= float(one.to_base_units().magnitude)
        particle = next((word for word in _PARTICLES if word in name), None)
        if particle is not None:
            particles.append(f"{particle}^{exponent}")
        elif exponent > 0:
            above = above * one
        else:
            below = below * one
    return " ".join([f"{above.dimensionality}|{below.dimensionality}", *particles]), scale


@cache
def _load_registry() -> Any:
    """Loads the UCUM registry, which takes about a second, once in a process."""
    from ucumvert import PintUcumRegistry

    return PintUcumRegistry()
