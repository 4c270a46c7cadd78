"""Names in a text: analytes, measurements, scales, drugs, and the abbreviations that a document defines.

In: a range of a text. Out: tokens, each with its offsets and its meaning. lexicon.py and drugs.py hold the names of
`patterns/`, abbreviations.py those that the document adds, and lexer.py finds names, numbers and operators in one pass.
"""
