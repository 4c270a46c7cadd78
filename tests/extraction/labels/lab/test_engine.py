"""What is read of LAB in harder texts than the rules' examples."""

from __future__ import annotations

import pytest

from tests.extraction.labels.cases import (
    EXCLUSION,
    INCLUSION,
    Case,
    at_least,
    at_most,
    check,
    facts,
    ids,
    less_than,
    more_than,
    within,
)
from trialsift.model.fact import Scalar

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
# what scraping does to numbers, units and names
DAMAGED: list[Case] = [
    (INCLUSION + "WBC > 3.0 x\n             10^9/l", [("> 3.0 x\n             10^9/l", more_than(3, unit="10*9/L"))]),
    (
        INCLUSION + "ANC ≥ 1.5 109/L Platelet count ≥ 100 109/L",
        [("≥ 1.5 109/L", at_least(1.5, unit="10*9/L")), ("≥ 100 109/L", at_least(100, unit="10*9/L"))],
    ),
    (INCLUSION + "Granulocytes < 10 9/L", [("< 10 9/L", less_than(1e9, unit="/L"))]),
    (INCLUSION + "Platelets ≥ 100 x 10x9/L", [("≥ 100 x 10x9/L", at_least(100, unit="10*9/L"))]),
    (INCLUSION + "ANC < 1.5*1,000,000,000 cells/L", [("< 1.5*1,000,000,000 cells/L", less_than(1.5, unit="10*9/L"))]),
    (INCLUSION + "ANC of more than 1, 500 cells/uL", [("more than 1, 500 cells/uL", more_than(1500, unit="/uL"))]),
    (INCLUSION + "ANC < 1,5000/mm3", [("< 1,5000/mm3", less_than(15000, unit="/uL"))]),
    (
        INCLUSION + "Platelets ≥ 100,000 platelet/mm3 (100 ×109/L)",
        [("≥ 100,000 platelet/mm3", at_least(100_000, unit="/uL")), ("100 ×109/L", at_least(100, unit="10*9/L"))],
    ),
    (INCLUSION + "oPlatelet count < 50,000/mm3", [("< 50,000/mm3", less_than(50_000, analyte="platelets"))]),
    (INCLUSION + "Total bilirubin2 (≤ 1.5 X ULN)", [("≤ 1.5 X ULN", at_most(1.5, analyte="bilirubin_total"))]),
    (INCLUSION + "CD4 > 200 cells/mm", [("> 200 cells/mm", more_than(200, unit="/uL"))]),
    (
        INCLUSION + "Bilirubin less that or equal to 1.5 mg.dL",
        [("less that or equal to 1.5 mg.dL", at_most(1.5, unit="mg/dL"))],
    ),
    (INCLUSION + "Hemoglobin ≥ 9.0/dl", [("≥ 9.0/dl", at_least(9, unit="g/dL"))]),
    (INCLUSION + "FSH > 40 MIU/mL", [("> 40 MIU/mL", more_than(40, unit="m[IU]/mL"))]),
    (INCLUSION + "FSH > 40 mlU/mL", [("> 40 mlU/mL", more_than(40, unit="m[IU]/mL"))]),
    (INCLUSION + "Creatinine > 135ɥmol/l", [("> 135ɥmol/l", more_than(135, unit="umol/L"))]),
    (INCLUSION + "Platelets ≥１００×１０９/Ｌ", [("≥１００×１０９/Ｌ", at_least(100, unit="10*9/L"))]),
    (INCLUSION + "CD4 count >/ 200 cells/mm3", [(">/ 200 cells/mm3", at_least(200))]),
    (INCLUSION + "HCV RNA ≥ 105 and ≤108 IU/mL", [("≥ 105 and ≤108 IU/mL", within(1e5, 1e8, unit="[IU]/mL"))]),
    (INCLUSION + "ALAT < 3N", [("< 3N", less_than(3, analyte="alt", unit="ULN"))]),
    (INCLUSION + "ALT >x 2 ULN", [(">x 2 ULN", more_than(2, unit="ULN"))]),
]
# what a threshold leaves out because another one says it, and names behind
SHARED: list[Case] = [
    (
        INCLUSION + "WBC < 4 or > 30 x 109/L",
        [("< 4", less_than(4, unit="10*9/L")), ("> 30 x 109/L", more_than(30, unit="10*9/L"))],
    ),
    (
        INCLUSION + "Creatinine ≥ 2 milligrams per deciliter (mg/dL) (177 micromoles per liter [µmol/L])",
        [
            ("≥ 2 milligrams per deciliter", at_least(2, unit="mg/dL")),
            ("177 micromoles per liter", at_least(177, unit="umol/L")),
        ],
    ),
    (
        INCLUSION + "Values ≥ 3 x ULN in two or more of the following: AST, GGT",
        [("≥ 3 x ULN", at_least(3, analyte="ast")), ("≥ 3 x ULN", at_least(3, analyte="ggt"))],
    ),
    (
        EXCLUSION + "Liver enzymes > 5 ULN (ALAT, ASAT, GGT)",
        [("> 5 ULN", more_than(5, analyte=name)) for name in ("alt", "ast", "ggt")],
    ),
    (
        INCLUSION + "HIV RNA > 50 copies/mL (but less than 400 copies/mL)",
        [("> 50 copies/mL (but less than 400 copies/mL", {"low": 50, "high": 400})],
    ),
    (
        INCLUSION + "Marrow blasts < 25% and ≥5%",
        [("< 25% and ≥5%", {"low": 5, "low_inclusive": True, "high": 25, "high_inclusive": False})],
    ),
    (
        INCLUSION + "> 1,500 granulocytes and > 50,000 platelets/ul",
        [
            ("> 1,500", more_than(1500, analyte="neutrophils")),
            ("> 50,000 platelets/ul", more_than(50_000, analyte="platelets")),
        ],
    ),
    (INCLUSION + "Plasma renin activity (PRA) < 1.5 x ULN", [("< 1.5 x ULN", less_than(1.5, analyte="renin"))]),
]
NO_LABS = [
    INCLUSION + "PSA rising in at least 3 PSA measurements",
    INCLUSION + "CD33 expression in ≥ 20% of leukemic blasts",
    INCLUSION + "Anemia defined by at least one marker of hemolysis",
    INCLUSION + "HIV RNA undetectable (limit of detection is ≥ 50 copies/mL)",
    INCLUSION + "Thrombocytopenia with ≥ 2 platelet counts in 3 months",
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
    @pytest.mark.parametrize(("text", "expected"), ids([*LABS, *DAMAGED, *SHARED]))
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
