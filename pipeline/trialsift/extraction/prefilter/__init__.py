"""Speed only: where nothing can be found, nothing is looked for. No result depends on it.

`Extractor(prefilter=False)` reads without it. scanner.py takes the place of structure/scanner.py: it looks at the marks
of one pass over the text (marks.py), in sentences that have a clue for an engine (topics.py).
"""
