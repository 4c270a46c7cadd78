"""ISRCTN's trials, as XML of its API and as JSON."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tests.readers.registry.registry_inputs import in_memory, part, results
from tests.support.extractors import shared_extractor
from trialsift.model.document import Document, RegistryFields
from trialsift.readers import ReadFailure

TRIAL: dict[str, Any] = {
    "isrctn": "99000901",
    "trialDescription": {
        "title": "Short radiotherapy",
        "scientificTitle": "Hypofractionated radiotherapy for glioma",
        "plainEnglishSummary": "Who can participate?\nAdults with a tumour",
        "studyHypothesis": "",
        "primaryOutcome": "Survival at 1 year",
        "secondaryOutcome": "",
    },
    "externalRefs": {
        "eudraCTNumber": "2098-000901-24",
        "clinicalTrialsGovNumber": "NCT99000914",
        "protocolSerialNumber": "Nil known",
        "secondaryNumbers": {"secondaryNumber": ["CPMS 99", "Nil known"]},
    },
    "trialDesign": {"primaryStudyDesign": "Interventional"},
    "participants": {
        "participantTypes": {"participantType": ["Patient", "Healthy volunteer"]},
        "inclusion": "1. Aged 18 years or over\n2. Karnofsky &gt;= 70",
        "ageRange": "Adult",
        "lowerAgeLimit": {"value": "18", "unit": "Years"},
        "gender": "All",
        "targetEnrolment": "150",
        "totalFinalEnrolment": "",
        "exclusion": "1. Platelets < 100 x 10^9/L",
        "recruitmentStart": "2098-09-01T00:00:00.000Z",
    },
    "conditions": {"condition": {"description": "Glioma", "diseaseClass1": "Cancer"}},
    "interventions": {
        "intervention": {
            "description": "40 Gy in 15 fractions",
            "interventionType": "Drug",
            "phase": "Phase III",
            "drugNames": "Temozolomide",
        }
    },
}
FIELDS = RegistryFields(
    nct_id="NCT99000914",
    minimum_age="18 Years",
    sex="ALL",
    healthy_volunteers=True,
    conditions=("Glioma",),
    title="Short radiotherapy",
    phase="Phase III",
    study_type="Interventional",
    enrolment=150,
    start_date="2098-09-01",
    registry="ISRCTN",
    other_ids=("2098-000901-24", "NCT99000914"),
)


def as_xml(value: Any, name: str) -> str:
    """An element with the fields of an object."""
    if isinstance(value, list):
        return "".join(as_xml(entry, name) for entry in value)
    if isinstance(value, dict) and "unit" in value:
        return f'<{name} value="{value["value"]}.0" unit="{value["unit"]}">{value["value"]} {value["unit"]}</{name}>'
    inner = (
        "".join(as_xml(entry, key) for key, entry in value.items())
        if isinstance(value, dict)
        else value.replace("&", "&amp;").replace("<", "&lt;")
    )
    attributes = ' dateAssigned="2098-01-01T00:00:00Z"' if name == "isrctn" else ""
    return f"<{name}{attributes}>{inner}</{name}>"


def document_of(form: str) -> Document:
    if form == "json":
        [found] = results(in_memory(json.dumps(TRIAL), "a.json"))
    else:
        content = (
            '<?xml version="1.0" encoding="UTF-8"?><allTrials totalCount="1" xmlns="http://www.67bricks.com/isrctn">'
            f"<fullTrial>{as_xml(TRIAL, 'trial')}<contact><forename>x</forename></contact></fullTrial></allTrials>"
        )
        [found] = results(in_memory(content, "a.xml"))
    assert isinstance(found, Document), found
    return found


@pytest.mark.parametrize("form", ["json", "xml"])
def test_both_forms_say_the_same(form: str) -> None:
    document = document_of(form)
    assert (document.doc_id, document.registry) == ("ISRCTN99000901", FIELDS)
    assert part(document, "title") == "Hypofractionated radiotherapy for glioma\nShort radiotherapy"
    assert part(document, "interventions") == "Drug: Temozolomide\n40 Gy in 15 fractions"
    facts = shared_extractor().annotate(document.text, document.parts).facts
    assert {(f.text, f.attributes["polarity"]) for f in facts} == {
        ("40 Gy", "none"),
        ("15 fractions", "none"),
        ("18 years or over", "inclusion"),
        (">= 70", "inclusion"),
        ("< 100 x 10^9/L", "exclusion"),
    }


def test_a_trial_that_fails_harms_no_other() -> None:
    nameless, unlike = copy.deepcopy(TRIAL), copy.deepcopy(TRIAL)
    nameless["isrctn"] = ""
    unlike["participants"]["inclusion"] = {"text": "Age 18"}
    found = results(in_memory(json.dumps([nameless, TRIAL, unlike, {"isrctn": 1}]), "a.json"))
    assert [f"{f.code} {f.record}" if isinstance(f, ReadFailure) else f.doc_id for f in found] == [
        "wrong_schema record 1",
        "ISRCTN99000901",
        "wrong_schema record 3",
        "wrong_schema record 4",
    ]


def test_xml_without_a_trial() -> None:
    trials = f"<fullTrial/><fullTrial><contact/></fullTrial><fullTrial>{as_xml(TRIAL, 'trial')}</fullTrial>"
    found = results(in_memory(f"<allTrials>{trials}</allTrials>", "a.xml"))
    assert [f.code if isinstance(f, ReadFailure) else f.doc_id for f in found] == [
        "empty",
        "wrong_schema",
        "ISRCTN99000901",
    ]
