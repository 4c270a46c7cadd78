"""A run whose documents are read by workers of a Dask cluster: their partitions merged into the entries of one run."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trialsift.distributed.installed import check_installed
from trialsift.distributed.partitions import Job, is_url
from trialsift.distributed.planning import partitions
from trialsift.distributed.store import ENTRIES, PIECE, Store
from trialsift.distributed.urls import find_anywhere, planned
from trialsift.distributed.versions import versions
from trialsift.entries import Entry, entry_of_record
from trialsift.errors import UserError
from trialsift.out_folder import PARTS
from trialsift.readers import Input, ReadFailure, ReadOptions
from trialsift.readers.inputs import MEGABYTE
from trialsift.reading import DocIds, Progress

Found = Iterator[Input | ReadFailure]


@dataclass(frozen=True, slots=True)
class Dask:
    """Where a run goes: `address` of a scheduler, or `local` for `processes` on this machine (None: a core each).
    `parts` is the folder or URL in which workers leave their partitions for good; None: one in the folder of the run,
    until that is complete. `partition_mb` is the size of a partition in MB of its inputs."""

    address: str
    processes: int | None = None
    parts: str | None = None
    partition_mb: float = 4

    def find(self) -> Callable[[Sequence[Path | str], Path | None, ReadOptions, Counter[str]], Found]:
        """What finds the inputs: paths or URLs. Raises UserError where Dask is not installed."""
        check_installed()
        return find_anywhere

    def setup(self, alpha_beta: float) -> dict[str, Any]:
        """What partitions depend on beside the inputs and how they are read; `alpha_beta` in Gy."""
        return {"partitions": {"mb": self.partition_mb, "alpha_beta": alpha_beta}}

    def job(self, work: Path, setup: Mapping[str, Any], read: ReadOptions, resume: bool) -> Job:
        """The job of a run with this setup, whose partitions lie in a folder that is theirs alone: they are still there
        to `resume` it, else those of an earlier run go."""
        name = hashlib.sha256(json.dumps(setup, sort_keys=True).encode()).hexdigest()[:16]
        parts = str(work / PARTS) if self.parts is None else self.parts.rstrip("/")
        folder = f"{parts}/{name}" if is_url(parts) else str(Path(parts, name).absolute())
        if not resume:
            Store(folder).clear()
        return Job(folder, read, setup["patterns"], setup["partitions"]["alpha_beta"], versions())


class PartitionEntries:
    """The entries of all inputs of a run, to be gone through once, in the order and with the content that reading them
    in one process has. `resumed` counts those of before; `left_out` is added to as partitions tell of it.

    Raises UserError where the cluster can't be used, and where inputs have changed since the run was stopped.
    """

    def __init__(
        self,
        dask: Dask,
        job: Job,
        patterns: Path,
        found: Found,
        left_out: Counter[str],
        progress: Progress | None,
    ) -> None:
        self._dask, self._job, self._patterns, self._found = dask, job, patterns, found
        self._left_out, self._progress = left_out, progress
        self._done = self.resumed = 0

    def __iter__(self) -> Iterator[Entry]:
        from trialsift.distributed.cluster import connected
        from trialsift.distributed.scheduling import Computation

        target = round(self._dask.partition_mb * MEGABYTE)
        plan = partitions(planned(self._found), self._job.read, target)
        doc_ids, store = DocIds(), Store(self._job.folder)
        ended: int | None = None
        with connected(self._dask.address, self._patterns, self._dask.processes) as client:
            computation = Computation(client, self._job, plan, self._tell)
            for manifest in computation.manifests():
                self.resumed = computation.resumed
                self._left_out.update(manifest["left_out"])
                for number, entry in _entries(store, manifest):
                    if number != ended:  # the input broke off before
                        yield doc_ids.checked(entry)
                ended = manifest["broke_off"][-1] if manifest["broke_off"] else ended
        if self._progress:
            self._progress(self._done, self._done, "")

    def _tell(self, manifest: Mapping[str, Any]) -> None:
        self._done += manifest["documents"] + manifest["failures"]
        if self._progress:
            self._progress(self._done, None, manifest["pieces"][-1]["place"])


def _entries(store: Store, manifest: Mapping[str, Any]) -> Iterator[tuple[int, Entry]]:
    """The entries of a partition with the number of their input. Raises UserError where they aren't what the worker
    wrote."""
    digest, number, count = hashlib.sha256(), -1, 0
    with store.entries(manifest["number"]) as stream:
        for line in stream:
            digest.update(line)
            if line.startswith(PIECE):
                number = int(line[len(PIECE) : -2])
                continue
            try:
                record = json.loads(line)
                entry = entry_of_record(record)._replace(place=record["place"], doc_id=record["doc_id"])
            except (ValueError, KeyError, TypeError):
                break
            count += 1
            yield number, entry
    if digest.hexdigest() != manifest["files"][ENTRIES] or count != manifest["documents"] + manifest["failures"]:
        raise UserError(
            f"{store.folder}/{manifest['number']}: is damaged, or changes while it is read; remove it, and --resume"
        )
