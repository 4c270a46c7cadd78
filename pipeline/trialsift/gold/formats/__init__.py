"""Other formats than the project's JSON Lines: `GoldDocument`s in, files out, and back without loss.

    convert.py        `convert`: what `trialsift convert` does; which format a path has; reads back what it wrote
    brat.py           a folder for the annotation tool brat: .txt, .ann, documents.jsonl (what standoff can't hold)
    standoff.py       the lines of an .ann file, written; standoff_reader.py reads them
    brat_config.py    annotation.conf and visual.conf
    docbin.py         spaCy's DocBin, `.spacy`, with the facts where the component puts them
    span_tables.py    a folder of spans.csv, regimens.csv, documents.csv
    comparison.py     where two lists of documents differ, types included
    staging.py        new output takes its place only when it is complete

Read `gold/schema.py` first: every reader here ends in its `parse_document`, so each format is checked as strictly, and
every mistake in a file is a `GoldError` with file and line.
"""
