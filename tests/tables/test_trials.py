import pytest

from tests.support.doubles import fact_in
from tests.support.extractors import shared_extractor
from trialsift.model.fact import Annotation, Fact, Regimen, Scalar
from trialsift.tables.rows import make_document_rows, make_frames
from trialsift.tables.trials import find_nct_id

TEXT = "1 2 3"


def _trial(*facts: Fact, regimens: tuple[Regimen, ...] = ()) -> dict[str, object]:
    row = make_frames([("doc", TEXT, Annotation(facts, regimens))])["trials"].iloc[0]
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


def _lab(
    analyte: str, low: float | None = None, high: float | None = None, unit: str | None = "g/dL", **more: Scalar
) -> Fact:
    ends = {"low_inclusive": None if low is None else True, "high_inclusive": None if high is None else True}
    return fact_in(TEXT, "1", "LAB", **{"analyte": analyte, "low": low, "high": high, **ends, "unit": unit, **more})


OUT = {"polarity": "exclusion"}


@pytest.mark.parametrize(
    ("facts", "low", "high", "conflicts"),
    [
        ((), None, None, None),
        ((_age(18),), 18, None, None),
        ((_age(18, 70),), 18, 70, None),
        ((_age(18, 100), _age(18)), 18, 100, None),
        ((_age(18, 100), _age(20)), 20, 100, "age: 18 and 20 as lower limit (20 taken)"),
        ((_age(18, 75), _age(None, 70)), 18, 70, "age: 70 and 75 as upper limit (70 taken)"),
        ((_age(6, unit="mo"),), 0.5, None, None),
        ((_age(None, 365.25, unit="d"),), None, 1, None),
        ((_age(0, 18),), 0, 18, None),
        ((_age(18), _age(50, scope="subgroup")), 18, None, None),
        ((_age(18), _age(50, **OUT)), 18, 50, None),
        ((_age(18, 75), _age(76, **OUT)), 18, 75, None),
        ((_age(18), _age(None, 18, high_inclusive=False, **OUT)), 18, None, None),
        ((_age(18), _age(30, 40, **OUT)), 18, None, None),
        ((_age(18), _age(50, polarity="none")), 18, None, None),
        ((_age(18), _age(50, historical=True)), 18, None, None),
        ((_age(18), _age(50, conditional=True)), 18, None, None),
        ((_age(18), _age(50, condition="if frail")), 18, None, None),
        ((_age(18, 40), _age(50, 70)), 18, 70, "age: ≥ 50 and ≤ 40 exclude each other (18–70 taken)"),
        ((_age(50), _age(None, 40)), None, None, "age: ≥ 50 and ≤ 40 exclude each other (none taken)"),
        # alternatives: the union of those that hold for all, of those for some where there are no others
        ((_age(18, any_of=1), _age(22, any_of=1)), 18, None, None),
        ((_age(18, 64, any_of=1), _age(20, 70, any_of=1)), 18, 70, None),
        ((_age(21, 45, any_of=1), _age(65, any_of=1)), 21, None, None),
        ((_age(14, any_of=1), _age(18, any_of=1, condition="in Germany")), 14, None, None),
        ((_age(14, any_of=1), _age(12, any_of=1, scope="subgroup")), 14, None, None),
        ((_age(40, any_of=1, scope="subgroup"), _age(45, any_of=1, scope="subgroup")), 40, None, None),
        ((_age(40, any_of=1, scope="subgroup", **OUT), _age(45, any_of=1, scope="subgroup", **OUT)), None, None, None),
        ((_age(18, any_of=1), _age(16, any_of=1), _age(17)), 17, None, "age: 16 and 17 as lower limit (17 taken)"),
        ((_age(18), _age(60, any_of=0), _ecog(0, 1, any_of=0)), 18, None, None),
        ((_age(18), _age(60, any_of=1), _lab("creatinine", None, 2, any_of=1)), 18, None, None),
        ((_age(18, any_of=1), _age(30, 40, any_of=1, **OUT)), None, None, None),
        ((_age(2, unit="wk"), _age(14, unit="d")), 0.03833, None, None),
        ((_age(18), _age(18, **OUT)), None, None, "age: ≥ 18 and < 18, nobody left"),
    ],
)
def test_age_limits(facts: tuple[Fact, ...], low: float | None, high: float | None, conflicts: str | None) -> None:
    trial = _trial(*facts)
    assert (trial["age_low"], trial["age_high"], trial["conflicts"]) == (low, high, conflicts)
    assert trial["age_unit"] == (None if low is None and high is None else "a")
    assert (trial["age_low_inclusive"] is None, trial["age_high_inclusive"] is None) == (low is None, high is None)


@pytest.mark.parametrize(
    ("fact", "inclusive"), [(_age(18), True), (_age(18, low_inclusive=False), False), (_age(None, 18, **OUT), False)]
)
def test_whether_an_end_belongs_to_the_age(fact: Fact, inclusive: bool) -> None:
    assert _trial(fact)["age_low_inclusive"] == inclusive


