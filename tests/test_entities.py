"""What each label reads in harder texts than its rules' own examples, and what it must leave alone."""

from __future__ import annotations

from typing import Any

import pytest

from trialsift.extraction import Extractor
from trialsift.facts import Fact, Scalar, sort_key

INCLUSION, EXCLUSION = "Inclusion Criteria:\n- ", "Exclusion Criteria:\n- "
EXTRACTOR = Extractor(context=False)
Case = tuple[str, list[tuple[str, dict[str, Scalar]]]]


def facts(text: str, label: str | None = None) -> list[Fact]:
    return [f for f in EXTRACTOR.annotate(text).facts if label in (None, f.label)]


def check(label: str, text: str, expected: list[tuple[str, dict[str, Scalar]]]) -> None:
    """Exactly these spans, and of each the attributes named."""
    found = facts(text, label)
    assert [f.text for f in found] == [span for span, _ in expected]
    for fact, (span, attributes) in zip(found, expected, strict=True):
        assert {key: fact.attributes.get(key) for key in attributes} == attributes, span
        assert text[fact.start : fact.end] == span


def ids(cases: list[Case]) -> list[Any]:
    return [pytest.param(text, expected, id=" / ".join(text.split("\n"))) for text, expected in cases]


def at_least(low: float, **more: Scalar) -> dict[str, Scalar]:
    return {"low": low, "low_inclusive": True, "high": None, "high_inclusive": None, **more}


def at_most(high: float, **more: Scalar) -> dict[str, Scalar]:
    return {"low": None, "low_inclusive": None, "high": high, "high_inclusive": True, **more}


def more_than(low: float, **more: Scalar) -> dict[str, Scalar]:
    return {"low": low, "low_inclusive": False, "high": None, "high_inclusive": None, **more}


def less_than(high: float, **more: Scalar) -> dict[str, Scalar]:
    return {"low": None, "low_inclusive": None, "high": high, "high_inclusive": False, **more}


def within(low: float, high: float, **more: Scalar) -> dict[str, Scalar]:
    return {"low": low, "low_inclusive": True, "high": high, "high_inclusive": True, **more}


def known(reason: str) -> pytest.MarkDecorator:
    """A failure that is known: the test says when it is mended."""
    return pytest.mark.xfail(strict=True, reason=reason)


AGES: list[Case] = [
    (
        INCLUSION + "Age ≥ 18 years and ≤ 75 years",
        [("≥ 18 years and ≤ 75 years", within(18, 75, unit="a", scope="trial"))],
    ),
    (
        INCLUSION + "Age >18 and <65 years old",
        [(">18 and <65 years", {"low": 18, "low_inclusive": False, "high": 65, "high_inclusive": False})],
    ),
    (INCLUSION + "Male or female aged 18 years or older", [("18 years or older", at_least(18, unit="a"))]),
    (INCLUSION + "Patients must be 18 years of age or older", [("18 years of age or older", at_least(18))]),
    (INCLUSION + "Women aged between 18 and 45", [("between 18 and 45", within(18, 45, unit="a"))]),
    (INCLUSION + "Adults, 18 years and over", [("18 years and over", at_least(18))]),
    (INCLUSION + "No younger than 18 years of age", [("No younger than 18 years", at_least(18))]),
    (INCLUSION + "Age: at least eighteen (18) years", [("at least eighteen (18) years", at_least(18))]),
    (INCLUSION + "Age &ge; 18 years", [("&ge; 18 years", at_least(18))]),
    (INCLUSION + "Age \\>= 18 years", [("\\>= 18 years", at_least(18))]),
    (INCLUSION + "Age â‰¥ 18 years", [("â‰¥ 18 years", at_least(18))]),
    (INCLUSION + "Age ≥\n  18 years", [("≥\n  18 years", at_least(18))]),
    (INCLUSION + "Children from 6 months to 5 years of age", [("from 6 months to 5 years", within(6, 60, unit="mo"))]),
    (INCLUSION + "Infants aged 6 to 12 weeks", [("6 to 12 weeks", within(6, 12, unit="wk"))]),
    (INCLUSION + "18-75 years of age", [("18-75 years", within(18, 75))]),
    (INCLUSION + "Age 18 years", [("18 years", at_least(18, operator_inferred=True))]),
    (EXCLUSION + "Age under 18 years", [("under 18 years", less_than(18, polarity="exclusion"))]),
    (EXCLUSION + "Patients under the age of 18", [("under the age of 18", less_than(18, polarity="exclusion"))]),
    (EXCLUSION + "Age < 18 or > 75 years", [("< 18", less_than(18)), ("> 75 years", more_than(75))]),
    (INCLUSION + "Women ≥ 50 years of age must have a mammogram", [("≥ 50 years", at_least(50))]),
    (
        "Ages Eligible for Study: 18 Years to 100 Years (Adult, Older Adult)",
        [("18 Years to 100 Years", within(18, 100))],
    ),
    ("Ages Eligible for Study: 18 Years and older (Adult, Older Adult)", [("18 Years and older", at_least(18))]),
    ("Inclusion Criteria:\nAge:\n  - ≥ 18 years", [("≥ 18 years", at_least(18))]),
    ("Eligible patients were aged 18 to 70 years.", [("18 to 70 years", within(18, 70, polarity="inclusion"))]),
]
NO_AGES = [
    "The mean age was 55.7 years.",
    "The median age of the cohort was 61 years (range 34-80).",
    "A 58 years old male was treated with radiotherapy.",
    "We report a 12-year-old girl.",
    "Patients were 61 ± 9 years old on average.",
    "aged 63.2 +/- 8.1 years",
    "A follow-up of at least 5 years is planned.",
    "Overall survival at 5 years was 60 %.",
    INCLUSION + "Life expectancy of at least 3 months",
    INCLUSION + "Life expectancy > 2 years",
    INCLUSION + "No other cancer within the last 5 years",
    INCLUSION + "Disease free for at least 5 years",
    EXCLUSION + "Treatment within 4 weeks before enrolment",
    INCLUSION + "Negative pregnancy test within 7 days of the first dose",
    INCLUSION + "Postmenopausal for more than 2 years",
    INCLUSION + "Diagnosis more than 6 months ago",
    INCLUSION + "Archival tissue no more than 2 years old",
    INCLUSION + "Gestational age ≥ 34 weeks",
    "First posted on August 29, 2018",
    "adult patients",
    INCLUSION + "Willing to use contraception for 6 months after the last dose",
    INCLUSION + "Smokers of more than 20 pack-years",
    "The study will last 5 years or more.",
]


