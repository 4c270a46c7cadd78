"""ClinicalTrials.gov's legacy XML."""

from __future__ import annotations

import pytest

from tests.readers.registry.registry_inputs import FIXTURES, documents, failure, in_memory, part, results
from trialsift.model.document import Document, RegistryFields

STUDY = (
    "<clinical_study><id_info><nct_id>NCT99000911</nct_id></id_info>"
    "<eligibility><criteria><textblock>{}</textblock></criteria></eligibility></clinical_study>"
)


def document(xml: bytes | str) -> Document:
    (found,) = results(in_memory(xml, "NCT99000911.xml"))
    assert isinstance(found, Document), found
    return found


def test_a_study_has_its_fields_in_its_text_and_beside_it() -> None:
    found = documents(FIXTURES / "ctgov-xml" / "NCT99000901.xml")["NCT99000901"]
    assert found.registry == RegistryFields(
        "NCT99000901",
        "18 Years",
        "N/A",
        "Female",
        False,
        ("Breast Cancer",),
        "One-week Whole-breast Radiotherapy After Breast-conserving Surgery",
        "Phase 3",
        "Interventional",
        "Recruiting",
        400,
        "2023-01-16",
        "Other",
        "ClinicalTrials.gov",
        ("2022-000901-24",),
    )
    assert part(found, "title").endswith("(HAZEL)\nOne-week Whole-breast Radiotherapy After Breast-conserving Surgery")
    assert part(found, "interventions").startswith(
        "Radiation: Three-week whole-breast radiotherapy\n40 Gy in 15 fractions"
    )
    assert part(found, "outcomes").startswith("Moderate or marked breast induration\nAssessed by")
    assert part(found, "outcomes").endswith("Time Frame: 4 weeks after radiotherapy")


def test_the_indentation_of_a_textblock_is_taken_off_as_a_block() -> None:
    found = documents(FIXTURES / "ctgov-xml" / "NCT99000901.xml")["NCT99000901"]
    criteria = part(found, "eligibility")
    assert criteria.startswith("Inclusion Criteria:\n\n  -  Women aged >= 18 years\n\n  -  Invasive")
    assert "conserving surgery\n     with clear margins" in criteria  # wrapped as it was
    assert "\n       -  Hemoglobin >= 9.0 g/dL\n" in criteria  # a list in a list
    assert criteria.endswith("\n  -  Pregnancy or breast-feeding")
    assert "one week with radiotherapy over three weeks in\nwomen who" in part(found, "brief_summary")


@pytest.mark.parametrize(
    ("textblock", "content"),
    [
        ("Age &gt;= 18\n      ECOG 0", "Age >= 18\n      ECOG 0"),
        ("\n  \n    Age\n      ECOG 0\n\n    ", "Age\n  ECOG 0"),
        ("\n\tAge\n\t\tECOG 0\n", "Age\n\tECOG 0"),
        ("<![CDATA[Hb < 9]]>", "Hb < 9"),
        ("Hb &#8805; 9<!-- a comment --> g/dL", "Hb ≥ 9 g/dL"),
    ],
)
def test_textblocks(textblock: str, content: str) -> None:
    assert part(document(STUDY.format(textblock)), "eligibility") == content


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_encodings_are_those_that_the_xml_declares(encoding: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>' + STUDY.format("Âge µ")
    assert document(xml.encode(encoding)).text.endswith("Âge µ")


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        ("", "empty", "holds no text"),
        (" \n", "empty", "holds no text"),
        (STUDY.format("Age")[:-10], "malformed", "line 1"),
        (STUDY.format("\nHb &lt; 9 & more"), "malformed", "line 2"),
        (b"\x00\x01\x02", "malformed", "line 1"),
        (STUDY.format("\n\xe9").encode("latin-1"), "malformed", "line 2"),
        ("<html/>", "wrong_schema", "'html'; expected `clinical_study`"),
        (STUDY.format("Age").replace("nct_id", "org_study_id"), "wrong_schema", "has no NCT number"),
        (STUDY.format("  \n "), "empty", "no other text"),
        ('<?xml version="1.0" encoding="martian"?>' + STUDY.format("Age"), "encoding", "martian"),
        ('<?xml version="1.0" encoding="shift_jis"?>' + STUDY.format("Age"), "encoding", "multi-byte"),
    ],
    ids=str,
)
def test_files_without_a_study(content: str | bytes, code: str, said: str) -> None:
    found = failure(in_memory(content, "study.xml"), "ctgov-xml")
    assert found.code == code
    assert said in found.message


_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE clinical_study>",
        f'<!DOCTYPE clinical_study [<!ENTITY l0 "ha">{_LAUGHS}]>',
        '<!DOCTYPE clinical_study [<!ENTITY l9 SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE clinical_study [<!ENTITY % l9 SYSTEM "http://localhost/x.dtd"> %l9;]>',
        '<!DOCTYPE clinical_study SYSTEM "http://localhost/x.dtd">',
    ],
    ids=["none", "billion laughs", "file", "parameter", "external"],
)
def test_entities_and_document_types_are_refused(doctype: str) -> None:
    assert failure(in_memory(doctype + STUDY.format("&l9;"), "study.xml")).code == "forbidden"


def test_limit() -> None:
    assert failure(in_memory(STUDY.format("Age " * 1_000), "study.xml"), max_document=3_000).code == "too_large"


def test_deep_nesting_is_read() -> None:
    assert document(STUDY.format("<b>" * 50_000 + "Age" + "</b>" * 50_000)).text.endswith("Age")
