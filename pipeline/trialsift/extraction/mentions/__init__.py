"""Names in a text: analytes, measurements, scales, drugs, and abbreviations that the document defines.

In: a range of a text. Out: tokens with offsets and meanings. lexicon.py and drugs.py hold the names in `patterns/`,
abbreviations.py finds those that the document adds, and lexer.py finds names, numbers and operators in one pass.
"""
