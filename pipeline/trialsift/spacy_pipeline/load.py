"""`load`: a spaCy pipeline that is ready to use."""

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
    """A blank English pipeline with abbreviations, trialsift's facts and medspaCy's ConText.

    `doc._.abbreviations` is there for you, as scispaCy's detector writes it; `trialsift` looks up by itself what a
    document abbreviates.

    `labels` limits the facts to these labels, `patterns` is a folder of rules in place of the shipped ones,
    `extra_patterns` one or more folders that are laid over it, in order: they add to it or change it. Raises
    PatternError when those can't be used.
    """
    from trialsift.rules.files import patterns_of
    from trialsift.rules.labels import chosen
    from trialsift.spacy_pipeline import component  # noqa: F401 (importing it registers the factories)
    from trialsift.spacy_pipeline.english import RememberingEnglish

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
