"""What a worker runs: extracts from a partition's documents into a folder of their own.

A worker needs the package, the folder of partitions, and the inputs. The patterns come with the job and are unpacked
once per process; the extractor made of them is kept for later partitions.
"""

from __future__ import annotations

import atexit
import io
import shutil
import signal
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import RLock, current_thread, main_thread
from typing import Any

from distributed import Status, Worker, WorkerPlugin

from trialsift.extraction.explain import NumberAnnotator
from trialsift.extraction.extractor import Extractor
from trialsift.readers import ReadFailure
from trialsift.rules.labels import LabelTable, select_labels
from trialsift.rules.layers import Folder, Patterns, hash_patterns
from trialsift.runs.dask.lines import make_line
from trialsift.runs.dask.partitions import Job, Partition, Piece
from trialsift.runs.dask.pieces import PieceDocuments
from trialsift.runs.dask.store import ENTRIES, PIECE, Store
from trialsift.runs.dask.versions import check_versions, find_versions
from trialsift.runs.extract.outcome import Outcome, make_failure_outcome
from trialsift.runs.extract.plan import Annotator, extract_outcome
from trialsift.runs.extract.summary import Summary
from trialsift.runs.extract.tasks import leave_out_doubtful
from trialsift.runs.extract.written import Renderer
from trialsift.runs.folder import ANNOTATIONS
from trialsift.tables.files import Encoded, TableWriter
from trialsift.tables.schema import table_columns

_KILLED = (
    "worker_died",
    "ended every process that read it: it takes too much memory, or a library fails on it",
    "give workers more memory, or leave it out and report it",
)


class PatternsPlugin(WorkerPlugin):
    """Distributes the patterns of a run to all its workers, including those that join later.

    Workers that a run has started itself (`own`) leave Ctrl-C to it.
    """

    def __init__(self, patterns: Folder, own: bool = False) -> None:
        self.name = f"trialsift-patterns-{hash_patterns(patterns)}"
        self._hash, self._pack, self._own = hash_patterns(patterns), _pack(patterns), own

    def setup(self, worker: Worker | None = None) -> None:
        """Called in each worker when it starts, or when the run does."""
        _PACKED[self._hash] = self._pack
        if self._own and current_thread() is main_thread():
            signal.signal(signal.SIGINT, signal.SIG_IGN)

    def teardown(self, worker: Worker | None = None) -> None:
        """Called in each worker when the run ends, or the worker does: its process may end without `atexit`."""
        if worker is not None and worker.status is not Status.running:
            _drop_rules()  # what is still computed is lost
        elif _ONE.acquire(blocking=False):  # else another run reads by the same rules
            try:
                _drop_rules(self._hash)
            finally:
                _ONE.release()


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a process has compiled from the patterns of a run, for some labels."""

    folder: Path
    extractor: Extractor
    labels: tuple[LabelTable, ...]


_PACKED: dict[str, bytes] = {}
_RULES: dict[tuple[str, tuple[str, ...] | None], _Rules] = {}
#: One partition at a time per process: threads would take turns anyway.
_ONE = RLock()


def run_partition(job: Job, partition: Partition) -> dict[str, Any]:
    """Computes a partition unless it exists already, and returns its manifest.

    Raises VersionMismatch if the versions of this worker are not those of the run, OSError if nothing can be written.
    """
    check_versions(job.versions)
    store = Store(job.folder)
    with _ONE:
        return store.manifest(partition) or store.commit(
            partition.number, lambda to: _write_partition(job, partition, to)
        )


def count_outcomes(job: Job, piece: Piece) -> int:
    """Returns the number of documents and failures in a piece, without extracting."""
    with _ONE:
        return sum(1 for _ in PieceDocuments(piece, job.read))


def _write_partition(job: Job, partition: Partition, folder: Path) -> Mapping[str, Any]:
    """Fills a partition's folder, and returns its manifest without the files."""
    clock, rules = time.perf_counter(), _load_rules(job)
    reading = NumberAnnotator(rules.extractor) if job.unread else rules.extractor
    extractor = leave_out_doubtful(reading, rules.extractor.patterns, job.min_confidence)
    render = Renderer(rules.labels, {*job.formats, "parquet"}, job.alpha_beta, unread=job.unread)
    summary, left_out, broke_off = Summary(), Counter[str](), []
    with (
        (folder / ENTRIES).open("wb", buffering=0) as entries,
        (folder / ANNOTATIONS).open("wb") as annotations,
        TableWriter(folder, table_columns(rules.labels, unread=job.unread), ("parquet",)) as tables,
    ):
        for piece in partition.pieces:
            entries.write(PIECE + b"%d}\n" % piece.number)
            documents = PieceDocuments(piece, job.read)
            for written in map(render, _outcomes(piece, documents, extractor)):
                if written.rows is not None:
                    annotations.write(written.outcome.record + b"\n")
                    tables.add_encoded(Encoded({}, written.rows.rows))
                entries.write(make_line(written, job.formats))  # last: a missing entry names the killer
                summary.add(written)
            if piece.outcomes[1] is None:
                left_out += documents.left_out
            if documents.broke_off:
                broke_off.append(piece.number)
    return {
        **partition.record(),
        "digest": partition.digest(),
        "documents": summary.documents,
        "failures": summary.failed,
        "facts": dict(sorted(summary.facts.items())),
        "regimens": summary.regimens,
        "left_out": dict(left_out),
        "broke_off": broke_off,
        "seconds": round(time.perf_counter() - clock, 3),
        "versions": dict(find_versions()),
    }


