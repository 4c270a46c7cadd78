"""Two ways in from Python: `load` for a spaCy pipeline, `extract` for tables. The third, `read_run`, is in
run_results.py."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from spacy.language import Language

    from .facts import Annotation
    from .gold import GoldDocument
    from .run_results import Results


def load(
    labels: Iterable[str] | None = None,
    patterns: Path | str | None = None,
    extra_patterns: Path | str | Sequence[Path | str] = (),
) -> Language:
    """A blank English pipeline with abbreviations, trialsift's facts and medspaCy's ConText.

    `doc._.abbreviations` is there for you, as scispaCy's detector writes it; `trialsift` looks up by itself what a
    document abbreviates.

    `labels` limits the facts to these labels, `patterns` is a folder of rules in place of the shipped ones,
    `extra_patterns` one or more folders that are laid over it, in order: they add to it or change it. Raises
    PatternError when those can't be used.
    """
    from . import component  # noqa: F401 (importing it registers the factories)
    from .english import RememberingEnglish
    from .labels import chosen
    from .resources import patterns_of

    rules = patterns_of(patterns, extra_patterns)
    folders = {
        "patterns": None if patterns is None else str(rules.base),
        "extra_patterns": list(map(str, rules.over)) or None,
    }
    wanted = None if labels is None else sorted(chosen(labels, rules) or ())
    nlp = RememberingEnglish.from_config()
    nlp.add_pipe("trialsift_abbreviations", name="abbreviation_detector")
    nlp.add_pipe("trialsift", config={"labels": wanted, **folders})
    nlp.add_pipe("trialsift_context", config=folders)
    return nlp


def extract(
    texts: Iterable[str] | Mapping[str, str] | pd.Series[Any],
    labels: Iterable[str] | None = None,
    patterns: Path | str | None = None,
    alpha_beta: float = 10.0,
    extra_patterns: Path | str | Sequence[Path | str] = (),
) -> Results:
    """What some texts say, as typed frames: `extract(texts).labs`, one for each table of a run, and `.facts` for the
    facts of all labels in one, as documented in labels.py.

    `doc_id` is the key of a mapping, the index of a pandas Series, else the number of the text from 0. `labels`,
    `patterns` and `extra_patterns` as for `load`; `alpha_beta` is the ratio of BED and EQD2, in Gy. Raises TypeError
    for a single string and for what is no text, ValueError for a doc_id that comes twice and an α/β that is none,
    PatternError when the rules can't be used.
    """
    from .extraction import Extractor
    from .labels import ERRORS, table_columns, tables_of
    from .resources import patterns_of
    from .run_results import Results
    from .tables import Rows, document_rows, frame

    rules = patterns_of(patterns, extra_patterns)
    extractor = Extractor(rules, labels)
    written = tables_of(rules, extractor.engines.wanted)
    schema = table_columns(written)
    rows: Rows = {name: [] for name in schema}
    read: dict[str, tuple[str, Annotation]] = {}
    for doc_id, text in _named(texts):
        if not isinstance(text, str):
            raise TypeError(f"the text of {doc_id!r} is {text!r:.40}; expected a str")
        if doc_id in read:
            raise ValueError(f"two texts have the name {doc_id!r}; give each a name of its own")
        annotation = extractor.annotate(text)
        read[doc_id] = text, annotation
        for name, more in document_rows(doc_id, text, annotation, written, alpha_beta=alpha_beta).items():
            rows[name].extend(more)

    frames = {name: frame(rows[name], columns) for name, columns in schema.items()}
    return Results(frames, frame([], ERRORS), {}, written, partial(_documents, read))


def _documents(read: Mapping[str, tuple[str, Annotation]]) -> Iterator[GoldDocument]:
    """Texts and what was read in them, by doc_id, as the gold format has them."""
    from .facts import annotation_record
    from .gold import parse_document

    for doc_id, (text, annotation) in read.items():
        yield parse_document(annotation_record(doc_id, text, annotation), f"extraction from {doc_id}")


def _named(texts: Iterable[str] | Mapping[str, str] | pd.Series[Any]) -> Iterator[tuple[str, object]]:
    """The texts, each with its doc_id. Raises TypeError for a single text and for a whole frame."""
    import pandas as pd

    if isinstance(texts, str):
        raise TypeError("expected several texts, or a mapping of names to texts; put a single text into a list")
    if isinstance(texts, pd.DataFrame):
        raise TypeError("expected several texts; name the column of the frame that has them: frame['text']")
    pairs = texts.items() if isinstance(texts, Mapping | pd.Series) else enumerate(texts)
    for name, text in pairs:
        yield str(name), text