class TestAge:
    @pytest.mark.parametrize(("text", "expected"), ids(AGES))
    def test_limit(self, text: str, expected: list[tuple[str, dict[str, Scalar]]]) -> None:
        check("AGE", text, expected)

    @pytest.mark.parametrize("text", NO_AGES)
    def test_no_limit(self, text: str) -> None:
        assert [f.text for f in facts(text, "AGE")] == []

    @pytest.mark.parametrize(
        ("text", "scope"),
        [
            ("Age ≥ 18 years", "trial"),
            pytest.param(
                "Women ≥ 50 years of age must have had a mammogram",
                "subgroup",
            ),
            pytest.param(
                "If the patient is ≥ 65 years of age, a geriatric screen",
                "subgroup",
            ),
            ("Karnofsky ≥ 70 for patients > 16 years of age", "subgroup"),
            ("Male or female aged ≥ 18 years", "trial"),
            ("Patients aged 18 to 75 years", "trial"),
            pytest.param(
                "Lansky for patients younger than 16 years of age ≥ 50",
                "subgroup",
                marks=known("`of age ≥ 50` is read as an age"),
            ),
        ],
    )
    def test_scope(self, text: str, scope: str) -> None:
        assert [f.attributes["scope"] for f in facts(INCLUSION + text, "AGE")] == [scope]