@pytest.mark.parametrize(
    ("facts", "ecog", "kps", "conflicts"),
    [
        ((), (None, None), None, None),
        ((_ecog(0, 2),), (0, 2), None, None),
        ((_ecog(0, 0),), (0, 0), None, None),
        ((_ecog(0, 2), _ecog(0, 2)), (0, 2), None, None),
        ((_ecog(0, 2), _ecog(0, 1)), (0, 1), None, "ecog: 1 and 2 as upper limit (1 taken)"),
        ((_ecog(70, 100, scale="KPS"),), (None, None), 70, None),
        ((_ecog(70, 100, scale="KPS"), _ecog(0, 1)), (0, 1), 70, None),
        (
            (_ecog(0, 50, scale="KPS", **OUT), _ecog(70, 100, scale="KPS")),
            (None, None),
            70,
            "kps: 60 and 70 as lower limit (70 taken)",
        ),
        ((_ecog(50, 100, scale="Lansky"),), (None, None), None, None),
        ((_ecog(2, 5, **OUT),), (0, 1), None, None),
        ((_ecog(0, 1), _ecog(2, 5, **OUT)), (0, 1), None, None),
        ((_ecog(0, 0), _ecog(1, 2)), (0, 2), None, "ecog: ≥ 1 and ≤ 0 exclude each other (0–2 taken)"),
    ],
)
def test_scores(
    facts: tuple[Fact, ...], ecog: tuple[int | None, int | None], kps: int | None, conflicts: str | None
) -> None:
    trial = _trial(*facts)
    if trial["performance_converted"] == "ecog":
        assert (trial["ecog_low"], trial["ecog_high"]) != (None, None)
        trial |= {"ecog_low": None, "ecog_high": None}
    elif trial["performance_converted"] == "kps":
        trial["kps_low"] = None
    assert ((trial["ecog_low"], trial["ecog_high"]), trial["kps_low"], trial["conflicts"]) == (ecog, kps, conflicts)


@pytest.mark.parametrize(
    ("facts", "ecog", "kps", "converted"),
    [
        ((_ecog(0, 1),), (0, 1), 70, "kps"),
        ((_ecog(0, 2),), (0, 2), 50, "kps"),
        ((_ecog(1, 3),), (1, 3), 30, "kps"),
        ((_ecog(70, 100, scale="KPS"),), (0, 1), 70, "ecog"),
        ((_ecog(60, 100, scale="KPS"),), (0, 2), 60, "ecog"),
        ((_ecog(90, 100, scale="KPS"),), (0, 0), 90, "ecog"),
        ((_ecog(50, 80, scale="KPS"),), (1, 2), 50, "ecog"),
        ((_ecog(0, 60, scale="KPS", **OUT),), (0, 1), 70, "ecog"),
        ((_ecog(0, 2), _ecog(60, 100, scale="KPS")), (0, 2), 60, None),
        ((_ecog(0, 1, any_of=1), _ecog(70, 100, scale="KPS", any_of=1)), (0, 1), 70, None),
        ((_ecog(0, 0, any_of=1), _ecog(0, 2, any_of=1)), (0, 2), 50, "kps"),
        (
            (
                _ecog(60, 100, scale="KPS", any_of=1, condition="> 16 years"),
                _ecog(50, 100, scale="Lansky", any_of=1, condition="≤ 16 years"),
            ),
            (0, 2),
            60,
            "ecog",
        ),
        ((_ecog(60, 100, scale="Lansky"),), (None, None), None, None),
    ],
)
def test_one_scale_is_converted_to_the_other(
    facts: tuple[Fact, ...], ecog: tuple[int | None, int | None], kps: int | None, converted: str | None
) -> None:
    trial = _trial(*facts)
    assert (trial["ecog_low"], trial["ecog_high"], trial["kps_low"]) == (*ecog, kps)
    assert trial["performance_converted"] == converted
    assert trial["conflicts"] is None


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("Under 18: no\nAdults (18-64 years): yes\nElderly (>= 65 years): yes", 18, None),
        ("Adults (18-64 years): yes\nElderly (>= 65 years): no", 18, 64),
        ("Adults (18-64 years): no\nElderly (>= 65 years): no", None, None),
        ("Age group: 65+ years, 18-64 years", 18, None),
        ("Age group: 0-17 years", 0, 17),
        # what criteria state is narrower
        ("- Age > 20 years\n\nAdults (18-64 years): yes\nElderly (>= 65 years): no", 20, 64),
        ("- Age 20 to 70 years\n\nAdults (18-64 years): yes\nElderly (>= 65 years): no", 20, 70),
        ("- Age > 70 years\n\nAdults (18-64 years): yes\nElderly (>= 65 years): no", 70, None),
        ("- Age < 2 years\n\nAge group: 0-17 years", 0, 2),
    ],
)
def test_age_groups_of_a_registry_are_united(text: str, low: float | None, high: float | None) -> None:
    text = f"Inclusion Criteria:\n{text}\n"
    trial = make_document_rows("doc", text, shared_extractor().annotate(text))["trials"][0]
    assert (trial["age_low"], trial["age_high"], trial["conflicts"]) == (low, high, None)


