"""The commands as functions for scripts and notebooks: files in, files out.

extract/    documents → the folder of a run
dask/       the same, read by the workers of a cluster
evaluate/   gold and predictions → the folder of an evaluation
read.py     the folder of a run → data frames
texts.py    texts → data frames, without files
diff.py     two runs → what differs between them; diff_pairs.py compares one document
view.py     the page of a run
where.py    the documents of a run that fulfil a condition in SQL
folder.py   the contents of a run's folder
"""
