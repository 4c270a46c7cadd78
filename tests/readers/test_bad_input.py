"""Bad input of every kind for every reader: one clear line each, and what else is in the file is read."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.readers.builders import results
from tests.readers.test_inputs import FILES, REGISTRIES
from trialsift.model.document import Document
from trialsift.readers import ReadFailure

JATS = (
    "<?xml version='1.0'?><article article-type='research-article'><front><article-meta><article-id pub-id-type='pmc'>"
    "99001</article-id><title-group><article-title>A trial</article-title></title-group></article-meta></front><body>"
    "<sec><title>Methods</title><p>Adults aged 18 years or older.</p></sec></body></article>"
)
PUBMED = (
    "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>99000901</PMID><Article><ArticleTitle>A trial"
    "</ArticleTitle><Abstract><AbstractText>Adults of 18 years or older.</AbstractText></Abstract></Article>"
    "</MedlineCitation></PubmedArticle></PubmedArticleSet>"
)
ISRCTN = {
    "isrctn": "99000901",
    "trialDescription": {"title": "A trial"},
    "participants": {"inclusion": "Adults of 18 years or older", "exclusion": "Platelets < 75 x 10^9/L"},
}
CTIS = {
    "ctNumber": "2098-508143-51-01",
    "authorizedApplication": {
        "authorizedPartI": {
            "trialDetails": {
                "clinicalTrialIdentifiers": {"fullTitle": "A trial", "publicTitle": "A trial"},
                "trialInformation": {
                    "eligibilityCriteria": {
                        "principalInclusionCriteria": [{"principalInclusionCriteria": "Age 18 years or older"}],
                        "principalExclusionCriteria": [{"principalExclusionCriteria": "ANC < 1.5 x 10^9/L"}],
                    }
                },
            }
        }
    },
}
BIOC = {"documents": [{"id": "99", "passages": [{"offset": 0, "infons": {}, "text": "Aged 18 years"}]}], "source": "x"}
#: Whole files: a name and what stands in it. Nothing tells of a page or a plain text that its end is missing.
WHOLE: dict[str, tuple[str, Callable[[], bytes]]] = {
    **{kind: (name, build) for kind, (name, build, _) in FILES.items()},
    "ISRCTN as JSON": ("a.json", json.dumps(ISRCTN, indent=1).encode),
    "CTIS": ("a.json", json.dumps(CTIS, indent=1).encode),
    "BioC": ("a.json", json.dumps(BIOC, indent=1).encode),
    "PubMed": ("a.xml", PUBMED.encode),
    "JATS": ("a.xml", JATS.encode),
    "a download of EUCTR": ("a.txt", (REGISTRIES / "euctr.txt").read_bytes),
}
ENDLESS = {"text", "text in windows-1252", "HTML", "EUCTR", "a download of EUCTR"}
ENDINGS = ("txt", "csv", "tsv", "json", "jsonl", "xml", "html", "md", "pdf", "docx", "parquet", "zip", "txt.gz")


def _read(data: bytes, name: str) -> tuple[dict[str, str], list[ReadFailure]]:
    """The texts by doc_id and the failures, each of which has to be a line that says what is wrong."""
    found = results(data, name)
    assert found
    failures = [item for item in found if isinstance(item, ReadFailure)]
    for failure in failures:
        assert str(failure).isprintable()
        assert len(str(failure)) < 500
        assert failure.code != "internal", str(failure)
        assert failure.message
        assert failure.advice
    return {item.doc_id: item.text for item in found if isinstance(item, Document)}, failures


@pytest.mark.parametrize("kind", WHOLE)
def test_a_whole_file_has_no_failure(kind: str) -> None:
    name, build = WHOLE[kind]
    documents, failures = _read(build(), name)
    assert documents
    assert failures == []


@pytest.mark.parametrize("share", [0.05, 0.3, 0.7, 0.98])
@pytest.mark.parametrize("kind", sorted(set(WHOLE) - ENDLESS))
def test_a_file_that_breaks_off(kind: str, share: float) -> None:
    """What is read from it is what the whole file says."""
    name, build = WHOLE[kind]
    whole, _ = _read(build(), name)
    documents, failures = _read(build()[: int(len(build()) * share)], name)
    assert len(failures) == 1
    assert documents.items() <= whole.items()


def test_a_download_of_euctr_that_breaks_off() -> None:
    data = (REGISTRIES / "euctr.txt").read_bytes()
    whole, _ = _read(data, "a.txt")
    documents, [failure] = _read(data[: data.rindex(b"F.1.2")], "a.txt")
    assert list(documents) == list(whole)[:-1]
    assert "breaks off in section E" in failure.message


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("kind", WHOLE)
def test_another_ending(kind: str, ending: str) -> None:
    """The file is read as what it is, as the text that it is, or refused."""
    documents, failures = _read(WHOLE[kind][1](), f"a.{ending}")
    assert len(failures) <= 1
    assert documents or failures


RECORDS_AS_PAGES = ["ICTRP's portal", "PubMed", "a download of EUCTR", "a study", "ISRCTN as JSON", "CTIS", "BioC"]


@pytest.mark.parametrize("ending", ["txt", "html"])
@pytest.mark.parametrize("kind", RECORDS_AS_PAGES)
def test_records_are_told_whatever_their_ending(kind: str, ending: str) -> None:
    name, build = WHOLE[kind]
    assert _read(build(), f"a.{ending}")[0].keys() == _read(build(), name)[0].keys()


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("data", [b"", b" \r\n\t", bytes(range(256)) * 8, b"\xff\xfe\0\0" * 9], ids=range(4))
def test_nothing_that_could_be_read(data: bytes, ending: str) -> None:
    documents, failures = _read(data, f"a.{ending}")
    assert documents == {}
    assert len(failures) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '{"protocolSection": {"identificationModule": {"nctId": "NCT99000901"}}}'),
        ("a.xml", "<clinical_study><id_info><nct_id>NCT99000901</nct_id></id_info></clinical_study>"),
        ("a.json", '{"FullStudy": {"Study": {"ProtocolSection": {"IdentificationModule": {"NCTId": "NCT99000901"}}}}}'),
        ("a.xml", "<trials><trial><main><trial_id>RBR-9zzz01</trial_id></main></trial></trials>"),
        ("a.xml", "<Trials_downloaded_from_ICTRP><Trial><TrialID>DRKS1</TrialID></Trial>"
                  "</Trials_downloaded_from_ICTRP>"),
        ("a.csv", "TrialID,Inclusion Criteria\nDRKS99000901,\n"),
        ("a.txt", "Summary\nEudraCT Number: 2098-000901-24\nF.1.2 Adults: Yes\n"),
        ("a.json", '{"ctNumber": "2098-508143-51-01", "authorizedApplication": {}}'),
        ("a.json", '{"isrctn": "99000901", "trialDescription": {}}'),
        ("a.json", '{"nci_id": "NCI-2098-1", "nct_id": "NCT99000901"}'),
        ("a.json", '{"documents": [{"id": "99", "passages": []}], "source": "x"}'),
        ("a.xml", "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>9</PMID></MedlineCitation></PubmedArticle>"
                  "</PubmedArticleSet>"),
        ("a.xml", "<?xml version='1.0'?><article article-type='x'><front/><body/></article>"),
        ("a.jsonl", '{"doc_id": "a", "text": ""}\n'),
        ("a.csv", "doc_id,text\na,\n"),
    ],
)  # fmt: skip
def test_a_record_without_criteria(name: str, text: str) -> None:
    """It has no other text either."""
    documents, [failure] = _read(text.encode(), name)
    assert documents == {}
    assert failure.code in ("empty", "wrong_schema")


MANY = 10_000
UPLOAD = (
    "<trial><main><trial_id>RBR-{:05}</trial_id></main><criteria><inclusion_criteria>Age 18</inclusion_criteria>"
    "</criteria></trial>"
)


@pytest.mark.parametrize(
    ("name", "begin", "record", "broken", "end"),
    [
        ("a.jsonl", "", '{{"doc_id": "d{}", "text": "Age 18"}}\n', '{"doc_id": "x", "text": "Ag\n', ""),
        ("a.csv", "doc_id,text\n", "d{},Age 18\n", "x\n", ""),
        ("a.tsv", "doc_id\ttext\n", "d{}\tAge 18\n", "x\ty\tz\n", ""),
        ("a.xml", "<trials>", UPLOAD, UPLOAD.format(0).replace("18", "<18"), "</trials>"),
        (
            "a.txt",
            "",
            "\nSummary\nEudraCT Number: 2098-{:06}-24\nE.3 Principal inclusion criteria: Age 18\n",
            "\nSummary\nEudraCT Number: x\nE.3 Principal inclusion criteria: Age 18\n",
            "",
        ),
        (
            "a.json",
            '{"studies": [',
            '{{"protocolSection": {{"identificationModule": {{"nctId": "NCT{:08}", "briefTitle": "A trial"}}}}}},',
            '{"protocolSection": "x"},',
            '{"protocolSection": {"identificationModule": {"nctId": "NCT99999999", "briefTitle": "A trial"}}}]}',
        ),
    ],
    ids=["jsonl", "csv", "tsv", "upload", "euctr", "studies"],
)
def test_one_of_many_records_is_broken(name: str, begin: str, record: str, broken: str, end: str) -> None:
    half = MANY // 2
    written = [record.format(number) for number in range(1, MANY)]
    data = begin + "".join([*written[:half], broken, *written[half:]]) + end
    documents, [failure] = _read(data.encode(), name)
    assert len(documents) == MANY - 1 + (name == "a.json")
    assert failure.record


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig", "latin-1"])
@pytest.mark.parametrize("kind", ["text", "CSV", "JSON Lines", "a study", "legacy XML", "HTML", "a download of EUCTR"])
def test_another_encoding(kind: str, encoding: str) -> None:
    """The text is the same, or the file is refused in one line."""
    name, build = WHOLE[kind]
    whole = (
        build().decode("utf-8").replace("≥", ">=").replace("\u2011", "-").encode("ascii", "xmlcharrefreplace").decode()
    )
    documents, failures = _read(whole.encode(encoding), name)
    assert len(failures) <= 1
    if not failures:
        assert documents == _read(whole.encode(), name)[0]
