"""Makes typed tables from facts: one per label, two of regimens, `trials` with one row per document, `agreement`,
and `criteria`.

`make_document_rows` makes the rows of one document, `make_frame` a typed DataFrame of rows, `make_frames` the frames of
several documents. The columns are data, in schema.py; files are written by files/.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from trialsift.extraction.confidence import Ratings, read_rater
from trialsift.model.fact import UNSAID, Annotation, Fact, Scalar
from trialsift.rules.columns import Column
from trialsift.rules.files import patterns_dir
from trialsift.rules.labels import LabelTable, default_labels
from trialsift.rules.layers import Folder, PatternFile
from trialsift.tables.agreement import (
    compare_age_ends,
    find_age_source,
    make_agreement_rows,
    make_registry_columns,
    prefer_registry,
)
from trialsift.tables.asked import Known
from trialsift.tables.context import make_context
from trialsift.tables.criteria import Criterion, find_criteria
from trialsift.tables.derived import Derivation, read_derivation
from trialsift.tables.linear_quadratic import check_alpha_beta
from trialsift.tables.regimens import RegimenMaker
from trialsift.tables.schema import table_columns
from trialsift.tables.trials import derive_facts, find_nct_id, find_trial_limits, make_trial_row
from trialsift.tables.unread import make_unread_row

if TYPE_CHECKING:
    import pandas as pd

    from trialsift.model.document import RegistryFields

Row = Mapping[str, Scalar]
Rows = dict[str, list[Row]]

_PYTHON: Mapping[str, type] = {"string": str, "boolean": bool, "Int64": int, "Float64": float}
#: Columns that come from a fact's place and text, not from its attributes.
_OWN = frozenset({"doc_id", "start", "end", "text", "context", "rule", "confidence"})
#: Tables whose rows `trials` doesn't count.
_UNCOUNTED = frozenset({"trials", "agreement", "criteria", "regimen_mentions", "unread"})
_read_schema = cache(table_columns)


def make_document_rows(
    doc_id: str,
    text: str,
    annotation: Annotation,
    labels: tuple[LabelTable, ...] | None = None,
    *,
    registry: RegistryFields | None = None,
    alpha_beta: float | None = None,
    unread: bool = False,
) -> Rows:
    """Makes the rows of one document by table, in the order of the text; every table is present, even if empty.

    `labels` come from a folder of patterns, which also provides analytes and words for the derived columns. `registry`
    holds the fields of a registry record; `alpha_beta` is the ratio for BED and EQD2, in Gy, instead of that of
    the tumour's site. `unread` adds the table of numbers that no rule took, of an annotation that has them.

    Raises ValueError for a fact whose label has no table (rather than dropping it silently), for an attribute that does
    not fit its column, and for an α/β that is not a finite number above 0; PatternError for unusable patterns.
    """
    make = _make_row_maker(default_labels() if labels is None else labels, alpha_beta, unread=unread)
    return make.make_rows(doc_id, text, annotation, registry)


class RowMaker:
    """Makes the rows of many documents; what `make_document_rows` needs for each of them is prepared once.

    Raises ValueError for an α/β that is not a finite number above 0, and PatternError for unusable patterns.
    """

    def __init__(
        self, labels: tuple[LabelTable, ...], alpha_beta: float | None = None, *, unread: bool = False
    ) -> None:
        self._tables, self._find_derivation = list(table_columns(labels, unread=unread)), _find_derivation(labels)
        self._regimens = RegimenMaker(_find_folder(labels), alpha_beta)
        self._rater = read_rater(_find_folder(labels))
        self._of_label = {label.label: _FactColumns.of(label) for label in labels}

    def rate(self, text: str, annotation: Annotation) -> Ratings:
        """Returns the confidence of each fact and regimen of a document."""
        return self._rater.rate(text, annotation)

    def make_rows(
        self,
        doc_id: str,
        text: str,
        annotation: Annotation,
        registry: RegistryFields | None = None,
        ratings: Ratings | None = None,
    ) -> Rows:
        """Makes the rows of one document, with the `ratings` of `rate`; see `make_document_rows` for the errors
        raised."""
        ratings = ratings or self.rate(text, annotation)
        rows: Rows = {name: [] for name in self._tables}
        contexts = [_cut_context(text, fact, annotation.contexts[i : i + 1]) for i, fact in enumerate(annotation.facts)]
        known = derive_facts(text, annotation, self._find_derivation)
        of_facts = self._add_facts(rows, doc_id, zip(known, contexts, ratings.facts, strict=True))
        words = None
        if annotation.regimens:
            conditions = () if registry is None else registry.conditions
            made = self._regimens.make_rows(doc_id, text, annotation, contexts, conditions, ratings.regimens)
            rows["regimen_mentions"], rows["regimens"] = _round_all(made.mentions), _round_all(made.regimens)
            words = made.describe_own()
        counts = {f"n_{name}": len(found) for name, found in rows.items() if name not in _UNCOUNTED}
        limits = find_trial_limits(known)
        ends = compare_age_ends(registry, limits.ages, limits.age)
        stated = limits.age.limits
        if ends:
            limits = limits._replace(age=prefer_registry(limits.age, ends))
        nct = find_nct_id(doc_id, text) if registry is None or registry.nct_id is None else registry.nct_id
        trial = {**make_trial_row(doc_id, nct, counts, limits), **make_registry_columns(registry, ends)}
        trial["regimens"], trial["age_from"] = words, find_age_source(stated, limits.age.limits)
        rows["trials"].append({name: _round(value) for name, value in trial.items()})
        criteria = find_criteria(text, annotation, known, self._find_derivation.conditions)
        rows["criteria"] = [criterion.make_row(doc_id, n, text) for n, criterion in enumerate(criteria, 1)]
        _number_criteria(of_facts, criteria)
        if "unread" in rows and annotation.numbers is not None:
            rows["unread"] = [make_unread_row(doc_id, text, number) for number in annotation.numbers.unread]
        if ends:
            rows["agreement"].extend(make_agreement_rows(doc_id, nct, ends, known, contexts.__getitem__))
        return rows

    def _add_facts(self, rows: Rows, doc_id: str, facts: Iterable[tuple[Known, str, float]]) -> list[dict[str, Scalar]]:
        """Adds the row of each fact to its table, and returns them in the order of the text."""
        made = []
        for known, context, confidence in facts:
            label = known.fact.label
            if label not in self._of_label:
                raise ValueError(f"the label {label!r} has no table; known are {', '.join(self._of_label)}")
            columns = self._of_label[label]
            row = _make_fact_row(doc_id, columns, known, context)
            row["confidence"] = confidence
            made.append(row)
            rows[columns.table].append(row)
        return made


_make_row_maker = lru_cache(maxsize=8)(RowMaker)


@cache
def _find_derivation(labels: tuple[LabelTable, ...]) -> Derivation:
    return read_derivation(_find_folder(labels))


def _find_folder(labels: tuple[LabelTable, ...]) -> Folder:
    """Returns the folder of the labels; for labels made by hand, that of the shipped patterns."""
    folders = (label.path.patterns for label in labels if isinstance(label.path, PatternFile))
    return next(folders, None) or patterns_dir()


def make_frame(rows: Iterable[Row], columns: Sequence[Column]) -> pd.DataFrame:
    """Makes a DataFrame with exactly these columns and their nullable dtypes; an absent value is `pd.NA`.

    Raises TypeError or ValueError when a value does not fit its column.
    """
    import pandas as pd  # takes a third of a second, and a run that writes CSV needs no frame

    listed = list(rows)
    return pd.DataFrame(
        {column.name: pd.Series([row.get(column.name) for row in listed], dtype=column.dtype) for column in columns}
    )


def make_frames(
    documents: Iterable[tuple[str, str, Annotation]],
    labels: tuple[LabelTable, ...] | None = None,
    *,
    registries: Mapping[str, RegistryFields] | None = None,
    alpha_beta: float | None = None,
) -> dict[str, pd.DataFrame]:
    """Makes all tables of documents given as (doc_id, text, annotation); `registries` has registry fields by doc_id.

    Raises as `make_document_rows` does.
    """
    if alpha_beta is not None:
        check_alpha_beta(alpha_beta)
    fields = registries or {}
    schema = _read_schema(labels)
    rows: Rows = {name: [] for name in schema}
    for doc_id, text, annotation in documents:
        made = make_document_rows(doc_id, text, annotation, labels, registry=fields.get(doc_id), alpha_beta=alpha_beta)
        for name, more in made.items():
            rows[name].extend(more)
    return {name: make_frame(rows[name], columns) for name, columns in schema.items()}


class _FactColumns(NamedTuple):
    """The columns of a label's table: a row of default values, and the types of the attributes."""

    table: str
    unsaid: Mapping[str, Scalar]
    types: Mapping[str, tuple[type, str]]

    @classmethod
    def of(cls, label: LabelTable) -> _FactColumns:
        """Reads them from a label."""
        types = {name: (_PYTHON[dtype], dtype) for name, dtype, *_ in label.all_columns if name not in _OWN}
        return cls(label.table, {column.name: UNSAID.get(column.name) for column in label.all_columns}, types)


