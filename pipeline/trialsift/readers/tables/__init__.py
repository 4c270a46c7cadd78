"""Tables and records: each row or object is a document.

Start with records.py: the text and id of a record, and what can be wrong with them. csv_tables.py, json_records.py and
parquet.py read the formats, lines.py the lines of a file.
"""
