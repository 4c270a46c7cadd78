"""Biologically effective and equivalent doses of a fractionated course, by the linear-quadratic model.

In: a number of fractions, a dose in Gy, and the α/β ratio of the tissue in Gy. Out: a dose in Gy. Incomplete repair
between fractions and repopulation are not in the model.
"""

from __future__ import annotations

import math

#: The α/β ratio, in Gy, that is usual for tumours and for early reactions (Joiner and van der Kogel, chapter 9).
TUMOUR_ALPHA_BETA = 10.0


def bed(fractions: float, dose_per_fraction: float, alpha_beta: float = TUMOUR_ALPHA_BETA) -> float:
    """The biologically effective dose n·d·(1 + d/(α/β)), in Gy.

    Raises ValueError unless `fractions` is a whole number from 1, the dose not negative, α/β above 0, all finite.
    Source: Fowler, The linear-quadratic formula and progress in fractionated radiotherapy, Br J Radiol 62 (1989) 679.
    """
    _check(fractions, dose_per_fraction, alpha_beta)
    if fractions != int(fractions):
        raise ValueError(f"{fractions:g} fractions; expected a whole number")
    return fractions * dose_per_fraction * (1 + dose_per_fraction / alpha_beta)


def compute_bed(total_dose: float, dose_per_fraction: float, alpha_beta: float = TUMOUR_ALPHA_BETA) -> float:
    """The biologically effective dose D·(1 + d/(α/β)), in Gy, of a total dose that is known without a whole number of
    fractions.

    It grows with both doses, so lower bounds of them give a lower bound, and upper bounds an upper one. Raises
    ValueError unless the doses are not negative, α/β is above 0, all finite. Source as for `bed`.
    """
    for dose in (total_dose, dose_per_fraction):
        _check(1, dose, alpha_beta)
    return total_dose * (1 + dose_per_fraction / alpha_beta)


def compute_eqd2(effective: float, alpha_beta: float = TUMOUR_ALPHA_BETA) -> float:
    """The total dose in fractions of 2 Gy, in Gy, that has this BED: BED / (1 + 2/(α/β)). Errors, source as `eqd2`."""
    _check(1, effective, alpha_beta)
    return effective / (1 + 2 / alpha_beta)


def check_alpha_beta(alpha_beta: float) -> None:
    """Raises ValueError unless α/β is a finite number above 0."""
    _check(1, 0, alpha_beta)


def eqd2(fractions: float, dose_per_fraction: float, alpha_beta: float = TUMOUR_ALPHA_BETA) -> float:
    """The total dose in fractions of 2 Gy that has the same effect, BED / (1 + 2/(α/β)), in Gy.

    Raises ValueError as `bed` does. Source: Joiner and van der Kogel, Basic Clinical Radiobiology, 5th ed. (2018),
    chapter 10, after Withers et al. (1983).
    """
    return compute_eqd2(bed(fractions, dose_per_fraction, alpha_beta), alpha_beta)


def total_dose_at_eqd2(equivalent: float, fractions: float, alpha_beta: float = TUMOUR_ALPHA_BETA) -> float:
    """The total dose D, in Gy, that given in `fractions` equal fractions has the EQD2 `equivalent`.

    The positive root of D²/n + (α/β)·D = EQD2·(2 + α/β), the inverse of `eqd2`. A curve of equal effect runs between
    whole numbers too, so here `fractions` is any number from 1. Raises ValueError for other input than `bed` takes.
    """
    _check(fractions, equivalent, alpha_beta)
    effect = equivalent * (2 + alpha_beta)
    # with the root in the denominator: the usual form loses all digits where a fraction's dose is small against α/β
    return 2 * effect / (alpha_beta + math.sqrt(alpha_beta**2 + 4 * effect / fractions))


def _check(fractions: float, dose: float, alpha_beta: float) -> None:
    if not (math.isfinite(fractions) and fractions >= 1):
        raise ValueError(f"{fractions:g} fractions; expected 1 or more")
    if not (math.isfinite(dose) and dose >= 0):
        raise ValueError(f"a dose of {dose:g} Gy; expected a finite number that is not negative")
    if not (math.isfinite(alpha_beta) and alpha_beta > 0):
        raise ValueError(f"α/β of {alpha_beta:g} Gy; expected a finite number above 0")
