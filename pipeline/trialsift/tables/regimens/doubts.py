"""What a regimen cannot well mean, in words: the column `implausible`. Nothing is dropped or mended for it.

Limits hold for courses of external beams. Radiosurgery, brachytherapy and the like (`regimens.technique`) give more at
once and in all, and have limits of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from trialsift.model.fact import Bounds, Regimen, Scalar
from trialsift.rules.plausibility import CENTIGRAY
from trialsift.tables.linear_quadratic import compute_bed, compute_eqd2
from trialsift.tables.regimens.stated import StatedEffect


class _Limits(NamedTuple):
    """The most, in Gy."""

    per_fraction: float
    total: float
    eqd2: float


#: 86.4 Gy is the largest usual total of external beams; radiosurgery gives up to 90 Gy at once, seeds up to 160 Gy, and
#: radioembolisation several hundred.
_USUAL, _LARGE = _Limits(25.0, 100.0, 150.0), _Limits(100.0, 400.0, 1000.0)
_LEAST_PER_FRACTION = 0.5
#: The share by which a stated number may differ from the computed one.
_ROUNDED, _PRODUCT = 0.02, 0.05


def find_doubts(
    regimen: Regimen, columns: Mapping[str, Scalar], effects: Sequence[StatedEffect], large: bool
) -> list[str]:
    """Returns why a regimen is implausible. `columns` are those of its row, `effects` what the text states of its BED
    and EQD2; `large`: it is given by a technique of large doses."""
    doubts = [
        *_doubt_doses(regimen, _LARGE if large else _USUAL),
        *_doubt_product(regimen),
        *_doubt_time(regimen, columns),
        *_doubt_effects(regimen, columns, effects),
    ]
    most, eqd2 = (_LARGE if large else _USUAL).eqd2, columns.get("eqd2_high")
    if not doubts and isinstance(eqd2, float) and eqd2 > most:
        doubts.append(f"EQD2 of {eqd2:.4g} Gy, above {most:g} Gy")
    return doubts


def _doubt_doses(regimen: Regimen, most: _Limits) -> Iterator[str]:
    total, dose = _find_most(regimen.total_dose), _find_most(regimen.dose_per_fraction)
    low = None if regimen.dose_per_fraction is None else regimen.dose_per_fraction[0]
    if (total or 0) >= CENTIGRAY["total"] or (dose or 0) >= CENTIGRAY["per_fraction"]:
        yield f"{_name(total, dose)}: perhaps centigray written as gray"
        return
    if low is not None and low < _LEAST_PER_FRACTION:
        yield f"{low:.3g} Gy per fraction, below {_LEAST_PER_FRACTION:g} Gy"
    if dose is not None and dose > most.per_fraction:
        yield f"{dose:.4g} Gy per fraction, above {most.per_fraction:g} Gy"
    if total is not None and total > most.total:
        yield f"{total:.4g} Gy in total, above {most.total:g} Gy"


def _doubt_product(regimen: Regimen) -> Iterator[str]:
    numbers = [_find_single(b) for b in (regimen.fractions, regimen.dose_per_fraction, regimen.total_dose)]
    n, dose, total = numbers
    if n is not None and dose is not None and total and abs(n * dose - total) > _PRODUCT * total:
        yield f"{n:g} × {dose:.4g} Gy = {n * dose:.4g} Gy, but {total:.4g} Gy is stated"


def _doubt_time(regimen: Regimen, columns: Mapping[str, Scalar]) -> Iterator[str]:
    days, per_day = columns.get("overall_days"), columns.get("fractions_per_day")
    n = None if regimen.fractions is None else regimen.fractions[0]
    each = per_day if isinstance(per_day, float) else 1.0
    if not isinstance(days, float) or n is None or (per_day is None and n in (2 * days, 3 * days)):
        return  # `6 fractions over 3 days` are two a day, as usual
    if n > days * each:
        yield f"{n:g} fractions in {days:g} days"


def _doubt_effects(regimen: Regimen, columns: Mapping[str, Scalar], effects: Iterable[StatedEffect]) -> Iterator[str]:
    total, dose, chosen = regimen.total_dose, _find_single(regimen.dose_per_fraction), columns.get("alpha_beta")
    for effect in effects:
        ratio = effect.alpha_beta if effect.alpha_beta is not None else chosen
        whole = _find_single(total)
        if whole is None or dose is None or not isinstance(ratio, float):
            continue
        bed = compute_bed(whole, dose, ratio)
        computed = bed if effect.is_bed else compute_eqd2(bed, ratio)
        if abs(effect.dose - computed) > _ROUNDED * computed:
            name = "BED" if effect.is_bed else "EQD2"
            yield f"{name} of {effect.dose:.4g} Gy is stated, {computed:.4g} Gy computed with α/β {ratio:g} Gy"


def _find_most(bounds: Bounds | None) -> float | None:
    return None if bounds is None else bounds[1] if bounds[1] is not None else bounds[0]


def _find_single(bounds: Bounds | None) -> float | None:
    return None if bounds is None or bounds[0] != bounds[1] else bounds[0]


def _name(total: float | None, dose: float | None) -> str:
    return f"{total:.4g} Gy in total" if total is not None and total >= 1000 else f"{dose:.4g} Gy per fraction"