STATUS: list[Case] = [
    (INCLUSION + "ECOG performance status of 0", [("0", {"scale": "ECOG", "low": 0, "high": 0})]),
    (INCLUSION + "ECOG ≤ 2", [("≤ 2", {"scale": "ECOG", "low": 0, "high": 2})]),
    (INCLUSION + "ECOG < 2", [("< 2", {"low": 0, "high": 1})]),
    (INCLUSION + "ECOG PS 0, 1, or 2", [("0, 1, or 2", {"low": 0, "high": 2})]),
    (INCLUSION + "ECOG 0/1", [("0/1", {"low": 0, "high": 1})]),
    (INCLUSION + "ECOG performance status (PS) of 0 to 1", [("0 to 1", {"low": 0, "high": 1})]),
    (
        INCLUSION + "Eastern Cooperative Oncology Group (ECOG) Performance Status of zero or one",
        [("zero or one", {"low": 0, "high": 1})],
    ),
    (INCLUSION + "ECOG performance status â‰¤ 1", [("â‰¤ 1", {"low": 0, "high": 1})]),
    (INCLUSION + "ECOG performance status \\<= 1", [("\\<= 1", {"low": 0, "high": 1})]),
    (INCLUSION + "ECOG performance status &le; 1", [("&le; 1", {"low": 0, "high": 1})]),
    (EXCLUSION + "ECOG ≥ 2", [("≥ 2", {"low": 2, "high": 5, "polarity": "exclusion"})]),
    (EXCLUSION + "ECOG performance status > 2", [("> 2", {"low": 3, "high": 5})]),
    (INCLUSION + "KPS ≥ 70", [("≥ 70", {"scale": "KPS", "low": 70, "high": 100})]),
    (INCLUSION + "Karnofsky performance status > 60 %", [("> 60 %", {"scale": "KPS", "low": 70, "high": 100})]),
    (INCLUSION + "Karnofsky Performance Score 70-100%", [("70-100%", {"scale": "KPS", "low": 70, "high": 100})]),
    (EXCLUSION + "Karnofsky performance status < 70", [("< 70", {"scale": "KPS", "low": 0, "high": 60})]),
    (INCLUSION + "Lansky ≥ 50", [("≥ 50", {"scale": "Lansky", "low": 50, "high": 100})]),
    (
        INCLUSION + "WHO performance status 0-1",
        [("0-1", {"scale": "ECOG", "scale_as_written": "WHO", "low": 0, "high": 1})],
    ),
    (INCLUSION + "Zubrod 0-2", [("0-2", {"scale": "ECOG", "scale_as_written": "Zubrod", "low": 0, "high": 2})]),
    (
        INCLUSION + "GOG performance status of 0, 1, or 2",
        [("0, 1, or 2", {"scale_as_written": "GOG", "low": 0, "high": 2})],
    ),
    (
        INCLUSION + "ECOG 0-1 or Karnofsky ≥ 70",
        [("0-1", {"scale": "ECOG", "high": 1}), ("≥ 70", {"scale": "KPS", "low": 70})],
    ),
    (
        INCLUSION + "ECOG ≤ 2 (Karnofsky ≥ 60%)",
        [("≤ 2", {"scale": "ECOG", "high": 2}), ("≥ 60%", {"scale": "KPS", "low": 60})],
    ),
    (
        INCLUSION + "WHO Performance Status 2",
        [("2", {"scale": "ECOG", "low": 0, "high": 2, "operator_inferred": True})],
    ),
    ("Inclusion Criteria:\nPerformance status:\n  - ECOG 0-2", [("0-2", {"scale": "ECOG", "low": 0, "high": 2})]),
    ("Inclusion Criteria:\nPerformance status:\n  - 0-2", [("0-2", {"scale": "ECOG", "low": 0, "high": 2})]),
]
NO_STATUS = [
    "WHO grade 3 glioma",
    "ECOG 3311 enrolled 519 patients",
    "ECOG-ACRIN EA5142",
    "WHO classification 2016",
    INCLUSION + "NYHA class ≤ 2",
    "the PS was assessed",
    INCLUSION + "Grade ≤ 2 toxicity by CTCAE 4.0",
    "performance status was recorded on day 1 of each cycle",
]


class TestPerformanceStatus:
    @pytest.mark.parametrize(("text", "expected"), ids(STATUS))
    def test_limit(self, text: str, expected: list[tuple[str, dict[str, Scalar]]]) -> None:
        check("PERFORMANCE_STATUS", text, expected)

    @pytest.mark.parametrize("text", NO_STATUS)
    def test_no_limit(self, text: str) -> None:
        assert [f.text for f in facts(text, "PERFORMANCE_STATUS")] == []


