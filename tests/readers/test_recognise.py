import gzip
import io
import json

import pytest

from tests.readers.builders import in_memory, only_failure, results
from trialsift.readers import InputFormat, ReadFailure
from trialsift.readers.recognise import HEAD, is_whole_json, outline_json, recognise_format

STUDY = {"protocolSection": {"identificationModule": {"nctId": "NCT00000001"}}}
PAGE = {"totalCount": 1, "studies": [STUDY], "nextPageToken": "x"}
RECORD = {"doc_id": "a", "text": 'a "quoted" {brace} \\'}


def _json(value: object, indent: int | None = None) -> bytes:
    return json.dumps(value, indent=indent).encode()


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"Age 18", "a.txt", "text"),
        (b"Age 18", "-", "text"),
        (b"", "-", "text"),
        (b"a|b", "a.csv", "csv"),
        (b"PK\x03\x04", "a.txt", "zip"),
        (b"PAR1", "-", "parquet"),
        (b"%PDF-1.7", "a.txt", "pdf"),
        (b"junk\n" * 100 + b"%PDF-1.4", "a", "pdf"),
        (b"begins with %PDF-1.4, as we say", "a.txt", "text"),
        (b"junk %PDF-1.4", "a.pdf", "pdf"),
        (b"<!DOCTYPE html><p>", "a.txt", "html"),
        (b"\xef\xbb\xbf\n <!-- x --> <HTML lang=en>", "-", "html"),
        ("<html>".encode("utf-16"), "-", "html"),
        (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'><html>", "a.xml", "html"),
        (b"<p>no head</p>", "a.html", "html"),
        (b"<p>no page</p>", "a.txt", "text"),
        (b"<?xml version='1.0'?>\n<!-- x -->\n<clinical_study rank='1'>", "a.xml", "ctgov-xml"),
        (b"<!DOCTYPE clinical_study [<!ENTITY a 'b'>]>\n<clinical_study>", "-", "ctgov-xml"),
        (b"<clinical_study>", "a.txt", "ctgov-xml"),
        (b"<?xml version='1.0'?><Trials_downloaded_from_ICTRP>", "a.xml", "ictrp-xml"),
        (b"<Trials_downloaded_from_ICTRP>", "-", "ictrp-xml"),
        (b"<trials>\n <trial>", "a.xml", "ictrp-upload"),
        (b"<trials>\n <trial>", "a.html", "html"),
        (b'"TrialID","Public title","Inclusion Criteria"', "a.csv", "ictrp-csv"),
        (b"TrialID;Inclusion_Criteria\n", "a.tsv", "ictrp-csv"),
        (b"TrialID,Inclusion Criteria,text\n", "a.csv", "csv"),
        (b"TrialID,Inclusion Criteria\n", "-", "text"),
        (b"\xef\xbb\xbfTrialID,Inclusion Criteria,a,b,c,d,e,f,g,h,i,j\n", "-", "ictrp-csv"),
        (_json(STUDY), "a.json", "ctgov-json"),
        (_json(STUDY, 2), "-", "ctgov-json"),
        (_json(STUDY), "a.txt", "ctgov-json"),
        (_json(PAGE), "a.json", "ctgov-json"),
        (_json([STUDY, STUDY]), "a.json", "ctgov-json"),
        (_json([STUDY], 1), "a.jsonl", "ctgov-json"),
        (_json(STUDY) + b"\n" + _json(STUDY), "a.json", "jsonl"),
        (_json(STUDY) + b"\n" + _json(STUDY), "a.jsonl", "jsonl"),
        (_json(RECORD), "a.json", "jsonl"),
        (_json(RECORD, 2), "a.json", "jsonl"),
        (_json([RECORD]), "a.json", "jsonl"),
        (_json(RECORD) + b"\n", "-", "jsonl"),
        (_json(RECORD), "a.txt", "text"),
        (_json({**RECORD, "text": '"protocolSection": {"studies": []}'}), "a.json", "jsonl"),
        (_json({**RECORD, "studies": ["x"]}), "a.jsonl", "jsonl"),
        (b'{"ctNumber": "x", "authorizedApplication": {}}', "a.json", "ctis-json"),
        (b'[{"isrctn": "1", "trialDescription": {}}]', "a.json", "isrctn-json"),
        (b'{"a2_eudract_number": "x"}', "-", "euctr-json"),
        (b'{"a2_eudract_number": "x", "text": "y"}', "a.json", "jsonl"),
        (b"<allTrials totalCount='1'>", "a.xml", "isrctn-xml"),
        (b"\xef\xbb\xbfSummary\r\nEudraCT Number: 2098-000901-24\r\n", "a.txt", "euctr-text"),
        (
            b"This file contains full details on each clinical trial selected.\n\nSummary\nEudraCT Number:",
            "-",
            "euctr-text",
        ),
        (b"Summary\nEudraCT Number: 2098-000901-24", "a.csv", "csv"),
        (b"Summary\nAge 18", "a.txt", "text"),
        (b'{"nci_id": "x", "eligibility": {}}', "a.json", "cancergov-json"),
        (b'{"total": 1, "data": [{"nci_id": "x"}]}', "a.json", "cancergov-json"),
        (b'{"FullStudiesResponse": {}}', "a.json", "ctgov-v1"),
        (b'[{"source": "PMC", "documents": []}]', "a.json", "bioc-json"),
        (b"<?xml version='1.0'?><!DOCTYPE PubmedArticleSet PUBLIC 'x' 'y'><PubmedArticleSet>", "a.xml", "pubmed-xml"),
        (b"<!DOCTYPE article PUBLIC '-//NLM//DTD JATS' 'x'><article>", "a.txt", "jats-xml"),
        (b"<article dtd-version='1.3'>", "-", "jats-xml"),
        (b"<article><p>", "a.nxml", "jats-xml"),
        (b"<article><p>", "a.html", "html"),
        (b"<article><p>", "a.txt", "text"),
        (b"no JSON", "a.json", "ctgov-json"),
        (b"[]", "a.json", "ctgov-json"),
        (b'{"broken\n' + _json(RECORD), "a.json", "jsonl"),
        (b"no XML", "a.xml", "ctgov-xml"),
    ],
)
def test_formats(data: bytes, name: str, expected: InputFormat) -> None:
    assert recognise_format(in_memory(data, name)) == expected