@pytest.mark.parametrize(
    ("facts", "labs", "conflicts"),
    [
        ((_lab("hemoglobin", 9), _lab("alt", None, 2.5, "ULN")), "hemoglobin ≥ 9 g/dL; alt ≤ 2.5 ULN", None),
        ((_lab("platelets", 100000, unit="/uL"),), "platelets ≥ 100 10*3/uL", None),
        ((_lab("platelets", None, 100, "10*9/L", **OUT),), "platelets > 100 10*3/uL", None),
        ((_lab("hemoglobin", 9), _lab("hemoglobin", 5.6, unit="mmol/L")), "hemoglobin ≥ 9 g/dL", None),
        (
            (_lab("hemoglobin", 9), _lab("hemoglobin", 10)),
            "hemoglobin ≥ 10 g/dL",
            "hemoglobin: 9 and 10 g/dL as lower limit (10 taken)",
        ),
        (
            (_lab("creatinine", None, 1.5, "mg/dL"), _lab("creatinine", None, 2, "ULN")),
            "creatinine ≤ 1.5 mg/dL; creatinine ≤ 2 ULN",
            None,
        ),
        (
            (_lab("creatinine", 2, unit="mg/dL"), _lab("creatinine", None, 1, "mg/dL")),
            None,
            "creatinine: ≥ 2 and ≤ 1 mg/dL exclude each other (none taken)",
        ),
        (
            (_lab("hemoglobin", None, 8), _lab("hemoglobin", None, 9, **OUT)),
            None,
            "hemoglobin: > 9 and ≤ 8 g/dL, nobody left",
        ),
        (
            (_lab("alt", None, 2.5, "ULN", any_of=1), _lab("alt", None, 5, "ULN", any_of=1, condition="if metastases")),
            "alt ≤ 2.5 ULN",
            None,
        ),
        (
            (_lab("alt", None, 2.5, "ULN", any_of=1), _lab("alt", None, 5, "ULN", any_of=1)),
            "alt ≤ 5 ULN",
            None,
        ),
        (
            (_lab("hemoglobin", 12, any_of=1, condition="men"), _lab("hemoglobin", 11, any_of=1, condition="women")),
            "hemoglobin ≥ 11 g/dL",
            None,
        ),
        (
            (_lab("hemoglobin", 9, any_of=1), _lab("hemoglobin", 5.6, unit="mmol/L", any_of=1)),
            "hemoglobin ≥ 9 g/dL",
            None,
        ),
        (
            (
                _lab("creatinine", None, 1.5, "mg/dL", any_of=2),
                _lab("creatinine_clearance", 60, unit="mL/min", any_of=2, condition="creatinine above"),
                _lab("platelets", 100, unit="10*9/L"),
            ),
            "platelets ≥ 100 10*3/uL; creatinine ≤ 1.5 mg/dL or creatinine_clearance ≥ 60 mL/min",
            None,
        ),
        (
            (_lab("creatinine", None, 1.5, "mg/dL", any_of=1), _lab("creatinine", None, 2, "ULN", any_of=1)),
            "creatinine ≤ 1.5 mg/dL or creatinine ≤ 2 ULN",
            None,
        ),
        ((_lab("sodium", 130, 150, "mmol/L", any_of=1, **OUT), _lab("alt", None, 2, "ULN", any_of=1)), None, None),
        ((_lab("hemoglobin", 3, 5), _lab("hemoglobin", 4, 6, condition="for men")), "hemoglobin 3–5 g/dL", None),
        ((_lab("potassium", None, 5, None),), "potassium ≤ 5 (no unit)", None),
        ((_lab("hba1c", 53, unit="mmol/mol"),), "hba1c ≥ 53 mmol/mol", None),
        ((_lab("no_such_test", 1),), "no_such_test ≥ 1 g/dL", None),
        ((_lab("platelets", 5, unit="/uL", plausible=False),), None, None),
        ((_lab("sodium", 130, 150, "mmol/L", **OUT),), None, None),
    ],
)
def test_labs(facts: tuple[Fact, ...], labs: str | None, conflicts: str | None) -> None:
    trial = _trial(*facts)
    assert (trial["labs"], trial["conflicts"]) == (labs, conflicts)


def test_an_exception_limits_nobody() -> None:
    text = "Exclusion: diabetes unless HbA1c ≤ 8 %"
    fact = fact_in(text, "≤ 8 %", "LAB", analyte="hba1c", high=8, high_inclusive=True, unit="%", polarity="exclusion")
    tables = make_frames([("doc", text, Annotation((fact,)))])
    assert tables["labs"]["eligible_form"].tolist() == ["exception"]
    assert tables["trials"]["labs"].isna().all()


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
    assert find_nct_id(doc_id, text) == expected


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
            ((Regimen((0, 1), None, None, (50, 50)),), "50 Gy"),
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
