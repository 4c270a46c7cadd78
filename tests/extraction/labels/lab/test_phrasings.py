"""What trial papers say in their own words: a line for each saying, with all thresholds that are read from it."""

from __future__ import annotations

import pytest

from tests.extraction.labels.cases import EXCLUSION, INCLUSION, facts
from trialsift.model.fact import Fact

SAYINGS = {
    # cells that are counted in a volume, named between the number and the volume
    "controls with fewer than 80 CD4 cells per microlitre": "cd4 <80 /uL",
    "carriers with more than 150 CD4 cells/µl": "cd4 >150 /uL",
    "≥ 1.2 × 10(9) neutrophils and 80 × 10(9) platelets per litre": "neutrophils >=1.2 10*9/L; platelets >=80 10*9/L",
    INCLUSION + "≥ 250 eosinophils per µL or ≥ 125 eosinophils/µL": "eosinophils >=250 /uL; eosinophils >=125 /uL",
    # the least and the most that is allowed
    INCLUSION + "a minimum GFR of 55 mL/min/1.73m2 is required": "egfr >=55 mL/min/{1.73_m2}",
    "Eligible patients had a minimum haemoglobin of 11 g/dl.": "hemoglobin >=11 g/dL",
    "The maximum permitted bilirubin was 30 µmol/l.": "bilirubin_total <=30 umol/L",
    "A minimum haemoglobin of 7 g/dl was seen on day 14.": "",
    # an end behind the same value in another unit
    "LDL of 75 mg/dL (1.9 mmol/L) or higher": "ldl >=75 mg/dL; ldl >=1.9 mmol/L",
    # a sign that carries over to another test
    "Urea could not exceed 12 mmol/l, nor creatinine 140 µmol/l.": "urea <=12 mmol/L; creatinine <=140 umol/L",
    "Haemoglobin had to be at least 10 g/dL and platelets 90,000/mm3.": "hemoglobin >=10 g/dL; platelets >=90000 /uL",
    "The mean haemoglobin was more than 12 g/dL and platelets 250 x 10^9/L.": "hemoglobin >12 g/dL",
    # multiples of a limit of normal
    INCLUSION + "ALT four or more times the upper limit": "alt >=4 ULN",
    INCLUSION + "AST three times or less the ULN": "ast <=3 ULN",
    INCLUSION + "CK twice or more the upper limit of normal": "ck >=2 ULN",
    EXCLUSION + "ALT more than twice normal": "alt >2 ULN",
    EXCLUSION + "amylase over 3 times of the standard upper limit": "amylase >3 ULN",
    EXCLUSION + "ALT > 3 times the upper end of the reference range": "alt >3 ULN",
    EXCLUSION + "SGPT > 3 times; TLC > 12,000": "alt >3 ULN; leukocytes >12000",
    EXCLUSION + "ALT elevated at least threefold": "alt >=3 ULN",
    EXCLUSION + "lipase at least fourfold elevated": "lipase >=4 ULN",
    # both ends of one interval
    INCLUSION + "Leukocytes: 3,500/mm3 or more and less than 11,000/mm3": "leukocytes >=3500<11000 /uL",
    INCLUSION + "HbA1c 7.5 % or greater, but not more than 9.5 %": "hba1c >=7.5<=9.5 %",
    INCLUSION + "HbA1c less than 9.5 % and 7.5 % or more": "hba1c >=7.5<9.5 %",
    "Platelets < 75,000 - 50,000/mm3 (grade 2)": "platelets >=50000<75000 /uL",
    "Bilirubin was treated from 14 mg/dL on, or above it.": "bilirubin_total >=14 mg/dL",
    # a further threshold on the same test
    EXCLUSION
    + "Creatinine > 1.6 mg/dl, unless old and stable, then > 2.1 mg/dl": "creatinine >1.6 mg/dL; creatinine >2.1 mg/dL",
    INCLUSION + "PSA ≤ 15 ng/mL (on finasteride: ≤ 8)": "psa <=15 ng/mL; psa <=8",
    "Stop if neutrophils are under 0.6, until they are back at 0.9 or more.": "neutrophils <0.6; neutrophils >=0.9",
    "With CD4 ≤ 30, the gain was larger than in the 31–60 and 61–90 strata.": "cd4 <=30; cd4 >=31<=60; cd4 >=61<=90",
    "Calcium < 7.6 mg/dL; between 7.6 and 8.2 mg/dL vitamin D rose": "calcium <7.6 mg/dL; calcium >=7.6<=8.2 mg/dL",
    # values that a test comes to, in a case that is told
    "G-CSF until the ANC has recovered to 1200/mm3": "neutrophils >=1200 /uL",
    "until creatinine falls to 1.4 mg/dL": "creatinine <=1.4 mg/dL",
    "men whose triglycerides reached 5 mmol/L": "triglycerides >=5 mmol/L",
    "hemoglobin reached 12 g/dL in both groups": "",
    # the virus of a viral load, a finding beside a test
    EXCLUSION + "Hepatitis B carriers with a viral load over 500 IU/mL": "hbv_dna >500 [IU]/mL",
    EXCLUSION + "HIV with a viral load > 300 copies/mL or hepatitis B": "hiv_rna >300 {copies}/mL",
    "After neutropenia, or platelets < 30,000, the dose was cut.": "platelets <30000",
    "any viral load ≥ 20 000.": "hiv_rna >=20000",
}


def _say(fact: Fact) -> str:
    said = fact.attributes
    low, high = said.get("low"), said.get("high")
    low_end = "" if low is None else f"{'>=' if said['low_inclusive'] else '>'}{low:g}"
    high_end = "" if high is None else f"{'<=' if said['high_inclusive'] else '<'}{high:g}"
    return f"{said['analyte']} {low_end}{high_end} {said.get('unit') or ''}".strip()


@pytest.mark.parametrize("text", SAYINGS)
def test_saying(text: str) -> None:
    assert "; ".join(_say(fact) for fact in facts(text, "LAB")) == SAYINGS[text]
