"""From a text to its annotation: facts and regimens. The only package that knows the language of trials.

In: a text, and the parts that its source names. Out: an `Annotation`. extractor.py has the steps, in order; read it
first, then the packages in the order in which it calls them:

    structure/     sections, sentences, passages
    mentions/      names and abbreviations
    quantities/    numbers, comparators and units → intervals
    labels/        quantities → facts, an engine for each label
    assertion/     polarity, denial, history, exceptions
    regimens.py    doses and fractions → prescriptions
    prefilter/     speed only: looks at fewer places and finds the same
    explain/       why a fact is, and why a number is none
"""
