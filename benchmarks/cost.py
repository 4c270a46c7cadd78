"""What all of ClinicalTrials.gov costs on 1, 16 and 128 cores with `extract --dask`, computed from measured figures.

    python benchmarks/cost.py --measure FILE.jsonl      measures them here, prints them and the table
    python benchmarks/cost.py --rate 900 --merge 0.03   the table from figures that were measured elsewhere

The formula, for N documents of b bytes on c cores, each a worker with one thread, and a driver on a core of its own:

    partitions   P = N · b / size
    workers      W = (N / rate + P · partition) / c
    driver       D = N · merge + P · scheduling         while the workers are at work
    last         L = (size / b) · (1 / rate + merge)    the last partition is computed, then merged
    wall time    start + max(W, D) + L

`rate` is documents a CPU second of a worker, all of its work included; `partition` what a worker spends on a partition
with nothing in it; `merge` and `scheduling` CPU time of the driver (and of the scheduler, which may run elsewhere) a
document and a partition; `start` until the first worker is ready. On one core no cluster is needed, and its row has
neither partitions nor a driver: start + N / rate. Not in the formula: disks and networks, over which inputs and parts
come and go; workers that wait in a queue; a core of another kind.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from trialsift.readers import ReadOptions
from trialsift.rules.files import hash_patterns, patterns_dir
from trialsift.rules.labels import read_labels
from trialsift.runs.dask.merging import merge_partitions
from trialsift.runs.dask.partitions import Job, Partition, Piece
from trialsift.runs.dask.store import Store
from trialsift.runs.dask.versions import find_versions
from trialsift.runs.extract.write import write_results


@dataclass
class Figures:
    """What is measured: documents a CPU second, bytes a document, milliseconds, seconds."""

    rate: float = 0
    document_bytes: float = 0
    merge_ms: float = 0
    partition_ms: float = 0
    scheduling_ms: float = 0
    start_s: float = 0


@dataclass
class Row:
    """A row of the table; times in seconds."""

    cores: int
    partitions: int
    workers: float
    driver: float
    wall: float


def row(figures: Figures, cores: int, documents: int, size: float) -> Row:
    """What so many documents cost on so many cores, in partitions of `size` bytes."""
    extracting = documents / figures.rate
    if cores == 1:
        return Row(1, 0, extracting, 0, figures.start_s + extracting)
    partitions = max(1, round(documents * figures.document_bytes / size))
    workers = (extracting + partitions * figures.partition_ms / 1000) / cores
    driver = (documents * figures.merge_ms + partitions * figures.scheduling_ms) / 1000
    last = documents / partitions * (1 / figures.rate + figures.merge_ms / 1000)
    return Row(cores, partitions, workers, driver, figures.start_s + max(workers, driver) + last)


def table(figures: Figures, cores: list[int], documents: int, size: float) -> Iterator[str]:
    """The table in Markdown."""
    yield "| cores | partitions | workers, each | driver | wall time | CPU hours | times one core |"
    yield "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    one = row(figures, 1, documents, size).wall
    for of in (row(figures, count, documents, size) for count in cores):
        cpu = (of.workers * of.cores + of.driver) / 3600
        partitions = f"{of.partitions:,}" if of.partitions else "–"
        driver = minutes(of.driver) if of.partitions else "–"
        cells = [f"{of.cores}", partitions, minutes(of.workers), driver, minutes(of.wall)]
        yield f"| {' | '.join(cells)} | {cpu:.2f} | {one / of.wall:.1f} |"


def minutes(seconds: float) -> str:
    """A time as people say it."""
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.1f} min"


def measure(path: Path, rounds: int = 3) -> Figures:
    """The figures of this machine, medians of CPU time; the inputs are those of a file of JSON Lines as it is."""
    from distributed import LocalCluster

    from trialsift.runs.dask.cluster import connect
    from trialsift.runs.dask.scheduling import Computation
    from trialsift.runs.dask.worker import PatternsPlugin, run_partition

    patterns, folder = patterns_dir(), Path(tempfile.mkdtemp())
    labels = tuple(label for label in read_labels(patterns) if label.default)
    job = Job(str(folder / "parts"), 0, ReadOptions(), hash_patterns(patterns), ("csv",), 10.0, find_versions())
    whole = Partition("whole", (Piece(0, path.name, path.name, path.stem, str(path.absolute()), path.stat().st_size),))
    store, taken = Store(job.folder), Counter[str]()
    try:
        PatternsPlugin(patterns).setup()
        run_partition(job, Partition("warm", ()))
        lists: dict[str, list[float]] = {"rate": [], "merge": [], "empty": []}
        for number in range(rounds):
            shutil.rmtree(folder / "parts/whole", ignore_errors=True)
            begun = time.process_time()
            manifest = run_partition(job, whole)
            lists["rate"].append(manifest["documents"] / (time.process_time() - begun))
            begun = time.process_time()
            write_results(
                merge_partitions([manifest], store, taken), folder / f"out{number}", ("csv",), labels, date.today()
            )
            lists["merge"].append((time.process_time() - begun) * 1000 / manifest["documents"])
            begun = time.process_time()
            for empty in range(100):
                run_partition(job, Partition(f"empty{number}-{empty}", ()))
            lists["empty"].append((time.process_time() - begun) * 10)
        median = {name: sorted(values)[rounds // 2] for name, values in lists.items()}
        begun = time.perf_counter()
        with (
            LocalCluster(n_workers=1, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster,
            connect(cluster.scheduler_address, patterns, 1) as client,
        ):
            client.submit(run_partition, job, Partition("first", ())).result()
            start = time.perf_counter() - begun
            begun, many = time.process_time(), 300
            plan = (Partition(f"s{number}", ()) for number in range(many))
            for _ in merge_partitions(Computation(client, job, plan, lambda _: None).iter_manifests(), store, taken):
                pass
            scheduling = (time.process_time() - begun) * 1000 / many
        size = path.stat().st_size / manifest["documents"]
        return Figures(median["rate"], size, median["merge"], median["empty"], scheduling, start)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--measure", type=Path, metavar="FILE", help="JSON Lines to measure with")
    parser.add_argument("--rate", type=float, default=200, help="documents a CPU second of a worker")
    parser.add_argument("--bytes", type=float, default=3200, help="bytes of a document in its input")
    parser.add_argument("--merge", type=float, default=0.03, help="ms of the driver a document")
    parser.add_argument("--partition", type=float, default=5, help="ms of a worker a partition")
    parser.add_argument("--scheduling", type=float, default=10, help="ms of driver and scheduler a partition")
    parser.add_argument("--start", type=float, default=5, help="s until the first worker is ready")
    parser.add_argument("--documents", type=int, default=550_000)
    parser.add_argument("--partition-mb", type=float, default=4)
    parser.add_argument("--cores", type=int, nargs="+", default=[1, 16, 128])
    given = parser.parse_args()
    figures = Figures(given.rate, given.bytes, given.merge, given.partition, given.scheduling, given.start)
    if given.measure:
        figures = measure(given.measure)
    print(
        f"Measured: {figures.rate:.0f} documents a CPU second of a worker, {figures.document_bytes:,.0f} bytes a "
        f"document, {figures.merge_ms:.3f} ms a document to merge, {figures.partition_ms:.1f} ms of a worker and "
        f"{figures.scheduling_ms:.1f} ms of driver and scheduler a partition, {figures.start_s:.1f} s to start.\n"
    )
    size = given.partition_mb * 1_000_000
    print(f"Extrapolated to {given.documents:,} documents, partitions of {given.partition_mb:g} MB:\n")
    print("\n".join(table(figures, given.cores, given.documents, size)))


if __name__ == "__main__":
    main()
