"""A run whose documents are read by workers of a Dask cluster: their partitions merged as one run."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from trialsift.model.errors import UserError
from trialsift.readers import Input, ReadFailure, ReadOptions
from trialsift.readers.inputs import MEGABYTE
from trialsift.rules.layers import Patterns
from trialsift.runs.dask.installed import check_installed
from trialsift.runs.dask.lines import rendered_of
from trialsift.runs.dask.partitions import Job, is_url
from trialsift.runs.dask.planning import partitions
from trialsift.runs.dask.store import ENTRIES, PIECE, Store
from trialsift.runs.dask.urls import find_anywhere, planned
from trialsift.runs.dask.versions import versions
from trialsift.runs.extract.plan import DocIds, Progress
from trialsift.runs.extract.render import Rendered
from trialsift.runs.folder import ANNOTATIONS, PARTS
from trialsift.tables.files import Format

Found = Iterator[Input | ReadFailure]


@dataclass(frozen=True, slots=True)
class Dask:
    """Where a run goes: `address` of a scheduler, or `local` for processes on this machine. `parts` is the folder or
    URL in which workers leave their partitions for good; None: one in the folder of the run, until that is complete.
    `partition_mb` is the size of a partition in MB of its inputs."""

    address: str
    parts: str | None = None
    partition_mb: float = 4

    def find(self) -> Callable[[Sequence[Path | str], Path | None, ReadOptions, Counter[str]], Found]:
        """What finds the inputs: paths or URLs. Raises UserError where Dask is not installed."""
        check_installed()
        return find_anywhere

    def setup(self, formats: Sequence[Format], alpha_beta: float) -> dict[str, Any]:
        """What partitions depend on beside the inputs and how they are read; `alpha_beta` in Gy."""
        return {"partitions": {"mb": self.partition_mb, "formats": list(formats), "alpha_beta": alpha_beta}}

    def job(self, work: Path, setup: Mapping[str, Any], read: ReadOptions, resume: bool) -> Job:
        """The job of a run with this setup, whose partitions lie in a folder that is theirs alone: they are still there
        to `resume` it, else those of an earlier run go."""
        name = hashlib.sha256(json.dumps(setup, sort_keys=True).encode()).hexdigest()[:16]
        parts = str(work / PARTS) if self.parts is None else self.parts.rstrip("/")
        folder = f"{parts}/{name}" if is_url(parts) else str(Path(parts, name).absolute())
        if not resume:
            Store(folder).clear()
        of = setup["partitions"]
        labels = tuple(setup["labels"]) if "labels" in setup else None
        size = round(of["mb"] * MEGABYTE)
        return Job(folder, size, read, setup["patterns"], tuple(of["formats"]), of["alpha_beta"], versions(), labels)


class PartitionResults:
    """All that is to be written of the documents of a run, to be gone through once, in the order and with the content
    that reading them in one process has. `resumed` counts those of before; `left_out` is added to as partitions tell.

    Raises UserError where the cluster can't be used, and where inputs have changed since the run was stopped.
    """

    def __init__(
        self,
        address: str,
        processes: int,
        job: Job,
        patterns: Patterns,
        found: Found,
        left_out: Counter[str],
        progress: Progress | None,
    ) -> None:
        self._address, self._processes, self._job, self._patterns = address, processes, job, patterns
        self._found, self._left_out, self._progress = found, left_out, progress
        self._done = self.resumed = 0

    def __iter__(self) -> Generator[Rendered, None, None]:
        from trialsift.runs.dask.cluster import connected
        from trialsift.runs.dask.scheduling import Computation

        plan = partitions(planned(self._found), self._job.read, self._job.size)
        with connected(self._address, self._patterns, self._processes) as client:
            computation = Computation(client, self._job, plan, self._tell, self._tell_alone)
            store = Store(self._job.folder)
            yield from merged(computation.manifests(), store, self._left_out)
            store.tidy()
            self.resumed = computation.resumed
        if self._progress:
            self._progress(self._done, self._done, "")

    def _tell(self, manifest: Mapping[str, Any]) -> None:
        self._done += manifest["documents"] + manifest["failures"]
        if self._progress:
            self._progress(self._done, None, manifest["pieces"][-1]["place"])

    def _tell_alone(self) -> None:
        if self._progress:
            self._progress(self._done, None, "no worker is left; waiting for one")


def merged(manifests: Iterable[Mapping[str, Any]], store: Store, left_out: Counter[str]) -> Iterator[Rendered]:
    """What the partitions of a run hold, in their order, as one process would have it: a doc_id that came before is a
    failure, and nothing counts behind the place at which an input broke off. Raises UserError for damaged partitions.
    """
    doc_ids, ended = DocIds(), -1
    for manifest in manifests:
        left_out.update(manifest["left_out"])
        for number, rendered in _rendered(store, manifest):
            if number != ended:
                entry = doc_ids.checked(rendered.entry)
                yield rendered if entry is rendered.entry else Rendered(entry, entry.failure)
        ended = manifest["broke_off"][-1] if manifest["broke_off"] else ended


def _rendered(store: Store, manifest: Mapping[str, Any]) -> Iterator[tuple[int, Rendered]]:
    """What a partition holds, each with the number of its input."""
    number, count, partition = -1, 0, manifest["number"]
    with store.open(partition, ENTRIES) as entries, store.open(partition, ANNOTATIONS) as annotations:
        lines, records = _Summed(entries), _Summed(annotations)
        for line in lines:
            if line.startswith(PIECE):
                number = int(line[len(PIECE) : -2])
                continue
            try:
                rendered = rendered_of(line, records)
            except (ValueError, KeyError, TypeError, StopIteration):
                break
            count += 1
            yield number, rendered
        sums = {ENTRIES: lines.digest(), ANNOTATIONS: records.digest()}
    wanted = {name: manifest["files"][name] for name in sums}
    if sums != wanted or count != manifest["documents"] + manifest["failures"]:
        raise UserError(f"{store.folder}/{partition}: is damaged, or changes while it is read; remove it, and --resume")


class _Summed:
    """The lines of a file, and SHA-256 of those that were read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._sum = stream, hashlib.sha256()

    def __iter__(self) -> _Summed:
        return self

    def __next__(self) -> bytes:
        line = next(self._stream)
        self._sum.update(line)
        return line

    def digest(self) -> str:
        return self._sum.hexdigest()
