"""Columns derived from the numbers of a regimen: BED and EQD2, and which number was computed.

In: a regimen with its facts, and α/β in Gy. Out: columns of the table `regimens`, doses in Gy.
"""

from __future__ import annotations

from collections.abc import Sequence

from trialsift.model.fact import Fact, Regimen, Scalar
from trialsift.model.prescription import find_stated_number
from trialsift.tables.linear_quadratic import compute_bed, compute_eqd2

_COMPUTED = {
    "fractions": "fractions = total_dose / dose_per_fraction",
    "dose_per_fraction": "dose_per_fraction = total_dose / fractions",
    "total_dose": "total_dose = fractions × dose_per_fraction",
}
#: Gy per fraction. Radiosurgery goes up to 90; larger numbers are centigray written as gray.
_MOST_PER_FRACTION = 100.0


def compute_course_columns(regimen: Regimen, facts: Sequence[Fact], alpha_beta: float) -> dict[str, Scalar]:
    """Returns BED and EQD2 in Gy, and which of the regimen's numbers was computed.

    The lower bounds of total dose and dose per fraction give the lower bounds of BED and EQD2, the upper bounds the
    upper ones. They are missing where either dose is missing or a fraction exceeds 100 Gy.
    """
    stated = {find_stated_number(fact.label, fact.attributes) for fact in facts}
    low, high = (
        None if total is None or dose is None or dose > _MOST_PER_FRACTION else compute_bed(total, dose, alpha_beta)
        for total, dose in zip(
            regimen.total_dose or (None, None), regimen.dose_per_fraction or (None, None), strict=True
        )
    )
    return {
        "computed": next(
            (how for name, how in _COMPUTED.items() if getattr(regimen, name) is not None and name not in stated), None
        ),
        "bed_low": low,
        "bed_high": high,
        "eqd2_low": None if low is None else compute_eqd2(low, alpha_beta),
        "eqd2_high": None if high is None else compute_eqd2(high, alpha_beta),
        "alpha_beta": None if low is None and high is None else float(alpha_beta),
    }
