"""Verdicts: alternatives, conditions, units, scales, and what stays unknown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import trialsift
from tests.runs.match.builders import EXCLUDED, INCLUDED, judge_one, match_one, read_criteria
from trialsift.tables.schema import MATCHES


class TestAlternatives:
    CREATININE = f"{INCLUDED}- Creatinine ≤ 1.4 mg/dL or creatinine clearance ≥ 55 mL/min"
    LIVER = f"{INCLUDED}- AST ≤ 2 x ULN (≤ 4 x ULN if liver metastases)"
    BOTH = f"{EXCLUDED}- ALT > 4 x ULN and total bilirubin > 2 x ULN"

    @pytest.mark.parametrize(
        ("text", "patient", "expected"),
        [
            ("- Age 20-70 (or > 70 with ECOG 0)", {"age": 80, "ecog": 0}, "met"),
            ("- Age 20-70 (or > 70 with ECOG 0)", {"age": 80, "ecog": 1}, "not met"),
            ("- Age 20-70 (or > 70 with ECOG 0)", {"age": 80}, "unknown"),
            ("- Age 20-70 (or > 70 with ECOG 0)", {"age": 50}, "met"),
            ("- Men ≥ 45 and women ≥ 52 years", {"age": 48, "sex": "male"}, "met"),
            ("- Men ≥ 45 and women ≥ 52 years", {"age": 48, "sex": "female"}, "not met"),
            ("- Men ≥ 45 and women ≥ 52 years", {"age": 40}, "not met"),
            ("- ECOG 0-1; ECOG 2 is allowed if due to bone pain", {"ecog": 2}, "unknown"),
            ("- ECOG 0-1; ECOG 2 is allowed if due to bone pain", {"ecog": 3}, "not met"),
            ("- Lansky ≥ 50 for those < 16 years; KPS ≥ 50 for those ≥ 16 years", {"age": 20, "kps": 40}, "not met"),
        ],
    )  # fmt: skip
    def test_ages_and_scores_of_some(self, text: str, patient: dict[str, Any], expected: str) -> None:
        assert judge_one(f"{INCLUDED}{text}", **patient) == expected

    @pytest.mark.parametrize(
        ("labs", "expected"),
        [
            ({"creatinine": "1.2 mg/dL"}, "met"),
            ({"creatinine": "1.9 mg/dL", "CrCl": "60 mL/min"}, "met"),
            ({"creatinine": "1.9 mg/dL"}, "unknown"),
            ({"creatinine": "1.9 mg/dL", "CrCl": "40 mL/min"}, "not met"),
            ({}, "unknown"),
        ],
    )
    def test_one_is_enough(self, labs: dict[str, str], expected: str) -> None:
        assert judge_one(self.CREATININE, labs=labs) == expected

    @pytest.mark.parametrize(
        ("ast", "known", "expected"),
        [
            (60, {}, "met"),
            (120, {}, "unknown"),
            (120, {"has": "hepatic metastasis"}, "met"),
            (120, {"has_not": ["liver metastases"]}, "not met"),
            (120, {"has": "metastases to the liver"}, "met"),
            (200, {"has": "liver metastases"}, "not met"),
            (200, {}, "not met"),
        ],
    )
    def test_a_rule_and_its_exception(self, ast: int, known: dict[str, Any], expected: str) -> None:
        assert judge_one(self.LIVER, labs={"ast": f"{ast} U/L;uln=40 U/L"}, **known) == expected

    @pytest.mark.parametrize(
        ("alt", "bilirubin", "expected"),
        [(200, 3.0, "not met"), (200, 1.0, "met"), (80, 3.0, "met"), (200, None, "unknown"), (80, None, "met")],
    )
    def test_both_together_exclude(self, alt: int, bilirubin: float | None, expected: str) -> None:
        labs = {"alt": f"{alt} U/L;uln=40 U/L"}
        if bilirubin is not None:
            labs["bilirubin"] = f"{bilirubin} mg/dL;uln=1.2 mg/dL"
        assert judge_one(self.BOTH, labs=labs) == expected

    def test_two_scales(self) -> None:
        text = f"{INCLUDED}- ECOG 0-1 or Karnofsky ≥ 70"
        assert judge_one(text, ecog=1) == judge_one(text, kps=70) == "met"
        assert judge_one(text, ecog=2) == judge_one(text, kps=60) == "not met"
        assert match_one(text, ecog=1)["converted"] is None


class TestConditions:
    SEX = f"{INCLUDED}- Hemoglobin ≥ 12 g/dL for men, ≥ 11 g/dL for women"
    NUMBER = f"{INCLUDED}- Creatinine clearance ≥ 55 mL/min if creatinine > 1.4 mg/dL"
    GILBERT = f"{INCLUDED}- Total bilirubin ≤ 1.5 x ULN unless known Gilbert's syndrome"

    @pytest.mark.parametrize(
        ("hemoglobin", "sex", "expected"),
        [
            (11.5, "female", "met"),
            (11.5, "male", "not met"),
            (11.5, None, "unknown"),
            (12.5, "male", "met"),
            (10.0, None, "not met"),
        ],
    )
    def test_by_sex(self, hemoglobin: float, sex: str | None, expected: str) -> None:
        assert judge_one(self.SEX, sex=sex, labs={"Hb": f"{hemoglobin} g/dL"}) == expected

    @pytest.mark.parametrize(
        ("creatinine", "clearance", "expected"),
        [(1.0, None, "met"), (1.0, 40, "met"), (2.0, 40, "not met"), (2.0, 60, "met"), (None, 40, "unknown")],
    )
    def test_by_a_number(self, creatinine: float | None, clearance: int | None, expected: str) -> None:
        labs = {"creatinine": creatinine and f"{creatinine} mg/dL", "CrCl": clearance and f"{clearance} mL/min"}
        assert judge_one(self.NUMBER, labs=labs) == expected

    def test_by_a_finding_that_exempts(self) -> None:
        labs = {"bilirubin": "3 ULN"}
        assert judge_one(self.GILBERT, labs=labs) == "unknown"
        assert judge_one(self.GILBERT, labs=labs, has="Gilbert's disease") == "met"
        assert judge_one(self.GILBERT, labs=labs, has_not="Gilbert's disease") == "not met"


class TestValues:
    @pytest.mark.parametrize(
        ("criterion", "labs", "expected"),
        [
            ("Hemoglobin ≥ 9 g/dL", {"hemoglobin": "90 g/L"}, "met"),
            ("Hemoglobin ≥ 9 g/dL", {"hemoglobin": "5.5 mmol/L"}, "not met"),
            ("Hemoglobin > 90 g/L", {"hemoglobin": "9 g/dL"}, "not met"),
            ("Platelets ≥ 100,000/mm3", {"platelets": "100 x 10^9/L"}, "met"),
            ("ALT ≤ 2.5 x ULN", {"alt": "80 U/L"}, "unknown"),
            ("ALT ≤ 2.5 x ULN", {"alt": {"value": 80, "unit": "U/L", "uln": 40}}, "met"),
            ("ALT ≤ 2.5 x ULN", {"alt": "3 x ULN"}, "not met"),
            ("ALT ≤ 100 U/L", {"alt": "3 x ULN"}, "unknown"),
            ("ALT ≤ 100 U/L", {"alt": "3 x ULN;uln=40 U/L"}, "not met"),
            ("INR ≤ 1.5", {"INR": "1.5"}, "met"),
            ("Potassium ≥ 3.5 mmol/L", {"potassium": "3.4 mEq/L"}, "not met"),
            ("HbA1c ≤ 8 %", {"hba1c": "70 mmol/mol"}, "not met"),
            ("HbA1c ≥ 53 mmol/mol", {"hba1c": "7.0 %"}, "met"),
            ("HbA1c < 48 mmol/mol", {"hba1c": "6.5 %"}, "not met"),
            ("HbA1c ≤ 7.5 %", {"hba1c": "58 mmol/mol"}, "met"),
            ("Urine protein ≤ 1 g/24 h", {"urine protein": "0.5 g/L"}, "unknown"),
        ],
    )
    def test_units(self, criterion: str, labs: dict[str, Any], expected: str) -> None:
        assert judge_one(f"{INCLUDED}- {criterion}", labs=labs) == expected

    @pytest.mark.parametrize(
        ("criterion", "patient", "expected", "converted"),
        [
            ("ECOG ≤ 1", {"kps": 80}, "met", "KPS 80 as ECOG 1"),
            ("ECOG ≤ 1", {"kps": 60}, "not met", "KPS 60 as ECOG 2"),
            ("Karnofsky ≥ 70", {"ecog": 1}, "met", "ECOG 1 as KPS 70–80"),
            ("Karnofsky ≥ 80", {"ecog": 1}, "unknown", None),
            ("Karnofsky ≥ 60", {"ecog": 4}, "not met", "ECOG 4 as KPS 10–20"),
            ("Karnofsky ≥ 80", {"ecog": 1, "kps": 70}, "not met", None),
            ("Lansky ≥ 60", {"ecog": 1}, "unknown", None),
        ],
    )
    def test_performance_status(
        self, criterion: str, patient: dict[str, int], expected: str, converted: str | None
    ) -> None:
        text = f"{INCLUDED}- {criterion}"
        assert judge_one(text, **patient) == expected
        assert match_one(text, **patient)["converted"] == converted

    @pytest.mark.parametrize(
        ("criterion", "age", "expected"),
        [
            ("Age 18 to 75 years", 75, "met"),
            ("Age 18 to 75 years", "17", "not met"),
            ("Age > 17 years", 17, "not met"),
            ("Age < 76 years", 75, "met"),
            ("Age ≤ 75 years", 75.5, "unknown"),
            ("Age ≥ 6 months", "5 months", "not met"),
            ("Age ≤ 24 months", 1, "met"),
            ("Age ≤ 18 months", 1, "unknown"),
            ("Age ≤ 18 months", 2, "not met"),
            ("Age ≥ 2 years", "30 months", "met"),
        ],
    )
    def test_ages(self, criterion: str, age: Any, expected: str) -> None:
        assert judge_one(f"{INCLUDED}- {criterion}", age=age) == expected


class TestRows:
    TEXT = f"{INCLUDED}- Age ≥ 18 years\n- ECOG 0-1\n- Hemoglobin ≥ 9 g/dL\n{EXCLUDED}- HbA1c 6.5-8 %\n- INR > 1.5"

    def test_a_row(self) -> None:
        row = match_one(self.TEXT, age=40, ecog=2, labs={"Hb": "8 g/dL"})
        assert list(row) == [column.name for column in MATCHES]
        assert (row["verdict"], row["n_criteria"], row["n_met"], row["n_not_met"]) == ("not eligible", 5, 1, 2)
        assert (row["n_unknown"], row["n_open"]) == (1, 1)
        assert (row["not_met"], row["unknown"]) == ("ECOG 0–1; hemoglobin ≥ 9 g/dL", "inr ≤ 1.5")
        assert (row["criterion"], row["context"], row["patient_value"]) == (
            2,
            "ECOG 0-1",
            "ECOG 2; hemoglobin 8 g/dL",
        )
        assert self.TEXT[row["start"] : row["end"]].strip() == "- ECOG 0-1"

    def test_order(self) -> None:
        texts = {
            "none": "Nothing.",
            "refused": f"{INCLUDED}- Age ≥ 60 years",
            "open": f"{INCLUDED}- Age ≥ 18 years\n- INR ≤ 1.5",
            "best": f"{INCLUDED}- Age ≥ 18 years\n- ECOG 0-2",
            "sure": f"{INCLUDED}- Age ≥ 18 years",
        }
        frame = trialsift.match_patients(trialsift.extract(texts), {"age": 40, "ecog": 1})
        assert list(frame["doc_id"]) == ["best", "sure", "open", "none", "refused"]

    def test_what_a_text_repeats_is_said_once(self) -> None:
        row = match_one(f"{INCLUDED}- Age ≥ 18 years\n- Hemoglobin ≥ 9 g/dL\n- Adults, age ≥ 18 years", age=17)
        assert (row["n_not_met"], row["not_met"]) == (2, "age ≥ 18 years")

    def test_types(self) -> None:
        frame = trialsift.match_patients(read_criteria(self.TEXT), [{"age": 40}, {"patient": "B", "age": 4}])
        assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {c.name: c.dtype for c in MATCHES}
        assert list(frame["patient"]) == ["1", "B"]

    def test_no_trials(self) -> None:
        assert trialsift.match_patients(trialsift.extract({}), {"age": 40}).empty

    def test_registry_fields(self) -> None:
        results = read_criteria(f"{INCLUDED}- ECOG 0-1")
        trials = results["trials"].assign(registry_sex="FEMALE", registry_age_high=65.0)
        run = {"criteria": results["criteria"], "trials": trials}
        row = trialsift.match_patients(run, {"age": 70, "sex": "m", "ecog": 1}).iloc[0]
        assert row["not_met"] == "sex female (registry); age ≤ 65 years (registry)"
        assert (row["n_met"], row["patient_value"]) == (1, "sex male; age 70")
        assert row["context"] is pd.NA

    def test_a_run_of_files(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text(f"{INCLUDED}- Age ≥ 18 years\n", encoding="utf-8")
        trialsift.extract_run([tmp_path / "a.txt"], tmp_path / "out")
        patients = tmp_path / "p.json"
        patients.write_text(json.dumps([{"patient": "P", "age": 17}]), encoding="utf-8")
        row = trialsift.match_patients(tmp_path / "out", patients).iloc[0]
        assert (row["patient"], row["verdict"], row["context"]) == ("P", "not eligible", "Age ≥ 18 years")