LABS: list[Case] = [
    # coordination
    (
        INCLUSION + "ALT and AST ≤ 2.5 x ULN",
        [("≤ 2.5 x ULN", at_most(2.5, analyte="alt", unit="ULN")), ("≤ 2.5 x ULN", at_most(2.5, analyte="ast"))],
    ),
    (
        INCLUSION + "AST, ALT, and ALP < 3 x ULN",
        [("< 3 x ULN", less_than(3, analyte=a)) for a in ("alp", "alt", "ast")],
    ),
    (
        INCLUSION + "AST (SGOT)/ALT (SGPT) ≤ 2.5 X institutional upper limit of normal",
        [("≤ 2.5 X institutional upper limit of normal", at_most(2.5, analyte=a, unit="ULN")) for a in ("alt", "ast")],
    ),
    (INCLUSION + "Transaminases ≤ 3 x ULN", [("≤ 3 x ULN", at_most(3, analyte=a)) for a in ("alt", "ast")]),
    (
        INCLUSION + "Hemoglobin ≥ 9 g/dL, platelets ≥ 100,000/mm3, and ANC ≥ 1500/µL",
        [
            ("≥ 9 g/dL", at_least(9, analyte="hemoglobin")),
            ("≥ 100,000/mm3", at_least(100_000, analyte="platelets", unit="/uL")),
            ("≥ 1500/µL", at_least(1500, analyte="neutrophils", unit="/uL")),
        ],
    ),
    # elision of the operator, and exceptions
    (
        INCLUSION + "ALT ≤ 2.5 x ULN, or ≤ 5 x ULN in patients with liver metastases",
        [
            ("≤ 2.5 x ULN", at_most(2.5, condition=None)),
            ("≤ 5 x ULN", at_most(5, analyte="alt", condition="in patients with liver metastases")),
        ],
    ),
    (
        INCLUSION + "Hemoglobin ≥ 9 g/dL (5.6 mmol/L)",
        [("≥ 9 g/dL", at_least(9, unit="g/dL")), ("5.6 mmol/L", at_least(5.6, unit="mmol/L", analyte="hemoglobin"))],
    ),
    (
        INCLUSION + "Creatinine ≤ 1.5 mg/dL or creatinine clearance ≥ 60 mL/min",
        [
            ("≤ 1.5 mg/dL", at_most(1.5, analyte="creatinine")),
            ("≥ 60 mL/min", at_least(60, analyte="creatinine_clearance", unit="mL/min")),
        ],
    ),
    (
        EXCLUSION + "Sodium < 130 or > 150 mmol/L",
        [("< 130", less_than(130, analyte="sodium")), ("> 150 mmol/L", more_than(150, unit="mmol/L"))],
    ),
    # a condition that is a threshold itself
    (
        INCLUSION + "Direct bilirubin ≤ ULN if total bilirubin > 1.5 x ULN",
        [
            ("≤ ULN", at_most(1, analyte="bilirubin_direct", unit="ULN")),
            ("> 1.5 x ULN", more_than(1.5, analyte="bilirubin_total", conditional=True)),
        ],
    ),
    # lost operators
    (
        EXCLUSION + "Impaired renal function (creatinine 1.7 mg/dl)",
        [("1.7 mg/dl", at_least(1.7, analyte="creatinine", operator_inferred=True, polarity="exclusion"))],
    ),
    (INCLUSION + "Hemoglobin 9 g/dL", [("9 g/dL", at_least(9, analyte="hemoglobin", operator_inferred=True))]),
    (INCLUSION + "Creatinine 1.5 mg/dL", [("1.5 mg/dL", at_most(1.5, operator_inferred=True))]),
    # scraping damage
    (INCLUSION + "Platelets &gt; 100 x 109/L", [("&gt; 100 x 109/L", more_than(100, unit="10*9/L"))]),
    (INCLUSION + "Platelets \\> 100 x 10^9/L", [("\\> 100 x 10^9/L", more_than(100, unit="10*9/L"))]),
    (INCLUSION + "Creatinine â‰¤ 1.5&nbsp;mg/dL", [("â‰¤ 1.5&nbsp;mg/dL", at_most(1.5, unit="mg/dL"))]),
    (INCLUSION + "Creatinine ≤ 1.5 mg/\n  dL", [("≤ 1.5 mg/\n  dL", at_most(1.5, unit="mg/dL"))]),
    (INCLUSION + "Hemoglobin ³ 9 g/dL", [("³ 9 g/dL", at_least(9))]),
    (INCLUSION + "Platelets > 100.000/mm3", [("> 100.000/mm3", more_than(100_000, unit="/uL"))]),
    # brackets between the name and the threshold
    (
        INCLUSION + "Absolute neutrophil count (ANC) ≥ 1.5 x 109/L",
        [("≥ 1.5 x 109/L", at_least(1.5, analyte="neutrophils", unit="10*9/L"))],
    ),
    (INCLUSION + "Hemoglobin (without transfusion) ≥ 9 g/dL", [("≥ 9 g/dL", at_least(9))]),
    (
        INCLUSION + "Renal function (creatinine clearance ≥ 60 mL/min by Cockcroft-Gault)",
        [("≥ 60 mL/min", at_least(60, analyte="creatinine_clearance"))],
    ),
    (
        INCLUSION + "Adequate bone marrow function (ANC ≥ 1,500/mm3, platelets ≥ 100,000/mm3)",
        [
            ("≥ 1,500/mm3", at_least(1500, analyte="neutrophils")),
            ("≥ 100,000/mm3", at_least(100_000, analyte="platelets")),
        ],
    ),
    # units
    (INCLUSION + "INR ≤ 1.5", [("≤ 1.5", at_most(1.5, analyte="inr", unit="1"))]),
    (INCLUSION + "PTT ≤ 1.5 x control", [("≤ 1.5 x control", at_most(1.5, analyte="aptt", unit="1"))]),
    (INCLUSION + "Potassium > 5.0", [("> 5.0", more_than(5, analyte="potassium", unit=None))]),
    (
        INCLUSION + "HbA1c between 7.0 % and 10.5 %",
        [("between 7.0 % and 10.5 %", within(7, 10.5, analyte="hba1c", unit="%"))],
    ),
    (
        INCLUSION + "eGFR ≥ 30 mL/min/1.73 m2",
        [("≥ 30 mL/min/1.73 m2", at_least(30, analyte="egfr", unit="mL/min/{1.73_m2}"))],
    ),
    (INCLUSION + "Bilirubin ≤ ULN", [("≤ ULN", at_most(1, analyte="bilirubin_total", unit="ULN"))]),
    (
        INCLUSION + "Bilirubin > ULN but ≤ 2.5 x ULN",
        [("> ULN but ≤ 2.5 x ULN", {"low": 1, "low_inclusive": False, "high": 2.5, "high_inclusive": True})],
    ),
    (
        EXCLUSION + "Fasting glucose > 10 mmol/L (180 mg/dL)",
        [
            ("> 10 mmol/L", more_than(10, analyte="glucose")),
            ("180 mg/dL", more_than(180, analyte="glucose", unit="mg/dL")),
        ],
    ),
    # the name last, and above
    (EXCLUSION + "more than 20 % blasts", [("more than 20 %", more_than(20, analyte="blasts", unit="%"))]),
    ("Inclusion Criteria:\n- Hemoglobin:\n    - ≥ 9 g/dL\n", [("≥ 9 g/dL", at_least(9, analyte="hemoglobin"))]),
]
NO_LABS = [
    INCLUSION + "LVEF ≥ 50 %",
    INCLUSION + "BMI between 18 and 30 kg/m2",
    EXCLUSION + "QTc > 470 ms",
    EXCLUSION + "Blood pressure > 160/100 mmHg",
    INCLUSION + "FEV1 ≥ 50 % of predicted",
    INCLUSION + "PD-L1 expression ≥ 50 %",
    INCLUSION + "SpO2 ≥ 92 %",
    INCLUSION + "Tumour ≤ 5 cm",
    INCLUSION + "Bilirubin within normal limits",
    INCLUSION + "Normal ALT and AST",
    INCLUSION + "Hemoglobin measured within 14 days",
    INCLUSION + "No platelet transfusion within 7 days",
    INCLUSION + "Heart rate > 50 bpm",
    "Hemoglobin rose (p < 0.05)",
    INCLUSION + "Negative serum hCG pregnancy test within 72 hours before the first dose",
    INCLUSION + "Weight ≥ 40 kg",
    "Glucose solution 5 % was given",
    INCLUSION + "At least 10 % of cells positive for the oestrogen receptor",
    INCLUSION + "Ki-67 ≥ 20 %",
    INCLUSION + "CD34+ cells ≥ 2 x 10^6/kg in the graft",
]


