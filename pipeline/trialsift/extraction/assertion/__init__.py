"""What the text says about a fact besides its value: polarity, denial, history, exceptions.

In: facts, and the text around them. Out: attributes of facts; no step changes a value.

    polarity.py     inclusion, exclusion or none
    context.py      denied, or about earlier treatment (ConText)
    literals.py     ConText itself; used by context.py
    parts.py        parts of a document about this study, or about other work
    background.py   paragraphs that report other work; used by context.py
    wording.py      words that leave open whom a criterion admits
"""
