"""Merges the partitions that workers of a Dask cluster have read into one run."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from trialsift.model.errors import UserError
from trialsift.readers import Input, ReadFailure, ReadOptions
from trialsift.readers.inputs import MEGABYTE
from trialsift.runs.dask.installed import check_installed
from trialsift.runs.dask.lines import read_line
from trialsift.runs.dask.partitions import Job, is_url
from trialsift.runs.dask.planning import make_partitions
from trialsift.runs.dask.store import ENTRIES, PIECE, Store
from trialsift.runs.dask.urls import find_anywhere, plan_pieces
from trialsift.runs.dask.versions import find_versions
from trialsift.runs.extract.options import RunSettings
from trialsift.runs.extract.plan import DocIds
from trialsift.runs.extract.written import Written
from trialsift.runs.folder import ANNOTATIONS, PARTS

Found = Iterator[Input | ReadFailure]


@dataclass(frozen=True, slots=True)
class Dask:
    """Where a run is computed: `address` of a scheduler, or `local` for processes on this machine.

    `parts` is the folder or URL in which workers leave their partitions permanently; None: one in the folder of the
    run, until that is complete. `partition_mb` is the size of a partition in MB of its inputs.
    """

    address: str
    parts: str | None = None
    partition_mb: float = 4

    def find(
        self, given: Sequence[Path | str], leave_out: Path | None, options: ReadOptions, left_out: Counter[str]
    ) -> Found:
        """Iterates over the inputs behind paths and URLs. Raises UserError as `find_inputs` does, and if Dask isn't
        installed."""
        check_installed()
        return find_anywhere(given, leave_out, options, left_out)

    def setup(self, settings: RunSettings) -> dict[str, Any]:
        """Returns the setup of a run, with everything else that its partitions depend on."""
        formats, alpha_beta = list(settings.formats), settings.alpha_beta
        partitioned = {"mb": self.partition_mb, "formats": formats, "alpha_beta": alpha_beta}
        return {**settings.setup, "partitions": partitioned}

    def read(
        self, settings: RunSettings, folder: Path, found: Found, left_out: Counter[str]
    ) -> Generator[Written, None, None]:
        """Iterates over what is written about a run, in the order and with the content of a single process.

        Adds to `left_out` what partitions report. Raises UserError if the cluster cannot be used, or if inputs have
        changed since the run was stopped.
        """
        from trialsift.runs.dask.cluster import connect
        from trialsift.runs.dask.scheduling import Computation

        job = self._make_job(settings, folder)
        store = Store(job.folder)
        if not settings.resume:
            store.clear()
        plan = make_partitions(plan_pieces(found), job.read, job.size)
        with connect(self.address, settings.rules, settings.processes) as client:
            computation = Computation(client, job, plan, settings.progress)
            yield from merge_partitions(computation.iter_manifests(), store, left_out)
            store.tidy()
        if settings.progress:
            settings.progress(computation.done, computation.done, "")

    def _make_job(self, settings: RunSettings, folder: Path) -> Job:
        """Returns the job of a run; the folder of its partitions is named after its setup."""
        name = hashlib.sha256(json.dumps(self.setup(settings), sort_keys=True).encode()).hexdigest()[:16]
        parts = str(folder / PARTS) if self.parts is None else self.parts.rstrip("/")
        return Job(
            f"{parts}/{name}" if is_url(parts) else str(Path(parts, name).absolute()),
            round(self.partition_mb * MEGABYTE),
            settings.reading,
            settings.setup["patterns"],
            tuple(settings.formats),
            settings.alpha_beta,
            find_versions(),
            None if settings.wanted is None else tuple(sorted(settings.wanted)),
            settings.unread,
            settings.min_confidence,
        )


def merge_partitions(manifests: Iterable[Mapping[str, Any]], store: Store, left_out: Counter[str]) -> Iterator[Written]:
    """Iterates over the contents of a run's partitions, in order, as one process would have produced them.

    A repeated doc_id becomes a failure, and nothing counts after the place at which an input broke off. Raises
    UserError for damaged partitions.
    """
    doc_ids, ended = DocIds(), -1
    for manifest in manifests:
        left_out.update(manifest["left_out"])
        for number, written in _read_written(store, manifest):
            if number != ended:
                outcome = doc_ids.check(written.outcome)
                result = written if outcome is written.outcome else Written(outcome, outcome.failure)
                yield result._replace(known=manifest.get("known", False))
        ended = manifest["broke_off"][-1] if manifest["broke_off"] else ended


def _read_written(store: Store, manifest: Mapping[str, Any]) -> Iterator[tuple[int, Written]]:
    """Iterates over the contents of a partition, each with the number of its input."""
    number, count, partition = -1, 0, manifest["number"]
    with store.open(partition, ENTRIES) as entries, store.open(partition, ANNOTATIONS) as annotations:
        lines, records = _Summed(entries), _Summed(annotations)
        for line in lines:
            if line.startswith(PIECE):
                number = int(line[len(PIECE) : -2])
                continue
            try:
                written = read_line(line, records)
            except (ValueError, KeyError, TypeError, StopIteration):
                break
            count += 1
            yield number, written
        sums = {ENTRIES: lines.digest(), ANNOTATIONS: records.digest()}
    wanted = {name: manifest["files"][name] for name in sums}
    if sums != wanted or count != manifest["documents"] + manifest["failures"]:
        raise UserError(f"{store.folder}/{partition}: is damaged, or changes while it is read; remove it, and --resume")


class _Summed:
    """The lines of a file, and the SHA-256 of those read."""

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
