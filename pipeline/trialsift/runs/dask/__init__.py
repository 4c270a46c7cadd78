"""`trialsift extract --dask`: the documents of a run read by workers of a Dask cluster, on this machine or on others.

In: what `extract_run` has found, paths or URLs. Out: what reading them in one process gives, in the same order.
Read the modules in this order:

    partitions.py   Piece, Partition, Job: what goes to a worker
    urls.py         inputs behind paths and URLs
    planning.py     from inputs to partitions
    pieces.py       the documents of an input, or of a range of one
    worker.py       what runs on a worker
    lines.py        what is written of a document, as a line of a file and back
    store.py        partition folders and their manifests
    versions.py     what driver and workers have to have in common
    cluster.py      the scheduler, its workers
    scheduling.py   partitions to workers; what kills its worker is cut
    merging.py      partitions to what is written; `Dask`

Nothing here imports Dask before a run asks for it.
"""

from trialsift.runs.dask.merging import Dask

__all__ = ["Dask"]
