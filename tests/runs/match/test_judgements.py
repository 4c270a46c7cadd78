"""The criteria one by one: what a reader of a verdict is told of each."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import trialsift
from tests.runs.match.builders import EXCLUDED, INCLUDED, read_criteria
from trialsift.tables.schema import JUDGEMENTS

LIVER = "ALT ≤ 3 x ULN (≤ 6 x ULN if liver metastases)"
CLEARANCE = "Creatinine ≤ 1.4 mg/dL or creatinine clearance ≥ 55 mL/min"


def judge_criterion(text: str, **patient: Any) -> dict[str, Any]:
    """Returns the row of a trial with a single criterion."""
    [row] = trialsift.judge_criteria(read_criteria(text), patient).astype(object).to_dict("records")
    return {str(key): None if value is pd.NA else value for key, value in row.items()}


@pytest.mark.parametrize(
    ("criterion", "patient", "expected"),
    [
        ("Age 18-65 years", {"age": 70}, ("not met", "age 70", None, None)),
        ("Age 18-65 years", {}, ("unknown", None, None, "age not known")),
        ("Age ≥ 6 months", {"age": 1}, ("met", "age 1", "age 12 to below 24 months", None)),
        ("Age ≤ 18 months", {"age": 1}, ("unknown", "age 1", "age 12 to below 24 months",
                                         "age 1: may lie on either side of the limit")),
        ("ECOG ≤ 1", {}, ("unknown", None, None, "performance status not known")),
        ("Lansky ≥ 60", {"ecog": 1}, ("unknown", None, None, "the scale Lansky isn't compared")),
        ("Karnofsky ≥ 80", {"ecog": 1}, ("unknown", "ECOG 1", None,
                                         "ECOG 1 as KPS 70–80: may lie on either side of the limit")),
        ("Hemoglobin ≥ 9 g/dL", {"labs": {"Hb": "85 g/L"}},
         ("not met", "hemoglobin 85 g/L", "hemoglobin 8.5 g/dL", None)),
        ("INR ≤ 1.5", {"labs": {"INR": 1.2}}, ("met", "inr 1.2", None, None)),
        ("ALT ≤ 3 x ULN", {}, ("unknown", None, None, "no result of alt")),
        ("ALT ≤ 3 x ULN", {"labs": {"alt": "90 U/L"}},
         ("unknown", None, None, "alt 90 U/L: the laboratory's ULN isn't known")),
        ("ALT ≤ 90 U/L", {"labs": {"alt": "3 ULN"}},
         ("unknown", None, None, "alt 3 ULN: the laboratory's ULN isn't known")),
        ("HbA1c ≤ 8 %", {"labs": {"hba1c": "70 mmol/mol"}}, ("not met", "hba1c 70 mmol/mol",
                                                              "hba1c 8.6 %", None)),
        ("Urine protein ≤ 1 g/24 h", {"labs": {"urine protein": "0.5 g/L"}},
         ("unknown", None, None, "urine_protein 0.5 g/L: the limit has another unit, g/(24.h)")),
        (LIVER, {"labs": {"alt": "4 ULN"}},
         ("unknown", "alt 4 ULN", None, "not known whether it applies: if liver metastases")),
        (LIVER, {"labs": {"alt": "4 ULN"}, "has": "hepatic metastases"},
         ("met", "alt 4 ULN", None, "applies to this patient: if liver metastases")),
        (LIVER, {"labs": {"alt": "4 ULN"}, "has_not": "liver metastases"},
         ("not met", "alt 4 ULN", None, "doesn't apply to this patient: if liver metastases")),
        (LIVER, {"labs": {"alt": "2 ULN"}}, ("met", "alt 2 ULN", None, None)),
        (CLEARANCE, {"labs": {"creatinine": "1.9 mg/dL"}},
         ("unknown", "creatinine 1.9 mg/dL", None, "no result of creatinine_clearance")),
        (CLEARANCE, {"labs": {"creatinine": "1.2 mg/dL"}}, ("met", "creatinine 1.2 mg/dL", None, None)),
        ("Bilirubin ≤ 2 mg/dL unless due to hemolysis", {"labs": {"bilirubin": "3 mg/dL"}},
         ("unknown", "bilirubin_total 3 mg/dL", None, "whether it applies is not judged: unless due to hemolysis")),
        ("Bilirubin ≤ 2 mg/dL unless Gilbert's disease", {"has": "Gilbert's disease"},
         ("met", None, None, "doesn't apply to this patient: unless Gilbert's disease")),
    ],
)  # fmt: skip
def test_what_is_told(criterion: str, patient: dict[str, Any], expected: tuple[str | None, ...]) -> None:
    row = judge_criterion(f"{INCLUDED}- {criterion}", **patient)
    assert tuple(row[name] for name in ("state", "patient_value", "compared", "reason")) == expected


def test_a_row() -> None:
    text = f"{EXCLUDED}- Karnofsky < 70"
    assert judge_criterion(text, patient="P", ecog=1) == {
        "patient": "P",
        "doc_id": "trial",
        "nct_id": None,
        "criterion": 1,
        "polarity": "exclusion",
        "members": "KPS 70–100",
        "state": "met",
        "patient_value": "ECOG 1",
        "compared": None,
        "reason": None,
        "converted": "ECOG 1 as KPS 70–80",
        "start": text.index("-"),
        "end": len(text),
        "context": "Karnofsky < 70",
    }


def test_what_nobody_can_meet_is_open() -> None:
    row = judge_criterion(f"{EXCLUDED}- HbA1c 6.5-8 %", labs={"hba1c": "7 %"})
    assert (row["state"], row["reason"]) == ("open", "lets in who lies below or above a range, which isn't judged")


def test_rows_agree_with_the_verdicts() -> None:
    texts = {
        "none": "Nothing.",
        "refused": f"{INCLUDED}- Age ≥ 60 years\n- {CLEARANCE}",
        "open": f"{INCLUDED}- Age ≥ 18 years\n- INR ≤ 1.5\n- At least two of: LDH > 250 U/L, CRP > 10 mg/L",
        "best": f"{INCLUDED}- Age ≥ 18 years\n- ECOG 0-2\n- {LIVER}",
    }
    results, patients = trialsift.extract(texts), [{"age": 40, "ecog": 1}, {"age": 70, "labs": {"INR": 2}}]
    trials = results["trials"].assign(registry_sex="FEMALE")
    run = {"criteria": results["criteria"], "trials": trials}
    matches, rows = trialsift.match_patients(run, patients), trialsift.judge_criteria(run, patients)
    assert {name: str(dtype) for name, dtype in rows.dtypes.items()} == {c.name: c.dtype for c in JUDGEMENTS}
    by_trial = rows.groupby(["patient", "doc_id"], sort=False)["state"]
    assert [*by_trial.groups] == [*zip(matches["patient"], matches["doc_id"], strict=True)]
    for name, state in {"n_met": "met", "n_not_met": "not met", "n_unknown": "unknown", "n_open": "open"}.items():
        assert by_trial.apply(lambda states, state=state: (states == state).sum()).tolist() == matches[name].tolist()
    field = rows[rows["criterion"].isna()]
    assert set(field["members"]) == {"sex female (registry)"}
    assert field["context"].isna().all()


def test_no_trials() -> None:
    assert trialsift.judge_criteria(trialsift.extract({}), {"age": 40}).empty
