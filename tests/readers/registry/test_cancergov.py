"""Trials of cancer.gov, and studies of ClinicalTrials.gov's former API."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.readers.registry.registry_inputs import in_memory, part, results
from tests.support.extractors import shared_extractor
from trialsift.model.document import Document, RegistryFields
from trialsift.readers import ReadFailure

TRIAL: dict[str, Any] = {
    "nci_id": "NCI-2098-00901",
    "nct_id": "NCT99000917",
    "protocol_id": "INV-917",
    "official_title": "Inventumab before radiotherapy",
    "brief_title": "A drug before radiation",
    "brief_summary": "A study of a drug that is\r\n      given before radiation.",
    "phase": "II",
    "study_protocol_type": "Interventional",
    "current_trial_status": "Active",
    "minimum_target_accrual_number": 40,
    "start_date": "2098-12-15",
    "study_source": "Industrial",
    "diseases": [
        {"name": "Bladder Carcinoma", "inclusion_indicator": "TRIAL"},
        {"name": "Neoplasm", "inclusion_indicator": "TREE"},
    ],
    "eligibility": {
        "structured": {
            "min_age": "18 Years",
            "max_age": "999 Years",
            "sex": "ALL",
            "accepts_healthy_volunteers": False,
        },
        "unstructured": [
            {"inclusion_indicator": False, "display_order": 2, "description": "Bilirubin > 3 mg/dL"},
            {
                "inclusion_indicator": True,
                "display_order": 1,
                "description": "Hemoglobin ≥ 9 g/dL\r\n  without transfusion",
            },
            {"inclusion_indicator": True, "display_order": 0, "description": "Be ≥ 18 years old"},
        ],
    },
    "arms": [
        {
            "name": "Arm not specified",
            "type": None,
            "description": None,
            "interventions": [
                {
                    "name": "Inventumab",
                    "type": "Drug",
                    "inclusion_indicator": "TRIAL",
                    "description": "9 mg in the dictionary",
                },
                {"name": "Pharmacologic Substance", "type": "Drug", "inclusion_indicator": "TREE"},
            ],
        },
        {"name": "Arm A", "type": "EXPERIMENTAL", "description": "Inventumab 10 mg weekly", "interventions": []},
    ],
    "outcome_measures": [
        {"name": "Toxicity", "type_code": "SECONDARY", "time_frame": None, "description": None},
        {"name": "Response", "type_code": "PRIMARY", "time_frame": "22 days", "description": None},
    ],
}
FORMER = {
    "FullStudiesResponse": {
        "NStudiesFound": 1,
        "FullStudies": [
            {
                "Rank": 1,
                "Study": {
                    "ProtocolSection": {
                        "IdentificationModule": {
                            "NCTId": "NCT99000918",
                            "OrgStudyIdInfo": {"OrgStudyId": "INV-918"},
                            "SecondaryIdInfoList": {"SecondaryIdInfo": [{"SecondaryId": "2098-000903-24"}]},
                            "BriefTitle": "A drug",
                        },
                        "StatusModule": {
                            "OverallStatus": "Recruiting",
                            "StartDateStruct": {"StartDate": "March 4, 2098"},
                        },
                        "SponsorCollaboratorsModule": {"LeadSponsor": {"LeadSponsorClass": "INDUSTRY"}},
                        "ConditionsModule": {"ConditionList": {"Condition": ["Anxiety"]}},
                        "DesignModule": {
                            "StudyType": "Interventional",
                            "PhaseList": {"Phase": ["Phase 1", "Phase 2"]},
                            "EnrollmentInfo": {"EnrollmentCount": "168"},
                        },
                        "ArmsInterventionsModule": {
                            "ArmGroupList": {"ArmGroup": [{"ArmGroupLabel": "One", "ArmGroupType": "Experimental"}]},
                            "InterventionList": {
                                "Intervention": [
                                    {
                                        "InterventionType": "Drug",
                                        "InterventionName": "Inventumab",
                                        "InterventionDescription": "20 mg daily",
                                        "InterventionArmGroupLabelList": {"InterventionArmGroupLabel": ["One"]},
                                    }
                                ]
                            },
                        },
                        "OutcomesModule": {
                            "PrimaryOutcomeList": {
                                "PrimaryOutcome": [
                                    {"PrimaryOutcomeMeasure": "Relief", "PrimaryOutcomeTimeFrame": "4 weeks"}
                                ]
                            }
                        },
                        "EligibilityModule": {
                            "EligibilityCriteria": "Inclusion Criteria:\n\n* 20 to 30 years of age",
                            "HealthyVolunteers": "Accepts Healthy Volunteers",
                            "Gender": "Female",
                            "MinimumAge": "20 Years",
                            "MaximumAge": "30 Years",
                        },
                    }
                },
            }
        ],
    }
}


@pytest.mark.parametrize("value", [TRIAL, [TRIAL], {"total": 1, "data": [TRIAL]}], ids=["a trial", "a list", "a page"])
def test_cancergov(value: Any) -> None:
    [document] = results(in_memory(json.dumps(value), "a.json"))
    assert isinstance(document, Document)
    assert (document.doc_id, document.registry) == (
        "NCI-2098-00901",
        RegistryFields(
            nct_id="NCT99000917",
            minimum_age="18 Years",
            maximum_age="N/A",
            sex="ALL",
            healthy_volunteers=False,
            conditions=("Bladder Carcinoma",),
            title="A drug before radiation",
            phase="II",
            study_type="Interventional",
            status="Active",
            enrolment=40,
            start_date="2098-12-15",
            sponsor_class="Industrial",
            registry="NCI",
            other_ids=("NCT99000917",),
        ),
    )
    assert part(document, "brief_summary") == "A study of a drug that is\ngiven before radiation."
    assert part(document, "arms") == "EXPERIMENTAL: Arm A\nInventumab 10 mg weekly"
    assert part(document, "interventions") == "Drug: Inventumab"
    assert part(document, "outcomes") == "Response\nTime Frame: 22 days\n\nToxicity"
    assert part(document, "eligibility") == (
        "Inclusion Criteria:\n- Be ≥ 18 years old\n- Hemoglobin ≥ 9 g/dL\nwithout transfusion\n\n"
        "Exclusion Criteria:\n- Bilirubin > 3 mg/dL"
    )
    facts = shared_extractor().annotate(document.text, document.parts).facts
    assert {(f.text, f.attributes.get("arm") or f.attributes["polarity"]) for f in facts} == {
        ("10 mg", "Arm A"),
        ("≥ 18 years", "inclusion"),
        ("≥ 9 g/dL", "inclusion"),
        ("> 3 mg/dL", "exclusion"),
    }


def test_the_former_api() -> None:
    study = FORMER["FullStudiesResponse"]["FullStudies"][0]  # type: ignore[index]
    for value in (FORMER, {"FullStudy": study}, study["Study"], {"Study": study["Study"]}):
        [document] = results(in_memory(json.dumps(value), "a.json"))
        assert isinstance(document, Document)
        assert (document.doc_id, document.registry) == (
            "NCT99000918",
            RegistryFields(
                nct_id="NCT99000918",
                minimum_age="20 Years",
                maximum_age="30 Years",
                sex="Female",
                healthy_volunteers=True,
                conditions=("Anxiety",),
                title="A drug",
                phase="Phase 1/Phase 2",
                study_type="Interventional",
                status="Recruiting",
                enrolment=168,
                start_date="2098-03-04",
                sponsor_class="INDUSTRY",
                registry="ClinicalTrials.gov",
                other_ids=("2098-000903-24",),
            ),
        )
        assert part(document, "interventions") == "Drug: Inventumab\n20 mg daily"
        assert [[label for *_, label in p.arms] for p in document.parts if p.arms] == [["One"], ["One"]]


def test_what_fails_harms_no_other() -> None:
    other = {**TRIAL, "nci_id": "NCI-2098-00902"}
    broken = [{**TRIAL, "nci_id": None}, {**TRIAL, "brief_title": {"en": "x"}}, {"ProtocolSection": {}}, 3]
    found = results(in_memory(json.dumps([TRIAL, *broken, other]), "a.json"))
    assert [f.doc_id if isinstance(f, Document) else f.code for f in found] == [
        "NCI-2098-00901", "wrong_schema", "wrong_schema", "wrong_schema", "wrong_schema", "NCI-2098-00902"
    ]  # fmt: skip
    assert all(failure.record.startswith("record ") for failure in found if isinstance(failure, ReadFailure))
