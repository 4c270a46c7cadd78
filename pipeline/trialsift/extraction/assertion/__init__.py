"""What a text says about its facts beside their values: polarity, denial, history, exceptions.

In: facts, and the text around them. Out: attributes of facts; no step changes a value.

    polarity.py     inclusion, exclusion or none
    context.py      denied, or of earlier treatment (medspaCy's ConText)
    background.py   paragraphs that report other work; context.py asks it
    wording.py      words that leave open whom a criterion lets in
"""
