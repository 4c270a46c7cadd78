"""Papers: PubMed's records, PMC's full texts, BioC."""
# ruff: noqa: E501  XML as it is handed out

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.readers.registry.registry_inputs import failure, in_memory, results
from tests.support.extractors import shared_extractor
from trialsift.model.document import Document, RegistryFields
from trialsift.readers import ReadFailure

PUBMED = """<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2098//EN" "https://example.org/pubmed.dtd">
<PubmedArticleSet>
<PubmedArticle>
  <MedlineCitation Status="MEDLINE" Owner="NLM">
    <PMID Version="1">99000901</PMID>
    <Article PubModel="Print">
      <ArticleTitle>Short radiotherapy for <i>glioma</i>.</ArticleTitle>
      <Abstract>
        <AbstractText Label="BACKGROUND" NlmCategory="BACKGROUND">The standard is 60 Gy in 30 fractions.</AbstractText>
        <AbstractText Label="METHODS" NlmCategory="METHODS">Patients aged 65 years or older with platelets
          of at least 100 x 10<sup>9</sup>/L were given 40 Gy in 15 fractions.</AbstractText>
        <AbstractText Label="UNLABELLED">Registered as ISRCTN99000902.</AbstractText>
        <CopyrightInformation>Copyright 2098.</CopyrightInformation>
      </Abstract>
      <DataBankList CompleteYN="Y"><DataBank><DataBankName>ClinicalTrials.gov</DataBankName>
        <AccessionNumberList><AccessionNumber>NCT99000916</AccessionNumber></AccessionNumberList></DataBank></DataBankList>
      <PublicationTypeList><PublicationType UI="D016449">Randomized Controlled Trial</PublicationType></PublicationTypeList>
    </Article>
    <MeshHeadingList>
      <MeshHeading><DescriptorName UI="D000369">Aged, 80 and over</DescriptorName></MeshHeading>
      <MeshHeading><DescriptorName UI="D005910">Glioma</DescriptorName><QualifierName>radiotherapy</QualifierName></MeshHeading>
    </MeshHeadingList>
    <CommentsCorrectionsList><CommentsCorrections RefType="Cites"><PMID>99000999</PMID></CommentsCorrections></CommentsCorrectionsList>
  </MedlineCitation>
  <PubmedData><ArticleIdList><ArticleId IdType="pubmed">99000901</ArticleId><ArticleId IdType="pmc">PMC99000901</ArticleId></ArticleIdList></PubmedData>
</PubmedArticle>
<PubmedArticle><MedlineCitation><PMID>99000902</PMID><Article><ArticleTitle/></Article></MedlineCitation></PubmedArticle>
<PubmedArticle><MedlineCitation><Article><ArticleTitle>No number</ArticleTitle></Article></MedlineCitation></PubmedArticle>
<PubmedArticle><MedlineCitation><PMID>99000903</PMID><Article><ArticleTitle>Only a title</ArticleTitle></Article></MedlineCitation></PubmedArticle>
</PubmedArticleSet>
"""
JATS = """<?xml version="1.0"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving DTD v1.3//EN" "JATS-archivearticle1.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:mml="http://www.w3.org/1998/Math/MathML" article-type="research-article">
<front><article-meta>
  <article-id pub-id-type="pmid">99000901</article-id><article-id pub-id-type="pmc">99000901</article-id>
  <title-group><article-title>Short radiotherapy<xref ref-type="fn">*</xref></article-title></title-group>
  <abstract><sec><title>Methods</title><p>Patients got 40 Gy (NCT99000916).</p></sec></abstract>
  <abstract abstract-type="graphical"><p>Look at 99 Gy.</p></abstract>
</article-meta></front>
<body>
  <sec sec-type="intro"><title>1. Introduction</title><p>Roa gave 50 Gy.</p></sec>
  <sec sec-type="methods"><title>Methods</title>
    <sec><title>Patients</title>
      <p>Eligible were patients with:</p>
      <list list-type="bullet"><list-item><p>age ≥65 years</p></list-item>
        <list-item><p>platelets &gt; 100 × 10<sup>9</sup>/L<xref ref-type="bibr" rid="b1"><sup>12</sup></xref></p></list-item></list>
      <p>Carboplatin AUC 5<xref ref-type="bibr" rid="b2">13</xref> was given.<sup><xref ref-type="bibr">14</xref>,<xref ref-type="bibr">15</xref></sup> See [<xref ref-type="bibr">16</xref>] at
        <inline-formula><mml:math><mml:mi>x</mml:mi></mml:math></inline-formula>.</p>
      <table-wrap><label>Table 1</label><caption><p>Arms</p></caption><table><tr><th>Arm</th><th>Dose</th></tr>
        <tr><td>A</td><td>40 Gy</td></tr></table></table-wrap>
    </sec></sec>
  <sec><title>Discussion</title><p>Others gave 55 Gy.</p></sec>
  <sec><title>Results and discussion</title><p>Two patients died.</p></sec>
</body>
<back><ref-list><ref><mixed-citation>Roa. 60 Gy in 30 fractions.</mixed-citation></ref></ref-list></back>
</article>
"""
TEXT = """\
Short radiotherapy

Methods

Patients got 40 Gy (NCT99000916).

Methods

Patients

Eligible were patients with:

- age ≥65 years
- platelets > 100 × 10^9/L [12]

Carboplatin AUC 5 [13] was given. [14,15] See [16] at x.

Table 1

Arms

| Arm | Dose |
| A | 40 Gy |

Results and discussion

Two patients died."""


