"""What becomes of a run when its scheduler goes away."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("distributed", reason="Dask is not installed: pip install 'trialsift[dask]'")

from distributed.client import ClosedClientError
from distributed.comm.core import CommClosedError

from trialsift.model.errors import UserError
from trialsift.rules.files import find_patterns
from trialsift.runs.dask import cluster


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A client that `connect` yields, without any scheduler."""

    def nothing(*_: Any, **__: Any) -> None:
        pass

    made = SimpleNamespace(status="running", wait_for_workers=nothing, run=nothing, register_plugin=nothing)

    @contextmanager
    def local(processes: int | None) -> Iterator[SimpleNamespace]:
        yield made

    monkeypatch.setattr(cluster, "_local", local)
    return made


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("running", CommClosedError("in <TCP>: Stream is closed")),
        ("connecting", OSError("Timed out trying to connect")),
        ("closed", ClosedClientError("the client is closed")),
        ("closed", CancelledError("a task")),
        ("closing", RuntimeError("cannot schedule new futures after shutdown")),
    ],
)
def test_a_lost_scheduler_ends_a_run_in_one_sentence(client: SimpleNamespace, status: str, error: Exception) -> None:
    client.wait_for_workers = lambda *_, **__: setattr(client, "status", status)
    with pytest.raises(UserError, match=r"lost the run.*--resume"), cluster.connect(cluster.LOCAL, find_patterns(), 1):
        raise error


@pytest.mark.parametrize("error", [OSError("no space left on device"), UserError("a.txt: it has changed")])
def test_other_errors_stay_what_they_are(client: SimpleNamespace, error: Exception) -> None:
    with pytest.raises(type(error)) as raised, cluster.connect(cluster.LOCAL, find_patterns(), 1):
        raise error
    assert raised.value is error
