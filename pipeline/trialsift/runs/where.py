"""Selects documents of a run by a condition in SQL on its table `trials`, evaluated by DuckDB."""

from __future__ import annotations

from pathlib import Path

from trialsift.model.errors import UserError
from trialsift.rules.files import find_patterns
from trialsift.rules.layers import Folder
from trialsift.runs.read import read_run_json, select_run_labels
from trialsift.tables.files.formats import NO_DUCKDB
from trialsift.tables.files.read import read_tables
from trialsift.tables.schema import table_columns

#: A condition sees the table and nothing else: no file, no network, no variable of this program.
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    "lock_configuration": "true",
}


def select_documents(run: Path, condition: str, patterns: Folder | str | None = None) -> frozenset[str]:
    """Returns the doc_ids of a run whose row in `trials` fulfils a condition, such as `phase = 'PHASE2'`.

    `condition` is one expression; statements are refused. Raises UserError without DuckDB, for a condition that DuckDB
    can't evaluate, and for a folder without a complete run.
    """
    try:
        import duckdb
    except ImportError:
        raise UserError(f"--where: {NO_DUCKDB}") from None
    summary = read_run_json(run)
    labels = select_run_labels(summary, find_patterns(patterns))
    version = summary.get("versions", {}).get("trialsift")
    trials = read_tables(run, {"trials": table_columns(labels)["trials"]}, version)["trials"]
    with duckdb.connect(config=_CONFIG) as connection:
        try:
            found = connection.from_df(trials).filter(condition).project("doc_id").fetchall()
        except (duckdb.Error, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise UserError(
                f"--where {condition!r}: is no condition on the table `trials` ({reason}); expected one such as "
                "\"conditions like '%sarcoma%'\", with the columns of `trials` in docs/columns.md"
            ) from None
    return frozenset(doc_id for (doc_id,) in found)
