"""Reads documents from what a user names: folders, files, standard input.

    find.py       folders, files, standard input → `Input`s
    read.py       an `Input` → documents: unpacks it, recognises its format, calls that format's reader
    inputs.py     what an input is; options and limits
    streams.py    its bytes: decompressed, within limits, every error a ReadFailure
    recognise.py  its format, by first bytes and name
    failures.py   why there is no document: codes
    plain/        text; encodings, and how they are detected
    tables/       CSV, JSON Lines, Parquet: each row is a document
    registry/     records of ClinicalTrials.gov and other registries
    html/, pdf/, word/   pages, papers and protocols
    zips.py       archives of all these

The text is never edited: offsets in all results count the characters of `Document.text`.
"""

from trialsift.readers.failures import CODES, ReadFailure
from trialsift.readers.find import find_inputs
from trialsift.readers.inputs import Input, InputFormat, ReadOptions
from trialsift.readers.read import read_documents

__all__ = [
    "CODES",
    "Input",
    "InputFormat",
    "ReadFailure",
    "ReadOptions",
    "find_inputs",
    "read_documents",
]
