"""What ICTRP hands out and what registries send to it."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

import pytest

from tests.readers.registry.registry_inputs import FIXTURES, documents, failure, in_memory, part, results
from tests.support.extractors import shared_extractor
from trialsift.model.document import Document, RegistryFields

PORTAL, UPLOAD = FIXTURES / "registries" / "ictrp-portal.xml", FIXTURES / "registries" / "ictrp-upload.xml"
SHORT = RegistryFields(
    nct_id="NCT99000911",
    minimum_age="18 Years",
    sex="ALL",
    conditions=("Bone metastases", "Cancer pain"),
    title="Short radiotherapy for bone metastases",
    phase="3",
    study_type="Interventional study",
    status="Recruiting",
    enrolment=238,
    start_date="2099-02-07",
    registry="ChiCTR",
    other_ids=("NCT99000911", "U1111-1299-0001"),
)


def as_csv(spaced: bool) -> bytes:
    """The trials of the portal's XML as its CSV."""
    trials = [{field.tag: field.text or "" for field in trial} for trial in ElementTree.parse(PORTAL).getroot()]
    names = list(trials[0])
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([name.replace("_", " ") if spaced else name for name in names])
    writer.writerows([trial.get(name, "") for name in names] for trial in trials)
    return out.getvalue().encode()


def portal(form: str) -> dict[str, Document]:
    data = PORTAL.read_bytes() if form == "xml" else as_csv(form == "spaced")
    found = results(in_memory(data, "ictrp.xml" if form == "xml" else "ICTRP-Results.csv"))
    return {document.doc_id: document for document in found if isinstance(document, Document)}


@pytest.mark.parametrize("form", ["xml", "spaced", "underscored"])
def test_the_portals_forms_say_the_same(form: str) -> None:
    found = portal(form)
    assert list(found) == ["ChiCTR2099000901", "EUCTR2098-000901-24-BE"]
    document = found["ChiCTR2099000901"]
    assert document.registry == SHORT
    assert part(document, "title") == (
        "A randomized trial of one against five fractions for painful bone metastases\n"
        "Short radiotherapy for bone metastases"
    )
    assert part(document, "eligibility") == (
        "Inclusion criteria: 1. Aged >= 18 years;\n2. ECOG 0-2;\n3. Platelets\n> 75 x 10^9/L.\n\n"
        "Exclusion criteria: 1. Hemoglobin <80 g/L;\n2. ALT > 3 x ULN."
    )
    assert part(document, "interventions") == "Short group: 8 Gy in 1 fraction\n\nLong group: 20 Gy in 5 fractions"


def test_facts_of_the_portal_have_polarity_and_arm() -> None:
    document = portal("xml")["ChiCTR2099000901"]
    facts = shared_extractor().annotate(document.text, document.parts).facts
    told = {(f.text, f.attributes.get("arm") or f.attributes.get("polarity")) for f in facts}
    assert told - {("five fractions", "none")} == {
        ("8 Gy", "Short group"),
        ("1 fraction", "Short group"),
        ("20 Gy", "Long group"),
        ("5 fractions", "Long group"),
        (">= 18 years", "inclusion"),
        ("0-2", "inclusion"),
        ("> 75 x 10^9/L", "inclusion"),
        ("<80 g/L", "exclusion"),
        ("> 3 x ULN", "exclusion"),
    }


def test_criteria_without_headings_get_them() -> None:
    document = portal("xml")["EUCTR2098-000901-24-BE"]
    assert part(document, "eligibility") == (
        "Inclusion Criteria:\nWomen of 18 to 70 years\n\nExclusion Criteria:\nCreatinine > 2 mg/dL"
    )
    assert document.registry is not None
    assert (document.registry.registry, document.registry.sex) == ("EUCTR", "FEMALE")
    assert (document.registry.nct_id, document.registry.minimum_age) == (None, None)


def test_an_intervention_that_names_no_groups_stays_whole() -> None:
    data = PORTAL.read_text(encoding="utf-8").replace("Short group:8 Gy", "Radiotherapy: 8 Gy")
    document = results(in_memory(data, "a.xml"))[0]
    assert isinstance(document, Document)
    assert part(document, "interventions") == "Radiotherapy: 8 Gy in 1 fraction;Long group:20 Gy in 5 fractions;"


def test_the_upload_form() -> None:
    [document] = documents(UPLOAD).values()
    assert document.registry == RegistryFields(
        nct_id="NCT99000912",
        minimum_age="18 Years",
        maximum_age="N/A",
        sex="FEMALE",
        conditions=("Breast cancer.", "Carcinoma in situ."),
        title="Hypofractionation after lumpectomy",
        phase="3",
        study_type="interventional",
        status="recruiting",
        enrolment=600,
        start_date="2099-02-01",
        registry="ReBec",
        other_ids=("NCT99000912", "U1111-1299-0002"),
    )
    assert document.doc_id == "RBR-9zzz01"
    assert part(document, "outcomes") == "Relapse at 5 years"
    facts = shared_extractor().annotate(document.text, document.parts).facts
    told = {(f.text, f.attributes.get("arm") or f.attributes.get("polarity")) for f in facts}
    assert told >= {("40 Gy", "Arm A"), ("25 fractions", "Arm B"), ("0-1", "inclusion"), ("< 9 g/dL", "exclusion")}


@pytest.mark.parametrize(
    ("data", "form", "code", "says"),
    [
        (b"TrialID,Inclusion Criteria\nDRKS00000001\n", None, "malformed", "has 1 fields; expected 2"),
        (b"TrialID,Inclusion Criteria\n", None, "empty", "no rows"),
        (b"TrialID,Inclusion Criteria\n,Age 18\n", None, "wrong_schema", "no TrialID"),
        (b"name,age\nx,18\n", "ictrp-csv", "wrong_schema", "no column trialid, inclusion_criteria"),
        (b"doc_id,text\nx,18\n", "ictrp-xml", "malformed", "is no XML"),
    ],
)
def test_what_is_none_of_it(data: bytes, form: str | None, code: str, says: str) -> None:
    found = failure(in_memory(data, "a.csv"), form)  # type: ignore[arg-type]
    assert (found.code, says in str(found)) == (code, True), str(found)


def test_a_bad_row_harms_no_other() -> None:
    data = b'TrialID,Inclusion Criteria\nDRKS00000001,Age 18\nDRKS00000002\nDRKS00000003,"a<br>b"\n'
    found = results(in_memory(data, "a.csv"))
    assert [f.doc_id if isinstance(f, Document) else f.record for f in found] == [
        "DRKS00000001",
        "line 3",
        "DRKS00000003",
    ]
