import gzip
import io
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from tests.readers.builders import documents, only_failure, read_all, results
from tests.support.faults import declared
from trialsift.model.document import Document
from trialsift.readers import ReadFailure, ReadOptions, find_inputs, read_documents


def _zip(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return packed.getvalue()


def _codes(found: list[Document | ReadFailure]) -> list[str]:
    return [item.code if isinstance(item, ReadFailure) else item.doc_id for item in found]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_members_in_the_order_of_their_names(method: int) -> None:
    data = _zip(
        ("b.txt", b"Age 18"),
        ("a/z.jsonl", b'{"doc_id": "r", "text": "Age 19"}\n'),
        ("a/y.txt.gz", gzip.compress(b"Age 20")),
        ("c.csv", b"doc_id,text\ns,Age 21\n"),
        method=method,
    )
    found = results(data, "all.zip")
    assert documents(found) == {"y": "Age 20", "r": "Age 19", "b": "Age 18", "s": "Age 21"}
    assert isinstance(found[0], Document)
    assert found[0].source == "all.zip/a/y.txt.gz"


def test_what_is_left_out(tmp_path: Path) -> None:
    members = ["d/", "__MACOSX/a.txt", ".hidden.txt", "d/.git/a.txt", "a.rst", "b.odt", "c.txt"]
    (tmp_path / "a.zip").write_bytes(_zip(*((name, b"" if name.endswith("/") else b"Age 18") for name in members)))
    left_out: Counter[str] = Counter()
    [found] = find_inputs([tmp_path], left_out=left_out)
    assert not isinstance(found, ReadFailure)
    assert list(documents(list(read_documents(found, ReadOptions())))) == ["c"]
    assert left_out == {".rst": 1, ".odt": 1}


@pytest.mark.parametrize(
    "name", ["../x.txt", "a/../../x.txt", "/x.txt", "C:x.txt", "C:\\x.txt", "..\\x.txt", "\\x.txt"]
)
def test_paths_that_lead_out(name: str) -> None:
    found = results(_zip((name, b"x"), ("ok.txt", b"Age 18")), "a.zip")
    assert sorted(_codes(found)) == ["forbidden", "ok"]


@pytest.mark.parametrize("name", ["a..b.txt", "..a/x.txt", "ab:c.txt"])
def test_paths_that_do_not(name: str) -> None:
    assert "forbidden" not in _codes(results(_zip((name, b"x"), ("ok.txt", b"Age 18")), "a.zip"))


def test_members_fail_alone() -> None:
    link = zipfile.ZipInfo("l.txt")
    link.external_attr = 0o120777 << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(link, b"/etc/hostname")
        for name, data in (("a.txt", b"Age 18"), ("b\u202e.txt", b"x"), ("c.txt", b""), ("z.txt", b"Age 19")):
            archive.writestr(name, data)
    assert _codes(results(packed.getvalue(), "a.zip")) == ["a", "bad_name", "empty", "not_a_file", "z"]


def test_a_damaged_member_fails_alone() -> None:
    data = _zip(("a.txt", b"Age 18"), ("b.txt", b"Age 19"), method=zipfile.ZIP_STORED).replace(b"Age 18", b"Age 81")
    assert _codes(results(data, "a.zip")) == ["damaged", "b"]


def test_members_are_read_until_they_are_too_much_together() -> None:
    data = _zip(("a.txt", b"x" * 600), ("b.txt", b"x" * 600), ("c.txt", b"x"))
    [source, failure] = results(data, "a.zip", ReadOptions(max_expanded=1000))
    assert _codes([source, failure]) == ["a", "expands_too_far"]
    assert "members from a.zip/b.txt on were not read" in only_failure([failure]).message


def test_a_bomb_takes_no_memory() -> None:
    import tracemalloc

    data = declared(300_000_000)
    tracemalloc.start()
    failure = only_failure(results(data, "a.zip"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert failure.code == "too_large"
    assert peak < 100_000_000


def test_the_stated_format_is_that_of_the_members(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(_zip(("a.json", b'{"x": 1}')))
    assert documents(list(read_all(tmp_path, options=ReadOptions(input_format="text")))) == {"a": '{"x": 1}'}
    assert _codes(list(read_all(tmp_path, options=ReadOptions(input_format="zip")))) == ["wrong_schema"]


def test_a_zip_in_gzip(tmp_path: Path) -> None:
    (tmp_path / "a.zip.gz").write_bytes(gzip.compress(_zip(("a.txt", b"Age 18"))))
    assert documents(list(read_all(tmp_path))) == {"a": "Age 18"}
