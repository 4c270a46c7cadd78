"""`trialsift extract --dask` as a user types it, with a scheduler and workers that were started by hand."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.runs.dask.documents import FORMATS, assert_equal, criteria
from tests.support.command import run_command
from tests.support.paths import ROOT
from trialsift.model.errors import UserError
from trialsift.runs.dask import Dask, installed
from trialsift.runs.extract.run import extract_run

SOURCE = str(ROOT / "pipeline")
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join(filter(None, [SOURCE, os.environ.get("PYTHONPATH")])),
    "DASK_DISTRIBUTED__DASHBOARD__LINK": "",
}
needs_dask = pytest.mark.skipif(
    bool(installed.find_missing()), reason="Dask is not installed: pip install 'trialsift[dask]'"
)


@pytest.fixture
def text(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(criteria(1))
    return tmp_path / "in"


def cli(*arguments: Path | str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "trialsift", "extract", *map(str, arguments)]
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=ENVIRONMENT, timeout=60, check=False
    )


@contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of Dask's command line, for the time of a `with`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments],
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@needs_dask
def test_a_scheduler_and_two_workers_started_by_hand(inputs: Path, one_process: Path, tmp_path: Path) -> None:
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    worker = ("worker", address, "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1")
    with ExitStack() as stack:
        scheduler = ("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
        stack.enter_context(started(*scheduler))
        workers = [
            stack.enter_context(started(*worker, "--local-directory", str(tmp_path / name))) for name in ("w1", "w2")
        ]
        wait_for_workers(address, 2)
        options = ["--dask", address, "--partition-mb", "0.001"]
        options += [f"--format={name}" for name in FORMATS]
        done = cli(inputs, "--out", tmp_path / "out", *options)
        assert done.returncode == 1, done.stderr
        assert "8 inputs failed" in done.stdout
        assert done.stderr == ""
        assert [process.poll() for process in workers] == [None, None]
    assert_equal(one_process, tmp_path / "out")


def wait_for_workers(address: str, count: int) -> None:
    from distributed import Client

    for attempt in range(20):
        try:
            with Client(address, timeout=2, set_as_default=False) as client:
                client.wait_for_workers(count, timeout=30)
                return
        except OSError:
            if attempt == 19:
                raise
            time.sleep(0.2)


@needs_dask
def test_local(text: Path, tmp_path: Path) -> None:
    done = cli(text, "--out", tmp_path / "out", "--dask", "local", "--jobs", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Read 1 document" in done.stdout


@needs_dask
def test_nobody_answers(text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from trialsift.runs.dask import cluster

    assert cluster.ANSWER < 10
    monkeypatch.setattr(cluster, "ANSWER", 0.5)
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(UserError, match=f"^{address}: no Dask scheduler answers there") as raised:
        extract_run([text], tmp_path / "out", dask=Dask(address))
    assert raised.value.exit_code == 2
    assert not (tmp_path / "out").exists()


@needs_dask
def test_a_scheduler_without_workers(text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed import LocalCluster

    from trialsift.runs.dask import cluster

    monkeypatch.setattr(cluster, "WORKER", 0.2)
    alone = LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=50)
    with alone, pytest.raises(UserError, match=f"has no worker after .* `dask worker {alone.scheduler_address}`"):
        extract_run([text], tmp_path / "out", dask=Dask(alone.scheduler_address))


@needs_dask
@pytest.mark.parametrize("address", ["nonsense", "tcp://", "tcp://127.0.0.1:notaport", "foo://127.0.0.1:1"])
def test_an_address_that_is_none(address: str, text: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="takes an address such as tcp://HOST:8786, or local"):
        extract_run([text], tmp_path / "out", dask=Dask(address))


def test_standard_input(tmp_path: Path) -> None:
    done = run_command("extract", "-", "--out", tmp_path / "out", "--dask", "local")
    assert done.returncode == 2
    assert b"standard input" in done.stderr
    assert b"save it to a file" in done.stderr


def test_options_that_go_with_another(text: Path, tmp_path: Path) -> None:
    done = run_command("extract", text, "--out", tmp_path / "out", "--dask-parts", tmp_path / "parts")
    assert done.returncode == 2
    assert b"go with --dask" in done.stderr


def test_without_the_extra(text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"--dask needs Dask: install it with `pip install 'trialsift\[dask\]'`"):
        extract_run([text], tmp_path / "out", dask=Dask("local"))
    assert not (tmp_path / "out").exists()


def test_a_url_needs_dask(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file or folder"):
        extract_run(["s3://bucket/trials"], tmp_path / "out")
