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
from trialsift.runs.dask.partitions import Job, Partition, Piece, read_partition
from trialsift.runs.dask.store import Store
from trialsift.runs.dask.versions import VersionMismatch
from trialsift.runs.dask.worker import count_outcomes, run_partition
from trialsift.runs.extract.plan import Progress

#: Partitions that are with the scheduler, for each thread of a worker; and how often one that fails is tried again.
_WAITING, _RETRIES = 2, 2
#: Partitions that are kept in mind: those that wait to be merged are on the disk.
_REMEMBERED = 2000
#: Seconds without a result after which somebody is told if no worker is left; and pauses between looks for a partition
#: that a worker has written: a network file system shows a new file after a minute or so.
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
        #: The documents and failures of all partitions that are there, in whatever order they came.
        self.done = 0
        self._known_before: set[str] = set()

    def manifests(self) -> Iterator[Manifest]:
        """Iterates over the manifests of the partitions in their order, each as soon as it is there.

        Those behind it go on meanwhile. `known` tells of a manifest whether it was there before this run went on.
        Raises UserError where a worker can't do what it has to, or the inputs have changed since the run was stopped.
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
                while self._flying:  # a death has to be that of one partition
                    self._collect()
                yield from self._suspected(partition)
            else:
                yield self._there(partition)
            self._suspects.discard(partition.number)
            self._order.popleft()

    def _submit(self) -> None:
        """Gives the cluster as much work as it takes, and no more than a driver can remember."""
        limit = _WAITING * max(1, sum(self._client.nthreads().values()))
        while len(self._flying) < limit and len(self._order) < _REMEMBERED:
            partition = next(self._rest, None)
            if partition is None:
                return
            self._order.append(partition)
            if self._store.any_other(partition):
                raise UserError(
                    f"{partition.pieces[0].place}: it, or an input near it, has changed since the run was stopped; "
                    "the results would be of two states: start over with --force"
                )
            if not self._known(partition):
                if self._noted(partition) is None:
                    self._fly(partition)
                else:
                    self._suspects.add(partition.number)

    def _fly(self, partition: Partition) -> None:
        key = f"trialsift-{partition.number}-{partition.digest()[:16]}"
        future = self._client.submit(run_partition, self._job, partition, key=key, retries=_RETRIES, pure=False)
        self._flying[future] = partition
        self._completed.add(future)

    def _collect(self) -> None:
        """Waits until a partition is through; one that has killed its workers is a suspect from then on."""
        self._wait()
        future = next(self._completed)
        partition = self._flying.pop(future)
        manifest = self._result(future, partition)
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
        """Until something is through; a batch system may take its time to start new workers."""
        while not self._completed.has_ready():
            try:
                with self._client.as_current():
                    wait(list(self._flying), timeout=_SILENCE, return_when="FIRST_COMPLETED")
            except TimeoutError:
                if not self._client.nthreads():
                    self._tell("no worker is left; waiting for one")
                continue
            except CancelledError:
                pass  # its result tells
            return

    def _known(self, partition: Partition) -> bool:
        """Whether a partition was there before this run went on."""
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
                f"{self._job.folder}: partition {partition.number} was written by a worker and isn't to be seen here; "
                "the folder has to be one that this machine and all workers share"
            )
        return {**manifest, "known": partition.number in self._known_before}

    def _suspected(self, partition: Partition) -> Iterator[Manifest]:
        """The manifest of a partition that has killed its workers, or those of its parts; nothing else runs meanwhile.

        One that had not begun when its worker died has been beside the one that did it.
        """
        note = self._noted(partition)
        if note is None and (self._store.begun(partition.number) or not self._survived(partition)):
            parts = self._parts(partition)
            note = {"digest": partition.digest(), "parts": [part.record() for part in parts]}
            self._store.note_cut(partition.number, note)
        if note is None:
            yield self._there(partition)
            return
        for part in map(read_partition, note["parts"]):
            if self._known(part) or (self._noted(part) is None and self._survived(part)):
                yield self._there(part)
            else:
                yield from self._suspected(part)

    def _survived(self, partition: Partition) -> bool:
        """Lets a partition be computed while nothing else is; whether a worker has lived through it."""
        self._fly(partition)
        self._collect()
        killed = partition.number in self._suspects
        self._suspects.discard(partition.number)
        return not killed

    def _noted(self, partition: Partition) -> dict[str, Any] | None:
        """The parts into which a partition was cut."""
        note = self._store.cut(partition.number)
        return note if note is not None and note["digest"] == partition.digest() else None

    def _parts(self, partition: Partition) -> list[Partition]:
        """The document at which most attempts have ended, and what stands before and behind it; two halves where that
        isn't known; a document that kills alone is told to be killed."""
        ended = self._store.begun(partition.number)
        if not ended and len(partition.pieces) > 1:
            half = len(partition.pieces) // 2
            return partition.parts(partition.pieces[:half], partition.pieces[half:])
        at, done = max(ended, key=ended.count) if ended else (0, None)
        piece = partition.pieces[at]
        count = self._outcomes(piece)
        if count is None and done and len(partition.pieces) == 1:  # reading it kills, behind what it has given
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

    def _outcomes(self, piece: Piece) -> int | None:
        """How many documents and failures a piece has; None where reading them kills."""
        future = self._client.submit(count_outcomes, self._job, piece, retries=_RETRIES, pure=False)
        return cast("int | None", self._answer(future))

    def _result(self, future: Future[Any], partition: Partition) -> Manifest | None:
        """What a task has given; None if it killed its workers."""
        try:
            return cast("Manifest | None", self._answer(future))
        except OSError as error:
            raise UserError(
                f"{self._job.folder}: a worker can't write partition {partition.number} there ({error}); the folder "
                "has to be one that this machine and all workers share"
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
            raise UserError("the scheduler has lost the run; what is done is kept: --resume goes on with it") from error