def _make_fact_row(doc_id: str, columns: _FactColumns, known: Known, context: str) -> dict[str, Scalar]:
    fact, derived = known.fact, known.columns
    row = dict(columns.unsaid)
    types = columns.types
    for name, value in {**fact.attributes, **derived}.items():
        if value is None or name not in types:
            continue
        kind, dtype = types[name]
        if type(value) is not kind:
            row[name] = _convert(value, fact, name, dtype)
        else:
            row[name] = _round(value) if kind is float else value
    row["doc_id"], row["start"], row["end"] = doc_id, fact.start, fact.end
    row["text"], row["context"], row["rule"] = fact.text, context, fact.rule
    return row


def _number_criteria(rows: Sequence[dict[str, Scalar]], criteria: Iterable[Criterion]) -> None:
    """Writes the number of its criterion into the row of each fact whose table has that column."""
    for number, criterion in enumerate(criteria, 1):
        for member in criterion.members:
            if "criterion" in rows[member.span]:
                rows[member.span]["criterion"] = number


def _cut_context(text: str, fact: Fact, recorded: Sequence[tuple[int, int]]) -> str:
    """Returns the recorded line or sentence of a fact, else the line it stands on, as `make_context` cuts it."""
    if recorded:
        start, end = recorded[0]
    else:
        start = text.rfind("\n", 0, fact.start) + 1
        end = text.find("\n", fact.end)
        end = len(text) if end < 0 else end
    return make_context(text, start, end)


def _convert(value: Scalar, fact: Fact, name: str, dtype: str) -> Scalar:
    """Converts a value to its column's type. Checked here and not by pandas, so that only this document fails."""
    if dtype == "Float64" and type(value) is int:
        return float(value)
    if dtype == "Int64" and isinstance(value, float) and value.is_integer():
        return int(value)
    raise ValueError(f"{fact.label} at {fact.start}–{fact.end}: {name} is {value!r}, expected {dtype}")


def _round_all(rows: Iterable[Row]) -> list[Row]:
    return [{name: _round(value) for name, value in row.items()} for row in rows]


def _round(value: Scalar) -> Scalar:
    """Removes the noise of binary arithmetic (0.1 + 0.2 gives 0.3): no document states twelve digits."""
    return float(f"{value:.12g}") if isinstance(value, float) and not value.is_integer() else value