class TestLab:
    @pytest.mark.parametrize(("text", "expected"), ids(LABS))
    def test_threshold(self, text: str, expected: list[tuple[str, dict[str, Scalar]]]) -> None:
        check("LAB", text, expected)

    def test_a_condition_is_of_the_exception_only(self) -> None:
        check(
            "LAB",
            INCLUSION + "AST less than 2.5 x ULN (5 x ULN if liver metastases)",
            [
                ("less than 2.5 x ULN", less_than(2.5, analyte="ast", condition=None)),
                ("5 x ULN", less_than(5, analyte="ast", condition="if liver metastases", operator_inferred=None)),
            ],
        )

    def test_a_condition_behind_two_units_is_of_both(self) -> None:
        check(
            "LAB",
            EXCLUSION + "Hb < 9 g/dl (5.6 mmol/l) for men",
            [
                ("< 9 g/dl", less_than(9, condition="for men")),
                ("5.6 mmol/l", less_than(5.6, condition="for men", unit="mmol/L")),
            ],
        )

    @pytest.mark.parametrize(
        ("text", "analyte", "unit"),
        [
            ("HEMOGLOBIN ≥ 9 g/dL", "hemoglobin", "g/dL"),
            ("PLATELET COUNT ≥ 100 /MM3", "platelets", "/uL"),
            ("SERUM CREATININE ≤ 1.5 MG/DL", "creatinine", "mg/dL"),
            ("BILIRUBIN ≤ 1.5 X UPPER LIMIT OF NORMAL", "bilirubin_total", "ULN"),
            pytest.param(
                "PLATELETS ≥ 100,000/MM3",
                "platelets",
                "/uL",
            ),
            pytest.param(
                "NEUTROPHILS ≥ 1500/µL",
                "neutrophils",
                "/uL",
            ),
            pytest.param(
                "HEMOGLOBIN ≥ 9 G/DL",
                "hemoglobin",
                "g/dL",
            ),
        ],
    )
    def test_in_capitals(self, text: str, analyte: str, unit: str) -> None:
        [fact] = facts(INCLUSION + text, "LAB")
        assert (fact.attributes["analyte"], fact.attributes["unit"]) == (analyte, unit)

    @pytest.mark.parametrize("text", NO_LABS)
    def test_no_threshold(self, text: str) -> None:
        assert [(f.text, f.attributes["analyte"]) for f in facts(text, "LAB")] == []


def gray(low: float | None, high: float | None, role: str, **more: Scalar) -> dict[str, Scalar]:
    return {"modality": "radiation", "unit": "Gy", "low": low, "high": high, "role": role, **more}


