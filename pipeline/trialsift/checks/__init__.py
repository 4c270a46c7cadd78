"""What is wrong in gold files and in patterns, with file and line; all of it, not only the first mistake.

In: paths. Out: lists of `CheckProblem`s, which `trialsift check` prints. Read in this order:

- problems.py: `CheckProblem`; `CheckReport`, what a run of checks gives
- run.py: `check`, which files are checked for what
- gold.py: gold files, line by line: the format, then what the annotation guidelines say
- attributes.py, values.py, regimens.py: attributes, values and regimens of one document
- leakage.py: documents that stand in two files, or nearly
- patterns.py: a folder of patterns, loader by loader; lexicon.py: the tables of names and units; examples.py: the
  examples beside the rules (the tests run the same ones)

A breach of the guidelines is an error; what may well be right, but should be looked at, is a warning.
"""
