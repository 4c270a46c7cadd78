"""Writes the tables of a run in several formats and reads them back, by the columns in tables/schema.py.

    formats.py        the formats, and the files of a run in each
    writer.py         `RunWriter`: writes documents one by one into all requested formats
    csv_files.py      CSV that a spreadsheet opens safely
    json_lines.py     JSON Lines
    parquet_files.py  Parquet
    duckdb_file.py    one DuckDB file; duckdb_views.py has its views and macros
    workbook.py       a workbook of Excel; run_workbook.py with the tables of a run
    frames.py         frames as one file of CSV, JSON Lines or Parquet, patient by patient; match_tables.py as one
                      of DuckDB
    fhir.py           eligibility as resources of FHIR R5
    omop.py           NOTE and NOTE_NLP of the OMOP common data model
    read.py           reads tables back from all of these but Excel and OMOP, with the same types
    arrow.py          rows as Arrow, Arrow as typed frames
    chunks.py         buffers rows, so that memory does not grow with a run

The same rows give the same bytes, except in DuckDB, whose block numbers vary.
"""

from trialsift.tables.files.csv_files import write_csv
from trialsift.tables.files.formats import FORMATS, Format, check_formats, list_run_files
from trialsift.tables.files.read import read_table, read_tables
from trialsift.tables.files.writer import Encoded, Encoder, RunWriter, TableWriter

__all__ = [
    "FORMATS",
    "Encoded",
    "Encoder",
    "Format",
    "RunWriter",
    "TableWriter",
    "check_formats",
    "list_run_files",
    "read_table",
    "read_tables",
    "write_csv",
]
