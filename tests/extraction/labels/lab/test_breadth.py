"""The ways of saying one thing: which value is of which test, with which unit, pointing which way."""

from __future__ import annotations

from pathlib import Path

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
from trialsift.extraction.extractor import Extractor
from trialsift.model.fact import Scalar
from trialsift.rules.analytes import read_analytes
from trialsift.rules.files import PatternError, patterns_dir

LOST = {"operator_inferred": True}

CASES: list[Case] = [
    # both ends of one interval: an abbreviation of the unit between them, or no sign on the first
    (
        INCLUSION + "Ferritin ≥ 15 nanograms per milliliter (ng/mL) and ≤ 90 ng/mL",
        [("≥ 15 nanograms per milliliter (ng/mL) and ≤ 90 ng/mL", within(15, 90, analyte="ferritin"))],
    ),
    (INCLUSION + "HbA1c 6.8 % and ≤ 9.4 %", [("6.8 % and ≤ 9.4 %", within(6.8, 9.4, analyte="hba1c"))]),
    # a denial and its verb in front of a comparator
    (INCLUSION + "Urea is not allowed to exceed 60 mg/dL", [("not allowed to exceed 60 mg/dL", at_most(60))]),
    (INCLUSION + "Sodium must never have been below 128 mmol/L", [("never have been below 128 mmol/L", at_least(128))]),
    # a verb between a name and its value
    (EXCLUSION + "liver enzymes that were 4 x ULN", [("4 x ULN", at_least(4, **LOST))] * 2),
    ("Dabigatran began once the INR fell to < 1.9.", [("< 1.9", less_than(1.9, analyte="inr"))]),
    # two names of one test in a bracket
    (INCLUSION + "AST and alanine transaminase (ALT; SGPT) ≤ 4 x ULN", [("≤ 4 x ULN", at_most(4))] * 2),
    # something else is named far in front of the value
    (
        INCLUSION + "BP of CML is what meets any of the criteria below: ≥ 35 % blasts",
        [("≥ 35 %", at_least(35, analyte="blasts"))],
    ),
    # values one by one of several names
    (
        INCLUSION + "Neutrophils and platelets of at least 1200/mm3 and 80,000/mm3, respectively",
        [
            ("at least 1200/mm3", at_least(1200, analyte="neutrophils")),
            ("80,000/mm3", at_least(80000, analyte="platelets", unit="/uL")),
        ],
    ),
    (
        EXCLUSION + "Ferritin or cobalamin < 30 ug/L or < 150 pmol/L respectively",
        [("< 30 ug/L", less_than(30, analyte="ferritin")), ("< 150 pmol/L", less_than(150, analyte="vitamin_b12"))],
    ),
    (
        INCLUSION + "Hb/WBC: > 8 g/dL / > 2 x 10^9/L",
        [("> 8 g/dL", more_than(8, analyte="hemoglobin")), ("> 2 x 10^9/L", more_than(2, analyte="leukocytes"))],
    ),
    # units that stand with the name, or in brackets behind the number
    (INCLUSION + "Hemoglobin, g/dL: ≥ 8.5", [("≥ 8.5", at_least(8.5, unit="g/dL"))]),
    (INCLUSION + "Leukocytes (x 10^9/L) ≥ 3", [("≥ 3", at_least(3, unit="10*9/L"))]),
    (INCLUSION + "Platelets per microliter at least 60,000", [("at least 60,000", at_least(60000, unit="/uL"))]),
    (INCLUSION + "Platelets ≥ 90 (10^9/L)", [("≥ 90", at_least(90, unit="10*9/L"))]),
    (EXCLUSION + "Urine albumin > 200 mg/g", [("> 200 mg/g", more_than(200, analyte="uacr"))]),
    (INCLUSION + "Creatinine ≤ 1.8 mg", [("≤ 1.8 mg", at_most(1.8, analyte="creatinine", unit="mg"))]),
    (EXCLUSION + "MCV < 72 fL", [("< 72 fL", less_than(72, analyte="mcv", unit="fL"))]),
    (INCLUSION + "FeNO of at least 30 ppb", [("at least 30 ppb", at_least(30, analyte="feno", unit="[ppb]"))]),
    (INCLUSION + "eGFR above 35 mL/min per1.73 m2", [("above 35 mL/min per1.73 m2", more_than(35, analyte="egfr"))]),
    # what a name is explained by
    ("Adults with HbA1c (glycohemoglobin, NGSP units) ≥ 6.8%", [("≥ 6.8%", at_least(6.8, analyte="hba1c"))]),
    (
        INCLUSION + "estimated GFR (eGFR) by the Cockcroft-Gault equation of at least 45 mL/min",
        [("at least 45 mL/min", at_least(45, analyte="egfr"))],
    ),
    (
        INCLUSION + "Creatinine clearance (Cockcroft-Gault) > 55 mL/min",
        [("> 55 mL/min", more_than(55, analyte="creatinine_clearance"))],
    ),
    # classes of a scale, with what is counted in them
    (
        "eGFR (mL/min/1.73 m 2 ; n (%)) ≥ 90 21 (65.6) 15 (55.6) 60–89 5 (15.6) 4 (14.8)",
        [("≥ 90", at_least(90, analyte="egfr")), ("60–89", within(60, 89, analyte="egfr"))],
    ),
    (
        "LDL-C (mg/dL) < 100 17 (30.4%) 12 (21.8%) ≥ 100 9 (16.1%)",
        [("< 100", less_than(100, unit="mg/dL")), ("≥ 100", at_least(100, unit="mg/dL"))],
    ),
    (
        INCLUSION + "light (1-89 eggs per gram of stool) or heavy (>= 90 eggs per gram) infection",
        [("1-89", within(1, 89, analyte="egg_count")), (">= 90", at_least(90, analyte="egg_count"))],
    ),
    ("Neutrophils were low (< 1400 to ≥ 600 cells/mm3)", [("< 1400 to ≥ 600 cells/mm3", {"low": 600, "high": 1400})]),
    (
        "Anaemia (grade 1): haemoglobin between 8.4 and 10.2 g/dl; anaemia (grade 2) between 7.3 and 8.3 g/dl",
        [("between 8.4 and 10.2 g/dl", within(8.4, 10.2)), ("between 7.3 and 8.3 g/dl", within(7.3, 8.3))],
    ),
    (
        "Dosing by creatinine clearance (>65 mL/min, 4 mg; 50–65 mL/min, 3.5 mg)",
        [(">65 mL/min", more_than(65)), ("50–65 mL/min", within(50, 65, analyte="creatinine_clearance"))],
    ),
    (
        "HbA1c was grouped as follows: <6.8% (51 mmol/mol); 6.8–7.9% (51–63 mmol/mol)",
        [
            ("<6.8%", less_than(6.8)),
            ("51 mmol/mol", less_than(51, unit="mmol/mol")),
            ("6.8–7.9%", within(6.8, 7.9)),
            ("51–63 mmol/mol", within(51, 63)),
        ],
    ),
    ("PTH targets (stage 3: 36–68 pg/mL)", [("36–68 pg/mL", within(36, 68, analyte="pth"))]),
    ("Hemoglobin at the 1 st visit <8.5 g/dL", [("<8.5 g/dL", less_than(8.5, analyte="hemoglobin"))]),
    (
        INCLUSION + "creatinine clearance (by Cockcroft-Gault, MDRD or CKD-EPI formula) > 35 mL/min",
        [("> 35 mL/min", more_than(35, analyte="creatinine_clearance"))],
    ),
    # all capitals, all small letters
    ("INCLUSION CRITERIA:\n- ALBUMIN ≥ 33 G/L", [("≥ 33 G/L", at_least(33, analyte="albumin", unit="g/L"))]),
    ("INCLUSION CRITERIA:\n- PLATELETS ≥ 95 G/L", [("≥ 95 G/L", at_least(95, unit="10*9/L"))]),
    ("HIV-1 RNA < 390 C/ML", [("< 390 C/ML", less_than(390, analyte="hiv_rna", unit="{copies}/mL"))]),
    ("inclusion criteria:\n- iga < 90 mg/dl", [("< 90 mg/dl", less_than(90, analyte="iga"))]),
    (
        "Children must have iPTH ≥ 78 pg/mL (stage 3) or ≥ 115 pg/mL (stage 4)",
        [("≥ 78 pg/mL", at_least(78)), ("≥ 115 pg/mL", at_least(115, analyte="pth"))],
    ),
    # test strips
    (
        EXCLUSION + "Proteinuria > 40 mg/dL (1+) on dipstick",
        [("> 40 mg/dL", more_than(40)), ("1+", more_than(1, analyte="urine_protein"))],
    ),
    (EXCLUSION + "Proteinuria on dipstick of 3+ or greater", [("3+", at_least(3, analyte="urine_protein"))]),
    (EXCLUSION + "Proteinuria ≥ +3", [("≥ +3", at_least(3, analyte="urine_protein"))]),
    (
        INCLUSION + "≤ 4 times ULN for levels of AST and ALT",
        [("≤ 4 times ULN", at_most(4, analyte=a, unit="ULN")) for a in ("alt", "ast")],
    ),
    (INCLUSION + "Absolute neutrophil count in 10^3/µL: ≥ 1.2", [("≥ 1.2", at_least(1.2, unit="10*3/uL"))]),
    (INCLUSION + "Bilirubin ≤ 1.4 mg/dL (grade 2 or higher)", [("≤ 1.4 mg/dL", at_most(1.4))]),
    (EXCLUSION + "ALP > 2.4 x ULN and no more than 4 metastases", [("> 2.4 x ULN", more_than(2.4))]),
    # said again
    (
        INCLUSION + "Bicarbonate 19-27 mEq/L (the mean of both visits in the run-in has to be 19-27 mEq/L)",
        [("19-27 mEq/L", within(19, 27, analyte="bicarbonate"))] * 2,
    ),
    (
        INCLUSION + "Hemoglobin >= 8 g/dL (within 7 days of entry) or >= 5 mmol/L without transfusion",
        [(">= 8 g/dL", at_least(8, unit="g/dL")), (">= 5 mmol/L", at_least(5, unit="mmol/L"))],
    ),
    (
        INCLUSION + "creatinine clearance from a 24-hour urine collection of ≥ 55 ml/min",
        [("≥ 55 ml/min", at_least(55, analyte="creatinine_clearance"))],
    ),
    ("HbA1c ≤ 6.9% 41% with insulin vs 22% with placebo", [("≤ 6.9%", at_most(6.9, analyte="hba1c"))]),
    (INCLUSION + "vaginal pH > 5.2", [("> 5.2", more_than(5.2, analyte="vaginal_ph"))]),
    # lost signs
    (INCLUSION + "monocytes =0.3x10^9/L", [("=0.3x10^9/L", at_least(0.3, analyte="monocytes", **LOST))]),
    (INCLUSION + "plasma CMV DNA = 900 copies/mL", [("= 900 copies/mL", at_least(900, analyte="cmv_dna", **LOST))]),
    (INCLUSION + "Direct bilirubin = ULN", [("= ULN", at_most(1, analyte="bilirubin_direct", unit="ULN", **LOST))]),
    (EXCLUSION + "Proteinuria = 2+", [("= 2+", at_least(2, analyte="urine_protein", **LOST))]),
    (
        "Adequate marrow function was required: platelet count, =90 x 10^9/L; haemoglobin ? 95 g/L.",
        [("=90 x 10^9/L", at_least(90, **LOST)), ("? 95 g/L", at_least(95, **LOST))],
    ),
    ("Patients with bilirubin =1.4 times ULN were excluded.", [("=1.4 times ULN", at_least(1.4, **LOST))]),
    (
        "Patients were stratified by HIV RNA <90,000 and =90,000 copies/mL",
        [("<90,000", less_than(90000)), ("=90,000 copies/mL", at_least(90000))],
    ),
    # a change, and a limit behind it
    (
        "Creatinine elevations at least 40% above baseline and greater than the ULN were reported",
        [("greater than the ULN", more_than(1, analyte="creatinine", unit="ULN"))],
    ),
    (
        INCLUSION + "Potassium 3.6-5.2 mEq/L at screening (must be 3.6-5.2 mEq/L before randomization)",
        [("3.6-5.2 mEq/L", within(3.6, 5.2, analyte="potassium"))] * 2,
    ),
    # names and lists behind a value
    (EXCLUSION + "elevated (> 2 x ULN) lipase", [("> 2 x ULN", more_than(2, analyte="lipase", unit="ULN"))]),
    (EXCLUSION + "Patients with a supratherapeutic (> 3.5) INR", [("> 3.5", more_than(3.5, analyte="inr"))]),
    (
        INCLUSION + "Less than 2 times the ULN for AST, ALT and ALP",
        [("Less than 2 times the ULN", less_than(2, analyte=a)) for a in ("alp", "alt", "ast")],
    ),
    (
        INCLUSION + "at least 1800 neutrophils per mm3",
        [("at least 1800 neutrophils per mm3", at_least(1800, analyte="neutrophils", unit="/uL"))],
    ),
    # ranges in two units, and the same again
    (
        INCLUSION + "calcium ≥ 8.2 mg/dL (2.05 mmol/L) to ≤ 10.4 mg/dL (2.6 mmol/L)",
        [
            ("≥ 8.2 mg/dL (2.05 mmol/L) to ≤ 10.4 mg/dL", within(8.2, 10.4, unit="mg/dL")),
            ("2.05 mmol/L) to ≤ 10.4 mg/dL (2.6 mmol/L", within(2.05, 2.6, unit="mmol/L")),
        ],
    ),
    (
        EXCLUSION + "HbA1c above 69 mmol/mol (8.5 %)",
        [("above 69 mmol/mol", more_than(69, unit="mmol/mol")), ("8.5 %", more_than(8.5, unit="%"))],
    ),
    # bare numbers and lost operators
    (
        INCLUSION + "ANC 1800, platelets of 90,000 and hemoglobin of 8.5",
        [
            ("1800", at_least(1800, analyte="neutrophils", unit="/uL", **LOST)),
            ("90,000", at_least(90000, analyte="platelets", unit="/uL", **LOST)),
            ("8.5", at_least(8.5, analyte="hemoglobin", unit="g/dL", **LOST)),
        ],
    ),
    (INCLUSION + "NT-proBNP = 500 pg/mL", [("= 500 pg/mL", at_least(500, analyte="nt_probnp", **LOST))]),
    (INCLUSION + "PaO2/FiO2 = 150 mmHg", [("= 150 mmHg", at_most(150, analyte="pao2_fio2", **LOST))]),
    (EXCLUSION + "plasma glucose = 250 mg/dL", [("= 250 mg/dL", at_least(250, analyte="glucose", **LOST))]),
    (
        INCLUSION + "AST = 3 x ULN (= 6 x ULN with liver metastases)",
        [("= 3 x ULN", at_most(3, **LOST)), ("= 6 x ULN", at_most(6, **LOST))],
    ),
    # for others, and by way of exception
    (
        INCLUSION + "Platelets > 90 x 10^9/L for patients with glioma; or > 60 x 10^9/L for patients with lymphoma",
        [("> 90 x 10^9/L", more_than(90, analyte="platelets")), ("> 60 x 10^9/L", more_than(60, analyte="platelets"))],
    ),
    (
        EXCLUSION + "HbA1c > 9 % for the first part and > 11 % for the second",
        [("> 9 %", more_than(9, analyte="hba1c")), ("> 11 %", more_than(11, analyte="hba1c"))],
    ),
    # which name is meant
    (EXCLUSION + "PT/INR > 1.6", [("> 1.6", more_than(1.6, analyte="inr"))]),
    (EXCLUSION + "CMV DNA viremia > 500 copies/mL", [("> 500 copies/mL", more_than(500, analyte="cmv_dna"))]),
    (INCLUSION + "M-protein ≥ 1 g/dL (IgA: ≥ 0.5 g/dL)", [("≥ 1 g/dL", {}), ("≥ 0.5 g/dL", {"analyte": "m_protein"})]),
    (EXCLUSION + "Ca 19-9 > 40 U/mL", [("> 40 U/mL", more_than(40, analyte="ca19_9"))]),
    (EXCLUSION + "C‐reactive protein > 12 mg/L", [("> 12 mg/L", more_than(12, analyte="crp"))]),
    (INCLUSION + "serum neurofilament light chain > 30 pg/mL", [("> 30 pg/mL", {"analyte": "neurofilament_light"})]),
    (INCLUSION + "PSA ≥ 40 % of the baseline value", [("≥ 40 %", at_least(40, analyte="psa", unit="%"))]),
    (EXCLUSION + "Calcium (albumin corrected) > 11.4 mg/dL", [("> 11.4 mg/dL", more_than(11.4, analyte="calcium"))]),
    (
        INCLUSION + "Alanine and aspartate aminotransferases < 3 x ULN",
        [("< 3 x ULN", less_than(3, analyte=a)) for a in ("alt", "ast")],
    ),
    (
        INCLUSION + "Creatinine less than 1.6 mg/dL, i.e. 141 µmol/L",
        [("less than 1.6 mg/dL", less_than(1.6)), ("141 µmol/L", less_than(141, unit="umol/L"))],
    ),
    (EXCLUSION + "increase in creatinine to > 2.2 mg/dL", [("> 2.2 mg/dL", more_than(2.2))]),
    (EXCLUSION + "decrease of platelets below 40,000/mm3", [("below 40,000/mm3", less_than(40000))]),
]

