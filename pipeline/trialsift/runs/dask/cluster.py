"""The scheduler of a run's partitions: an existing one, or workers on this machine for the duration of the run."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager, suppress

import dask
from distributed import Client, LocalCluster
from distributed.comm.core import CommClosedError

from trialsift.model.errors import UserError
from trialsift.rules.layers import Patterns
from trialsift.runs.dask.versions import VersionMismatch, check_versions, find_versions

LOCAL = "local"
#: What a run ends with whose scheduler is gone.
LOST = "the scheduler has lost the run; finished work is kept: continue with --resume"
#: Seconds within which a scheduler must answer, and within which a first worker must be there.
ANSWER, WORKER = 4, 60


@contextmanager
def connect(address: str, patterns: Patterns, processes: int | None) -> Iterator[Client]:
    """Yields a client of the scheduler at `address`, whose workers have the patterns; `local` starts `processes`
    workers here, one per core if None.

    Raises UserError if nobody answers, no worker comes, the versions of a worker differ from those here, or the
    scheduler goes away while it is used.
    """
    from trialsift.runs.dask.worker import PatternsPlugin

    with ExitStack() as stack:
        # everything important is raised as an exception
        for name in ("distributed", "distributed.client", "tornado", "asyncio"):
            stack.enter_context(_quiet(name))
        client = stack.enter_context(_local(processes) if address == LOCAL else _remote(address))
        try:
            client.wait_for_workers(1, timeout=WORKER)
        except TimeoutError:
            raise UserError(
                f"{address}: the scheduler has no worker after {WORKER} s; start one with `dask worker {address}`"
            ) from None
        _check(client, address)
        plugin = PatternsPlugin(patterns, own=address == LOCAL)
        client.register_plugin(plugin, name=plugin.name)
        stack.callback(_forgotten, client, plugin.name)
        try:
            yield client
        except UserError:
            raise
        except (Exception, CancelledError) as error:
            if client.status == "running" and not isinstance(error, CommClosedError):
                raise  # a fault of something else
            raise UserError(LOST) from error


@contextmanager
def _local(processes: int | None) -> Iterator[Client]:
    settings = {"distributed.scheduler.allowed-failures": 1, "distributed.worker.daemon": True}
    with (
        dask.config.set(settings),
        LocalCluster(
            n_workers=processes,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",  # None takes port 8787 all the same, and warns where that is taken
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


@contextmanager
def _remote(address: str) -> Iterator[Client]:
    try:
        client = Client(address, timeout=ANSWER, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        reason = "" if isinstance(error, OSError) else f" ({error})"
        raise UserError(
            f"{address}: no Dask scheduler answers there{reason}; --dask takes an address such as tcp://HOST:8786, "
            "or local"
        ) from None
    with client:
        yield client


def _check(client: Client, address: str) -> None:
    """Raises UserError for a worker with other versions. Later workers are checked when they get work."""
    here = find_versions()
    try:
        client.run(check_versions, here)
    except VersionMismatch as error:
        raise UserError(str(error)) from error
    except Exception as error:
        raise UserError(
            f"{address}: a worker can't use trialsift ({error!r}); install trialsift {here['trialsift']} there"
        ) from error


def _forgotten(client: Client, name: str) -> None:
    with suppress(Exception):
        client.unregister_worker_plugin(name)


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)
