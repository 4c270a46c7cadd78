"""Protocols as different programs print them: each limit with its polarity, nothing of other chapters among them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from tests.readers.pdf.papers import EXTRACTOR, FIXTURES, document, facts_of
from trialsift.cli import app
from trialsift.model.document import Document

pytest.importorskip("pypdfium2")

NAMES = ("asthma", "cervix", "infants", "kidney", "liver", "prostate", "tuberculosis")


def _read(name: str) -> Document:
    return document((FIXTURES / "pdf" / "protocols" / f"{name}.pdf").read_bytes(), "pdf")


def _criteria(name: str) -> list[str]:
    """What each fact of eligibility is of, and its text, with `not` in front of an exclusion."""
    found = _read(name)
    annotation = EXTRACTOR.annotate(found.text, found.parts)
    limits = [fact for fact in annotation.facts if fact.attributes["polarity"] != "none"]
    return [f"{of or label.lower()} {text}" for label, of, text in facts_of(limits)]


CRITERIA = {
    "asthma": [
        "trial 12 to 75 years",
        "eosinophils ≥ 150 cells/µL",
        "platelets not < 100 x 10^9/L",
        "trial at least 12 and not older than 75 years",
        "fluticasone propionate more than 500 µg",
        "eosinophils at least 150 cells/µL",
        "eosinophils at least 300 cells/µL",
        "hemoglobin ≥ 10 g/dL",
        "hemoglobin ≥ 11 g/dL",
        "alt ≤ 2 x ULN",
        "alt ≤ 2 x ULN",
        "creatinine_clearance ≥ 60 mL/min",
        "creatinine_clearance ≥ 80 mL/min",
        "prednisone not more than 20 mg a day",
        "bilirubin_total not > 1.5 x ULN",
        "ige not > 1500 IU/mL",
        "leukocytes not below 3.5 x 10^9/L",
        "neutrophils not below 1.5 x 10^9/L",
        "eosinophils at least 150 cells/µL",
    ],
    "cervix": [
        "trial 18 to 75 years",
        "ECOG 0 or 1",
        "neutrophils ≥ 1.5 × 10^9/L",
        "platelets ≥ 100 × 10^9/L",
        "creatinine_clearance at least 50 mL/min",
        "bilirubin_total not > 1.5 × ULN",
        "hbv_dna not above 2000 IU/mL",
        "trial at least 18 years and at most 75 years",
        "ECOG 0 or 1",
        "neutrophils ≥ 1.5 × 10^9/L",
        "platelets ≥ 100 × 10^9/L",
        "hemoglobin ≥ 9.0 g/dL",
        "creatinine_clearance ≥ 50 mL/min",
        "alt ≤ 2.5 × ULN",
        "ast ≤ 2.5 × ULN",
        "albumin ≥ 30 g/L",
        "bilirubin_total not > 1.5 × ULN",
        "bilirubin_total not > 3 × ULN",
        "prednisone not more than 10 mg a day",
        "cd4 not below 350 cells/µL",
        "hbv_dna not above 2000 IU/mL",
    ],
    "infants": [
        "trial 6 weeks to 12 months",
        "hemoglobin ≥ 9 g/dL",
        "platelets ≥ 150 × 10^9/L",
        "alt ≤ 1.5 × ULN",
        "creatinine not > 0.6 mg/dL",
        "cd4 not below 750 cells/µL",
        "cd4 not below 25 %",
        "bilirubin_total not above 3 mg/dL",
        "prednisolone not 1 mg/kg a day or more",
    ],
    "kidney": [
        "trial 18 to 85 years",
        "egfr 25 to 60 mL/min/1.73 m^2",
        "nt_probnp ≥ 600 pg/mL",
        "hemoglobin at least 9.5 g/dL",
        "potassium not > 5.0 mmol/L",
        "alt not > 3 × ULN",
        "ast not > 3 × ULN",
        "hba1c not above 10.5 %",
        "spironolactone not more than 50 mg a day",
    ],
    "liver": [
        "trial ≥ 18 years",
        "trial ≥ 18 years",
        "ECOG 0 or 1",
        "albumin ≥ 28 g/L",
        "bilirubin_total not > 50 µmol/L",
        "inr not > 1.7",
        "trial 18 years of age or older",
        "subgroup 20 years or older",
        "ECOG 0 or 1",
        "neutrophils ≥ 1.0 × 10^9/L",
        "platelets ≥ 60 × 10^9/L",
        "hemoglobin ≥ 8.5 g/dL",
        "albumin ≥ 28 g/L",
        "bilirubin_total ≤ 50 µmol/L",
        "alt ≤ 5 × ULN",
        "ast ≤ 5 × ULN",
        "creatinine_clearance > 40 mL/min",
        "inr not > 1.7",
        "urine_protein not more than 1 g",
        "cd4 not < 200 cells/µL",
        "dexamethasone not more than 2 mg a day",
    ],
    "prostate": [
        "trial 50 to 80 years",
        "trial at least 50 years and not older than 80 years",
        "ECOG 0–1",
        "hemoglobin at least 11 g/dL",
        "platelets at least 100×10^9/L",
        "creatinine_clearance above 40 mL/min",
        "other not more than 30 Gy",
        "testosterone not below 50 ng/dL",
        "alt not more than 3 times the upper limit of normal",
        "ast not more than 3 times the upper limit of normal",
    ],
    "tuberculosis": [
        "trial from 3 to 17 years",
        "trial 3 to 17 years",
        "hemoglobin at least 7.0 g/dL",
        "alt not > 3 x ULN",
        "creatinine not > 1.5 mg/dL",
        "trial 3 years or older and younger than 18 years",
        "subgroup 3 to 12 years",
        "subgroup 13 to 17 years",
        "hemoglobin ≥ 7.0 g/dL",
        "hemoglobin ≥ 8.0 g/dL",
        "platelets ≥ 75 x 10^9/L",
        "platelets ≥ 75 x 10^9/L",
        "alt not above 3 x ULN",
        "ast not above 3 x ULN",
        "creatinine not more than 1.5 mg/dL",
        "cd4 not below 100 cells/mm^3",
    ],
}


@pytest.mark.parametrize("name", NAMES)
def test_criteria(name: str) -> None:
    assert _criteria(name) == CRITERIA[name]


@pytest.mark.parametrize("name", NAMES)
def test_parts_are_in_order_and_apart(name: str) -> None:
    found = _read(name)
    ends = [0, *(end for part in found.parts for end in (part.start, part.end)), len(found.text)]
    assert ends == sorted(ends)
    assert all(one.name != other.name for one, other in zip(found.parts, found.parts[1:], strict=False))
    assert {"eligibility", "interventions", "other_chapters"} <= {part.name for part in found.parts}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_the_margins_is_left(name: str) -> None:
    text = _read(name).text
    assert "Confidential" not in text
    assert "Page" not in text
    assert "protocol 1.2" not in text


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("asthma", "• Blood eosinophils ≥ 150 cells/µL\nExclusion:\n• Current smoker"),
        ("asthma", "at least 12 months before visit 1 and that needs treatment"),
        ("cervix", "| Platelets | ≥ 75 × 10^9/L | 100 % |\n|  | < 50 × 10^9/L | hold, then 30 mg/m^2 |\n"),
        ("cervix", "\n| Creatinine | X | X | X |  |\n"),
        ("cervix", "(transfusion to reach this is allowed)\n6. Adequate renal function"),
        ("kidney", "| Upper limit |  |  |  | 1.5 × ULN |\n"),
        (
            "kidney",
            "| 5.1 to 5.5 mmol/L | any | Continue; repeat the test within one week, and give dietary advice |\n",
        ),
        ("kidney", "Exclusion criteria\n• Potassium > 5.0 mmol/L\n"),
        ("liver", "Key eligibility criteria\nInclusion criteria:\n1. Age ≥ 18 years\n"),
        ("liver", "\n| Age, ECOG | x |  | x |\n"),
        ("liver", "more than 1 g [1] in 24 hours"),
        ("tuberculosis", "1. ALT or AST above 3 x ULN [a]\n2. Serum creatinine of more than 1.5 mg/dL [1]\n"),
        ("prostate", "haemoglobin of at least 11 g/dL [2], platelets"),
        (
            "prostate",
            "intermediate-risk prostate cancer are randomised between 60 Gy in 20 fractions and the same with a",
        ),
    ],
)
def test_lines(name: str, lines: str) -> None:
    assert lines in _read(name).text


def test_the_ages_of_the_trials(tmp_path: Path) -> None:
    given = [str(FIXTURES / "pdf" / "protocols" / f"{name}.pdf") for name in NAMES]
    done = CliRunner().invoke(app, ["extract", *given, "--out", str(tmp_path / "out"), "--quiet"])
    assert done.exit_code == 0, done.output
    trials = pd.read_csv(tmp_path / "out" / "tables" / "trials.csv")
    ages = zip(trials["doc_id"], trials["age_low"], trials["age_high"], strict=True)
    assert {doc_id: (round(low, 2), None if pd.isna(high) else high) for doc_id, low, high in ages} == {
        "asthma": (12, 75),
        "cervix": (18, 75),
        "infants": (0.12, 1),
        "kidney": (18, 85),
        "liver": (18, None),
        "prostate": (50, 80),
        "tuberculosis": (3, 17),
    }
