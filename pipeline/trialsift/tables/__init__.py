"""Makes typed rows from the annotation of a document. Derived values are computed here; facts are never changed.

In: documents with their annotations, and the fields of a registry record. Out: rows of the tables in schema.py,
as data frames (`make_frames`) or one document at a time (`make_document_rows`). Read in this order:

    schema.py            the tables and columns of a run
    rows.py              one row for each fact and regimen, assembled from the modules below
    derived.py           columns derived from one fact: codes, the usual unit, who is eligible
    eligibility.py       who is eligible by a limit
    courses.py           BED and EQD2 of a regimen; linear_quadratic.py has the formulas
    asked.py             what criteria ask of everybody, alternatives united
    trials.py            one row for each document; limits.py: the most restrictive of several limits
    criteria.py          eligibility as a formula: criteria, and the alternatives that meet each
    conditions.py        the condition under which a limit holds
    same_trials.py       documents of one trial, by the numbers that they share
    agreement.py         compares the age limits of the registry with those of the text
    files/               tables written as CSV, Parquet, JSON Lines, DuckDB, OMOP, and read back
"""