NONE = [
    "Women aged 30-45, last HDL >=8041.750.612.",
    "Results. Microcytosis was told apart by an index (ratio MCV/RBC count below 12).",
    "Adequate sampling was required; mean hemoglobin = 9.6 g/dL in both arms.",
    "On the next morning hemoglobin = 9.4 g/dL.",
    "Falls of hemoglobin were severe (decrease from baseline: > 2.5 to < 3.5 g/dL).",
    EXCLUSION + "Severe hypoglycemia (more than 3 episodes a year)",
    EXCLUSION + "Neutropenia (at least 2 infections in the past year)",
    INCLUSION + "Rise in PSA > 0.4 ng/mL on two occasions",
    INCLUSION + "PSA rise of at least 3 ng/mL above nadir",
    EXCLUSION + "hemoglobin has dropped by more than 3 g/dL",
    EXCLUSION + "Neutrophil-to-lymphocyte ratio (NLR) ≥ 6",
    EXCLUSION + "platelet-lymphocyte ratio > 200",
    EXCLUSION + "free-to-total PSA ratio < 0.2",
    EXCLUSION + "maintenance of RF > 24 per minute",
    INCLUSION + "All capture thresholds (PCT) do not exceed 2.5",
    EXCLUSION + "Total lung capacity (TLC) < 50 % of predicted",
    EXCLUSION + "calcium and PTH(1-84) must be normal",
    INCLUSION + "CrCl = (140 - age) x weight / 72",
    INCLUSION + "Hemoglobin every 2 weeks",
    "Results. Total bilirubin (N: 0.2-1.1 mg/dL) was 0.9 in both arms.",
    "Background. Chemokines are increased in hypercholesterolemia [16-19].",
    "Results. Platelet counts ranged from 30,000 to 80,000/mm3.",
    "Results. AST (< 33 U/L) 28 (21-40), ALT (< 35 U/L) 25 (18-39).",
    "Two trials report an association of sensor use and HbA1c levels (11–14).",
    "Lactate and glucose were measured (Analyser Glucose 301+, Sweden).",
    "Body weight 71 (9) 72 (8) 0.42 < 0.01 HbA1c (%) 7.2 (1.1) 7.1 (0.9)",
    "Range 2–240.1 1.3–30.2 1–17.4 Serum CA-19-9 at entry (U/mL) Median 401",
    "Values fell (P < 0.001) for both glucose and insulin.",
    "Female sex 0.91 0.71 to 1.12 Serum creatinine 2.1 1.6 to 3.3",
    "The cost of severe hypoglycaemia is £91.20; a transfusion of red cells cost (£180).",
    "Glucose measurement in past 4 y 120 (40.1)",
    INCLUSION + "Earlier use of more than 3 interleukin 6 blockers",
    "End-tidal CO2 was kept at 36-44 mmHg.",
    "Discussion. Hp 1-1 is more common than Hp 2-2.",
    "Methods. The study had a power of 80 % to show a difference of at least 0.4 % in HbA1c.",
    INCLUSION + "up to 20 % of participants may have a low eGFR",
]


