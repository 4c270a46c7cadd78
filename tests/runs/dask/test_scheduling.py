"""What a driver does while workers and file systems keep it waiting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.runs.dask.documents import criteria, jsonl
from trialsift.model.errors import UserError
from trialsift.readers import ReadOptions
from trialsift.rules.files import hash_patterns, patterns_dir
from trialsift.runs.dask.partitions import Job, Partition
from trialsift.runs.dask.planning import make_partitions
from trialsift.runs.dask.store import Store
from trialsift.runs.dask.urls import find_anywhere, plan_pieces
from trialsift.runs.dask.versions import find_versions

pytest.importorskip("distributed", reason="Dask is not installed: pip install 'trialsift[dask]'")

from distributed import Client, LocalCluster

from trialsift.runs.dask import scheduling
from trialsift.runs.dask.scheduling import Computation
from trialsift.runs.dask.worker import PatternsPlugin


@pytest.fixture(scope="module")
def idle() -> Iterator[LocalCluster]:
    """A scheduler without a worker, in this process."""
    with LocalCluster(n_workers=0, processes=False, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster:
        yield cluster


@pytest.fixture
def client(idle: LocalCluster) -> Iterator[Client]:
    with Client(idle, set_as_default=False) as client:
        client.register_plugin(PatternsPlugin(patterns_dir()))
        yield client


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(str(tmp_path / "parts"), 10_000, ReadOptions(), hash_patterns(patterns_dir()), (), 10.0, find_versions())


@pytest.fixture
def plan(tmp_path: Path, job: Job) -> list[Partition]:
    path = jsonl(tmp_path / "some.jsonl", [{"doc_id": "a", "text": criteria(1)}])
    found = find_anywhere([path], None, job.read, Counter())
    return list(make_partitions(plan_pieces(found), job.read, job.size))


def test_without_a_worker_it_is_told_and_waited(
    idle: LocalCluster, client: Client, job: Job, plan: list[Partition], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduling, "_SILENCE", 0.05)
    told: list[str] = []

    def progress(done: int, total: int | None, name: str) -> None:
        if "no worker is left" in name:
            told.append(name)
        if len(told) == 2:
            idle.scale(1)

    manifests = list(Computation(client, job, iter(plan), progress).iter_manifests())
    assert [manifest["documents"] for manifest in manifests] == [1]
    assert len(told) >= 2


class Late(Store):
    """A folder that shows what a worker has written when it has been looked at some times."""

    looks = 4

    def manifest(self, partition: Partition) -> dict[str, Any] | None:
        self.looks -= 1
        return super().manifest(partition) if self.looks < 0 else None


@pytest.mark.parametrize("pauses", [(0, 0, 0, 0), (0,)])
def test_a_file_system_that_is_late(
    idle: LocalCluster,
    client: Client,
    job: Job,
    plan: list[Partition],
    pauses: tuple[float, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    idle.scale(1)
    monkeypatch.setattr(scheduling, "Store", Late)
    monkeypatch.setattr(scheduling, "_LOOKS", pauses)
    computation = Computation(client, job, iter(plan))
    if len(pauses) == 1:
        with pytest.raises(UserError, match="partition 00000 was written by a worker and is not visible here"):
            list(computation.iter_manifests())
    else:
        assert [manifest["documents"] for manifest in computation.iter_manifests()] == [1]
