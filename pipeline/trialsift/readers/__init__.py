"""From what a user names to documents.

    find.py        folders, files, standard input → `Input`s
    read.py        an `Input` → `Document`s: unpacks it, recognises its format and calls the reader of that
    inputs.py      what an input is; options and limits
    streams.py     its bytes: decompressed, within limits, every error a ReadFailure
    recognise.py   its format, by first bytes and name
    failures.py    why there is no document: codes
    text.py …      a reader for each format; tables and JSON end in records.py
    encodings.py   bytes to characters; detection.py and lettering.py where it isn't said which

The text is never edited: offsets in all results count its characters as they stand in `Document.text`.
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
