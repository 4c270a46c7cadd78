"""LAB: the case in which a threshold holds, and thresholds that are such a case themselves."""

from __future__ import annotations

import pytest

from tests.extraction.labels.cases import INCLUSION, facts

Read = list[tuple[str, str, str | None]]  # analyte, what the span begins with, condition ("?" is conditional)


def read(text: str) -> Read:
    found = facts(INCLUSION + text, "LAB")
    conditions = ["?" if f.attributes.get("conditional") else f.attributes.get("condition") for f in found]
    return [
        (str(f.attributes["analyte"]), f.text, None if c is None else str(c))
        for f, c in zip(found, conditions, strict=True)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Platelets ≥ 60,000/uL (without marrow involvement, measured within 10 days)",
            [("platelets", "≥ 60,000/uL", "without marrow involvement")],
        ),
        (
            "Bilirubin ≤ ULN (subjects with Gilbert's syndrome may have a bilirubin of up to 2 x ULN)",
            [
                ("bilirubin_total", "≤ ULN", None),
                ("bilirubin_total", "up to 2 x ULN", "subjects with Gilbert's syndrome"),
            ],
        ),
        (
            "Bilirubin < 1.4 mg/dL (patients with Gilbert's syndrome allowed)",
            [("bilirubin_total", "< 1.4 mg/dL", None)],
        ),
        ("ALT ≤ 6 x ULN (central laboratory) if liver metastases", [("alt", "≤ 6 x ULN", "if liver metastases")]),
        ("HDL < 45 mg/dL in women or treatment with a statin", [("hdl", "< 45 mg/dL", "in women")]),
        (
            "For patients without cirrhosis (or fibrosis), bilirubin ≤ 1.5 x ULN, ALP ≤ 3 x ULN; platelets ≥ 90,000/uL",
            [
                ("bilirubin_total", "≤ 1.5 x ULN", "For patients without cirrhosis (or fibrosis)"),
                ("alp", "≤ 3 x ULN", "For patients without cirrhosis (or fibrosis)"),
                ("platelets", "≥ 90,000/uL", None),
            ],
        ),
        (
            "Serum creatinine by age:\n  - 3 to < 6 years: 0.8 mg/dL\n  - 1.6 mg/dL (≥ 15 years of age)",
            [("creatinine", "0.8 mg/dL", "3 to < 6 years"), ("creatinine", "1.6 mg/dL", "≥ 15 years of age")],
        ),
        (
            "Paediatric patients (age < 16): creatinine clearance ≥ 80 mL/min",
            [("creatinine_clearance", "≥ 80 mL/min", "Paediatric patients (age < 16)")],
        ),
        (
            "Bilirubin up to 4 mg/dL is permitted in Gilbert's disease",
            [("bilirubin_total", "up to 4 mg/dL", "in Gilbert's disease")],
        ),
        (
            "GPT ≤ 3 x ULN (in case of liver metastases GPT ≤ 6 x ULN)",
            [("alt", "≤ 3 x ULN", None), ("alt", "≤ 6 x ULN", "in case of liver metastases")],
        ),
        (
            "Creatinine: males 15 years and over ≤ 1.6 mg/dL; ≤ 1.1 mg/dL below 15 years",
            [
                ("creatinine", "≤ 1.6 mg/dL", "males 15 years and over"),
                ("creatinine", "≤ 1.1 mg/dL", "below 15 years"),
            ],
        ),
        (
            "Ferritin (females > 300 ng/ml, males > 450 ng/ml)",
            [("ferritin", "> 300 ng/ml", "females"), ("ferritin", "> 450 ng/ml", "males")],
        ),
        (
            "Men: Hb ≥ 12 g/dL; Women: Hb ≥ 11 g/dL",
            [("hemoglobin", "≥ 12 g/dL", "Men"), ("hemoglobin", "≥ 11 g/dL", "Women")],
        ),
        (
            "Creatinine < 1.4 mg/dl for females or < 1.5 mg/dl for males",
            [("creatinine", "< 1.4 mg/dl", "for females"), ("creatinine", "< 1.5 mg/dl", "for males")],
        ),
        (
            "Patients with known liver metastases who have an ALT ≤ 5x ULN",
            [("alt", "≤ 5x ULN", "Patients with known liver metastases")],
        ),
        (
            "Bilirubin ≤ 2.5 x ULN unless due to infiltration by AML, Gilbert's syndrome, or hemolysis",
            [
                (
                    "bilirubin_total",
                    "≤ 2.5 x ULN",
                    "unless due to infiltration by AML, Gilbert's syndrome, or hemolysis",
                )
            ],
        ),
        (
            "Bilirubin ≤ 1.5 x ULN (unless due to Gilbert syndrome, in which case it should be ≤ 3.0 x ULN)",
            [("bilirubin_total", "≤ 1.5 x ULN", None), ("bilirubin_total", "≤ 3.0 x ULN", "due to Gilbert syndrome")],
        ),
        (
            "ALT > 2.5 x ULN (if related to liver metastases > 5 x ULN)",
            [("alt", "> 2.5 x ULN", None), ("alt", "> 5 x ULN", "if related to liver metastases")],
        ),
        (
            "ALP ≤ 3 x ULN (if liver metastases, ≤ 5 x ULN)",
            [("alp", "≤ 3 x ULN", None), ("alp", "≤ 5 x ULN", "if liver metastases")],
        ),
        (
            "ALT ≤ 2.5 times ULN (≤ 5 times if liver metastases)",
            [("alt", "≤ 2.5 times ULN", None), ("alt", "≤ 5 times", "if liver metastases")],
        ),
        (
            "If bilirubin ≤ 1.5 x ULN, AST may be ≤ 5 x ULN",
            [("bilirubin_total", "≤ 1.5 x ULN", "?"), ("ast", "≤ 5 x ULN", "If bilirubin ≤ 1.5 x ULN")],
        ),
        (
            "Creatinine < 1.0 mg/dL; if creatinine > 1.0 mg/dL, then GFR > 60 mL/min",
            [
                ("creatinine", "< 1.0 mg/dL", None),
                ("creatinine", "> 1.0 mg/dL", "?"),
                ("egfr", "> 60 mL/min", "if creatinine > 1.0 mg/dL"),
            ],
        ),
        ("If TSH is > 10 mIU/L, the subject is not eligible", [("tsh", "> 10 mIU/L", None)]),
        (
            "Cohort A: Hb ≥ 9 g/dL, platelets ≥ 100 x 10^9/L",
            [("hemoglobin", "≥ 9 g/dL", "Cohort A"), ("platelets", "≥ 100 x 10^9/L", "Cohort A")],
        ),
        (
            "ESR < 50 mm/h without B symptoms, < 30 mm/h with B symptoms",
            [("esr", "< 50 mm/h", "without B symptoms"), ("esr", "< 30 mm/h", "with B symptoms")],
        ),
        (
            "Isolated bilirubin > 1.5 x ULN is acceptable if bilirubin is fractionated and direct bilirubin < 35%",
            [
                (
                    "bilirubin_total",
                    "> 1.5 x ULN",
                    "if bilirubin is fractionated and direct bilirubin < 35%",
                ),
                ("bilirubin_direct", "< 35%", "?"),
            ],
        ),
        (
            "ALP ≤ 2.5 x ULN. In patients with bone metastases: ≤ 5 x ULN",
            [("alp", "≤ 2.5 x ULN", None), ("alp", "≤ 5 x ULN", "In patients with bone metastases")],
        ),
        ("ALT ≤ 1.5 x ULN for age", [("alt", "≤ 1.5 x ULN", None)]),
        ("PaCO2 < 45 mmHg on room air arterial blood gas", [("paco2", "< 45 mmHg", None)]),
    ],
)
def test_condition(text: str, expected: Read) -> None:
    assert read(text) == expected


def test_a_heading_says_in_which_case_its_criteria_hold() -> None:
    text = "Exclusion criteria when tissue is taken:\n- Platelets < 90,000/uL\n\nExclusion criteria:\n- ALT > 3 x ULN"
    conditions = [fact.attributes.get("condition") for fact in facts(text, "LAB")]
    assert conditions == ["when tissue is taken", None]
