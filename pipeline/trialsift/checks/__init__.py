"""Checks gold files and patterns, and reports all problems with file and line, not only the first.

In: paths. Out: lists of `CheckProblem`s, which `trialsift check` prints. Read in this order:

- problems.py: `CheckProblem`, and `CheckReport`, the result of a check
- run.py: `check`, and which files are checked for what
- gold.py: gold files, line by line: the format, then the annotation guidelines
- attributes.py, values.py, regimens.py: attributes, values and regimens of one document
- leakage.py: documents that occur in two files, or nearly
- patterns.py: a folder of patterns, loader by loader; lexicon.py: its tables of names and units
- examples.py: the examples beside the rules (the tests run the same ones)

A violation of the guidelines is an error; something that may be right but should be looked at is a warning.
"""