def facts_of(document: Document) -> dict[str, tuple[Any, ...]]:
    facts = shared_extractor().annotate(document.text, document.parts).facts
    return {f.text: (f.label, f.attributes.get("low"), bool(f.attributes.get("historical"))) for f in facts}


def test_pubmed() -> None:
    found = results(in_memory(PUBMED, "a.xml"))
    assert [f.doc_id if isinstance(f, Document) else f.code for f in found] == [
        "PMID99000901",
        "empty",
        "wrong_schema",
        "PMID99000903",
    ]
    document = found[0]
    assert isinstance(document, Document)
    assert document.text == (
        "Short radiotherapy for glioma.\n\n"
        "BACKGROUND: The standard is 60 Gy in 30 fractions.\n"
        "METHODS: Patients aged 65 years or older with platelets of at least 100 x 10^9/L were given 40 Gy in 15 "
        "fractions.\nRegistered as ISRCTN99000902."
    )
    assert document.registry == RegistryFields(
        nct_id="NCT99000916",
        title="Short radiotherapy for glioma.",
        study_type="Randomized Controlled Trial",
        registry="PubMed",
        other_ids=("NCT99000916", "ISRCTN99000902", "PMC99000901"),
    )
    assert document.notes == {"mesh": "Aged, 80 and over; Glioma"}
    facts = facts_of(document)
    assert facts["60 Gy"] == ("DOSE", 60, True)
    assert facts["40 Gy"] == ("DOSE", 40, False)
    assert facts["at least 100 x 10^9/L"] == ("LAB", 100, False)


@pytest.mark.parametrize("name", ["a.xml", "a.nxml", "a.txt"])
def test_full_texts(name: str) -> None:
    [document] = results(in_memory(JATS, name))
    assert isinstance(document, Document)
    assert document.text == TEXT
    assert (document.doc_id, document.registry) == (
        "PMC99000901",
        RegistryFields(
            nct_id="NCT99000916",
            title="Short radiotherapy",
            study_type="research-article",
            registry="PMC",
            other_ids=("NCT99000916", "PMID99000901"),
        ),
    )
    assert facts_of(document)["≥65 years"] == ("AGE", 65, False)


