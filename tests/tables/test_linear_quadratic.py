import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialsift.tables.linear_quadratic import bed, eqd2, total_dose_at_eqd2

FRACTIONS = st.integers(1, 60)
DOSES = st.floats(0.01, 50)
ALPHA_BETAS = st.floats(0.5, 30)


@pytest.mark.parametrize(
    ("fractions", "dose", "alpha_beta", "expected"),
    [
        (30, 2, 10, 72.0),  # the textbook's conventional course
        (3, 18, 10, 151.2),  # stereotactic, lung
        (4, 12, 10, 105.6),
        (5, 10, 10, 100.0),
        (1, 8, 10, 14.4),
        (20, 3, 1.5, 180.0),
    ],
)
def test_bed(fractions, dose, alpha_beta, expected):
    assert bed(fractions, dose, alpha_beta) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("fractions", "dose", "alpha_beta", "expected"),
    [
        (15, 2.67, 10, 42.286125),  # 40.05 × 12.67 / 12
        (5, 5, 10, 31.25),
        (1, 8, 10, 12.0),
        (20, 3, 1.5, 77.142857),  # 60 × 4.5 / 3.5
        (5, 5.2, 3, 42.64),  # 26 × 8.2 / 5
        (25, 1.8, 10, 44.25),  # 45 × 11.8 / 12
        (10, 0, 10, 0),
    ],
)
def test_eqd2(fractions, dose, alpha_beta, expected):
    assert eqd2(fractions, dose, alpha_beta) == pytest.approx(expected)


def test_total_dose_by_hand():
    # D²/5 + 10·D = 31.25 × 12 = 375: D = 25
    assert total_dose_at_eqd2(31.25, 5, 10) == pytest.approx(25)
    assert total_dose_at_eqd2(0, 5, 10) == 0


@given(FRACTIONS, ALPHA_BETAS)
def test_fractions_of_2_gy_are_their_own_equivalent(fractions, alpha_beta):
    assert eqd2(fractions, 2, alpha_beta) == pytest.approx(2 * fractions)


@given(FRACTIONS, DOSES, ALPHA_BETAS)
def test_the_inverse_undoes_it(fractions, dose, alpha_beta):
    total = total_dose_at_eqd2(eqd2(fractions, dose, alpha_beta), fractions, alpha_beta)
    assert total == pytest.approx(fractions * dose)


@given(FRACTIONS, DOSES, ALPHA_BETAS)
def test_larger_fractions_weigh_more_the_more_so_the_lower_the_ratio(fractions, dose, alpha_beta):
    assert bed(fractions, dose, alpha_beta) > fractions * dose
    assert bed(fractions, dose, alpha_beta) > bed(2 * fractions, dose / 2, alpha_beta)
    assert bed(fractions, dose, alpha_beta) > bed(fractions, dose, alpha_beta * 2)


@pytest.mark.parametrize("function", [bed, eqd2, total_dose_at_eqd2])
@pytest.mark.parametrize("bad", [-1, math.nan, math.inf])
def test_nonsense_is_an_error(function, bad):
    for arguments in ((bad, 2, 10), (2, bad, 10), (2, 2, bad)):
        with pytest.raises(ValueError, match="expected"):
            function(*arguments)


@pytest.mark.parametrize(("fractions", "alpha_beta"), [(0, 10), (2.5, 10), (5, 0)])
def test_no_course_of_half_a_fraction_or_none(fractions, alpha_beta):
    with pytest.raises(ValueError, match="expected"):
        bed(fractions, 2, alpha_beta)
