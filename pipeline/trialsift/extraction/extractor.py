"""How a text becomes facts.

text → passages, the sentences that hold a quantity (passages.py) → facts (entities/) → assertion (context.py) →
regimens (regimens.py). No step looks back, and every step works on characters, so any tokenizer may stand around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from trialsift.extraction.assertion.context import Assertion, Context, with_assertions
from trialsift.extraction.assertion.wording import exceptions_of
from trialsift.extraction.labels.registry import Engines
from trialsift.extraction.mentions.lexer import Lexer
from trialsift.extraction.mentions.lexicon import Lexicon
from trialsift.extraction.quantities.comparators import Comparators
from trialsift.extraction.quantities.reader import QuantityReader
from trialsift.extraction.quantities.units import Units
from trialsift.extraction.regimens import regimens, with_boosts
from trialsift.extraction.structure.folding import folded
from trialsift.extraction.structure.passage import Passage
from trialsift.extraction.structure.passages import PassageReader
from trialsift.extraction.structure.sections import Section, Structure
from trialsift.model.document import Part
from trialsift.model.fact import Annotation, Fact, sort_key
from trialsift.rules.files import patterns_of, told_as_patterns
from trialsift.rules.layers import Folder, Patterns

_EXCLUDES = re.compile(
    r"\b(?:exclud\w+|not\s+(?:be\s+)?eligible(?!\s+(?:to\s+(?:receive|undergo)|for\s+(?:surgery|transplant|radio|"
    r"chemo|resection|curative|standard)))|ineligible)\b",
    re.I,
)
_ADMITS = re.compile(
    r"\b(?:eligible|eligibility|were\s+required\s+to|had\s+to\s+(?:be|have)|must\s+have|we\s+(?:enrolled|included|"
    r"recruited)|inclusion\s+criteri\w+)\b",
    re.I,
)
_REPORTS = re.compile(
    r"\b(?:reported|showed|demonstrated|et\s+al|results?|survival|compared\s+with|was\s+observed|were\s+(?:treated|"
    r"analy[sz]ed|observed))\b|\d\s*%\s+of\b",
    re.I,
)
_STRATA = re.compile(r"\bstratif", re.I)


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read in a text, with what it was read from, for those who ask why (explanation/).

    `passages` are those of the annotation's facts, in the same order; `assertions` are what set `negated` and
    `historical`, `stated` the facts before their regimens marked boosts. A passage's text may be folded (folding.py).
    """

    annotation: Annotation
    passages: tuple[Passage, ...]
    sections: tuple[Section, ...]
    assertions: tuple[Assertion, ...]
    stated: tuple[Fact, ...]


class Extractor:
    """Reads facts and regimens from texts. Thread-compatible: one object, many texts, no state between them.

    `patterns` is a folder of rules and lexicons (default: the shipped ones), `extra_patterns` one or more that are laid
    over it, in order (layers.py). `labels` limits what is read to these labels, in any case; `default` and `all` stand
    for several, and by default it is those that are on in their files. Raises PatternError when the patterns can't be
    used.
    """

    def __init__(
        self,
        patterns: Folder | str | None = None,
        labels: Iterable[str] | None = None,
        context: bool = True,
        extra_patterns: Path | str | Sequence[Path | str] = (),
    ) -> None:
        folder = patterns_of(patterns, extra_patterns)
        self.patterns = folder
        with told_as_patterns(folder):
            self._load(folder, labels, context)

    def _load(self, folder: Patterns, labels: Iterable[str] | None, context: bool) -> None:
        comparators = Comparators(folder)
        units = Units(folder)
        self.reader = QuantityReader(units, comparators)
        self.engines = Engines(folder, comparators, labels)
        self.lexicon: Lexicon = self.engines.lexicon
        lexer = Lexer(comparators, self.lexicon.names)
        self._passages = PassageReader(Structure(folder), lexer, self.reader, self.engines.topics(units))
        self._context = Context(folder) if context else None
        exceptions_of(folder)  # read when rows are made: a mistake in it has to show before the first document

    def annotate(self, text: str, parts: Sequence[Part] = ()) -> Annotation:
        """All facts of a text with their context attributes, and its regimens.

        `parts` are ranges of the text, in its order and apart from each other, that its source names (see
        `Structure.sections`): where they tell what is a criterion, nothing about it is guessed.
        """
        return self.read(text, parts).annotation

    def read(self, text: str, parts: Sequence[Part] = ()) -> Reading:
        """What `annotate` gives, with what it was read from."""
        read = folded(text)
        sections, passages = self._passages.read(read, parts)
        found = self._find(passages)
        facts = [fact for fact, _ in found]
        if read is not text:
            facts = [replace(fact, text=text[fact.start : fact.end]) for fact in facts]
        contexts = tuple((passage.start, passage.end) for _, passage in found)
        assertions: list[Assertion] = []
        if self._context is not None:
            assertions = self._context.assertions(text, list(zip(facts, contexts, strict=True)))
            facts = with_assertions(facts, assertions)
        stated = tuple(facts)
        prescribed = regimens(text, stated, contexts)
        annotation = Annotation(with_boosts(stated, prescribed), prescribed, contexts)
        passages_of = tuple(passage for _, passage in found)
        return Reading(annotation, passages_of, tuple(sections), tuple(assertions), stated)

    def _find(self, passages: Iterator[Passage]) -> list[tuple[Fact, Passage]]:
        """Facts with polarity, in the order of the text, each with the sentence it stands in."""
        found: list[tuple[Fact, Passage]] = []
        for passage in passages:
            for fact in self.engines.find(passage):
                found.append((fact.with_attributes(polarity=polarity(fact, passage)[0]), passage))
        found.sort(key=lambda pair: sort_key(pair[0]))
        return found


def polarity(fact: Fact, passage: Passage) -> tuple[str, re.Match[str] | None]:
    """A fact's polarity, and the words that told it where no section did.

    By the named section, or the part of the source: in its criteria, in front of any heading, what isn't said to
    exclude is an inclusion criterion, and in its arms, interventions and outcomes nothing limits who takes part.
    Elsewhere by meaning: limits on age and performance status are eligibility wherever they
    stand, and so are thresholds in the bullets of a document that names no section.
    """
    text, place = passage.text, (passage.start, passage.end)
    if passage.unheaded:
        excludes = _EXCLUDES.search(text, *place)
        return ("exclusion" if excludes else "inclusion"), excludes
    if passage.polarity is not None:
        return passage.polarity, None
    if passage.limits_nobody:
        return "none", None
    if fact.label in ("AGE", "PERFORMANCE_STATUS", "LIFE_EXPECTANCY"):
        excludes = _EXCLUDES.search(text, *place)
        if excludes:
            return "exclusion", excludes
        told = _REPORTS.search(text, *place) or _STRATA.search(text, *place)
        return ("none" if told else "inclusion"), told
    if fact.label in ("LAB", "MEASUREMENT"):
        cue = _EXCLUDES.search(text, *place)
        if cue:
            return "exclusion", cue
        cue = _ADMITS.search(text, *place)
        if cue or passage.unsectioned_bullet:
            return "inclusion", cue
    return "none", None