@pytest.mark.parametrize(
    ("data", "name", "code", "says"),
    [
        (b"<svg/>", "a.xml", "wrong_schema", "root element 'svg'"),
        (b"<?xml version='1.0'?><svg/>", "-", "wrong_schema", "root element 'svg'"),
        (b"", "a.parquet", "empty", "nothing"),
        (b"", "a.pdf", "empty", "nothing"),
        (b"Age 18", "a.pdf", "malformed", "%PDF-"),
        (b'{"studies": "x"}', "a.jsonl", "", ""),
        (gzip.compress(b"x", mtime=0), "-", "", ""),
        (gzip.compress(gzip.compress(b"x", mtime=0), mtime=0), "a.txt", "wrong_schema", "twice"),
    ],
)
def test_of_no_format(data: bytes, name: str, code: str, says: str) -> None:
    if not code:
        assert results(data, name)
        return
    failure = only_failure(results(data, name))
    assert (failure.code, says in failure.message) == (code, True), str(failure)


def test_the_outline_of_json() -> None:
    assert outline_json('{"a": {"b": ["c", {"d": 1}]}, "e\\"": 2} {"f": 1}') == ({"a", 'e\\"'}, False)
    assert outline_json('[ {"a": "\\"b\\": 1", "c": "cut') == ({"a", "c"}, True)
    assert outline_json('"a"') == (frozenset(), False)


def test_json_that_has_to_be_read_whole() -> None:
    assert [is_whole_json(text) for text in ("[", "{\n", '{"a":\n', '{"a": 1,\n', '{"a": 1}\n', '{"a', "x")] == [
        True, True, False, True, False, False, False
    ]  # fmt: skip


@pytest.mark.parametrize(
    "head", ['"\\"' * HEAD, "{" * HEAD, "<!--" * HEAD, "<!DOCTYPE a [" + "] " * HEAD, '{"a' * HEAD]
)
def test_heads_of_many_beginnings_take_no_time(head: str) -> None:
    source = in_memory(head.encode(), "a.txt")
    assert recognise_format(source) == "text"


def test_only_the_beginning_is_read() -> None:
    class Counting(io.BytesIO):
        asked = 0

        def read(self, size: int | None = -1, /) -> bytes:
            Counting.asked += size or 0
            return super().read(size)

    from dataclasses import replace

    assert recognise_format(replace(in_memory(b""), open=lambda: Counting(b"x" * 10 * HEAD))) == "text"
    assert 0 < Counting.asked <= HEAD


def test_a_failure_is_no_document() -> None:
    assert isinstance(results(b"", "a.txt")[0], ReadFailure)