RADIATION: list[Case] = [
    ("Patients receive 60 Gy in 30 fractions.", [("60 Gy", gray(60, 60, "total", boost=None))]),
    ("66 Gy in 33 fractions of 2 Gy", [("66 Gy", gray(66, 66, "total")), ("2 Gy", gray(2, 2, "per_fraction"))]),
    ("5 x 5 Gy", [("5 Gy", gray(5, 5, "per_fraction"))]),
    ("2 Gy x 25", [("2 Gy", gray(2, 2, "per_fraction"))]),
    ("8 Gy x 1", [("8 Gy", gray(8, 8, "per_fraction"))]),
    ("8 Gy single fraction", [("8 Gy", gray(8, 8, "total"))]),
    ("50/2 Gy", [("50", gray(50, 50, "total")), ("2 Gy", gray(2, 2, "per_fraction"))]),
    ("50 Gy/25 fr", [("50 Gy", gray(50, 50, "total"))]),
    (
        "5040 cGy in 28 fractions of 180 cGy",
        [("5040 cGy", gray(50.4, 50.4, "total", unit_as_written="cGy")), ("180 cGy", gray(1.8, 1.8, "per_fraction"))],
    ),
    ("70 Gy(RBE) in 35 fractions", [("70 Gy(RBE)", gray(70, 70, "total", unit_as_written="Gy(RBE)"))]),
    ("a total dose of 74 CGE", [("74 CGE", gray(74, 74, "total", unit_as_written="CGE"))]),
    ("45-50.4 Gy in 25-28 fractions", [("45-50.4 Gy", gray(45, 50.4, "total"))]),
    ("up to 66 Gy in 33 fractions", [("up to 66 Gy", gray(None, 66, "total"))]),
    ("Maximum dose will be 12 Gy", [("Maximum dose will be 12 Gy", gray(None, 12, "total"))]),
    (
        "10, 15 and 20 Gy in a single fraction",
        [("10", gray(10, 10, "total")), ("15", gray(15, 15, "total")), ("20 Gy", gray(20, 20, "total"))],
    ),
    ("50 versus 60 Gy", [("50", gray(50, 50, "total")), ("60 Gy", gray(60, 60, "total"))]),
    (
        "50 Gy in 25 fractions followed by a boost of 10 Gy in 5 fractions",
        [("50 Gy", gray(50, 50, "total", boost=None)), ("10 Gy", gray(10, 10, "total", boost=True))],
    ),
    (
        "46 Gy, then a 14 Gy boost",
        [("46 Gy", gray(46, 46, "total", boost=None)), ("14 Gy", gray(14, 14, "total", boost=True))],
    ),
    ("66 Gy without a boost", [("66 Gy", gray(66, 66, "total", boost=None))]),
    ("Dmax of the spinal cord 45 Gy", [("45 Gy", gray(45, 45, "other"))]),
    ("The mean lung dose must be ≤ 20 Gy", [("≤ 20 Gy", gray(None, 20, "other"))]),
    ("V20 Gy < 30 %, a BED of 100 Gy", [("100 Gy", gray(100, 100, "other"))]),
    ("at a dose rate of 10 cGy/min", [("10 cGy", gray(0.1, 0.1, "other"))]),
    ("in increments of 2 Gy", [("2 Gy", gray(2, 2, "other"))]),
    (
        EXCLUSION + "Prior radiotherapy of more than 30 Gy",
        [("more than 30 Gy", gray(30, None, "other", low_inclusive=False, polarity="exclusion"))],
    ),
    ("total of 60&nbsp;Gy", [("60&nbsp;Gy", gray(60, 60, "total"))]),
    ("total dose of 60\nGy", [("60\nGy", gray(60, 60, "total"))]),
    (
        "1.8 Gy per fraction, five days a week, to 45 Gy",
        [("1.8 Gy", gray(1.8, 1.8, "per_fraction")), ("45 Gy", gray(45, 45, "total"))],
    ),
    ("twenty-five fractions of 2 Gy", [("2 Gy", gray(2, 2, "per_fraction"))]),
]
FRACTIONS: list[Case] = [
    ("60 Gy in 30 fractions", [("30 fractions", {"low": 30, "high": 30})]),
    ("15-20 fractions", [("15-20 fractions", {"low": 15, "high": 20})]),
    ("5x5 Gy", [("5x", {"low": 5, "high": 5})]),
    ("25 x 2 Gy", [("25 x", {"low": 25, "high": 25})]),
    ("2 Gy x 25", [("x 25", {"low": 25, "high": 25})]),
    ("2 Gy × 25 fractions", [("25 fractions", {"low": 25, "high": 25})]),
    ("8 Gy single fraction", [("single fraction", {"low": 1, "high": 1})]),
    ("50 Gy/25 fr", [("25 fr", {"low": 25})]),
    ("60 Gy/30", [("30", {"low": 30})]),
    ("in five fractions", [("five fractions", {"low": 5})]),
    ("SBRT in 3 to 5 fractions", [("3 to 5 fractions", {"low": 3, "high": 5})]),
    ("30 Gy in 10 daily fractions, 5 fractions per week", [("10 daily fractions", {"low": 10})]),
    ("45 Gy given in 25 fractions over 5 weeks", [("25 fractions", {"low": 25})]),
    ("30 Gy in 10 fractions or 20 Gy in 5 fractions", [("10 fractions", {"low": 10}), ("5 fractions", {"low": 5})]),
]
NO_RADIATION = [
    "5 fractions per week",
    "one fraction a day",
    "once daily",
    "an α/β ratio of 10 Gy",
    "alpha/beta of 3 Gy",
    "with α/β = 10 Gy",
    "6 MV photons",
    "a margin of 5 mm around the CTV",
    "an ejection fraction of 55 %",
    "6 cycles of chemotherapy",
    "10 x 10 cm field",
    "NCT01234567 started on 12/05/2018",
    "at the first fraction",
    "RTOG 0915",
    "grade 2 or worse (p = 0.03)",
    "on days 1, 8 and 15",
    "slices of 3 mm",
    "a bound fraction of 5 %",
    "2 x daily",
    "follow-up at 6 and 12 months",
]


