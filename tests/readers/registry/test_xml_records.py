"""Many records in a file: each is read by itself, in constant memory, and a bad one harms no other."""

from __future__ import annotations

import io
import tracemalloc
from contextlib import suppress
from typing import Any, BinaryIO, cast

import pytest

from tests.readers.registry.registry_inputs import in_memory, results
from trialsift.model.document import Document
from trialsift.readers import Input, ReadFailure
from trialsift.readers.inputs import ReadOptions
from trialsift.readers.registry.xml_records import iter_xml_records

HEAD, END = "<?xml version='1.0' encoding='UTF-8' ?><Trials_downloaded_from_ICTRP>", "</Trials_downloaded_from_ICTRP>"


def trial(number: int, criteria: str = "Age 18 years") -> str:
    return (
        f"<Trial>\n<TrialID>DRKS{number:08}</TrialID>\n<Inclusion_Criteria>{criteria}</Inclusion_Criteria>\n</Trial>\n"
    )


def read(content: str | bytes, **limits: int) -> list[str]:
    """The ids of documents, and codes of failures, in order."""
    found = results(in_memory(content, "ictrp.xml"), **limits)
    return [f.doc_id if isinstance(f, Document) else f"{f.code} {f.record}" for f in found]


@pytest.mark.parametrize(
    ("middle", "expected"),
    [
        (trial(2), ["DRKS00000002"]),
        (trial(2, "Hb <9 g/dL"), ["malformed record 2, line 5"]),
        (trial(2, "&nosuch;"), ["malformed record 2, line 5"]),
        (trial(2, "<b>Age</b>"), ["DRKS00000002"]),
        (trial(2, " "), ["empty DRKS00000002"]),
        ("<Trial />", ["empty record 2, line 5"]),
        ("<Trial>\n", ["malformed record 2, line 5"]),
        (trial(2).replace("</Trial>", ""), ["malformed record 2, line 5"]),
        (trial(2).replace("DRKS00000002", ""), ["wrong_schema record 2, line 5"]),
        (trial(2).replace("DRKS", "\u202e"), ["bad_name record 2, line 5"]),
        ("<Other><x/></Other>", []),
        (trial(2, "x" * 5000), ["too_large record 2, line 5"]),
        (trial(2, "x" * 500_000), ["too_large record 2, line 5"]),
        ("<Trial>" + "x" * 500_000, ["too_large record 2, line 5"]),
    ],
)
def test_a_record_harms_no_other(middle: str, expected: list[str]) -> None:
    found = read(HEAD + trial(1) + middle + trial(3) + END, max_document=2000)
    assert found == ["DRKS00000001", *expected, "DRKS00000003"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (HEAD + trial(1), ["DRKS00000001", "malformed line 5"]),
        (HEAD + trial(1) + trial(2)[:40], ["DRKS00000001", "malformed record 2, line 5"]),
        (HEAD + END, ["empty "]),
        (HEAD, ["empty "]),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]>" + HEAD[39:] + trial(1) + END, ["forbidden "]),
        ("<!DOCTYPE a SYSTEM 'http://example.org/a.dtd'>" + HEAD[39:] + trial(1) + END, ["DRKS00000001"]),
        ("<!-- trials --> \n" + HEAD[39:] + trial(1) + END, ["DRKS00000001"]),
    ],
)
def test_whole_files(content: str, expected: list[str]) -> None:
    assert read(content) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252", "cp037"])
def test_encodings(encoding: str) -> None:
    content = (
        HEAD.replace("UTF-8", encoding.removesuffix("-sig"))
        + trial(1, "Größe ≥ 1"[: 9 if "utf" in encoding else 5])
        + END
    )
    if encoding == "cp037":  # EBCDIC: not even `<` is that of ASCII
        assert read(content.encode(encoding)) != ["DRKS00000001"]
        return
    [document] = results(in_memory(content.encode(encoding), "ictrp.xml"))
    assert isinstance(document, Document)
    assert "Größe" in document.text


def test_an_unknown_encoding_is_said() -> None:
    [failure] = results(in_memory(HEAD.replace("UTF-8", "klingon") + trial(1) + END, "ictrp.xml"))
    assert isinstance(failure, ReadFailure)
    assert failure.code == "encoding"


def test_namespaces_of_the_root_hold_in_records() -> None:
    content = '<a:set xmlns:a="urn:a" xmlns="urn:b" size="2>1"><a:trial><a:x>1</a:x></a:trial></a:set>'
    [found] = iter_xml_records(in_memory(content), ReadOptions(), ("trial",))
    assert found.element is not None
    assert [child.tag for child in found.element] == ["{urn:a}x"]


class _Endless(io.RawIOBase):
    """A file of many records, which are made as they are read."""

    def __init__(self, records: int) -> None:
        self._records, self._left = (trial(n, "x" * 2000).encode() for n in range(records)), HEAD.encode()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._left = self._left or next(self._records, b"")
        count = min(len(buffer), len(self._left))
        buffer[:count], self._left = self._left[:count], self._left[count:]
        return count


def test_memory_stays_flat() -> None:
    item = Input("a.xml", "a.xml", "a", lambda: cast(BinaryIO, io.BufferedReader(_Endless(2000))))
    tracemalloc.start()
    try:
        count = 0
        with suppress(ReadFailure):  # the end tag is missing
            for found in iter_xml_records(item, ReadOptions(), ("Trial",)):
                count += found.element is not None
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 2000
    assert peak < 1_500_000
