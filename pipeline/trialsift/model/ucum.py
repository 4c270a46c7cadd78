"""Which UCUM units measure the same kind of thing, and by what number one converts to the other.

In: unit strings as the annotation guidelines write them (`10*9/L`, `mg/(24.h)`, `ULN` …).
Out: `find_factor(a, b)`, the number that converts an amount in `a` to `b`; `resolve_unit(unit)`, its kind and scale.

`ucumvert` parses UCUM and `pint` converts. Their registry takes about a second to load, so what it says of the units
of trial documents is recorded in ucum_units.csv (tests/record_units.py writes it, tests/test_ucum.py compares), and it
is loaded when another unit first needs it. Each unit is resolved once in a process. Nothing here raises for a unit that
is not known: such a unit equals itself and nothing else.

What counts as the same kind is narrower than dimensional analysis, where a count, a ratio and a convention vanish:
- `{…}` annotations count: `{copies}/mL` is not `/mL`, `mL/min/{1.73_m2}` is not `mL/min`;
- `meq/L` is not `mmol/L` (they agree for a monovalent ion only, and a unit does not know the ion);
- `mg/g` is not `%`, and `mg/kg/d` is not `/d`: what is above and what is below the line are kept apart;
- `U` and `[IU]` are one unit, as the guidelines have it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

#: What `resolve_unit` gives for the units of trial documents.
RECORDED = Path(__file__).with_name("ucum_units.csv")

#: Units that are conventions, or have an offset: they convert to nothing, and need no registry to say so.
ARBITRARY = frozenset({"1", "ULN", "LLN", "AUC", "[pH]", "Cel", "[degF]"})
_ANNOTATION = re.compile(r"\{[^{}]*\}")
_INTERNATIONAL_UNIT = re.compile(r"\[i?IU\]|\[iU\]")
#: Units that pint takes for an amount of substance, though they count charges or particles.
_PARTICLES = ("equivalent", "osmole")


@dataclass(frozen=True, slots=True)
class Canonical:
    """`kind`: equal for two units that convert to each other. `scale`: how much of the kind's base unit one is."""

    kind: str
    scale: float


def find_factor(from_unit: str, to_unit: str) -> float | None:
    """The number that an amount in `from_unit` is multiplied by to be in `to_unit`; None if they don't convert."""
    if from_unit == to_unit:
        return 1.0
    if from_unit in ARBITRARY or to_unit in ARBITRARY:
        return None
    recorded = _read_recorded()
    # Both from one place: another version of pint may word a kind in another way.
    resolve = recorded.__getitem__ if from_unit in recorded and to_unit in recorded else resolve_unit
    source, target = resolve(from_unit), resolve(to_unit)
    return source.scale / target.scale if source.kind == target.kind else None


@cache
def resolve_unit(unit: str) -> Canonical:
    """The kind and scale of a unit. A unit that isn't UCUM, or is arbitrary, is a kind of its own with scale 1."""
    itself = Canonical(f"only {unit}", 1.0)
    if unit in ARBITRARY:
        return itself
    plain = _INTERNATIONAL_UNIT.sub("U", _remove_annotations(unit))
    quantity = _parse(plain)
    if quantity is None or not quantity._is_multiplicative:
        return itself
    dimensions, scale = _find_dimensions(quantity)
    return Canonical(" ".join([dimensions, *sorted(_ANNOTATION.findall(unit))]), scale)


@cache
def is_known(unit: str) -> bool:
    """Whether a unit is UCUM, or one of the conventions that stand in for one (`ULN`, `AUC` …).

    A bare annotation such as `{copies}` is UCUM too, as are units that convert to nothing, such as `Cel`.
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
    """A pint quantity, such as 10⁹ per litre; None for a text that is no UCUM unit."""
    from lark.exceptions import LarkError

    try:
        quantity = _load_registry().from_ucum(unit)
    except LarkError:
        return None
    return quantity if hasattr(quantity, "to_base_units") else None  # a bare annotation comes back as a token


def _find_dimensions(quantity: Any) -> tuple[str, float]:
    """What stands above and below the line, in base dimensions, and the size in base units.

    pint would cancel the mass out of mg/g and know no difference between meq and mmol, so units are taken one by one.
    """
    unit_of = quantity._REGISTRY.Quantity  # ucumvert's quantities belong to a registry of their own
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
    """The UCUM registry; about a second to make, once in a process."""
    from ucumvert import PintUcumRegistry

    return PintUcumRegistry()
