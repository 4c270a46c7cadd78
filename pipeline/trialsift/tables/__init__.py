"""From the annotation of a document to typed rows. What follows from a fact is computed here and never changes it.

In: documents with their annotations, and the fields of a registry record. Out: rows of the tables that schema.py
describes, as data frames (`make_frames`) or one document at a time (`make_document_rows`). Read in this order:

    schema.py            the tables and columns of a run
    rows.py              a row for each fact and regimen; the columns below are put together here
    derived.py           columns that follow from one fact: codes, the usual unit, whom it lets in
    eligibility.py       whom a limit lets in
    courses.py           BED and EQD2 of a regimen; linear_quadratic.py has the formulas
    trials.py            a row for each document; limits.py: the most restrictive of several limits
    agreement.py         age limits of the registry against those of the text
    files/               tables written as CSV, Parquet, JSON Lines, DuckDB, OMOP, and read back
"""