@pytest.mark.parametrize(("text", "expected"), ids(CASES))
def test_threshold(text: str, expected: list[tuple[str, dict[str, Scalar]]]) -> None:
    check("LAB", text, expected)


@pytest.mark.parametrize("text", NONE)
def test_no_threshold(text: str) -> None:
    assert [(f.text, f.attributes["analyte"]) for f in facts(text, "LAB")] == []


@pytest.mark.parametrize(
    ("value", "unit"), [(9.5, "g/dL"), (95, "g/L"), (30, None), (100_000, None)], ids=["grams", "litre", "gap", "high"]
)
def test_a_bare_number_has_the_unit_of_its_size(value: float, unit: str | None) -> None:
    assert read_analytes(patterns_dir())["hemoglobin"].find_bare_unit(value) == unit


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("entities/lab.toml", '[qualified]\nldl = ["cholesterine"]\n'),
        ("entities/lab.toml", '[kinds_of]\ncholesterine = ["ldl"]\n'),
        ("entities/lab.toml", '[by_unit]\nmass_ratio = { ldl = "cholesterine" }\n'),
        ("exceptions.toml", '[never_too_little]\nanalytes = ["cholesterine"]\n'),
    ],
)
def test_an_unknown_analyte_is_an_error_with_its_file(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")
    with pytest.raises(PatternError, match=rf"{name}:\d+: .*unknown analyte 'cholesterine'"):
        Extractor(extra_patterns=tmp_path)
