"""The results of a run in Python: `Results`, and `read_run`, which reads them from the folder of a run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from trialsift.gold import GoldDocument, iterate_gold
from trialsift.model.errors import UserError
from trialsift.rules.columns import DOC_ID, SHARED, Column
from trialsift.rules.files import find_patterns
from trialsift.rules.labels import LabelTable, select_labels
from trialsift.rules.layers import Folder
from trialsift.runs.folder import ANNOTATIONS, ERRORS_CSV, INCOMPLETE, PARTIAL, RUN_JSON
from trialsift.tables.files.read import read_as, read_tables
from trialsift.tables.schema import ERRORS, table_columns


@dataclass(frozen=True, eq=False, repr=False)
class Results(Mapping[str, pd.DataFrame]):
    """The tables of some documents by name, as typed frames: `results["labs"]`, or `results.labs` for short.

    `tables` are described in tables/schema.py. `errors` has a row for each failed document, `run` is run.json (empty
    without a run), and `labels` are the labels that were looked for.
    """

    tables: Mapping[str, pd.DataFrame]
    errors: pd.DataFrame
    run: Mapping[str, Any]
    labels: tuple[LabelTable, ...]
    _annotations: Callable[[], Iterator[GoldDocument]]

    def annotations(self) -> Iterator[GoldDocument]:
        """Iterates over the documents with their text, facts and regimens.

        Raises GoldError if annotations.jsonl of a run has been changed so that it violates the format.
        """
        return self._annotations()

    @property
    def facts(self) -> pd.DataFrame:
        """The facts of all labels in one table, in the order of documents and texts.

        Its columns are `doc_id`, `label`, the columns of some labels (missing for other labels), and those of all. A
        number that is whole in one label only is a Float64.
        """
        columns = list_fact_columns(self.labels)
        parts = [self.tables[one.table].assign(label=one.label) for one in self.labels]
        rank = {doc_id: place for place, doc_id in enumerate(self.tables["trials"]["doc_id"])}
        typed = {column.name: column.dtype for column in columns}
        all_facts = pd.concat([part.reindex(columns=list(typed)).astype(typed) for part in parts], ignore_index=True)
        order = all_facts[["start", "end"]].assign(document=all_facts["doc_id"].map(rank))
        order = order.sort_values(["document", "start", "end"], kind="stable")
        return all_facts.loc[order.index].reset_index(drop=True)

    def __eq__(self, other: object) -> bool:
        return self is other  # frames compare cell by cell, and have no truth value

    def __hash__(self) -> int:
        return id(self)

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.tables)

    def __len__(self) -> int:
        return len(self.tables)

    def __getattr__(self, name: str) -> pd.DataFrame:
        tables = self.__dict__.get("tables", {})  # a copy in the making has none yet
        if name in tables:
            found: pd.DataFrame = tables[name]
            return found
        raise AttributeError(f"no table {name!r}; there are {', '.join(tables)}")

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.tables})

    def __repr__(self) -> str:
        rows = ", ".join(f"{name}: {len(table)}" for name, table in self.tables.items())
        return f"<Results, rows: {rows}; errors: {len(self.errors)}>"


def read_run(
    folder: Path | str,
    patterns: Folder | str | None = None,
    extra_patterns: Path | str | Sequence[Path | str] = (),
) -> Results:
    """Returns the results that `trialsift extract` wrote into a folder, in whatever format.

    The frames are the same for every format. `patterns` is the folder of rules of the run, if it had its own,
    `extra_patterns` are those laid over it. Raises UserError for a folder without a complete run, and if the columns of
    a table are not those of this version.
    """
    folder = Path(folder)
    run = read_run_json(folder)
    version = run.get("versions", {}).get("trialsift")
    labels = select_run_labels(run, find_patterns(patterns, extra_patterns))
    annotations = folder / ANNOTATIONS
    if not annotations.is_file():
        raise UserError(f"{annotations}: no such file; extract again")
    return Results(
        read_tables(folder, table_columns(labels, unread=has_unread(run)), version),
        read_as(folder / ERRORS_CSV, ERRORS, version),
        run,
        labels,
        partial(iterate_gold, annotations),
    )


def list_fact_columns(labels: tuple[LabelTable, ...]) -> list[Column]:
    """Returns the columns of all labels in one table: `doc_id`, `label`, those of some labels, those of all."""
    shared = {column.name for column in (DOC_ID, *SHARED)}
    own: dict[str, Column] = {}
    for label in labels:
        for column in label.all_columns:
            if column.name in shared:
                continue
            known = own.setdefault(column.name, column)
            if known.dtype == "Int64" and column.dtype == "Float64":
                own[column.name] = column
    return [DOC_ID, Column("label", "string", "the fact's label"), *own.values(), *SHARED]


def select_run_labels(run: Mapping[str, Any], patterns: Folder) -> tuple[LabelTable, ...]:
    """Returns the labels that a run looked for, by its run.json and its rules."""
    return select_labels(patterns, frozenset(run.get("setup", {}).get("labels", ())))


def has_unread(run: Mapping[str, Any]) -> bool:
    """Returns whether a run has the table `unread`, by its run.json."""
    return bool(run.get("setup", {}).get("unread"))


def read_run_json(folder: Path) -> dict[str, Any]:
    """Reads run.json of a run. Raises UserError for a folder without a complete run."""
    path = folder / RUN_JSON
    if not folder.is_dir():
        raise UserError(f"{folder}: no such folder; expected one that `trialsift extract` wrote")
    if not path.is_file():
        if (folder / PARTIAL).exists():
            raise UserError(f"{folder}: {INCOMPLETE}")
        raise UserError(f"{folder}: holds no {RUN_JSON}; expected a folder that `trialsift extract` wrote")
    try:
        run = json.loads(path.read_bytes())
    except (ValueError, OSError) as error:
        raise UserError(f"{path}: cannot be read: {error}; extract again") from error
    if not isinstance(run, dict):
        raise UserError(f"{path}: is not a JSON object; expected what `trialsift extract` wrote")
    return run
