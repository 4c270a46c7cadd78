from pathlib import Path

import pytest

from tests.readers.builders import only_failure, read_all, results
from tests.support.faults import FAULTS, MEGABYTE, Fault, declared, overlapping
from trialsift.model.document import Document
from trialsift.readers import CODES, ReadFailure, ReadOptions


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_one_failure_and_its_neighbours_are_read(tmp_path: Path, fault: Fault) -> None:
    if reason := fault.cannot():
        pytest.skip(reason)
    for name in ("a", "z"):
        (tmp_path / f"{name}.txt").write_text(f"{name}: age 18", encoding="utf-8")
    fault.build(tmp_path)
    found = list(read_all(tmp_path))
    sources = [source for source in found if isinstance(source, Document)]
    [failure] = [failure for failure in found if isinstance(failure, ReadFailure)]
    assert (failure.code, fault.says in failure.message) == (fault.code, True), str(failure)
    assert failure.advice
    assert str(failure).isprintable()
    assert [source.doc_id for source in sources] == ["a", *fault.documents, "z"]
    assert [sources[0].text, sources[-1].text] == ["a: age 18", "z: age 18"]


def test_all_codes_that_readers_give_by_themselves_have_a_fault() -> None:
    elsewhere = {"no_text_layer", "missing_library", "duplicate_id", "worker_died", "internal"}
    assert {fault.code for fault in FAULTS} == set(CODES) - elsewhere


def test_a_gzip_that_expands_too_far_yields_what_came_before() -> None:
    import gzip

    data = gzip.compress(b'{"doc_id": "a", "text": "Age 18"}\n' + b" " * 3 * MEGABYTE)
    [source, failure] = results(data, "a.jsonl.gz", ReadOptions(max_expanded=MEGABYTE))
    assert isinstance(source, Document)
    assert isinstance(failure, ReadFailure)
    assert failure.code == "expands_too_far"


def test_a_member_that_declares_too_much_is_not_unpacked() -> None:
    failure = only_failure(results(declared(8 * MEGABYTE), "a.zip", ReadOptions(max_expanded=MEGABYTE)))
    assert (failure.code, failure.place) == ("expands_too_far", "a.zip/a.txt")


def test_members_that_share_their_bytes_are_not_unpacked() -> None:
    assert only_failure(results(overlapping(3), "a.zip")).code == "expands_too_far"
