"""Texts and pipelines for the tests of the component."""

from __future__ import annotations

import json
from typing import Any

import spacy
from spacy.tokens import Doc

from tests.support.paths import ROOT

TEXT = (
    "Inclusion Criteria:\n- Age ≥18years, ECOG 0\n- ALT, AST ≤ 2.5×ULN\n- No prior radiotherapy > 50 Gy\n\n"
    "Treatment: 60 Gy/30 fx, then a boost of 10 Gy in 5 fractions"
)
CORPUS = ROOT / "corpus" / "dev.jsonl"
TEXTS = [json.loads(line)["text"] for line in CORPUS.read_text(encoding="utf-8").splitlines()]


def blank(**config: Any) -> spacy.Language:
    """A blank pipeline with the component, configured like this."""
    nlp = spacy.blank("en")
    nlp.add_pipe("trialsift", config=config)
    return nlp


def carried(doc: Doc, spans_key: str = "trialsift") -> tuple[Any, ...]:
    """What the component put on a Doc, as a user gets it."""
    return (
        [(span.label_, span.id_, span.start, span.end) for span in doc.spans[spans_key]],
        [span._.trialsift_fact for span in doc.spans[spans_key]],
        doc._.trialsift,
        doc._.trialsift_regimens,
    )
