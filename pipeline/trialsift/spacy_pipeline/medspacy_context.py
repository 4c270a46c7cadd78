"""medspaCy's ConText, run on the words of sentences: what the component asserts with.

extraction/assertion/literals.py gives the same for our rules, which are literals, without its import.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import spacy
from spacy.tokens import Doc, Span, SpanGroup
from spacy.vocab import Vocab

from trialsift.extraction.assertion.literals import ENDED_BY, Modified, Target, split_words

_GROUP = "trialsift_facts"


class MedspacyContext:
    """Rules as a `context.json` has them. Imports medspaCy when the first text needs it."""

    def __init__(self, rules: Sequence[Mapping[str, Any]]) -> None:
        self._rules = rules

    @cached_property
    def _context(self) -> Any:
        """ConText with our rules. Importing medspaCy takes seconds and silences all warnings; the latter is undone."""
        with warnings.catch_warnings():
            from medspacy.context import ConText, ConTextRule
        nlp = spacy.blank("en")
        nlp.tokenizer = _Tokenizer(nlp.vocab)
        context = ConText(
            nlp,
            rules=None,
            span_attrs=None,
            input_span_type="group",
            span_group_name=_GROUP,
            terminating_types=ENDED_BY,
        )
        context.add([ConTextRule.from_dict(rule) for rule in self._rules])
        # medspaCy always runs a token matcher, and spaCy warns about an empty one. No token contains a blank.
        context.add(ConTextRule("never", "PSEUDO", pattern=[{"ORTH": "never ever"}], direction="PSEUDO"))
        return context

    def find(self, words: Sequence[str], begins: Sequence[int], targets: Sequence[Target]) -> Iterator[Modified]:
        """Iterates over what modifies the targets, by the order of its words. Sentences begin at `begins`."""
        first = frozenset(begins)
        starts: list[bool | int | None] = [place in first for place in range(len(words))]
        doc = Doc(self._context.nlp.vocab, words=list(words), sent_starts=starts)
        spans = [Span(doc, left, right, label=label) for left, right, label in targets]
        doc.spans[_GROUP] = SpanGroup(doc, name=_GROUP, spans=spans)
        for target, modifier in self._context(doc)._.context_graph.edges:
            yield (target.start, target.end, target.label_), modifier.category, modifier.modifier_span


class _Tokenizer:
    """Splits the literals of rules as sentences are split."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        return Doc(self.vocab, words=split_words(text))
