"""Tables and records: a row or an object in, a document out.

records.py comes first: the text and the id of a record, and what can be wrong with them. csv_tables.py, json_records.py
and parquet.py read the formats, lines.py the lines of a file.
"""