def test_a_set_of_full_texts() -> None:
    article = JATS[JATS.index("<article ") :]
    other = article.replace('pmc">99000901', 'pmcid">PMC99000902').replace("<article ", '<article xmlns="urn:x" ')
    bare = "<article><body><p>Age 18</p></body></article>"
    found = results(in_memory(f"<pmc-articleset>{article}{bare}{other}</pmc-articleset>", "a.xml"))
    assert [f.doc_id if isinstance(f, Document) else f.code for f in found] == [
        "PMC99000901",
        "wrong_schema",
        "PMC99000902",
    ]


def test_an_article_of_html_is_a_page() -> None:
    [document] = results(in_memory("<article><p>Age 18 years or older.</p></article>", "a.html"))
    assert isinstance(document, Document)
    assert document.text == "Age 18 years or older.\n"


def passage(section: str, kind: str, text: str, **infons: str) -> dict[str, Any]:
    return {"offset": 0, "infons": {"section_type": section, "type": kind, **infons}, "text": text}


DOCUMENT = {
    "id": "99000901",
    "infons": {},
    "passages": [
        passage(
            "TITLE", "front", "Short radiotherapy", **{"article-id_pmc": "PMC99000901", "article-id_pmid": "99000901"}
        ),
        passage("ABSTRACT", "abstract", "Patients got 40 Gy (NCT99000916)."),
        passage("INTRO", "title_1", "Introduction"),
        passage("INTRO", "paragraph", "Roa gave 50 Gy."),
        passage("METHODS", "paragraph", "Platelets of at least 100 x 109/L."),
        passage("RESULTS", "title_1", "Outcome"),
        {"infons": {"section_type": "RESULTS", "type": "paragraph"}, "sentences": [{"text": "Two"}, {"text": "died."}]},
        passage("REF", "ref", "60 Gy in 30 fractions"),
    ],
    "relations": [],
}
COLLECTION = {
    "source": "PMC",
    "date": "20980101",
    "key": "pmc.key",
    "documents": [DOCUMENT, {"id": "x", "passages": []}],
}


@pytest.mark.parametrize("value", [[COLLECTION], COLLECTION], ids=["a list", "a collection"])
def test_bioc(value: Any) -> None:
    document, nothing = results(in_memory(json.dumps(value), "a.json"))
    assert isinstance(nothing, ReadFailure)
    assert nothing.code == "empty"
    assert isinstance(document, Document)
    assert document.doc_id == "PMC99000901"
    assert document.text == (
        "Short radiotherapy\n\nAbstract\n\nPatients got 40 Gy (NCT99000916).\n\nMethods\n\n"
        "Platelets of at least 100 x 109/L.\n\nOutcome\n\nTwo died."
    )
    assert document.registry == RegistryFields(
        nct_id="NCT99000916", title="Short radiotherapy", registry="PMC", other_ids=("NCT99000916", "PMID99000901")
    )
    assert facts_of(document)["at least 100 x 109/L"] == ("LAB", 100, False)


def test_bioc_of_pubmed() -> None:
    document = {
        "id": "99000902",
        "passages": [
            {"infons": {"type": "title"}, "text": "A title"},
            {"infons": {"type": "abstract"}, "text": "An age of 18 years."},
        ],
    }
    found = results(in_memory(json.dumps(document), "a.json"))
    [paper] = found
    assert isinstance(paper, Document)
    assert (paper.doc_id, paper.text) == ("PMID99000902", "A title\n\nAn age of 18 years.")


@pytest.mark.parametrize(
    ("data", "form", "code"),
    [
        ("<PubmedArticleSet></PubmedArticleSet>", None, "empty"),
        ('{"documents": [], "source": "PMC"}', None, "empty"),
        ('{"source": "PMC"}', "bioc-json", "wrong_schema"),
        ('{"isrctn": "1", "trialDescription": {}}', "bioc-json", "wrong_schema"),
        ('"x"', "bioc-json", "wrong_schema"),
        ("[]", "bioc-json", "empty"),
    ],
)
def test_what_holds_none(data: str, form: Any, code: str) -> None:
    assert failure(in_memory(data, "a.xml" if data.startswith("<") else "a.json"), form).code == code
