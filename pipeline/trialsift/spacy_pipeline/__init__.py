"""spaCy components: the factories `trialsift` and `trialsift_context`, and `load()`, which makes a pipeline with both.

In: a Doc from any tokenizer. Out: the same Doc with facts and regimens in its user data, and a group of spans.
extraction/ reads the characters of the Doc. Read in this order:

    component.py       the two factories: call, settings, serialisation
    doc_annotation.py  where a Doc holds facts and regimens, and the extensions that read them
    load.py            `load`; tokenizer.py: a faster configuration of spaCy's tokenizer
    config.cfg         the same pipeline for `spacy assemble`
    requirements.py    what a packaged pipeline requires
    scores.py          the names of scores; evaluation/spacy_scorer.py computes them
"""
