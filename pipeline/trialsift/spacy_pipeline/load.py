"""Makes a spaCy pipeline that is ready to use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language


def load(
    labels: Iterable[str] | None = None,
    patterns: Path | str | None = None,
    extra_patterns: Path | str | Sequence[Path | str] = (),
) -> Language:
    """Makes a blank English pipeline with trialsift's facts and medspaCy's ConText.

    `trialsift` resolves the abbreviations of a document by itself; for `doc._.abbreviations` add scispaCy's
    `abbreviation_detector`.

    `labels` limits the facts to these labels, `patterns` is a folder of rules that replaces the shipped one,
    `extra_patterns` one or more folders laid over it, in order, which add to it or change it. Raises PatternError for
    unusable rules.
    """
    import spacy

    from trialsift.rules.files import find_patterns
    from trialsift.rules.labels import chosen
    from trialsift.spacy_pipeline import component  # noqa: F401 (importing it registers the factories)
    from trialsift.spacy_pipeline.tokenizer import QUICK_TOKENIZER

    rules = find_patterns(patterns, extra_patterns)
    folders = {
        "patterns": None if patterns is None else str(rules.base),
        "extra_patterns": list(map(str, rules.over)) or None,
    }
    wanted = None if labels is None else sorted(chosen(labels, rules) or ())
    nlp = spacy.blank("en", config={"nlp": {"after_creation": {"@callbacks": QUICK_TOKENIZER}}})
    nlp.add_pipe("trialsift", config={"labels": wanted, **folders})
    nlp.add_pipe("trialsift_context", config=folders)
    return nlp