class TestRadiotherapy:
    @pytest.mark.parametrize(("text", "expected"), ids(RADIATION))
    def test_dose(self, text: str, expected: list[tuple[str, dict[str, Scalar]]]) -> None:
        check("DOSE", text, expected)

    @pytest.mark.parametrize(("text", "expected"), ids(FRACTIONS))
    def test_fractions(self, text: str, expected: list[tuple[str, dict[str, Scalar]]]) -> None:
        check("FRACTIONS", text, expected)

    @pytest.mark.parametrize("text", NO_RADIATION)
    def test_neither(self, text: str) -> None:
        assert [(f.label, f.text) for f in facts(text) if f.label in ("DOSE", "FRACTIONS")] == []


def drug(low: float | None, high: float | None, unit: str, agent: str | None, **more: Scalar) -> dict[str, Scalar]:
    return {"modality": "drug", "unit": unit, "low": low, "high": high, "agent": agent, **more}


DRUGS: list[Case] = [
    ("cisplatin 75 mg/m2 on day 1", [("75 mg/m2", drug(75, 75, "mg/m2", "cisplatin"))]),
    (
        "Cisplatin 75 mg/m² and etoposide 100 mg/m²",
        [("75 mg/m²", drug(75, 75, "mg/m2", "cisplatin")), ("100 mg/m²", drug(100, 100, "mg/m2", "etoposide"))],
    ),
    ("doxorubicin 75 mg/sqm", [("75 mg/sqm", drug(75, 75, "mg/m2", "doxorubicin", unit_as_written="mg/sqm"))]),
    (
        "trastuzumab 8 mg/kg loading dose, then 6 mg/kg every 3 weeks",
        [("8 mg/kg", drug(8, 8, "mg/kg", "trastuzumab")), ("6 mg/kg", drug(6, 6, "mg/kg", "trastuzumab"))],
    ),
    ("carboplatin AUC 5", [("AUC 5", drug(5, 5, "AUC", "carboplatin"))]),
    ("carboplatin (AUC 5-6)", [("AUC 5-6", drug(5, 6, "AUC", "carboplatin"))]),
    ("aspirin 81 or 325 mg", [("81", drug(81, 81, "mg", "aspirin")), ("325 mg", drug(325, 325, "mg", "aspirin"))]),
    (
        EXCLUSION + "Prednisone > 10 mg/day",
        [("> 10 mg/day", drug(10, None, "mg/d", "prednisone", low_inclusive=False, polarity="exclusion"))],
    ),
    (EXCLUSION + "More than 10 mg daily of prednisone", [("More than 10 mg", drug(10, None, "mg", "prednisone"))]),
    ("7.4 GBq of 177Lu-PSMA-617", [("7.4 GBq", drug(7.4, 7.4, "GBq", "177lu-psma-617"))]),
    ("pembrolizumab 200 mg every 3 weeks", [("200 mg", drug(200, 200, "mg", "pembrolizumab"))]),
    ("oxaliplatin at 130 mg/m", [("130 mg/m", drug(130, 130, "mg/m2", "oxaliplatin"))]),
    ("capecitabine 825-1000 mg/m2 twice daily", [("825-1000 mg/m2", drug(825, 1000, "mg/m2", "capecitabine"))]),
    ("prior doxorubicin up to 300 mg/m2", [("up to 300 mg/m2", drug(None, 300, "mg/m2", "doxorubicin"))]),
]
NO_DRUGS = [
    "hemoglobin > 9 g/dL",
    "100 mL of saline",
    "a tissue sample of 0.5 g",
    "diluted to a concentration of 5 mg/mL",
    "10 mCi of FDG for the PET scan",
    INCLUSION + "BMI > 30 kg/m2",
    INCLUSION + "Weight > 40 kg",
    "a plasma level of 5 ng/mL",
    "100 mL of iodinated contrast",
    INCLUSION + "proteinuria < 1 g/24 h",
    "AUC of the ROC curve 0.85",
]


