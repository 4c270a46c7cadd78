"""Computes biologically effective and equivalent doses of a fractionated course by the linear-quadratic model.

In: a number of fractions, a dose in Gy, and the α/β ratio of the tissue in Gy. Out: a dose in Gy. The model ignores
incomplete repair between fractions and repopulation.
"""

from __future__ import annotations

import math

from trialsift.rules.alpha_beta import DEFAULT

#: The α/β ratio, in Gy, where nothing is known of the tumour.
TUMOUR_ALPHA_BETA = DEFAULT


def bed(fractions: float, dose_per_fraction: float, alpha_beta: float = TUMOUR_ALPHA_BETA) -> float:
    """Returns the biologically effective dose n·d·(1 + d/(α/β)), in Gy.

    Raises ValueError unless `fractions` is a whole number of at least 1, the dose is not negative, α/β is above 0, and
    all are finite. Source: Fowler, The linear-quadratic formula and progress in fractionated
    radiotherapy, Br J Radiol 62 (1989) 679.
    """
    _check(fractions, dose_per_fraction, alpha_beta)
    if fractions != int(fractions):
        raise ValueError(f"{fractions:g} fractions; expected a whole number")
    return fractions * dose_per_fraction * (1 + dose_per_fraction / alpha_beta)


def compute_bed(total_dose: float, dose_per_fraction: float, alpha_beta: float = TUMOUR_ALPHA_BETA) -> float:
    """Returns the biologically effective dose D·(1 + d/(α/β)), in Gy, of a total dose without a number of fractions.

    It grows with both doses, so lower bounds give a lower bound and upper bounds an upper bound. Raises ValueError
    unless the doses are not negative, α/β is above 0, and all are finite. Source as for `bed`.
    """
    for dose in (total_dose, dose_per_fraction):
        _check(1, dose, alpha_beta)
    return total_dose * (1 + dose_per_fraction / alpha_beta)


def compute_eqd2(effective: float, alpha_beta: float = TUMOUR_ALPHA_BETA) -> float:
    """Returns the total dose in 2-Gy fractions, in Gy, with this BED: BED / (1 + 2/(α/β)). Raises as `bed` does."""
    _check(1, effective, alpha_beta)
    return effective / (1 + 2 / alpha_beta)


def check_alpha_beta(alpha_beta: float) -> None:
    """Raises ValueError unless α/β is a finite number above 0."""
    _check(1, 0, alpha_beta)


def eqd2(fractions: float, dose_per_fraction: float, alpha_beta: float = TUMOUR_ALPHA_BETA) -> float:
    """Returns the total dose in 2-Gy fractions with the same effect, BED / (1 + 2/(α/β)), in Gy.

    Raises ValueError as `bed` does. Source: Joiner and van der Kogel, Basic Clinical Radiobiology, 5th ed. (2018),
    chapter 10, after Withers et al. (1983).
    """
    return compute_eqd2(bed(fractions, dose_per_fraction, alpha_beta), alpha_beta)


def total_dose_at_eqd2(equivalent: float, fractions: float, alpha_beta: float = TUMOUR_ALPHA_BETA) -> float:
    """Returns the total dose D, in Gy, that in `fractions` equal fractions has the EQD2 `equivalent`.

    It is the positive root of D²/n + (α/β)·D = EQD2·(2 + α/β), the inverse of `eqd2`. For curves of equal effect
    `fractions` may be any number of at least 1, not only whole ones. Otherwise raises ValueError as `bed` does.
    """
    _check(fractions, equivalent, alpha_beta)
    effect = equivalent * (2 + alpha_beta)
    # root in the denominator: the usual form loses all digits where the dose per fraction is small against α/β
    return 2 * effect / (alpha_beta + math.sqrt(alpha_beta**2 + 4 * effect / fractions))


def _check(fractions: float, dose: float, alpha_beta: float) -> None:
    if not (math.isfinite(fractions) and fractions >= 1):
        raise ValueError(f"{fractions:g} fractions; expected 1 or more")
    if not (math.isfinite(dose) and dose >= 0):
        raise ValueError(f"a dose of {dose:g} Gy; expected a finite number that is not negative")
    if not (math.isfinite(alpha_beta) and alpha_beta > 0):
        raise ValueError(f"α/β of {alpha_beta:g} Gy; expected a finite number above 0")
