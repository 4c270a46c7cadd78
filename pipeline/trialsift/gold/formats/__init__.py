"""Annotations in other formats than JSON Lines: written from `GoldDocument`s and read back without loss.

    convert.py        `convert`, for `trialsift convert`; detects formats, reads back what it wrote
    brat.py           a folder for the annotation tool brat: .txt, .ann, documents.jsonl (what standoff can't hold)
    standoff.py       writes the lines of an .ann file; standoff_reader.py reads them
    brat_config.py    annotation.conf and visual.conf
    label_studio.py   tasks of Label Studio, written; label_studio_reader.py reads them, label_studio_config.py is the
                      configuration of its interface
    prodigy.py        tasks of Prodigy
    links.py          relations of spans as regimens and alternatives
    own_notes.py      trialsift's own JSON among the notes of annotators
    utf16.py          offsets that were counted in UTF-16
    fill.py           values for spans of which only place and label are marked
    docbin.py         spaCy's DocBin, `.spacy`, with the facts where the component puts them
    span_tables.py    a folder of spans.csv, regimens.csv, documents.csv
    comparison.py     finds where two lists of documents differ, types included
    staging.py        moves new output into place only when it is complete

Read `gold/schema.py` first: every reader here ends in its `parse_document`, so all formats are checked
equally strictly, and every mistake in a file is a `GoldError` with file and line.
"""
