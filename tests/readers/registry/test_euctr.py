"""EUCTR's download as text: many records a file, one for each country; and its records as ctrdata's JSON."""

from __future__ import annotations

import json

import pytest

from tests.readers.registry.registry_inputs import FIXTURES, failure, in_memory, part, results
from tests.support.extractors import shared_extractor
from trialsift.model.document import Document, RegistryFields
from trialsift.readers import ReadFailure

DOWNLOAD = FIXTURES / "registries" / "euctr.txt"
FIELDS = RegistryFields(
    nct_id="NCT99000913",
    sex="ALL",
    healthy_volunteers=False,
    conditions=("Bladder cancer",),
    title="A drug with radiation",
    phase="I/II",
    study_type="Interventional",
    status="Ongoing",
    enrolment=60,
    start_date="2098-05-18",
    sponsor_class="Non-Commercial",
    registry="EUCTR",
    other_ids=("NCT99000913",),
)
RECORD = {
    "_id": "2098-000901-24-BE",
    "a2_eudract_number": "2098-000901-24",
    "a1_member_state_concerned": "Belgium - FPS Health-DGM",
    "a3_full_title_of_the_trial": "Inventumab with radiotherapy for bladder cancer",
    "a31_title_of_the_trial_for_lay_people_in_easily_understood_ie_nontechnical_language": "A drug with radiation",
    "a52_us_nct_clinicaltrialsgov_registry_number": "NCT99000913",
    "b1_sponsor": [{"b31_and_b32_status_of_the_sponsor": "Non-Commercial"}],
    "dimp": [
        {"d12_and_d13_imp_role": "Test", "d38_inn__proposed_inn": "Inventumab", "d31_product_name": "INV-1 50 mg"},
        {"d12_and_d13_imp_role": "Comparator", "d31_product_name": "Saline"},
    ],
    "e11_medical_conditions_being_investigated": "Bladder cancer",
    "e3_principal_inclusion_criteria": "1. Aged 18 to 75 years 2. ECOG 0-1",
    "e4_principal_exclusion_criteria": "Creatinine above 2 mg/dL",
    "e51_primary_end_points": "Complete response",
    "e511_timepoints_of_evaluation_of_this_end_point": "1 year",
    "e71_human_pharmacology_phase_i": "Yes",
    "e72_therapeutic_exploratory_phase_ii": "Yes",
    "e73_therapeutic_confirmatory_phase_iii": "No",
    "f21_female": "Yes",
    "f22_male": "Yes",
    "f31_healthy_volunteers": "No",
    "f41_in_the_member_state": "5",
    "f422_in_the_whole_clinical_trial": "60",
    "n_date_of_competent_authority_decision": "2098-05-18",
    "x5_trial_status": "Ongoing",
}


@pytest.fixture(scope="module")
def found() -> list[Document | ReadFailure]:
    wrong = b"Summary\nEudraCT Number: 2098-9\nA. Protocol Information\nA.3 Full title of the trial: Wrong\n\n"
    *others, last = DOWNLOAD.read_bytes().partition(b"Summary\nEudraCT Number: 2098-000902-24")[0::2]
    head = b"Summary\nEudraCT Number: 2098-000902-24"
    return results(in_memory(b"".join(others) + wrong + head + last, "euctr.txt"))


def test_countries_are_told_apart(found: list[Document | ReadFailure]) -> None:
    assert [f.doc_id if isinstance(f, Document) else f"{f.code} {f.record}" for f in found] == [
        "2098-000901-24-BE",
        "2098-000901-24-ES",
        "2098-000901-24-ES-2",  # a second submission
        "wrong_schema line 96",
        "2098-000902-24-3RD",
    ]


def test_a_record(found: list[Document | ReadFailure]) -> None:
    document = found[0]
    assert isinstance(document, Document)
    assert document.registry == FIELDS
    assert part(document, "title") == "Inventumab with radiotherapy\nfor bladder cancer\nA drug with radiation"
    assert part(document, "interventions") == "Test: Inventumab\n\nComparator: Saline"
    assert part(document, "outcomes") == "Complete response\nTime Frame: 1 year"
    assert part(document, "eligibility") == (
        "Inclusion Criteria:\n1. Aged 18 to 75 years;\n2. ECOG 0-1:\n\nE.1 (see above) is met\nA. Histology: proven\n"
        "- Hemoglobin ≥ 9 g/dL\n\nExclusion Criteria:\nCréatinine > 2 mg/dL"
    )
    facts = shared_extractor().annotate(document.text, document.parts).facts
    assert {(f.text, f.attributes["polarity"]) for f in facts} == {
        ("18 to 75 years", "inclusion"),
        ("0-1", "inclusion"),
        ("≥ 9 g/dL", "inclusion"),
        ("> 2 mg/dL", "exclusion"),
    }


def test_lines_may_end_as_those_of_other_systems(found: list[Document | ReadFailure]) -> None:
    data = DOWNLOAD.read_bytes().replace(b"\n", b"\r\n")
    again = results(in_memory(b"\xef\xbb\xbf" + data, "euctr.txt"))
    assert isinstance(again[0], Document)
    assert isinstance(found[0], Document)
    assert (again[0].text, again[0].registry) == (found[0].text, found[0].registry)


def test_a_record_that_is_too_large_harms_no_other() -> None:
    lines = DOWNLOAD.read_text(encoding="utf-8").replace(
        "Main objective of the trial: ", "Main objective of the trial: " + "\nx" * 5000
    )
    found = results(in_memory(lines, "euctr.txt"), max_document=8000)
    assert [f.doc_id if isinstance(f, Document) else f.code for f in found][:2] == ["too_large", "2098-000901-24-ES"]


def test_a_stated_file_without_records() -> None:
    assert failure(in_memory("Age 18", "a.txt"), "euctr-text").code == "wrong_schema"


def test_ctrdatas_json_says_the_same() -> None:
    [document] = results(in_memory(json.dumps(RECORD), "a.json"))
    assert isinstance(document, Document)
    assert (document.doc_id, document.registry) == ("2098-000901-24-BE", FIELDS)
    assert part(document, "interventions") == "Test: Inventumab\n\nComparator: Saline"
    assert document.notes == {"signs": "lost"}


def test_a_record_with_signs_has_not_lost_them() -> None:
    record = {**RECORD, "_id": None, "e4_principal_exclusion_criteria": "Creatinine > 2 mg/dL"}
    [document] = results(in_memory(json.dumps([record]), "a.json"))
    assert isinstance(document, Document)
    assert (document.doc_id, document.notes) == ("2098-000901-24-BE", {})
