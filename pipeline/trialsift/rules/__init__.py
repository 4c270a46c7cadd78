"""Strict reading of `patterns/`: every mistake is a `PatternError` with file and line.

In: a folder of patterns, and folders laid over it. Out: labels, analytes and tables for the packages above. Read in
this order:

    files.py          where the patterns are; reads CSV, TOML and JSON
    layers.py         a folder laid over another; positions.py: the line of a rule
    validation.py     what a file may hold
    columns.py        columns of tables; label_file.py, labels.py: the labels
    analytes.py       laboratory tests; lab_units.py converts their units, plausibility.py judges their values
    trie.py           one expression for many phrases; guarded.py: what a text must hold to match one
"""
