"""Makes the tables in columns.md from the schema: run it after a column has changed."""

from pathlib import Path

from trialsift.column_docs import with_columns

path = Path(__file__).with_suffix(".md")
path.write_text(with_columns(path.read_text(encoding="utf-8")), encoding="utf-8")
