"""Strict reading of `patterns/`: every mistake is a `PatternError` with file and line.

In: a folder of patterns, and folders laid over it. Out: labels, analytes and tables for the packages above. Read in
this order:

    files.py          finds the patterns; reads CSV, TOML and JSON
    layers.py         folders laid over each other; positions.py: the line of a rule
    validation.py     what a file may contain
    columns.py        columns of tables; label_file.py, labels.py: the labels
    analytes.py       laboratory tests; lab_units.py converts their units, plausibility.py judges their values
    wording.py        what is said around a value: expressions with the vocabulary they share; runaway.py guards them
    trie.py           one expression for many phrases; guarded.py: strings that an expression needs
"""