class TestDrugDose:
    @pytest.mark.parametrize(("text", "expected"), ids(DRUGS))
    def test_dose(self, text: str, expected: list[tuple[str, dict[str, Scalar]]]) -> None:
        check("DOSE", text, expected)

    def test_agent_behind_two_doses(self) -> None:
        assert [f.attributes["agent"] for f in facts("81 or 325 mg of aspirin", "DOSE")] == ["aspirin", "aspirin"]

    @pytest.mark.parametrize("text", NO_DRUGS)
    def test_no_dose(self, text: str) -> None:
        assert [(f.text, f.attributes) for f in facts(text, "DOSE")] == []


class TestWhole:
    TEXT = (
        "A study of cisplatin 40 mg/m2 with 50.4 Gy in 28 fractions\n\n"
        "Inclusion Criteria:\n- Age ≥ 18 years\n- ECOG 0\n- ALT, AST ≤ 2.5 x ULN\n\n"
        "Exclusion Criteria:\n- Age > 75 years\n- Creatinine > 1.5 mg/dL\n"
    )

    def test_order_and_polarity(self) -> None:
        assert [(f.label, f.text, f.attributes["polarity"]) for f in facts(self.TEXT)] == [
            ("DOSE", "40 mg/m2", "none"),
            ("DOSE", "50.4 Gy", "none"),
            ("FRACTIONS", "28 fractions", "none"),
            ("AGE", "≥ 18 years", "inclusion"),
            ("PERFORMANCE_STATUS", "0", "inclusion"),
            ("LAB", "≤ 2.5 x ULN", "inclusion"),
            ("LAB", "≤ 2.5 x ULN", "inclusion"),
            ("AGE", "> 75 years", "exclusion"),
            ("LAB", "> 1.5 mg/dL", "exclusion"),
        ]

    def test_facts_are_sorted(self) -> None:
        found = facts(self.TEXT)
        assert found == sorted(found, key=sort_key)

    def test_two_facts_on_the_same_characters(self) -> None:
        one, other = facts(INCLUSION + "ALT, AST ≤ 2.5 x ULN", "LAB")
        assert (one.start, one.end) == (other.start, other.end)
        assert [one.attributes["analyte"], other.attributes["analyte"]] == ["alt", "ast"]

    def test_zero_is_kept(self) -> None:
        [fact] = facts(INCLUSION + "ECOG 0", "PERFORMANCE_STATUS")
        assert (fact.attributes["low"], fact.attributes["high"]) == (0, 0)
        assert fact.to_flat()["low"] == 0

    def test_flags_that_do_not_hold_are_absent(self) -> None:
        for fact in facts(self.TEXT):
            assert not [
                value for key, value in fact.attributes.items() if value is False and not key.endswith("_inclusive")
            ]

    def test_each_fact_has_its_sentence(self) -> None:
        annotation = EXTRACTOR.annotate(self.TEXT)
        assert len(annotation.contexts) == len(annotation.facts)
        assert all(
            start <= fact.start < fact.end <= end
            for fact, (start, end) in zip(annotation.facts, annotation.contexts, strict=True)
        )

    def test_a_fact_ends_within_its_sentence(self) -> None:
        annotation = EXTRACTOR.annotate("The dose was 60\n Gy is a unit")
        assert [
            a <= f.start and f.end <= b for f, (a, b) in zip(annotation.facts, annotation.contexts, strict=True)
        ] in ([], [True])

    @pytest.mark.parametrize(
        "text", ["", " ", "\n\n", "No number stands here.", "Signed consent", "\x00", "5", "≥", "Gy"]
    )
    def test_nothing_to_read(self, text: str) -> None:
        annotation = EXTRACTOR.annotate(text)
        assert (annotation.facts, annotation.regimens, annotation.contexts) == ((), (), ())

    @pytest.mark.parametrize(
        "text",
        [
            "NCT01234567 of 2018-03-04",
            "version 2.1",
            "call 555-123-4567",
            "grade 3-4 toxicity (CTCAE v5.0)",
            "p < 0.001",
            "HR 0.75 (95 % CI 0.6-0.9)",
            "Room 18, 75 Main Street",
            "visits on days 1, 8 and 15",
            "stage T3-4 N0",
            "at 6, 12 and 24 months",
        ],
    )
    def test_numbers_of_other_things(self, text: str) -> None:
        assert [(f.label, f.text) for f in facts(text)] == []
