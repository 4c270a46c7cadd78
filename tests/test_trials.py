import pytest

from doubles import fact_in
from trialsift.facts import Annotation, Fact, Regimen, Scalar
from trialsift.tables import frames
from trialsift.trials import Limits, agreed, nct_id

TEXT = "1 2 3"


def _trial(*facts: Fact, regimens: tuple[Regimen, ...] = ()) -> dict[str, object]:
    row = frames([("doc", TEXT, Annotation(facts, regimens))])["trials"].iloc[0]
    return {name: None if value is not value or str(value) == "<NA>" else value for name, value in row.items()}


def _age(low: float | None = None, high: float | None = None, **more: Scalar) -> Fact:
    attributes: dict[str, Scalar] = {
        "low": low,
        "low_inclusive": None if low is None else True,
        "high": high,
        "high_inclusive": None if high is None else True,
        "unit": "a",
        "scope": "trial",
        **more,
    }
    return fact_in(TEXT, "1", "AGE", **attributes)


def _ecog(low: int, high: int, **more: Scalar) -> Fact:
    return fact_in(TEXT, "1", "PERFORMANCE_STATUS", **{"scale": "ECOG", "low": low, "high": high, **more})


@pytest.mark.parametrize(
    ("facts", "low", "high"),
    [
        ((), None, None),
        ((_age(18),), 18, None),
        ((_age(18, 70),), 18, 70),
        ((_age(18, 100), _age(18)), 18, 100),
        ((_age(18, 100), _age(20)), None, 100),
        ((_age(18, 75), _age(None, 70)), 18, None),
        ((_age(6, unit="mo"),), 0.5, None),
        ((_age(None, 365.25, unit="d"),), None, 1),
        ((_age(0, 18),), 0, 18),
        ((_age(18), _age(50, scope="subgroup")), 18, None),
        ((_age(18), _age(50, polarity="exclusion")), 18, None),
        ((_age(18), _age(50, polarity="none")), 18, None),
        ((_age(18), _age(50, negated=True)), 18, None),
        ((_age(18), _age(50, historical=True)), 18, None),
        ((_age(18), _age(50, conditional=True)), 18, None),
        ((_age(18, 40), _age(50, 70)), None, None),
        ((_age(50), _age(None, 40)), None, None),
    ],
)
def test_age_limits(facts: tuple[Fact, ...], low: float | None, high: float | None) -> None:
    trial = _trial(*facts)
    assert (trial["age_low"], trial["age_high"]) == (low, high)
    assert trial["age_unit"] == (None if low is None and high is None else "a")
    assert (trial["age_low_inclusive"], trial["age_high_inclusive"]) == (
        low is not None or None,
        high is not None or None,
    )


@pytest.mark.parametrize(
    ("facts", "low", "high"),
    [
        ((), None, None),
        ((_ecog(0, 2),), 0, 2),
        ((_ecog(0, 0),), 0, 0),
        ((_ecog(0, 2), _ecog(0, 2)), 0, 2),
        ((_ecog(0, 2), _ecog(0, 1)), 0, None),
        ((_ecog(70, 100, scale="KPS"),), None, None),
        ((_ecog(70, 100, scale="KPS"), _ecog(0, 1)), 0, 1),
        ((_ecog(2, 5, polarity="exclusion"),), None, None),
        ((_ecog(0, 0), _ecog(1, 2)), None, None),
    ],
)
def test_ecog_limits(facts: tuple[Fact, ...], low: int | None, high: int | None) -> None:
    trial = _trial(*facts)
    assert (trial["ecog_low"], trial["ecog_high"]) == (low, high)


@pytest.mark.parametrize(
    ("intervals", "expected"),
    [
        ([], Limits()),
        ([Limits(18, True), Limits(18, False)], Limits(18, False)),
        ([Limits(None, None, 70, True), Limits(None, None, 70, False)], Limits(None, None, 70, False)),
        ([Limits(18, False), Limits(19, True)], Limits()),
        ([Limits(5, True, 5, True)], Limits(5, True, 5, True)),
        ([Limits(5, False, 5, True)], Limits()),
        ([Limits(5, True, 5, False)], Limits()),
    ],
)
def test_agreed(intervals: list[Limits], expected: Limits) -> None:
    assert agreed(intervals) == expected
    assert agreed(reversed(intervals)) == expected


@pytest.mark.parametrize(
    ("doc_id", "text", "expected"),
    [
        ("NCT03651375", "", "NCT03651375"),
        ("abstract", "registered as NCT04425967, after NCT00000001", "NCT04425967"),
        ("NCT03651375", "follows NCT00000001", "NCT03651375"),
        ("nct03651375-v2", "", "NCT03651375"),
        ("abstract", "NCT1234567 NCT123456789 XNCT03651375", None),
        ("abstract", "(NCT03651375)", "NCT03651375"),
        ("abstract", "", None),
    ],
)
def test_nct_id(doc_id: str, text: str, expected: str | None) -> None:
    assert nct_id(doc_id, text) == expected


class TestRegimensOfTheTrial:
    NOW = fact_in(TEXT, "1", "DOSE")
    PAST = fact_in(TEXT, "2", "DOSE", historical=True)
    DENIED = fact_in(TEXT, "3", "DOSE", negated=True)

    @pytest.mark.parametrize(
        ("regimens", "expected"),
        [
            ((), None),
            ((Regimen((0,), None, None, (50, 50)),), "50 Gy"),
            ((Regimen((0,), None, None, (50, 50)), Regimen((0,), (5, 5), (5, 5), (25, 25))), "50 Gy; 5 × 5 Gy = 25 Gy"),
            ((Regimen((0,), None, None, (50, 50)), Regimen((0,), None, None, (50, 50))), "50 Gy"),
            ((Regimen((0,), None, None, (50, 50)), Regimen((1,), None, None, (60, 60))), "50 Gy"),
            ((Regimen((2,), None, None, (50, 50)),), None),
            ((Regimen((0, 1), None, None, (50, 50)),), None),
        ],
    )
    def test_distinct_ones_in_order(self, regimens: tuple[Regimen, ...], expected: str | None) -> None:
        assert _trial(self.NOW, self.PAST, self.DENIED, regimens=regimens)["regimens"] == expected

    def test_counts_take_in_all(self) -> None:
        trial = _trial(self.NOW, self.PAST, _age(18), _ecog(0, 2), regimens=(Regimen((0,)), Regimen((1,))))
        assert [
            trial[f"n_{name}"] for name in ("doses", "fractions", "ages", "performance_status", "labs", "regimens")
        ] == [2, 0, 1, 1, 0, 2]


def test_a_document_with_nothing_found_has_a_row() -> None:
    trial = _trial()
    assert trial["doc_id"] == "doc"
    assert {value for name, value in trial.items() if name.startswith("n_")} == {0}
    assert all(value is None for name, value in trial.items() if name != "doc_id" and not name.startswith("n_"))
