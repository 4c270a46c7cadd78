"""How a text becomes facts.

text → sections and criterion lines (sections.py) → for each sentence that can hold a quantity: tokens (lexicon.py),
quantities (quantity/), facts (entities/) → assertion (context.py) → regimens (regimens.py). No step looks back, and
every step works on characters, so any tokenizer may stand around it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from .abbreviations import defined_names
from .context import Assertion, Context, with_assertions
from .entities.passage import Passage
from .entities.registry import Engines
from .exceptions import exceptions_of
from .facts import Annotation, Fact, sort_key
from .folding import folded
from .lexicon import Concept, Lexer, Lexicon
from .parts import CRITERIA, NO_CRITERIA, Part, segments
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
# Numbers, operators and names in a passage: engines compare them with each other. No document's sentence has so many.
_MOST_TOKENS = 80
# So many signs and blanks in a row join nothing: a table's white space, a line of asterisks.
_NO_WORDS = re.compile(r"\W{36,}")
_EXCEPTS = re.compile(r"(?:in|for|if|with)\b[^.;:]{5,80}[:,]\s*[<>≤≥]", re.I)
_OPENS = re.compile(r":\s*$|(?<!\d)\w[^.\d]{0,50}$")


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
        self.reader = QuantityReader(Units(folder), comparators)
        self.engines = Engines(folder, comparators, labels)
        self.lexicon: Lexicon = self.engines.lexicon
        self._lexer = Lexer(comparators, self.lexicon.names)
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
        sections = self._structure.sections(read, parts)
        found = self._find(read, sections, parts)
        facts = [fact for fact, _ in found]
        if read is not text:
            facts = [replace(fact, text=text[fact.start : fact.end]) for fact in facts]
        passages = tuple(passage for _, passage in found)
        contexts = tuple((passage.start, passage.end) for passage in passages)
        assertions: list[Assertion] = []
        if self._context is not None:
            assertions = self._context.assertions(text, list(zip(facts, contexts, strict=True)))
            facts = with_assertions(facts, assertions)
        stated = tuple(facts)
        prescribed = regimens(text, stated, contexts)
        annotation = Annotation(with_boosts(stated, prescribed), prescribed, contexts)
        return Reading(annotation, passages, tuple(sections), tuple(assertions), stated)

    def _find(self, text: str, sections: list[Section], parts: Sequence[Part]) -> list[tuple[Fact, Passage]]:
        """Facts with polarity, in the order of the text, each with the sentence it stands in."""
        defined = defined_names(text, self.lexicon.names)
        found: list[tuple[Fact, Passage]] = []
        for passage in chain.from_iterable(
            self._passages(text, sections, defined, *segment) for segment in segments(text, parts)
        ):
            for fact in self.engines.find(passage):
                found.append((fact.with_attributes(polarity=polarity(fact, passage)[0]), passage))
        found.sort(key=lambda pair: sort_key(pair[0]))
        return found

    def _passages(
        self, text: str, sections: list[Section], defined: dict[str, Concept], begin: int, stop: int
    ) -> Iterator[Passage]:
        unsectioned = len(sections) == 1
        begins = [section.start for section in sections[1:] if section.polarity is not None]
        openers: list[Line] = []
        lexed: Line | None = None  # the last opener whose tokens were wanted
        lexed_tokens: list[Token] = []
        for line in self._structure.lines(text, begin, stop):
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
            if (
                line.end - line.start <= 300
                and _OPENS.search(text, max(line.start, line.end - 60), line.end)
                and not _NO_WORDS.search(text, line.start, line.end)
            ):
                openers.append(line)
            if not _WORTH_A_LOOK.search(text, line.start, line.end):
                continue
            section = section_at(sections, line.start)
            above_tokens: list[Token] = []
            before_tokens: list[Token] = []
            for start, end, tokens, whole in self._sentences(text, line, begins, defined):
                if above is not None and not above_tokens:
                    if above is not lexed:
                        lexed, lexed_tokens = above, self._lexer.tokens(text, above.start, above.end, defined)
                    above_tokens = lexed_tokens
                if before_tokens and _EXCEPTS.match(
                    text, start, end
                ):  # `ALP ≤ 2.5 x ULN. With bone metastases: ≤ 5 x ULN`
                    above_tokens = before_tokens
                before_tokens = tokens
                quantities = self.reader.read(text, tokens, end)
                if not quantities:
                    continue
                inner = section_at(sections, start) if len(sections) > 1 else section
                yield Passage(
                    text,
                    start,
                    end,
                    max(whole[0], start - _NEAR),
                    min(whole[1], end + _NEAR),
                    inner.polarity,
                    tokens,
                    quantities,
                    (above.start, above.end) if above else None,
                    above_tokens,
                    unsectioned_bullet=line.bulleted and unsectioned,
                    unheaded=inner.name == CRITERIA and inner.heading is None,
                    limits_nobody=inner.name in NO_CRITERIA,
                )

    def _sentences(
        self, text: str, line: Line, begins: list[int], defined: dict[str, Concept]
    ) -> Iterator[tuple[int, int, list[Token], tuple[int, int]]]:
        """The sentences of a line that can hold a quantity, each with its tokens and the part of the line without a gap
        that it stands in; cut where they have too many tokens."""
        for whole in _stretches(text, line.start, line.end):
            for start, end in _cut(self._structure.sentences(text, *whole), begins):
                if not _WORTH_A_LOOK.search(text, start, end):
                    continue
                tokens = self._lexer.tokens(text, start, end, defined)
                while len(tokens) > _MOST_TOKENS:
                    cut = tokens[_MOST_TOKENS].start
                    yield start, cut, tokens[:_MOST_TOKENS], whole
                    start, tokens = cut, tokens[_MOST_TOKENS:]
                yield start, end, tokens, whole

    @staticmethod
    def _heads(text: str, opener: Line, line: Line) -> bool:
        """A line that ends with a colon heads what follows it at once."""
        return text[opener.end - 1] == ":" and text[opener.end : line.start].strip() == ""


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
    if fact.label in ("AGE", "PERFORMANCE_STATUS"):
        excludes = _EXCLUDES.search(text, *place)
        if excludes:
            return "exclusion", excludes
        told = _REPORTS.search(text, *place) or _STRATA.search(text, *place)
        return ("none" if told else "inclusion"), told
    if fact.label == "LAB":
        cue = _EXCLUDES.search(text, *place)
        if cue:
            return "exclusion", cue
        cue = _ADMITS.search(text, *place)
        if cue or passage.unsectioned_bullet:
            return "inclusion", cue
    return "none", None


def _stretches(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A line, without its gaps."""
    for gap in _NO_WORDS.finditer(text, start, end):
        if start < gap.start():
            yield start, gap.start()
        start = gap.end()
    if start < end:
        yield start, end


def _cut(sentences: list[tuple[int, int]], begins: list[int]) -> Iterator[tuple[int, int]]:
    """The sentences, cut where a section begins inside one."""
    for start, end in sentences:
        for begin in begins[bisect_right(begins, start) : bisect_left(begins, end)]:
            yield start, begin
            start = begin
        yield start, end
