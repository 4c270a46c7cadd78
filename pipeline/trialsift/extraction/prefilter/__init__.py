"""Makes reading faster by skipping places where nothing can be found. No result depends on it.

`Extractor(prefilter=False)` works without it. scanner.py replaces structure/scanner.py: it searches only at marks,
which one pass over the text finds (marks.py), and in sentences with a clue for an engine (topics.py).
"""
