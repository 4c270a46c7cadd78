"""`trialsift extract --dask`: the workers of a Dask cluster, here or on other machines, read the documents of a run.

In: what `extract_run` has found, paths or URLs. Out: the same as reading them in one process, in the same order. Read
the modules in this order:

    partitions.py   Piece, Partition, Job: what workers receive
    urls.py         inputs behind paths and URLs
    planning.py     inputs → partitions
    pieces.py       the documents of an input, or of a range of one
    worker.py       what a worker runs
    lines.py        what is written about a document, to a line and back
    store.py        partition folders and their manifests
    versions.py     what driver and workers must have in common
    cluster.py      the scheduler and its workers
    scheduling.py   partitions → workers; cuts those that kill their worker
    merging.py      partitions → what is written; `Dask`

Nothing here imports Dask before a run asks for it.
"""

from trialsift.runs.dask.merging import Dask

__all__ = ["Dask"]
