"""Gives partitions to workers, a bounded number at a time, and cuts one that kills them until the document is found."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import CancelledError
from dataclasses import replace
from typing import Any, cast

from distributed import Client, Future, KilledWorker, as_completed, wait

from trialsift.model.errors import UserError
from trialsift.runs.dask.cluster import LOST
from trialsift.runs.dask.partitions import Job, Partition, Piece, read_partition
from trialsift.runs.dask.store import Store
from trialsift.runs.dask.versions import VersionMismatch
from trialsift.runs.dask.worker import count_outcomes, run_partition
from trialsift.runs.extract.plan import Progress

#: Partitions submitted per worker thread; and retries of one that fails.
_WAITING, _RETRIES = 2, 2
#: Partitions kept in memory; those waiting to be merged are on disk.
_REMEMBERED = 2000
#: Seconds without a result after which the user is told if no worker is left; and pauses between checks for a partition
#: that a worker has written, since a network file system may show a new file only after a minute.
_SILENCE, _LOOKS = 15.0, (0.1, 0.4, 1.5, 5, 15, 30, 60)

Manifest = dict[str, Any]


class Computation:
    """The partitions of a run on their way through a cluster."""

    def __init__(
        self, client: Client, job: Job, partitions: Iterator[Partition], progress: Progress | None = None
    ) -> None:
        self._client, self._job, self._rest, self._progress = client, job, partitions, progress
        self._store = Store(job.folder)
        self._flying: dict[Future[Any], Partition] = {}
        self._completed = as_completed(loop=client.loop)
        self._suspects: set[str] = set()
        self._order: deque[Partition] = deque()
        #: Documents and failures of all finished partitions, in whatever order they came.
        self.done = 0
        self._known_before: set[str] = set()

    def iter_manifests(self) -> Iterator[Manifest]:
        """Iterates over the manifests of the partitions in order, each as soon as it exists; later partitions continue
        meanwhile.

        `known` says whether a manifest existed before this run was resumed. Raises UserError if a worker cannot do its
        work, or if the inputs have changed since the run was stopped.
        """
        while True:
            self._submit()
            if not self._order:
                return
            partition = self._order[0]
            while any(partition is flying for flying in self._flying.values()):
                self._collect()
                self._submit()
            if partition.number in self._suspects:
                while self._flying:  # a death must be attributable to one partition
                    self._collect()
                yield from self._handle_suspect(partition)
            else:
                yield self._there(partition)
            self._suspects.discard(partition.number)
            self._order.popleft()

    def _submit(self) -> None:
        """Submits as much work as the cluster takes and the driver can remember."""
        limit = _WAITING * max(1, sum(self._client.nthreads().values()))
        while len(self._flying) < limit and len(self._order) < _REMEMBERED:
            partition = next(self._rest, None)
            if partition is None:
                return
            self._order.append(partition)
            if self._store.has_other(partition):
                raise UserError(
                    f"{partition.pieces[0].place}: it, or an input near it, has changed since the run was stopped; "
                    "the results would mix two states: start over with --force"
                )
            if not self._is_known(partition):
                if self._find_noted(partition) is None:
                    self._fly(partition)
                else:
                    self._suspects.add(partition.number)

    def _fly(self, partition: Partition) -> None:
        key = f"trialsift-{partition.number}-{partition.digest()[:16]}"
        future = self._client.submit(run_partition, self._job, partition, key=key, retries=_RETRIES, pure=False)
        self._flying[future] = partition
        self._completed.add(future)

    def _collect(self) -> None:
        """Waits until a partition is finished; one that has killed its workers becomes a suspect."""
        self._wait()
        future = next(self._completed)
        partition = self._flying.pop(future)
        manifest = self._find_result(future, partition)
        if manifest is None:
            self._suspects.add(partition.number)
        else:
            self._count(manifest)

    def _count(self, manifest: Manifest) -> None:
        self.done += manifest["documents"] + manifest["failures"]
        self._tell(manifest["pieces"][-1]["place"])

    def _tell(self, name: str) -> None:
        if self._progress:
            self._progress(self.done, None, name)

    def _wait(self) -> None:
        """Waits until something is finished; a batch system may take its time to start new workers."""
        while not self._completed.has_ready():
            try:
                with self._client.as_current():
                    wait(list(self._flying), timeout=_SILENCE, return_when="FIRST_COMPLETED")
            except TimeoutError:
                if not self._client.nthreads():
                    self._tell("no worker is left; waiting for one")
                continue
            except CancelledError:
                pass  # its result will tell
            return

    def _is_known(self, partition: Partition) -> bool:
        """Whether a partition existed before this run was resumed."""
        manifest = self._store.manifest(partition)
        if manifest is not None:
            self._known_before.add(partition.number)
            self._count(manifest)
        return manifest is not None

    def _there(self, partition: Partition) -> Manifest:
        manifest = self._store.manifest(partition)
        for pause in _LOOKS:
            if manifest is not None:
                break
            time.sleep(pause)
            manifest = self._store.manifest(partition)
        if manifest is None:
            raise UserError(
                f"{self._job.folder}: partition {partition.number} was written by a worker and is not visible here; "
                "this machine and all workers must share the folder"
            )
        return {**manifest, "known": partition.number in self._known_before}

    def _handle_suspect(self, partition: Partition) -> Iterator[Manifest]:
        """Iterates over the manifest of a partition that has killed its workers, or those of its parts; nothing else
        runs meanwhile.

        A partition that had not begun when its worker died is innocent.
        """
        note = self._find_noted(partition)
        if note is None and (self._store.find_begun(partition.number) or not self._survives(partition)):
            parts = self._cut(partition)
            note = {"digest": partition.digest(), "parts": [part.record() for part in parts]}
            self._store.note_cut(partition.number, note)
        if note is None:
            yield self._there(partition)
            return
        for part in map(read_partition, note["parts"]):
            if self._is_known(part) or (self._find_noted(part) is None and self._survives(part)):
                yield self._there(part)
            else:
                yield from self._handle_suspect(part)

    def _survives(self, partition: Partition) -> bool:
        """Computes a partition while nothing else runs; whether a worker has survived it."""
        self._fly(partition)
        self._collect()
        killed = partition.number in self._suspects
        self._suspects.discard(partition.number)
        return not killed

    def _find_noted(self, partition: Partition) -> dict[str, Any] | None:
        """Returns the parts into which a partition was cut."""
        note = self._store.cut(partition.number)
        return note if note is not None and note["digest"] == partition.digest() else None

    def _cut(self, partition: Partition) -> list[Partition]:
        """Returns the parts of a partition: the document at which most attempts have ended, and what precedes and
        follows it; or two halves if that is unknown. A document that kills on its own is marked as killed."""
        ended = self._store.find_begun(partition.number)
        if not ended and len(partition.pieces) > 1:
            half = len(partition.pieces) // 2
            return partition.parts(partition.pieces[:half], partition.pieces[half:])
        at, done = max(ended, key=ended.count) if ended else (0, None)
        piece = partition.pieces[at]
        count = self._count_outcomes(piece)
        if count is None and done and len(partition.pieces) == 1:  # reading on after its outcomes kills
            return partition.parts([piece.range(0, done)], [replace(piece.range(done, None), killed=True)])
        if (count is None or count <= 1) and len(partition.pieces) == 1:
            return partition.parts([replace(piece, killed=True)])
        if count is None or count <= 1:
            return partition.parts(partition.pieces[:at], [piece], partition.pieces[at + 1 :])
        if done is None or done >= count:
            return partition.parts([piece.range(0, count // 2)], [piece.range(count // 2, None)])
        before, behind = [*partition.pieces[:at]], [*partition.pieces[at + 1 :]]
        if done:
            before.append(piece.range(0, done))
        if done + 1 < count:
            behind.insert(0, piece.range(done + 1, None))
        return partition.parts(before, [piece.range(done, done + 1)], behind)

    def _count_outcomes(self, piece: Piece) -> int | None:
        """Returns the number of documents and failures in a piece; None if reading them kills."""
        future = self._client.submit(count_outcomes, self._job, piece, retries=_RETRIES, pure=False)
        return cast("int | None", self._answer(future))

    def _find_result(self, future: Future[Any], partition: Partition) -> Manifest | None:
        """Returns the result of a task; None if it killed its workers."""
        try:
            return cast("Manifest | None", self._answer(future))
        except OSError as error:
            raise UserError(
                f"{self._job.folder}: a worker can't write partition {partition.number} there ({error}); the folder "
                "must be shared by this machine and all workers"
            ) from error

    @staticmethod
    def _answer(future: Future[Any]) -> Any:
        try:
            return future.result()
        except KilledWorker:
            return None
        except VersionMismatch as error:
            raise UserError(str(error)) from error
        except CancelledError as error:
            raise UserError(LOST) from error
