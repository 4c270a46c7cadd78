"""Patients from files, frames and mappings, and what is said of those that can't be meant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from trialsift.model.errors import UserError
from trialsift.rules.files import patterns_dir
from trialsift.runs.match.patient import Patient, PatientReader, Result
from trialsift.runs.match.read import read_patients

EXPECTED = Patient(
    "A1",
    (71.0, "a"),
    "female",
    1,
    80,
    {"hemoglobin": Result(9.2, "g/dL", limit_unit="g/dL"), "alt": Result(80, "U/L", 40, None, "U/L")},
    frozenset({"liver metastases", "diabete"}),
    frozenset({"brain metastases"}),
)

RECORD: dict[str, Any] = {
    "patient": "A1",
    "age": 71,
    "sex": "female",
    "ecog": 1,
    "kps": 80,
    "labs": {"hemoglobin": "9.2 g/dL", "SGPT": {"value": 80, "unit": "U/L", "uln": 40}},
    "has": ["liver metastases", "diabetes"],
    "has_not": "brain metastases",
}


@pytest.fixture(scope="module")
def reader() -> PatientReader:
    return PatientReader(patterns_dir(), {"quantiferon"})


class TestForms:
    @pytest.mark.parametrize(
        "content",
        [
            "patient,age,sex,ecog,kps,Hb,ALT,has,has_not\n"
            "A1,71,F,1,80,9.2 g/dL,80 U/L;uln=40 U/L,hepatic metastases; diabetes,brain metastases\n",
            "id,age,sex,ecog,kps,hemoglobin [g/dL],alt [U/L],alt uln,has,has_not\n"
            "A1,71 years,female,1,80 %,9.2,80,40,diabetes;liver metastasis,cerebral metastases\n\n",
        ],
    )
    def test_csv(self, reader: PatientReader, tmp_path: Path, content: str) -> None:
        (tmp_path / "p.csv").write_text(content, encoding="utf-8")
        assert read_patients(tmp_path / "p.csv", reader) == [EXPECTED]

    @pytest.mark.parametrize(("name", "several"), [("p.json", False), ("p.json", True), ("p.jsonl", False)])
    def test_json(self, reader: PatientReader, tmp_path: Path, name: str, several: bool) -> None:
        content = json.dumps([RECORD] if several else RECORD)
        (tmp_path / name).write_text(content + "\n", encoding="utf-8")
        assert read_patients(tmp_path / name, reader) == [EXPECTED]

    def test_mappings_and_frames(self, reader: PatientReader) -> None:
        frame = pd.DataFrame(
            {
                **{"patient": ["A1"], "age": [71], "sex": ["f"], "ecog": [1.0], "kps": [80], "Hb [g/dL]": [9.2]},
                **{"alt [U/L]": [80.0], "alt_uln [U/L]": [40], "alt_lln": [float("nan")], "psa [ng/mL]": [None]},
                **{"has": ["diabetes;liver metastases"], "has_not": ["brain metastases"]},
            }
        )
        assert read_patients(RECORD, reader) == read_patients([RECORD], reader) == [EXPECTED]
        assert read_patients(frame, reader) == [EXPECTED]

    def test_nothing_is_needed(self, reader: PatientReader) -> None:
        assert read_patients([{}, {"age": None, "labs": {"alt": ""}}], reader) == [Patient("1"), Patient("2")]

    def test_tests_of_the_trials(self, reader: PatientReader) -> None:
        [patient] = read_patients({"labs": {"Quantiferon": "0.5 [IU]/mL"}}, reader)
        assert patient.labs["quantiferon"].unit == "[IU]/mL"


class TestMistakes:
    @pytest.mark.parametrize(
        ("record", "message"),
        [
            ({"age": "old"}, "patients: 1: age is 'old'; expected years from 0 to 130, or an age such as 18 months"),
            ({"age": 171}, "patients: 1: age is 171; expected years"),
            ({"age": "9 kg"}, "patients: 1: age is '9 kg'; expected years"),
            ({"ecog": 6}, "patients: 1: ecog is 6; expected a score from 0 to 5"),
            ({"ecog": 1.5}, "patients: 1: ecog is 1.5; expected a score from 0 to 5"),
            ({"ecog": True}, "patients: 1: ecog is True; expected a score"),
            ({"kps": 75}, "patients: 1: kps is 75; expected a score from 0 to 100 in steps of 10"),
            ({"sex": "w"}, "patients: 1: sex is 'w'; expected female or male, or nothing"),
            ({"weight": 70}, "patients: 1: unknown field 'weight'; expected patient, age, sex"),
            ({"labs": "alt"}, "patients: 1: labs is 'alt'; expected results by name"),
            ({"labs": {"hemoglobni": "9 g/dL"}}, "patients: 1: unknown test 'hemoglobni'; did you mean hemoglobin"),
            ({"labs": {"alt": "80"}}, "patients: 1: alt is '80'; expected a unit with it, such as 1.2 U/L"),
            ({"labs": {"alt": "high"}}, "patients: 1: alt is 'high'; expected a number and its unit"),
            ({"labs": {"psa": "< 0.1 ng/mL"}}, "patients: 1: psa is '< 0.1 ng/mL'; expected a number and its unit"),
            ({"labs": {"platelets": "150,000 /uL"}}, "patients: 1: platelets is '150,000 /uL'; expected a number"),
            ({"labs": {"hemoglobin": "9 mm"}}, "patients: 1: hemoglobin is '9 mm'; expected a unit of hemoglobin"),
            ({"labs": {"alt": "80 U/L;upper=40"}}, "patients: 1: alt is '80 U/L;upper=40'; expected uln="),
            ({"labs": {"alt": {"value": 1, "u": "U/L"}}}, "patients: 1: alt is {'value': 1, 'u': 'U/L'}; expected"),
            ({"labs": {"alt": "80 U/L;uln=0"}}, "patients: 1: alt: uln is '0'; expected a limit above 0 in U/L"),
            ({"labs": {"ALT": "1 U/L", "SGPT": "2 U/L"}}, "patients: 1: SGPT: alt is there twice"),
            ({"has": 3}, "patients: 1: has is 3; expected findings in words"),
            ({"has": "the"}, "patients: 1: has: 'the' names no finding"),
            ({"has": "mets", "has_not": "metastases"}, "patients: 1: has and has_not both name 'metastases'"),
        ],
    )
    def test_fields(self, reader: PatientReader, record: dict[str, Any], message: str) -> None:
        with pytest.raises(UserError) as error:
            read_patients(record, reader)
        assert str(error.value).startswith(message)

    @pytest.mark.parametrize(
        ("name", "content", "message"),
        [
            ("p.csv", "age,ecog\n71,1\n60,7\n", "p.csv: row 3: ecog is '7'; expected a score"),
            ("p.csv", "age,ecog\n71\n", "p.csv: row 2 has 1 cells; expected 2, as in row 1"),
            ("p.csv", "age,shoe size\n71,40\n", "p.csv: column 'shoe size': unknown test 'shoe size'"),
            ("p.csv", "alt [U/L],SGPT [U/L]\n1,2\n", "p.csv: two columns are alt; expected each once"),
            ("p.csv", "patient,age\nA,1\nA,2\n", "p.csv: row 3: patient 'A' is in"),
            ("p.csv", "", "p.csv: no patient; expected at least one"),
            ("p.json", "[{]", "p.json: no JSON: "),
            ("p.json", "[1]", "p.json: patient 1 is 1; expected an object"),
            ("p.jsonl", '{"age": 1}\n{"age": -2}\n', "p.jsonl:2: age is -2; expected years"),
            ("p.txt", "71", "p.txt: expected a file of patients that ends in .csv, .json or .jsonl"),
        ],
    )
    def test_files(self, reader: PatientReader, tmp_path: Path, name: str, content: str, message: str) -> None:
        (tmp_path / name).write_text(content, encoding="utf-8")
        with pytest.raises(UserError) as error:
            read_patients(tmp_path / name, reader)
        assert str(error.value).removeprefix(f"{tmp_path}/").startswith(message)

    def test_no_file(self, reader: PatientReader, tmp_path: Path) -> None:
        with pytest.raises(UserError, match=r"p\.csv: no such file"):
            read_patients(tmp_path / "p.csv", reader)
        with pytest.raises(UserError, match="is a folder"):
            read_patients(tmp_path, reader)
