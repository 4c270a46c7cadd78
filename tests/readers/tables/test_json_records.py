import json

import pytest

from tests.readers.builders import documents, only_failure, results
from trialsift.model.document import Document
from trialsift.readers import ReadFailure, ReadOptions

RECORDS = [{"doc_id": "a", "text": "Age 18"}, {"doc_id": 7, "text": "≥ 20\n", "spans": [], "meta": {"x": 1}}]
TEXTS = {"a": "Age 18", "7": "≥ 20\n"}


def _lines(*records: object) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.ndjson"])
@pytest.mark.parametrize(
    "data",
    [
        _lines(*RECORDS),
        _lines(*RECORDS).replace(b"\n", b"\r\n\r\n"),
        _lines(*RECORDS)[:-1],
        b"\xef\xbb\xbf" + _lines(*RECORDS),
        json.dumps(RECORDS).encode(),
        json.dumps(RECORDS, indent=2).encode(),
        b"\n [\n" + json.dumps(RECORDS)[1:].encode(),
    ],
)
def test_lines_and_arrays(data: bytes, name: str) -> None:
    assert documents(results(data, name)) == TEXTS


@pytest.mark.parametrize("indent", [None, 2])
def test_a_single_object(indent: int | None) -> None:
    assert documents(results(json.dumps(RECORDS[0], indent=indent).encode(), "a.json")) == {"a": "Age 18"}


def test_what_is_in_a_record_beside_its_text_is_left_aside() -> None:
    source = results(_lines(RECORDS[1]), "a.jsonl")[0]
    assert source == Document("7", "a.jsonl", "≥ 20\n", place="a.jsonl")


def test_other_columns() -> None:
    options = ReadOptions(text_column="criteria", id_column="nct")
    assert documents(results(_lines({"nct": 5, "criteria": "x"}), "a.jsonl", options)) == {"5": "x"}


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        (b'{"doc_id": "x", "text": "Age', "malformed", "is no JSON: "),
        (b'["x"]', "wrong_schema", "no JSON object"),
        (b"5", "wrong_schema", "no JSON object"),
        (b'{"doc_id": "x"}', "wrong_schema", "no column 'text'; its columns are 'doc_id'"),
        (b'{"text": "x"}', "wrong_schema", "no column 'doc_id'; its columns are 'text'"),
        (b'{"doc_id": null, "text": "x"}', "wrong_schema", "no value as doc_id"),
        (b'{"doc_id": true, "text": "x"}', "wrong_schema", "true or false as doc_id"),
        (b'{"doc_id": "x", "text": 5}', "wrong_schema", "a number as text"),
        (b'{"doc_id": "x", "text": ["y"]}', "wrong_schema", "a list as text"),
        (b'{"doc_id": "x", "text": null}', "empty", "no text"),
        (b'{"doc_id": "x", "text": " \\n"}', "empty", "no text"),
        (b'{"doc_id": "", "text": "x"}', "bad_name", "empty"),
        (b'{"doc_id": "\\ud800", "text": "x"}', "bad_name", "can't be shown"),
        (b'{"doc_id": "a\\nb", "text": "x"}', "bad_name", "can't be shown"),
        (b'{"doc_id": "x", "text": "\\ud800"}', "malformed", "surrogate"),
        (b'{"doc_id": "x", "text": "a\\u0000b"}', "binary", "NUL"),
        (b'{"doc_id": "x", "text": "' + b"y" * 300 + b'"}', "too_large", "200 bytes"),
        (b'{"doc_id": ' + b"1" * 150 + b', "text": "x", "n": 1e999}', "", ""),
        (b"[" * 199, "malformed", "no JSON"),
    ],
)
def test_a_bad_line_fails_alone(line: bytes, code: str, says: str) -> None:
    data = _lines(RECORDS[0]) + line + b"\n" + _lines(RECORDS[1])
    first, bad, last = results(data, "a.jsonl", ReadOptions(max_document=200))
    assert documents([first, last]) == TEXTS
    if code:
        failure = only_failure([bad])
        assert (failure.code, failure.record, says in failure.message) == (code, "line 2", True), str(failure)


def test_numbers_and_depths_that_no_parser_takes() -> None:
    data = b'{"doc_id": ' + b"1" * 5000 + b', "text": "x"}\n' + b'{"a":' * 100_000 + b"\n" + _lines(RECORDS[0])
    found = results(data, "a.jsonl")
    assert [item.code for item in found if isinstance(item, ReadFailure)] == ["malformed", "malformed"]
    assert documents(found[2:]) == {"a": "Age 18"}


def test_a_file_of_other_records_fails_once() -> None:
    failure = only_failure(results(_lines({"name": "x"}, {"name": "y"}), "a.jsonl"))
    assert (failure.code, failure.record) == ("wrong_schema", "")
    assert "none of its 2 records" in failure.message
    assert "line 1 has no column 'text'" in failure.message


def test_failures_before_the_first_record_are_kept_in_order() -> None:
    found = results(b"x\ny\n" + _lines(RECORDS[0]), "a.jsonl")
    assert [item.record if isinstance(item, ReadFailure) else item.doc_id for item in found] == [
        "line 1",
        "line 2",
        "a",
    ]


@pytest.mark.parametrize(("data", "code"), [(b"[]", "empty"), (b"\n\n", "empty"), (b"[1, 2", "malformed")])
def test_files_without_records(data: bytes, code: str) -> None:
    assert only_failure(results(data, "a.jsonl")).code == code


def test_an_array_is_read_to_a_limit() -> None:
    failure = only_failure(results(json.dumps(RECORDS).encode(), "a.json", ReadOptions(max_file=20)))
    assert (failure.code, "--max-file-mb" in failure.advice) == ("too_large", True)


def test_studies_are_records_too() -> None:
    pytest.importorskip("trialsift.readers.registry.ctgov_json")
    study = {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT00000001", "briefTitle": "A trial"},
            "eligibilityModule": {"eligibilityCriteria": "Inclusion Criteria:\n\n* Age 18", "minimumAge": "18 Years"},
        }
    }
    other = json.loads(json.dumps(study).replace("NCT00000001", "NCT00000002"))
    lines = documents(results(_lines(study, other), "a.jsonl"))
    assert list(lines) == ["NCT00000001", "NCT00000002"]
    for data in (_lines({"studies": [study, other]}), json.dumps([study, other], indent=1).encode()):
        assert documents(results(data, "a.json")) == lines
    assert list(documents(results(json.dumps(study).encode(), "a.txt"))) == ["NCT00000001"]
