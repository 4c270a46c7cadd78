"""A scheduler with two worker processes for all tests of this folder."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.runs.dask.documents import mixed, run
from tests.support.extractors import shared_extractor
from trialsift.extraction.extractor import Extractor

_REASON = "Dask is not installed: pip install 'trialsift[dask]'"


@pytest.fixture(scope="package")
def cluster() -> Iterator[Any]:
    """A LocalCluster, in which one loss of its worker is forgiven to a partition."""
    pytest.importorskip("distributed", reason=_REASON)
    import dask
    from distributed import LocalCluster

    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
        ) as started,
    ):
        yield started


@pytest.fixture(scope="package")
def extractor() -> Extractor:
    return shared_extractor()


@pytest.fixture(scope="package")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return mixed(tmp_path_factory.mktemp("in"))


@pytest.fixture(scope="package")
def one_process(inputs: Path, tmp_path_factory: pytest.TempPathFactory, extractor: Extractor) -> Path:
    """The results of `inputs` in one process."""
    out = tmp_path_factory.mktemp("one") / "out"
    run(inputs, out, extractor=extractor)
    return out
