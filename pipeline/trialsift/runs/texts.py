"""`extract`: texts in, their tables out, without files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trialsift.extraction.confidence import SureAnnotator, read_rater
from trialsift.extraction.explain import NumberAnnotator
from trialsift.extraction.extractor import Extractor
from trialsift.gold import GoldDocument, parse_document
from trialsift.model.fact import Annotation, annotation_record
from trialsift.rules.files import find_patterns
from trialsift.rules.labels import select_labels
from trialsift.runs.extract.plan import Annotator
from trialsift.runs.read import Results
from trialsift.tables.rows import Rows, make_document_rows, make_frame
from trialsift.tables.schema import ERRORS, table_columns

if TYPE_CHECKING:
    import pandas as pd


def extract(
    texts: Iterable[str] | Mapping[str, str] | pd.Series[Any],
    labels: Iterable[str] | None = None,
    patterns: Path | str | None = None,
    alpha_beta: float | None = None,
    extra_patterns: Path | str | Sequence[Path | str] = (),
    *,
    unread: bool = False,
    min_confidence: float = 0.0,
) -> Results:
    """Returns the facts in some texts as typed frames: `extract(texts).labs`, one for each table of a run, and `.facts`
    for the facts of all labels, as documented in tables/schema.py.

    `doc_id` is the key of a mapping, the index of a pandas Series, or else the number of the text from 0. `labels`,
    `patterns` and `extra_patterns` as for `load`; `alpha_beta` is the ratio for BED and EQD2, in Gy, instead of the
    site's; `unread` adds the table of numbers that no rule took although they may be facts; facts and regimens less
    sure than `min_confidence`, from 0 to 1, are left out. Raises TypeError for a single string and for anything that is
    not a text, ValueError for a duplicate doc_id, an invalid α/β and an impossible confidence, PatternError if the
    rules cannot be used.
    """
    rules = find_patterns(patterns, extra_patterns)
    extractor = Extractor(rules, labels)
    written = select_labels(rules, extractor.engines.wanted)
    annotate = _choose_annotator(extractor, unread=unread, min_confidence=min_confidence).annotate
    schema = table_columns(written, unread=unread)
    rows: Rows = {name: [] for name in schema}
    read: dict[str, tuple[str, Annotation]] = {}
    for doc_id, text in _name_texts(texts):
        if not isinstance(text, str):
            raise TypeError(f"the text of {doc_id!r} is {text!r:.40}; expected a str")
        if doc_id in read:
            raise ValueError(f"two texts have the name {doc_id!r}; give each a name of its own")
        annotation = annotate(text)
        read[doc_id] = text, annotation
        made = make_document_rows(doc_id, text, annotation, written, alpha_beta=alpha_beta, unread=unread)
        for name, more in made.items():
            rows[name].extend(more)
    frames = {name: make_frame(rows[name], columns) for name, columns in schema.items()}
    return Results(frames, make_frame([], ERRORS), {}, written, partial(_iter_documents, read))


def _choose_annotator(extractor: Extractor, *, unread: bool, min_confidence: float) -> Annotator:
    annotator: Annotator = NumberAnnotator(extractor) if unread else extractor
    return SureAnnotator(annotator, read_rater(extractor.patterns), min_confidence) if min_confidence else annotator


def _iter_documents(read: Mapping[str, tuple[str, Annotation]]) -> Iterator[GoldDocument]:
    """Iterates over texts and their annotations, by doc_id, in the gold format."""

    for doc_id, (text, annotation) in read.items():
        yield parse_document(annotation_record(doc_id, text, annotation), f"extraction from {doc_id}")


def _name_texts(texts: Iterable[str] | Mapping[str, str] | pd.Series[Any]) -> Iterator[tuple[str, object]]:
    """Iterates over the texts with their doc_ids. Raises TypeError for a single text and for a whole frame."""
    import pandas as pd

    if isinstance(texts, str):
        raise TypeError("expected several texts, or a mapping of names to texts; put a single text into a list")
    if isinstance(texts, pd.DataFrame):
        raise TypeError("expected several texts; name the column of the frame that has them: frame['text']")
    pairs = texts.items() if isinstance(texts, Mapping | pd.Series) else enumerate(texts)
    for name, text in pairs:
        yield str(name), text
