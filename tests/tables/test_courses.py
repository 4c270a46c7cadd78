"""BED, EQD2 and what was computed, in the table `regimens`."""

from __future__ import annotations

import pytest

from tests.support.doubles import fact_in
from trialsift.model.fact import Annotation, Bounds, Regimen
from trialsift.tables.courses import compute_course_columns
from trialsift.tables.rows import make_frames

TEXT = "45-50 Gy, 25 fractions, 1.8-2 Gy, boost 5 Gy"
TOTAL = fact_in(TEXT, "45-50 Gy", "DOSE", modality="radiation", role="total")
NUMBER = fact_in(TEXT, "25 fractions", "FRACTIONS")
EACH = fact_in(TEXT, "1.8-2 Gy", "DOSE", modality="radiation", role="per_fraction")


@pytest.mark.parametrize(
    ("total", "dose", "bed", "eqd2"),
    [
        ((50, 50), (2, 2), (60, 60), (50, 50)),
        ((45, 50), (1.8, 2), (53.1, 60), (44.25, 50)),
        ((None, 50), (2, 2), (None, 60), (None, 50)),
        ((50, 50), (2, None), (60, None), (50, None)),
        ((0, 50), (2, 2), (0, 60), (0, 50)),
        (None, (2, 2), (None, None), (None, None)),
        ((50, 50), None, (None, None), (None, None)),
        ((4500, 4500), (180, 180), (None, None), (None, None)),  # centigray written as gray
        ((90, 90), (90, 90), (900, 900), (750, 750)),
    ],
)
def test_bounds_give_bounds(total: Bounds | None, dose: Bounds | None, bed: Bounds, eqd2: Bounds) -> None:
    found = compute_course_columns(Regimen((), None, dose, total), [], 10)
    assert (found["bed_low"], found["bed_high"]) == tuple(b if b is None else pytest.approx(b) for b in bed)
    assert (found["eqd2_low"], found["eqd2_high"]) == tuple(b if b is None else pytest.approx(b) for b in eqd2)
    assert found["alpha_beta"] == (None if bed == (None, None) else 10)


@pytest.mark.parametrize(
    ("facts", "computed"),
    [
        ([TOTAL, NUMBER], "dose_per_fraction = total_dose / fractions"),
        ([TOTAL, EACH], "fractions = total_dose / dose_per_fraction"),
        ([NUMBER, EACH], "total_dose = fractions × dose_per_fraction"),
        ([NUMBER, EACH, TOTAL], None),
    ],
)
def test_what_was_computed(facts: list, computed: str | None) -> None:
    assert compute_course_columns(Regimen((), (25, 25), (2, 2), (50, 50)), facts, 10)["computed"] == computed


def test_what_nobody_knows_was_not_computed() -> None:
    assert compute_course_columns(Regimen((), None, None, (50, 50)), [TOTAL], 10)["computed"] is None


def test_the_ratio_is_a_parameter() -> None:
    document = ("doc", TEXT, Annotation((TOTAL, EACH), (Regimen((0, 1), None, (3, 3), (45, 45)),)))
    [row] = make_frames([document], alpha_beta=3)["regimens"].to_dict("records")
    assert (row["bed_low"], row["eqd2_low"], row["alpha_beta"]) == (90, pytest.approx(54), 3)


@pytest.mark.parametrize("ratio", [0, -1, float("nan"), float("inf")])
def test_a_useless_ratio_is_refused(ratio: float) -> None:
    with pytest.raises(ValueError, match="α/β"):
        make_frames([], alpha_beta=ratio)
