"""One partition on one worker, without a cluster; and the folder that it leaves."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("distributed", reason="Dask is not installed: pip install 'trialsift[dask]'")

from tests.runs.dask.documents import criteria
from trialsift.readers import ReadOptions
from trialsift.rules.files import hash_patterns, patterns_dir
from trialsift.runs.dask.partitions import Job, Partition, Piece
from trialsift.runs.dask.store import ENTRIES, PIECE, Store
from trialsift.runs.dask.versions import VersionMismatch, find_versions
from trialsift.runs.dask.worker import PatternsPlugin, run_partition
from trialsift.tables.files import read_table


@pytest.fixture(autouse=True)
def patterns() -> None:
    PatternsPlugin(patterns_dir()).setup()


def job(folder: Path | str, **more: Any) -> Job:
    of = hash_patterns(patterns_dir())
    return Job(str(folder), 4_000_000, ReadOptions(), of, ("csv",), 10.0, {**find_versions(), **more})


def partition(*paths: Path | str, number: str = "00000") -> Partition:
    names = [Path(path).name for path in paths]
    pieces = (
        Piece(n, str(path), name, name[:-4], str(path), 100)
        for n, (path, name) in enumerate(zip(paths, names, strict=True))
    )
    return Partition(number, tuple(pieces))


def records(store: Store, number: str = "00000") -> list[dict[str, Any]]:
    with store.open(number, ENTRIES) as stream:
        return [json.loads(line) for line in stream if not line.startswith(PIECE)]


def test_a_partition_and_its_manifest(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(criteria(1))
    of = partition(tmp_path / "a.txt")
    manifest = run_partition(job(tmp_path / "parts"), of)
    assert Store(str(tmp_path / "parts")).manifest(of) == manifest
    assert (manifest["documents"], manifest["failures"]) == (1, 0)
    assert manifest["facts"] == {"AGE": 1, "DOSE": 1, "FRACTIONS": 1, "LAB": 1, "PERFORMANCE_STATUS": 1}
    folder = tmp_path / "parts/00000"
    digests = {
        p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.name != "manifest.json"
    }
    assert manifest["files"] == digests
    assert read_table(folder / "labs.parquet")["analyte"].tolist() == ["hemoglobin"]
    assert not list((tmp_path / "parts").glob(".*"))


def test_twice_is_harmless(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(criteria(1))
    of, store = partition(tmp_path / "a.txt"), Store(str(tmp_path / "parts"))
    first = run_partition(job(store.folder), of)
    assert run_partition(job(store.folder), of) == first, "it is taken as it is"

    def late(folder: Path) -> Mapping[str, Any]:
        (folder / ENTRIES).write_text("of one who comes second")
        return {"digest": of.digest()}

    store.commit(of.number, late)
    assert store.manifest(of) == first
    assert [record["doc_id"] for record in records(store)] == ["a"]


def test_another_partition_in_its_place_is_no_result(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(criteria(1))
    store = Store(str(tmp_path / "parts"))
    run_partition(job(store.folder), partition(tmp_path / "a.txt"))
    other = partition(tmp_path / "b.txt")
    assert store.manifest(other) is None
    assert store.has_other(other)


def test_inputs_and_parts_behind_urls() -> None:
    import fsspec

    fsspec.filesystem("memory").pipe("/in/a.txt", criteria(1).encode())
    of = partition("memory://in/a.txt")
    manifest = run_partition(job("memory://parts/one"), of)
    store = Store("memory://parts/one")
    assert store.manifest(of) == manifest
    assert [record["doc_id"] for record in records(store)] == ["a"]
    store.note_cut("00000", {"parts": []})
    assert store.cut("00000") == {"parts": []}
    store.clear()
    assert store.manifest(of) is None
    assert store.cut("00000") is None


def test_a_file_that_this_worker_does_not_see(tmp_path: Path) -> None:
    run_partition(job(tmp_path / "parts"), partition(tmp_path / "gone.txt"))
    (record,) = records(Store(str(tmp_path / "parts")))
    assert record["failure"]["code"] == "unreadable"
    assert "by a worker" in record["failure"]["message"]
    assert "where all workers see them" in record["failure"]["what_to_do"]


def test_other_versions_are_refused(tmp_path: Path) -> None:
    here = find_versions()["trialsift"]
    with pytest.raises(VersionMismatch, match=f"trialsift {here} instead of 9.9.9"):
        run_partition(job(tmp_path / "parts", trialsift="9.9.9"), partition())
    assert not (tmp_path / "parts").exists()


def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "parts").write_text("a file")
    with pytest.raises(OSError, match="parts"):
        run_partition(job(tmp_path / "parts"), partition())


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail(folder: Path) -> Mapping[str, Any]:
        (folder / ENTRIES).write_text("half")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Store(str(tmp_path)).commit("00000", fail)
    assert not list(tmp_path.iterdir())


def test_how_far_a_killed_attempt_had_come(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    assert store.find_begun("00000") == []
    (tmp_path / ".00000.a").mkdir()
    (tmp_path / ".00000.a" / ENTRIES).write_bytes(b'{"input": 4}\n{}\n{}\n{"input": 7}\n{}\n{"half')
    (tmp_path / ".00000-1.b").mkdir()
    (tmp_path / ".00000-1.b" / ENTRIES).write_bytes(b'{"input": 4}\n')
    assert store.find_begun("00000") == [(1, 1)]
    assert store.find_begun("00000-1") == [(0, 0)]
    shutil.rmtree(tmp_path / ".00000.a")
    assert store.find_begun("00000") == []


def test_what_a_dead_worker_has_left_goes_at_the_end(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "parts"))
    manifest = store.commit("00001", lambda folder: (folder / "labs.parquet").write_bytes(b"rows") and {})
    left = tmp_path / "parts" / ".00001.0123456789ab"
    left.mkdir()
    (left / "labs.parquet").write_bytes(b"half a")
    store.note_cut("00002", {"into": []})
    store.tidy()
    assert sorted(path.name for path in (tmp_path / "parts").iterdir()) == ["00001", "00002.cut.json"]
    assert list(manifest["files"]) == ["labs.parquet"]


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked = tmp_path / "temporary"
    unpacked.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(unpacked))
    monkeypatch.setattr("trialsift.runs.dask.worker._RULES", {})
    (tmp_path / "a.txt").write_text(criteria(1))
    run_partition(job(tmp_path / "parts"), partition(tmp_path / "a.txt"))
    assert list(unpacked.iterdir())
    PatternsPlugin(patterns_dir()).teardown()
    assert not list(unpacked.iterdir())
