"""Partitions together hold what the inputs hold, in their order, however they are cut."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.runs.dask.documents import criteria, jsonl, parquet, records
from trialsift.model.document import Document
from trialsift.model.errors import UserError
from trialsift.readers import ReadFailure, ReadOptions, find_inputs, read_documents
from trialsift.runs.dask.partitions import Partition, Piece, is_url, read_partition
from trialsift.runs.dask.pieces import PieceDocuments
from trialsift.runs.dask.planning import MOST_INPUTS, make_partitions
from trialsift.runs.dask.urls import find_anywhere, plan_pieces

pytest.importorskip("fsspec", reason="Dask is not installed: pip install 'trialsift[dask]'")

OPTIONS = ReadOptions()


def plan(target: int, *given: Path | str, options: ReadOptions = OPTIONS) -> list[Partition]:
    found = find_anywhere(given, None, options, Counter())
    return list(make_partitions(plan_pieces(found), options, target))


def outcomes(pieces: Sequence[Piece], options: ReadOptions = OPTIONS) -> Iterator[tuple[Any, ...]]:
    """What pieces give, in a form that can be compared; nothing behind a place at which an input broke off."""
    ended = -1
    for piece in pieces:
        reading = PieceDocuments(piece, options)
        if piece.number != ended:
            yield from map(plain, reading)
        if reading.broke_off:
            ended = piece.number


def whole(path: Path, options: ReadOptions = OPTIONS) -> Iterator[tuple[Any, ...]]:
    for item in find_inputs([path], None, options):
        yield from map(plain, [item] if isinstance(item, ReadFailure) else read_documents(item, options))


def plain(result: Document | ReadFailure) -> tuple[Any, ...]:
    if isinstance(result, ReadFailure):
        return result.place, result.code, result.message, result.advice, result.record
    return result.doc_id, result.source, result.text, dict(result.notes)


def all_pieces(plan: Sequence[Partition]) -> list[Piece]:
    return [piece for partition in plan for piece in partition.pieces]


LINES = st.one_of(
    st.integers(0, 9).map(lambda n: json.dumps({"doc_id": f"d{n}", "text": criteria(n)})),
    st.sampled_from(
        ["", "  ", "{", "[]", '{"doc_id": 1}', '{"text": "é €"}', '{"doc_id": "é", "text": "≥ 18 µg"}', "é", "\ufeff{}"]
    ),
    st.integers(1, 3).map(lambda n: json.dumps({"studies": [{}] * n})),
    st.just(json.dumps({"doc_id": "long", "text": "x" * 5000})),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(LINES, max_size=40), st.booleans(), st.integers(1, 3000), st.sampled_from(["", "\ufeff"]))
def test_json_lines_in_ranges(tmp_path: Path, lines: list[str], ended: bool, target: int, mark: str) -> None:
    path, options = tmp_path / "lines.jsonl", replace(OPTIONS, max_document=4000)
    path.write_text(mark + "\n".join(lines) + "\n" * ended, encoding="utf-8", newline="")
    assert list(outcomes(all_pieces(plan(target, path)), options)) == list(whole(path, options))


@pytest.mark.parametrize(("rows", "target"), [(1, 1), (3, 500), (10, 3000), (100, 10)])
def test_parquet_in_row_groups(tmp_path: Path, rows: int, target: int) -> None:
    of = records("p", 25)
    of[7]["text"] = None
    path = parquet(tmp_path / "rows.parquet", of, rows)
    pieces = all_pieces(plan(target, path))
    assert (len(pieces) > 1) == (rows < 25)
    assert list(outcomes(pieces)) == list(whole(path))


def test_what_is_cut_and_what_is_not(tmp_path: Path) -> None:
    of = records("d", 50)
    cut = jsonl(tmp_path / "cut.jsonl", of)
    lines = cut.read_bytes()
    packed, other, bad, array, text = (tmp_path / f"{n}.jsonl" for n in ("packed", "latin", "bad", "array", "text"))
    packed.write_bytes(gzip.compress(lines))
    other.write_bytes(lines + '{"doc_id": "ü", "text": "für"}\n'.encode("latin-1"))
    bad.write_bytes(b"{}\n" * 400)
    array.write_text(json.dumps(of, indent=1))
    text.write_text("no JSON at all\n" * 100)
    whole_files = [packed, other, bad, array, text]
    assert len(plan(1000, cut)) > 5
    assert [len(plan(1000, path)) for path in whole_files] == [1] * len(whole_files)
    for path in [cut, *whole_files]:
        assert list(outcomes(all_pieces(plan(1000, path)))) == list(whole(path))


def test_small_files_go_together(tmp_path: Path) -> None:
    for number in range(10):
        (tmp_path / f"{number}.txt").write_text("x" * 100)
    assert [len(p.pieces) for p in plan(450, tmp_path)] == [4, 4, 2]
    assert [p.number for p in plan(450, tmp_path)] == ["00000", "00001", "00002"]
    assert [len(p.pieces) for p in plan(50, tmp_path)] == [1] * 10


def test_partitions_of_very_small_files_have_an_end(tmp_path: Path) -> None:
    pieces = [(Piece(n, "a", size=0), None) for n in range(MOST_INPUTS + 1)]
    assert [len(p.pieces) for p in make_partitions(pieces, OPTIONS, 1000)] == [MOST_INPUTS, 1]


def test_a_partition_is_the_same_after_json(tmp_path: Path) -> None:
    parquet(tmp_path / "a/rows.parquet", records("p", 20), 5)
    jsonl(tmp_path / "a/lines.jsonl", records("p", 20))
    for partition in plan(1000, tmp_path / "a"):
        again = read_partition(json.loads(json.dumps(partition.record())))
        assert again == partition
        assert again.digest() == partition.digest()


def test_the_digest_tells_when_a_file_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("one")
    (before,) = plan(100, path)
    path.write_text("three")
    (after,) = plan(100, path)
    assert before.digest() != after.digest()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12))
def test_ranges_of_ranges(count: int, at: int, then: int) -> None:
    pieces = [Piece(0, "a", failure=("empty", "m", "a", ""))]
    first, second = pieces[0].range(0, at), pieces[0].range(at, None)
    numbers = list(range(count))
    of = {piece: numbers[slice(*piece.outcomes)] for piece in (first, second)}
    assert of[first] + of[second] == numbers
    later = second.range(then, None)
    assert numbers[slice(*later.outcomes)] == of[second][then:]
    single = second.range(then, then + 1)
    assert numbers[slice(*single.outcomes)] == of[second][then : then + 1]


class TestUrls:
    def test_a_folder_is_searched_as_one_on_a_disk(self, tmp_path: Path) -> None:
        for name in (
            "b/2.txt",
            "b/1.txt",
            "a.txt",
            ".hidden.txt",
            "b.txt",
            "c.doc",
            "d.txt/x.txt",
            "e/annotations.jsonl",
        ):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(name)
        (tmp_path / "e/run.json").write_text("{}")
        left_out: Counter[str] = Counter()
        here = list(find_inputs([tmp_path], None, OPTIONS, left_out))
        there_left_out: Counter[str] = Counter()
        there = list(find_anywhere([tmp_path.as_uri()], None, OPTIONS, there_left_out))
        assert [getattr(item, "name", item.place.removeprefix("file://")) for item in there] == [
            getattr(item, "name", item.place) for item in here
        ]
        assert left_out == there_left_out == {".doc": 1, "results of a run": 1}

    def test_memory(self) -> None:
        import fsspec

        memory = fsspec.filesystem("memory")
        memory.pipe("/trials/b.txt", b"Age 18 years or older")
        memory.pipe("/trials/a.jsonl", b'{"doc_id": "a1", "text": "one"}\n' * 3)
        pieces = all_pieces(plan(60, "memory://trials"))
        assert [piece.place for piece in pieces] == ["memory:///trials/a.jsonl"] * 2 + ["memory:///trials/b.txt"]
        assert [result[0] for result in outcomes(pieces)] == ["a1", "a1", "a1", "b"]

    @pytest.mark.parametrize(
        ("url", "says"),
        [
            ("memory://nowhere", "no such file or folder"),
            ("nosuch://bucket/a.txt", "Protocol not known"),
            ("zip://a.txt::file:///tmp/a.zip", "chain of URLs"),
        ],
    )
    def test_a_url_that_cannot_be_opened(self, url: str, says: str) -> None:
        with pytest.raises(UserError, match=says) as raised:
            plan(10, url)
        assert str(raised.value).startswith(f"{url}: ")

    def test_the_ending_of_a_single_file_has_to_be_known(self) -> None:
        import fsspec

        fsspec.filesystem("memory").pipe("/trials.odt", b"x")
        with pytest.raises(UserError, match="expected a folder or a file that ends in"):
            plan(10, "memory://trials.odt")

    def test_tables_of_aact_are_refused(self) -> None:
        import fsspec

        for name in ("eligibilities", "studies"):
            fsspec.filesystem("memory").pipe(f"/aact/{name}.txt", b"nct_id|criteria\n")
        (failure,) = outcomes(all_pieces(plan(10, "memory://aact")))
        assert failure[1] == "wrong_schema"

    @pytest.mark.parametrize(
        ("name", "url"),
        [
            ("s3://a/b", True),
            ("file:///a", True),
            ("a/b.txt", False),
            ("C:\\a", False),
            ("c://a", False),
            ("://", False),
        ],
    )
    def test_is_url(self, name: str, url: bool) -> None:
        assert is_url(name) == url