def _outcomes(piece: Piece, documents: PieceDocuments, extractor: Annotator) -> Iterator[Outcome]:
    if piece.killed:
        yield make_failure_outcome(ReadFailure(piece.place, *_KILLED, _find_place(piece)))
        return
    for document in documents:
        if isinstance(document, ReadFailure) and _is_unseen(piece, document):
            document = _unseen(document)
        yield extract_outcome(document, extractor)


def _unseen(failure: ReadFailure) -> ReadFailure:
    return ReadFailure(
        failure.place,
        failure.code,
        f"{failure.message}, by a worker: the run was begun where it can be",
        "put inputs where all workers see them under the same path, or name them by a URL",
        failure.record,
    )


def _find_place(piece: Piece) -> str:
    """Returns the place of a piece's one document, as far as it is known without reading it."""
    first, last = piece.outcomes
    if piece.groups is not None:
        return f"row {piece.before + first + 1}"
    if last is None:
        return ""
    return f"document {first + 1}" + (f" after line {piece.before}" if piece.before else "")


def _is_unseen(piece: Piece, failure: ReadFailure) -> bool:
    """Whether a worker cannot see a file that existed when the run was planned."""
    return failure.code == "unreadable" and piece.size is not None and "No such file" in failure.message


def _load_rules(job: Job) -> _Rules:
    """Returns the extractor for a job's patterns and labels, created for the first partition."""
    key = (job.patterns, job.labels)
    if key not in _RULES:
        packed = _PACKED.get(job.patterns)
        if packed is None:
            raise RuntimeError(f"the patterns {job.patterns} have not come to this worker")
        _drop_rules()
        folder = Path(tempfile.mkdtemp(prefix="trialsift-patterns-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        with closing(zipfile.ZipFile(io.BytesIO(packed))) as archive:
            archive.extractall(folder)
        base, *upper = sorted(folder.iterdir(), key=lambda layer: int(layer.name))
        patterns, wanted = Patterns(base, tuple(upper)), None if job.labels is None else frozenset(job.labels)
        _RULES[key] = _Rules(folder, Extractor(patterns, wanted), select_labels(patterns, wanted))
    return _RULES[key]


def _drop_rules(patterns: str | None = None) -> None:
    """Forgets what has been compiled, all of it or that of some patterns, and removes its files."""
    for key in [key for key in _RULES if patterns in (None, key[0])]:
        shutil.rmtree(_RULES.pop(key).folder, ignore_errors=True)


def _pack(patterns: Folder) -> bytes:
    """Packs all layers, each into a folder named by its number."""
    data = io.BytesIO()
    layers = patterns.layers if isinstance(patterns, Patterns) else (patterns,)
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, folder in enumerate(layers):
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    name = f"{number}/{path.relative_to(folder).as_posix()}"
                    archive.writestr(zipfile.ZipInfo(name), path.read_bytes())
    return data.getvalue()
