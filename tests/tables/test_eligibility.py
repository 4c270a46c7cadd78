"""Whom a limit lets in. The words of exception have their examples in patterns/exceptions.toml (test_rules.py)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.doubles import fact_in
from trialsift.extraction.assertion.wording import read_exceptions
from trialsift.model.fact import Fact, Scalar
from trialsift.model.interval import Interval
from trialsift.rules.files import patterns_dir
from trialsift.tables.eligibility import Eligible, find_eligible

EXCEPTIONS = read_exceptions(patterns_dir())
NOBODY = Eligible()
EXCEPTION = Eligible(form="exception")
OUTSIDE = Eligible(form="outside")


def lab(
    low: float | None = None, high: float | None = None, *, closed: bool = True, **more: Scalar
) -> dict[str, Scalar]:
    ends = {"low_inclusive": None if low is None else closed, "high_inclusive": None if high is None else closed}
    return {"analyte": "platelets", "low": low, "high": high, **ends, "unit": "10*9/L", **more}


def of(text: str, label: str = "LAB", **attributes: Scalar) -> Eligible:
    """Whom the value in [[ ]] of a text lets in."""
    before, value, after = text.replace("]]", "[[").split("[[")
    plain = before + value + after
    fact = Fact(label, len(before), len(before) + len(value), value, "test", attributes)
    return find_eligible(fact, EXCEPTIONS.find_excepted(plain, [fact])[0])


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        (lab(100), Eligible(Interval(100, True, None, None), "interval")),
        (lab(100, closed=False), Eligible(Interval(100, False, None, None), "interval")),
        (lab(0, 5), Eligible(Interval(0, True, 5, True), "interval")),
        (lab(100, polarity="exclusion"), Eligible(Interval(None, None, 100, False), "interval")),
        (lab(None, 100, polarity="exclusion"), Eligible(Interval(100, False, None, None), "interval")),
        (lab(None, 100, closed=False, polarity="exclusion"), Eligible(Interval(100, True, None, None), "interval")),
        (lab(0, 100, polarity="exclusion"), Eligible(Interval(100, False, None, None), "interval")),
        (lab(100, 200, polarity="exclusion"), OUTSIDE),
        (lab(100, 100, polarity="exclusion"), OUTSIDE),
        (lab(), NOBODY),
        (lab(100, polarity="none"), NOBODY),
        (lab(100, historical=True), NOBODY),
        (lab(100, conditional=True), NOBODY),
        (lab(100, plausible=False), NOBODY),
        (lab(None, 100, polarity="exclusion", negated=True), EXCEPTION),
    ],
)
def test_a_threshold(attributes: dict[str, Scalar], expected: Eligible) -> None:
    assert of("Platelets [[value]]", **{"polarity": "inclusion", **attributes}) == expected


def test_a_condition_goes_with_the_interval() -> None:
    found = of(
        "Platelets [[< 100]] unless due to marrow",
        **lab(None, 100, polarity="exclusion", condition="unless due to marrow"),
    )
    assert found == Eligible(Interval(100, False, None, None), "interval")


def test_a_condition_of_its_own_is_no_reason_to_leave_the_interval_out() -> None:
    text = "For patients with marrow disease, platelets [[≥ 50]]"
    assert of(text, **lab(50, polarity="inclusion")) == EXCEPTION
    with_condition = lab(50, polarity="inclusion", condition="For patients with marrow disease")
    assert of(text, **with_condition) == Eligible(Interval(50, True, None, None), "interval")


@pytest.mark.parametrize("analyte", ["creatinine", "alt"])
def test_nobody_has_too_little_of_some_tests_also_where_it_is_denied(analyte: str) -> None:
    upper, lower = lab(None, 2, polarity="inclusion", negated=True), lab(2, polarity="inclusion", negated=True)
    assert of("No disease (test [[≤ 2]])", **{**upper, "analyte": analyte}) == EXCEPTION
    assert of("No disease (test [[≥ 2]])", **{**lower, "analyte": analyte}).interval.high == 2


@pytest.mark.parametrize(
    ("text", "attributes", "expected"),
    [
        (
            "No thrombopenia (platelets [[< 100]])",
            lab(None, 100, closed=False),
            Eligible(Interval(100, True, None, None), "interval"),
        ),
        ("No platelets [[100-200]]", lab(100, 200), OUTSIDE),
        ("(No transfusion), platelets [[≥ 100]]", lab(100), EXCEPTION),
        ("No bleeding; platelets [[≥ 100]]", lab(100), EXCEPTION),
        ("No HIV without platelets [[≥ 100]]", lab(100), EXCEPTION),
        ("No disease, patients must have platelets [[≥ 100]]", lab(100), EXCEPTION),
    ],
)
def test_what_an_inclusion_criterion_denies(text: str, attributes: dict[str, Scalar], expected: Eligible) -> None:
    assert of(text, **attributes, polarity="inclusion", negated=True) == expected


@pytest.mark.parametrize(
    ("scale", "low", "high", "expected"),
    [
        ("ECOG", 2, 5, Eligible(Interval(0, True, 1, True), "interval")),
        ("ECOG", 2, 4, Eligible(Interval(0, True, 1, True), "interval")),  # a 5 is dead
        ("ECOG", 0, 2, EXCEPTION),  # nobody is too well
        ("ECOG", 1, 2, OUTSIDE),
        ("ECOG", 0, 5, EXCEPTION),
        ("KPS", 0, 60, Eligible(Interval(70, True, 100, True), "interval")),
        ("KPS", 10, 60, Eligible(Interval(70, True, 100, True), "interval")),
        ("KPS", 80, 100, EXCEPTION),
        ("KPS", 50, 60, OUTSIDE),
        ("Lansky", 0, 50, Eligible(Interval(60, True, 100, True), "interval")),
    ],
)
def test_scores_among_exclusions_go_in_steps(scale: str, low: int, high: int, expected: Eligible) -> None:
    assert of("[[score]]", "PERFORMANCE_STATUS", scale=scale, low=low, high=high, polarity="exclusion") == expected


def test_scores_among_inclusions_are_as_written() -> None:
    found = of("[[score]]", "PERFORMANCE_STATUS", scale="ECOG", low=0, high=2, polarity="inclusion")
    assert found == Eligible(Interval(0, True, 2, True), "interval")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("- Age [[< 18 years]]", "interval"),
        ("- Patients who are [[< 18 years]] of age at screening", "interval"),
        ("- Women [[< 18 years]]", "exception"),
        ("- Smoking in patients [[< 18 years]]", "exception"),
        ("- Children ([[< 18 years]]) with epilepsy", "exception"),
    ],
)
def test_an_age_among_exclusions_stands_alone(text: str, form: str) -> None:
    age = {"low": None, "high": 18, "high_inclusive": False, "unit": "a", "scope": "trial", "polarity": "exclusion"}
    assert of(text, "AGE", **age).form == form


@pytest.mark.parametrize("polarity", ["inclusion", "exclusion"])
def test_an_age_of_a_subgroup_limits_nobody_else(polarity: str) -> None:
    assert (
        of("Age [[≥ 60 years]]", "AGE", low=60, low_inclusive=True, high=None, scope="subgroup", polarity=polarity)
        == NOBODY
    )


def test_a_dose_lets_nobody_in() -> None:
    assert find_eligible(fact_in("50 Gy", "50 Gy", "DOSE", low=50, high=50), excepted=False) == NOBODY


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- Diabetes unless stable. Low ", ""),
        ("- Diabetes unless stable; ", ""),
        ("- Diabetes unless stable\n- ", ""),
        ("- Diabetes unless stable\n\n", ""),
        ("- Diabetes (unless stable), ", ""),
        ("- Diabetes [unless (very) stable], ", ""),
        ("", " (growth factors are allowed)"),
        ("", "; growth factors are allowed"),
        ("", ". Growth factors are allowed"),
        ("", "\n- Growth factors are allowed"),
    ],
)
def test_words_of_another_clause_are_no_exception(before: str, after: str) -> None:
    found = of(f"{before}platelets [[< 100]]{after}", **lab(None, 100, closed=False, polarity="exclusion"))
    assert found == Eligible(Interval(100, True, None, None), "interval")


@pytest.mark.parametrize("gap", [" ", "\n      ", "  "])
def test_a_line_break_is_a_blank(gap: str) -> None:
    text = f"- Diabetes other{gap}than with platelets [[< 100]]"
    assert of(text, **lab(None, 100, polarity="exclusion")) == EXCEPTION


@given(
    st.floats(1, 1000),
    st.floats(1, 1000),
    st.booleans(),
    st.booleans(),
    st.sampled_from([(True, False), (False, True), (True, True)]),
    st.floats(0, 1100),
)
def test_who_is_let_in_is_whom_an_exclusion_leaves(
    a: float, b: float, low_inclusive: bool, high_inclusive: bool, sides: tuple[bool, bool], value: float
) -> None:
    low, high = (min(a, b) if sides[0] else None), (max(a, b) if sides[1] else None)
    ends = {
        "low_inclusive": None if low is None else low_inclusive,
        "high_inclusive": None if high is None else high_inclusive,
    }
    found = of("Platelets [[x]]", **{**lab(low, high), **ends, "polarity": "exclusion"})

    def inside(low: float | None, low_in: bool | None, high: float | None, high_in: bool | None) -> bool:
        above = low is None or value > low or (value == low and bool(low_in))
        return above and (high is None or value < high or (value == high and bool(high_in)))

    if found.form == "outside":
        assert low is not None
        assert high is not None
        assert found == OUTSIDE
    else:
        assert inside(*found.interval) is not inside(low, ends["low_inclusive"], high, ends["high_inclusive"])
