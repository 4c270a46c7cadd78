"""The structure of a text: sections, lines, sentences and passages, as ranges of offsets.

In: a text. Out: passages, the unit that engines read. Read in this order:

    folding.py     replaces typographic variants; the text keeps its length
    scanner.py     finds headings, names, numbers and operators
    sections.py    headings and their polarity
    lines.py       criterion lines and sentences
    sentences.py   the sentences that can hold a quantity
    passage.py     a sentence with its tokens and quantities; passages.py builds them
"""
