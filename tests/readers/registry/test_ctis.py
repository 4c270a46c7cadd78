"""CTIS' trials, in the two forms that its API has had."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.readers.registry.registry_inputs import in_memory, part, results
from tests.support.extractors import shared_extractor
from trialsift.model.document import Document, RegistryFields

PART: dict[str, Any] = {
    "trialDetails": {
        "clinicalTrialIdentifiers": {
            "fullTitle": "Inventumab before radiotherapy",
            "publicTitle": "A drug before radiation",
            "secondaryIdentifyingNumbers": {
                "nctNumber": {"number": "NCT99000915"},
                "additionalRegistries": [{"number": "ISRCTN 99000902", "otherRegistryName": "ISRCTN"}],
            },
        },
        "trialInformation": {
            "trialObjective": {"mainObjective": "To see whether it works"},
            "eligibilityCriteria": {
                "principalInclusionCriteria": [
                    {"number": 1, "principalInclusionCriteria": "Aged 18 years or older"},
                    {"number": 10, "principalInclusionCriteria": "Hemoglobin > 9 g/dL"},
                    {"number": 2, "principalInclusionCriteria": "ECOG 0 or 1"},
                ],
                "principalExclusionCriteria": [{"number": 1, "principalExclusionCriteria": "Creatinine > 2 mg/dL"}],
            },
            "endPoint": {"primaryEndPoints": [{"number": 1, "endPoint": "Survival"}], "secondaryEndPoints": []},
            "trialDuration": {"estimatedRecruitmentStartDate": "2098-05-23"},
            "populationOfTrialSubjects": {
                "clinicalTrialGroups": [{"code": "2", "name": "Patients"}],
                "isFemaleSubjects": True,
                "isMaleSubjects": False,
            },
        },
    },
    "medicalConditions": [{"medicalCondition": "Bladder cancer"}],
    "sponsors": [{"commercial": "Non-Commercial"}],
    "productRoleGroupInfos": [
        {
            "productRoleName": "Test",
            "products": [
                {"productName": "INV 50 mg", "jsonActiveSubstanceNames": "inventumab", "maxDailyDoseAmount": "9"}
            ],
        }
    ],
}
TOP = {"ctNumber": "2098-508143-51-01", "ctStatus": "Ongoing", "trialPhase": "Phase II", "totalNumberEnrolled": "11"}
OLD = {**TOP, "authorizedPartI": PART, "eudraCtInfo": {"eudraCtCode": "2098-004994-30"}}
NEW = {**TOP, "authorizedApplication": {"authorizedPartI": PART, "eudraCt": {"eudraCtCode": "2098-004994-30"}}}


@pytest.mark.parametrize("trial", [OLD, NEW], ids=["before 2024", "since"])
def test_both_forms_say_the_same(trial: Any) -> None:
    [document] = results(in_memory(json.dumps(trial), "a.json"))
    assert isinstance(document, Document)
    assert document.doc_id == "2098-508143-51-01"
    assert document.registry == RegistryFields(
        nct_id="NCT99000915",
        sex="FEMALE",
        healthy_volunteers=False,
        conditions=("Bladder cancer",),
        title="A drug before radiation",
        phase="Phase II",
        study_type="Interventional",
        status="Ongoing",
        enrolment=11,
        start_date="2098-05-23",
        sponsor_class="Non-Commercial",
        registry="CTIS",
        other_ids=("NCT99000915", "ISRCTN99000902", "2098-004994-30"),
    )
    assert part(document, "eligibility") == (
        "Inclusion Criteria:\n1. Aged 18 years or older\n2. ECOG 0 or 1\n3. Hemoglobin > 9 g/dL\n\n"
        "Exclusion Criteria:\nCreatinine > 2 mg/dL"
    )
    assert part(document, "interventions") == "Test: inventumab"
    facts = shared_extractor().annotate(document.text, document.parts).facts
    assert {(f.label, f.attributes["polarity"]) for f in facts} == {
        ("AGE", "inclusion"),
        ("LAB", "inclusion"),
        ("PERFORMANCE_STATUS", "inclusion"),
        ("LAB", "exclusion"),
    }


def test_a_line_each() -> None:
    other = {**NEW, "ctNumber": "2098-508144-51-00"}
    found = results(in_memory(f"{json.dumps(OLD)}\n{json.dumps(other)}\n", "a.jsonl"))
    assert [f.doc_id if isinstance(f, Document) else f.code for f in found] == [
        "2098-508143-51-01",
        "2098-508144-51-00",
    ]


def test_long_lines_of_json_lines() -> None:
    """The first is longer than what is looked at to recognise the file."""
    long = {**NEW, "documents": ["x" * 100_000]}
    found = results(
        in_memory(f"{json.dumps(long)}\n{json.dumps({**OLD, 'ctNumber': '2098-508144-51-00'})}\n", "a.jsonl")
    )
    assert [f.doc_id if isinstance(f, Document) else f.code for f in found] == [
        "2098-508143-51-01",
        "2098-508144-51-00",
    ]


@pytest.mark.parametrize(
    ("trial", "code"),
    [
        ({**NEW, "ctNumber": None}, "wrong_schema"),
        ({"ctNumber": "2098-508143-51-01", "authorizedApplication": None}, "empty"),
        ({**OLD, "ctNumber": {"x": 1}}, "wrong_schema"),
    ],
)
def test_what_has_no_document(trial: Any, code: str) -> None:
    [failure] = results(in_memory(json.dumps(trial), "a.json"))
    assert not isinstance(failure, Document)
    assert failure.code == code
