"""How a text becomes facts.

text → sections and criterion lines (sections.py) → for each sentence that can hold a quantity: tokens (lexicon.py),
quantities (quantity/), facts (entities/) → assertion (context.py) → regimens (regimens.py). No step looks back, and
every step works on characters, so any tokenizer may stand around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from .abbreviations import defined_names
from .context import Context
from .entities.passage import Passage
from .entities.registry import Engines
from .facts import Annotation, Fact, sort_key
from .folding import folded
from .lexicon import Concept, Lexer, Lexicon
from .quantity.comparators import Comparators
from .quantity.parts import Token
from .quantity.quantities import QuantityReader
from .quantity.units import Units
from .regimens import regimens, with_boosts
from .resources import patterns_dir
from .sections import Line, Section, Structure, section_at

# Only here can a quantity stand: a digit, a limit of normal, a counted fraction.
_WORTH_A_LOOK = re.compile(
    r"\d|\b[UL]LN|\bI?ULN|\bUNL|limits? of|normal limit|upper (?:limit|normal)|(?:one|two|three|four|five|six|eight|"
    r"ten|single|teen|twenty|thirty|ty)[\s-]+(?:\w+[\s-]+){0,2}"
    r"(?:fraction|years|treatments)|performance",
    re.I,
)
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
_NEAR = 1000  # characters of a criterion line around a sentence that an engine may look at
_EXCEPTS = re.compile(r"(?:in|for|if|with)\b[^.;:]{5,80}[:,]\s*[<>≤≥]", re.I)
_OPENS = re.compile(r":\s*$|(?<!\d)\w[^.\d]{0,50}$")


class Extractor:
    """Reads facts and regimens from texts. Thread-compatible: one object, many texts, no state between them.

    `patterns` is a folder of rules and lexicons (default: the shipped ones). `labels` limits what is read to these
    labels; by default all that are on in their files. Raises PatternError when the patterns can't be used.
    """

    def __init__(
        self, patterns: Path | str | None = None, labels: frozenset[str] | None = None, context: bool = True
    ) -> None:
        folder = patterns_dir(patterns)
        self.patterns = folder
        comparators = Comparators(folder)
        self._structure = Structure(folder)
        self._reader = QuantityReader(Units(folder), comparators)
        self.engines = Engines(folder, comparators, labels)
        self.lexicon: Lexicon = self.engines.lexicon
        self._lexer = Lexer(comparators, self.lexicon.names)
        self._context = Context(folder) if context else None

    def annotate(self, text: str) -> Annotation:
        """All facts of a text with their context attributes, and its regimens."""
        found = self.find(text)
        if self._context is not None:
            found = self._context.assert_facts(text, found)
        facts = tuple(fact for fact, _ in found)
        contexts = tuple(place for _, place in found)
        prescribed = regimens(text, facts, contexts)
        return Annotation(with_boosts(facts, prescribed), prescribed, contexts)

    def find(self, text: str) -> list[tuple[Fact, tuple[int, int]]]:
        """Facts with polarity, in the order of the text, each with the range of the sentence it stands in."""
        read = folded(text)
        defined = defined_names(read, self.lexicon.names)
        found: list[tuple[Fact, tuple[int, int]]] = []
        for passage in self._passages(read, defined):
            for fact in self.engines.find(passage):
                found.append(
                    (fact.with_attributes(polarity=self._polarity(fact, passage)), (passage.start, passage.end))
                )
        found.sort(key=lambda pair: sort_key(pair[0]))
        if read is not text:
            found = [(replace(fact, text=text[fact.start : fact.end]), place) for fact, place in found]
        return found

    @staticmethod
    def _polarity(fact: Fact, passage: Passage) -> str:
        """By the named section; elsewhere by meaning: limits on age and performance status are eligibility wherever
        they stand, and so are thresholds in the bullets of a document that names no section."""
        if passage.polarity is not None:
            return passage.polarity
        sentence = passage.text[passage.start : passage.end]
        if fact.label in ("AGE", "PERFORMANCE_STATUS"):
            if _EXCLUDES.search(sentence):
                return "exclusion"
            return "none" if _REPORTS.search(sentence) or _STRATA.search(sentence) else "inclusion"
        if fact.label == "LAB" and (_EXCLUDES.search(sentence) or _ADMITS.search(sentence)):
            return "exclusion" if _EXCLUDES.search(sentence) else "inclusion"
        return "inclusion" if fact.label == "LAB" and passage.unsectioned_bullet else "none"

    def _passages(self, text: str, defined: dict[str, Concept]) -> Iterator[Passage]:
        sections = self._structure.sections(text)
        unsectioned = len(sections) == 1
        openers: list[Line] = []
        for line in self._structure.lines(text):
            while openers and (
                openers[-1].indent > line.indent
                or (
                    openers[-1].indent == line.indent
                    and (openers[-1].bulleted or not line.bulleted)
                    and not self._heads(text, openers[-1], line)
                )
            ):
                openers.pop()
            above = openers[-1] if openers else None
            if _OPENS.search(text, max(line.start, line.end - 60), line.end) and line.end - line.start <= 300:
                openers.append(line)
            if not _WORTH_A_LOOK.search(text, line.start, line.end):
                continue
            section = section_at(sections, line.start)
            above_tokens: list[Token] = []
            before_tokens: list[Token] = []
            for start, end in _cut(self._structure.sentences(text, line.start, line.end), sections):
                if not _WORTH_A_LOOK.search(text, start, end):
                    continue
                tokens = self._lexer.tokens(text, start, end, defined)
                if above is not None and not above_tokens:
                    above_tokens = self._lexer.tokens(text, above.start, above.end, defined)
                if before_tokens and _EXCEPTS.match(
                    text, start, end
                ):  # `ALP ≤ 2.5 x ULN. With bone metastases: ≤ 5 x ULN`
                    above_tokens = before_tokens
                before_tokens = tokens
                quantities = self._reader.read(text, tokens)
                if any(q.end > end for q in quantities):  # a unit of the next line is not this sentence's
                    quantities = self._reader.read(text[:end], tokens)
                if not quantities:
                    continue
                inner = section_at(sections, start) if len(sections) > 1 else section
                yield Passage(
                    text,
                    start,
                    end,
                    max(line.start, start - _NEAR),
                    min(line.end, end + _NEAR),
                    inner.polarity,
                    tokens,
                    quantities,
                    (above.start, above.end) if above else None,
                    above_tokens,
                    unsectioned_bullet=line.bulleted and unsectioned,
                )

    @staticmethod
    def _heads(text: str, opener: Line, line: Line) -> bool:
        """A line that ends with a colon heads what follows it at once."""
        return text[opener.end - 1] == ":" and text[opener.end : line.start].strip() == ""


def _cut(sentences: list[tuple[int, int]], sections: list[Section]) -> Iterator[tuple[int, int]]:
    """The sentences, cut where a section begins inside one."""
    for start, end in sentences:
        for section in sections if len(sections) > 1 else ():
            if section.polarity is not None and start < section.start < end:
                yield start, section.start
                start = section.start
        yield start, end
