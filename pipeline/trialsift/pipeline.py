"""The two ways in from Python: `load` for a spaCy pipeline, `extract` for a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from spacy.language import Language

    from .labels import Column, LabelTable


def load(labels: Iterable[str] | None = None, patterns: Path | str | None = None) -> Language:
    """A blank English pipeline with scispaCy's abbreviations, trialsift's facts and medspaCy's ConText.

    `doc._.abbreviations` is there for you; `trialsift` looks up by itself what a document abbreviates.

    `labels` limits the facts to these labels, `patterns` is a folder of rules in place of the shipped ones. Raises
    PatternError when those can't be used.
    """
    import spacy
    from scispacy.abbreviation import AbbreviationDetector  # noqa: F401 (importing it registers its factory)

    from .resources import patterns_dir

    folder = None if patterns is None else str(patterns_dir(patterns))
    nlp = spacy.blank("en")
    detector = nlp.add_pipe("abbreviation_detector", config={"make_serializable": True})
    # It runs a matcher that is empty in most texts, of which spaCy warns each time: no token holds a blank.
    detector.global_matcher.add("never", [[{"ORTH": "never ever"}]])  # type: ignore[attr-defined]
    nlp.add_pipe("trialsift", config={"labels": None if labels is None else sorted(labels), "patterns": folder})
    nlp.add_pipe("trialsift_context", config={"patterns": folder})
    return nlp


def extract(
    texts: Iterable[str] | Mapping[str, str], labels: Iterable[str] | None = None, patterns: Path | str | None = None
) -> pd.DataFrame:
    """The facts of some texts: one row a fact, in the order of the texts, with typed columns.

    The columns are doc_id, label, the attributes of all labels (missing where a label has no such attribute),
    polarity, negated, historical, start, end, text, context and rule, as documented in labels.py. `doc_id` is the key
    of a mapping, else the number of the text from 0. `labels` and `patterns` as for `load`. Raises TypeError for a
    single string, and PatternError when the rules can't be used.
    """
    from .extraction import Extractor
    from .labels import read_labels
    from .resources import patterns_dir
    from .tables import document_rows, frame

    if isinstance(texts, str):
        raise TypeError("expected several texts, or a mapping of names to texts; put a single text into a list")
    extractor = Extractor(patterns, None if labels is None else frozenset(labels))
    documents = texts.items() if isinstance(texts, Mapping) else ((str(i), text) for i, text in enumerate(texts))
    tables_of = read_labels(patterns_dir(patterns))
    names = {table.table: table.label for table in tables_of}
    rows = []
    for doc_id, text in documents:
        tables = document_rows(doc_id, text, extractor.annotate(text), tables_of)
        found = [{"label": label, **row} for table, label in names.items() for row in tables[table]]
        rows.extend(sorted(found, key=lambda row: (row["start"], row["end"])))
    return frame(rows, _columns(tables_of))


def _columns(labels: Iterable[LabelTable]) -> list[Column]:
    """The columns of all labels in one table; a number that is whole in one label only is a Float64."""
    from .labels import DOC_ID, SHARED, Column

    own: dict[str, Column] = {}
    for table in labels:
        for column in table.columns:
            known = own.setdefault(column.name, column)
            if known.dtype == "Int64" and column.dtype == "Float64":
                own[column.name] = column
    return [DOC_ID, Column("label", "string", "the fact's label"), *own.values(), *SHARED]
