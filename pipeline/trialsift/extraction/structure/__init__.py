"""Where things stand in a text: sections, lines, sentences, passages, as ranges of offsets.

In: a text. Out: passages, the unit that engines read. Read in this order:

    folding.py     signs that are read as plainer ones; the text keeps its length
    scanner.py     where headings, names, numbers and operators stand
    sections.py    headings and their polarity
    lines.py       criterion lines and sentences
    sentences.py   the sentences that can hold a quantity
    passage.py     a sentence with its tokens and quantities; passages.py makes them
"""
