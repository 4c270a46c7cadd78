"""What a run writes besides its annotations, and how that is read back: all of it by the columns in tables/schema.py.

    formats.py        the formats, and the files that a run has in each
    writer.py         `RunWriter`: one document after another into all formats that are asked for
    csv_files.py      CSV that a spreadsheet opens safely
    json_lines.py     JSON Lines
    parquet_files.py  Parquet
    duckdb_file.py    one DuckDB file; duckdb_views.py has its views and macros
    omop.py           NOTE and NOTE_NLP of the OMOP common data model
    read.py           tables back from any of these but OMOP, with the same types
    arrow.py          rows as Arrow, Arrow as typed frames
    chunks.py         rows in portions, so that memory does not grow with a run

Of the same rows come the same bytes, but for DuckDB, whose file numbers its blocks as it goes.
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
