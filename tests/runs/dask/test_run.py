"""A run over a cluster has the bytes of one in one process, whatever becomes of its workers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.runs.dask.documents import assert_equal, files, jsonl, parquet, records, report, run
from trialsift.extraction.extractor import Extractor
from trialsift.model.errors import UserError
from trialsift.rules.files import patterns_dir
from trialsift.runs.dask import Dask
from trialsift.runs.extract.run import extract_run
from trialsift.runs.read import read_run

pytest.importorskip("distributed", reason="Dask is not installed: pip install 'trialsift[dask]'")

from distributed import Client

from tests.runs.dask.deadly import ALWAYS, ONCE, Deadly

#: Of the inputs here: some documents each.
SMALL = 0.001


@pytest.fixture
def dask(cluster: Any) -> Dask:
    return Dask(cluster.scheduler_address, partition_mb=SMALL)


@pytest.fixture
def deadly(cluster: Any, tmp_path: Path) -> Iterator[None]:
    """Workers that die of some texts."""
    (tmp_path / "deaths").mkdir()
    with Client(cluster, set_as_default=False) as client:
        plugin = Deadly(tmp_path / "deaths")
        client.register_plugin(plugin)
        yield
        client.unregister_worker_plugin(plugin.name)


def test_the_inputs_are_worth_comparing(one_process: Path) -> None:
    counts = report(one_process)["counts"]
    assert counts["documents"] == 122
    assert counts["errors_by_code"] == {"duplicate_id": 3, "empty": 2, "malformed": 2, "wrong_schema": 1}
    assert report(one_process)["left_out"] == {".odt": 1}


def test_same_bytes_as_in_one_process(
    dask: Dask, inputs: Path, one_process: Path, extractor: Extractor, tmp_path: Path
) -> None:
    seen: list[int] = []
    summary = run(inputs, tmp_path / "out", extractor=extractor, dask=dask, progress=lambda n, *_: seen.append(n))
    assert_equal(one_process, tmp_path / "out")
    assert len(seen) > 12, "partitions"
    assert seen == sorted(seen)
    assert seen[-1] == summary.documents + summary.failed
    assert not (tmp_path / "out/.partial").exists()


def test_duckdb(dask: Dask, inputs: Path, extractor: Extractor, tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    for out, options in (("one", {}), ("dask", {"dask": dask})):
        run(inputs, tmp_path / out, formats=["duckdb"], extractor=extractor, **options)
    one, other = (read_run(tmp_path / out) for out in ("one", "dask"))
    assert one.tables.keys() == other.tables.keys()
    assert all(one.tables[name].equals(other.tables[name]) for name in one.tables)


def test_urls(cluster: Any, inputs: Path, one_process: Path, extractor: Extractor, tmp_path: Path) -> None:
    """Inputs behind a URL, and parts that are left behind another one."""
    parts = (tmp_path / "parts").as_uri()
    dask = Dask(cluster.scheduler_address, parts=parts, partition_mb=0.01)
    extract_run([inputs.as_uri()], tmp_path / "out", extractor=extractor, dask=dask)
    here, there = files(one_process), files(tmp_path / "out")
    assert there["annotations.jsonl"] == here["annotations.jsonl"]
    assert there["tables/labs.csv"] == here["tables/labs.csv"]
    assert there["errors.csv"].decode().replace("file://", "") == here["errors.csv"].decode()
    manifests = [json.loads(path.read_text()) for path in sorted((tmp_path / "parts").glob("*/*/manifest.json"))]
    assert len(manifests) > 1
    assert sum(m["documents"] + m["failures"] for m in manifests) == 122 + 8
    assert all((tmp_path / "parts").glob("*/00000/labs.parquet"))


def test_a_worker_is_killed_in_the_middle(dask: Dask, deadly: None, extractor: Extractor, tmp_path: Path) -> None:
    of = records("d", 60)
    of[33]["text"] += ONCE
    folder = jsonl(tmp_path / "in/lines.jsonl", of).parent
    run(folder, tmp_path / "one", extractor=extractor)
    run(folder, tmp_path / "dask", extractor=extractor, dask=dask)
    assert (tmp_path / "deaths/died").exists()
    assert_equal(tmp_path / "one", tmp_path / "dask")


def test_a_document_that_kills_every_worker(cluster: Any, deadly: None, extractor: Extractor, tmp_path: Path) -> None:
    """It alone has no results; a run that is resumed knows it."""
    of = records("d", 30)
    of[17]["text"] += ALWAYS
    folder = jsonl(tmp_path / "in/lines.jsonl", of).parent
    cluster.scheduler.allowed_failures = 0
    try:
        parts = str(tmp_path / "parts")
        dask = Dask(cluster.scheduler_address, parts=parts, partition_mb=0.002)
        summary = run(folder, tmp_path / "out", extractor=extractor, dask=dask)
    finally:
        cluster.scheduler.allowed_failures = 1
    (failure,) = summary.failures
    assert (failure.code, failure.file) == ("worker_died", str(folder / "lines.jsonl"))
    assert failure.record is not None
    assert failure.record.startswith("document ")
    jsonl(tmp_path / "in/lines.jsonl", [record for record in of if record["doc_id"] != "d17"])
    run(folder, tmp_path / "without", extractor=extractor)
    ours, theirs = files(tmp_path / "out"), files(tmp_path / "without")
    assert {n for n in ours if ours[n] != theirs[n]} == {"errors.csv"}
    assert list((tmp_path / "parts").glob("*/*.cut.json"))


class Stopped(BaseException):
    """Ctrl-C, so to say."""


def test_resume(dask: Dask, inputs: Path, one_process: Path, extractor: Extractor, tmp_path: Path) -> None:
    out = tmp_path / "out"

    def stop(done: int, total: int | None, name: str) -> None:
        if done > 30:
            raise Stopped

    with pytest.raises(Stopped):
        run(inputs, out, extractor=extractor, dask=dask, progress=stop)
    with pytest.raises(UserError, match="begun with other partitions"):
        run(inputs, out, extractor=extractor, resume=True)
    kept = list((out / ".partial/parts").glob("*/*/manifest.json"))
    times = {path: path.stat().st_mtime_ns for path in kept}
    computed: list[Path] = []

    def look(*_: Any) -> None:
        computed.extend(path for path in kept if path.exists() and path.stat().st_mtime_ns != times[path])

    summary = run(inputs, out, extractor=extractor, dask=dask, resume=True, progress=look)
    assert kept
    assert not computed
    assert 30 < summary.resumed < 130
    assert_equal(one_process, out)
    assert run(inputs, out, extractor=extractor, dask=dask, resume=True).was_complete


def test_inputs_that_have_changed_since_the_stop(dask: Dask, extractor: Extractor, tmp_path: Path) -> None:
    folder = jsonl(tmp_path / "in/lines.jsonl", records("d", 30)).parent

    def stop(done: int, *_: Any) -> None:
        if done:
            raise Stopped

    with pytest.raises(Stopped):
        run(folder, tmp_path / "out", extractor=extractor, dask=dask, progress=stop)
    jsonl(folder / "lines.jsonl", records("e", 30))
    with pytest.raises(UserError, match=r"lines\.jsonl: .*changed since the run was stopped"):
        run(folder, tmp_path / "out", extractor=extractor, dask=dask, resume=True)


def test_a_row_group_that_is_damaged(dask: Dask, extractor: Extractor, tmp_path: Path) -> None:
    """Nothing behind it counts, as in one process."""
    path = parquet(tmp_path / "in/rows.parquet", records("p", 60), 10)
    offset = pq.ParquetFile(path).metadata.row_group(3).column(1).data_page_offset
    data = path.read_bytes()
    path.write_bytes(data[:offset] + b"\xff" * 40 + data[offset + 40 :])
    run(path.parent, tmp_path / "one", extractor=extractor)
    run(path.parent, tmp_path / "dask", extractor=extractor, dask=dask)
    assert report(tmp_path / "one")["counts"]["errors_by_code"] == {"damaged": 1}
    assert report(tmp_path / "one")["counts"]["documents"] == 30
    assert_equal(tmp_path / "one", tmp_path / "dask")


def test_patterns_travel_with_the_run(dask: Dask, extractor: Extractor, tmp_path: Path) -> None:

    patterns = tmp_path / "patterns"
    shutil.copytree(patterns_dir(), patterns)
    table = patterns / "analytes.csv"
    table.write_text(
        table.read_text(encoding="utf-8").replace(",hemoglobin|", ",hemoglobin|globulation|"), encoding="utf-8"
    )
    folder = jsonl(
        tmp_path / "in/lines.jsonl",
        [{"doc_id": "d", "text": "Globulation ≥ 9 g/dL\nCopeptin > 9 pmol/L\nLife expectancy > 3 months"}],
    ).parent
    over = tmp_path / "over"
    over.mkdir()
    (over / "analytes.csv").write_text("analyte,aliases,kinds\ncopeptin,copeptin,molar\n", encoding="utf-8")
    given = {"patterns": patterns, "extra_patterns": [over], "labels": ["default,life_expectancy"]}
    run(folder, tmp_path / "one", **given)
    run(folder, tmp_path / "dask", **given, dask=dask)
    assert_equal(tmp_path / "one", tmp_path / "dask")
    assert report(tmp_path / "dask")["counts"]["facts"] == {
        **dict.fromkeys(("AGE", "DOSE", "FRACTIONS", "PERFORMANCE_STATUS"), 0),
        "LAB": 2,
        "LIFE_EXPECTANCY": 1,
    }
