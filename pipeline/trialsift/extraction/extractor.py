"""How a text becomes facts: `Extractor.read`, step by step.

    text
     → reading copy   damage repaired, every character with its origin     structure/reading_copy.py
     → sections       headings and their polarity                          structure/sections.py
     → sentences      of criterion lines, where a quantity can stand       structure/sentences.py
     → passages       sentences with their names, numbers and quantities   structure/passages.py, mentions/, quantities/
     → stated         what each label's engine finds in a passage          labels/
     → polarity       inclusion, exclusion or none                         assertion/polarity.py
     → assertions     denied, or of earlier treatment or other work        assertion/context.py
     → cases          for whom an age or a score is a limit                assertion/cases.py
     → alternatives   limits of which one is enough                        assertion/alternatives.py
     → arms           whose dose or number of fractions it is              structure/arms.py
     → regimens       doses and fractions of one prescription              regimens/
     → doubts         implausible numbers, unusual directions              assertion/doubts.py
     → exceptions     whether words leave open whom a value lets in        assertion/wording.py

Each step is done before the next begins, and none changes what an earlier one made; `_assemble` puts the facts together
at the end, and `_locate` finds them in the text itself. All work on characters, so any tokenizer may stand around them.
`Scanner` (structure/scanner.py) says where things stand in the text; prefilter/ has one that looks at fewer places.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from trialsift.extraction.assertion.alternatives import AlternativeWords, find_alternatives
from trialsift.extraction.assertion.cases import CaseWords, describe_alternatives, find_cases
from trialsift.extraction.assertion.context import Assertion, Context
from trialsift.extraction.assertion.doubts import Doubts
from trialsift.extraction.assertion.parts import PartWords
from trialsift.extraction.assertion.polarity import PolarityWords, read_polarity
from trialsift.extraction.assertion.wording import read_exceptions
from trialsift.extraction.labels.registry import Engines
from trialsift.extraction.mentions.abbreviations import AbbreviationWords, find_defined_names
from trialsift.extraction.mentions.lexer import Lexer
from trialsift.extraction.quantities.comparators import Comparators
from trialsift.extraction.quantities.reader import QuantityReader
from trialsift.extraction.quantities.units import Units
from trialsift.extraction.regimens import RegimenWords, find_boosts, group_regimens
from trialsift.extraction.structure.arms import GIVEN, ArmWords, find_arms
from trialsift.extraction.structure.passage import Passage
from trialsift.extraction.structure.passages import read_passages
from trialsift.extraction.structure.reading_copy import ReadingCopy, make_reading_copy
from trialsift.extraction.structure.scanner import Scanner
from trialsift.extraction.structure.section import Section
from trialsift.extraction.structure.sections import Structure
from trialsift.extraction.structure.sentences import find_sentences
from trialsift.model.document import Part
from trialsift.model.fact import Annotation, Fact, Scalar, make_sort_key
from trialsift.rules.files import find_patterns, raising_pattern_errors
from trialsift.rules.layers import Folder, Patterns
from trialsift.rules.wording import read_wordings

_Found = tuple[tuple[Fact, ...], tuple[Passage, ...], tuple[re.Match[str] | None, ...]]


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read in a text, with what it was read from, for those who ask why (explain/).

    `annotation` has the places of the text itself; all else those of `copy`, which is what was read (equal where
    nothing was repaired). `facts` are those of the annotation there, `stated` the same as engines and polarity state
    them, `passages` where each was read, and `cues` the words that decided its polarity (None where no words of its
    sentence did). `assertions` are what set `negated` and `historical`; `read` are all passages in the order of the
    text.
    """

    annotation: Annotation
    copy: ReadingCopy
    facts: tuple[Fact, ...]
    passages: tuple[Passage, ...]
    sections: tuple[Section, ...]
    assertions: tuple[Assertion, ...]
    stated: tuple[Fact, ...]
    cues: tuple[re.Match[str] | None, ...]
    read: tuple[Passage, ...]


class Extractor:
    """Reads facts and regimens from texts. Thread-compatible: one object, many texts, no state between them.

    `patterns` is a folder of rules and lexicons (default: the shipped ones), `extra_patterns` one or more that are laid
    over it, in order (rules/layers.py). `labels` limits what is read to these labels, in any case; `default` and `all`
    stand for several, and by default it is those that are on in their files. Without `context` nothing is asserted:
    no fact is denied, historical, or under an exception. `prefilter` makes it quick and changes no fact. Raises
    PatternError when the patterns can't be used.
    """

    def __init__(
        self,
        patterns: Folder | str | None = None,
        labels: Iterable[str] | None = None,
        context: bool = True,
        extra_patterns: Path | str | Sequence[Path | str] = (),
        *,
        prefilter: bool = True,
    ) -> None:
        folder = find_patterns(patterns, extra_patterns)
        self.patterns = folder
        with raising_pattern_errors(folder):
            self._load(folder, labels, context, prefilter)

    def _load(self, folder: Patterns, labels: Iterable[str] | None, context: bool, prefilter: bool) -> None:
        comparators, units = Comparators(folder), Units(folder)
        self.reader = QuantityReader(units, comparators)
        self.engines = Engines(folder, comparators, units, labels)
        self.lexicon = self.engines.lexicon
        self._structure, lexer = Structure(folder), Lexer(comparators, self.lexicon.names)
        self._polarity_words = read_wordings(folder).fill(PolarityWords, "polarity")
        self._part_words = read_wordings(folder).fill(PartWords, "polarity")
        self._alternative_words = read_wordings(folder).fill(AlternativeWords, "alternatives")
        self._case_words = read_wordings(folder).fill(CaseWords, "cases")
        self._regimen_words = read_wordings(folder).fill(RegimenWords, "regimens")
        self._arm_words = read_wordings(folder).fill(ArmWords, "arms")
        self._abbreviation_words = read_wordings(folder).fill(AbbreviationWords, "abbreviations")
        self._context = Context(folder) if context else None
        self._exceptions = read_exceptions(folder)
        self._doubts = Doubts(folder)
        self._scan_everywhere: Callable[[str], Scanner] = partial(Scanner, lexer=lexer, structure=self._structure)
        self._scan: Callable[[str], Scanner] = self._scan_everywhere
        if prefilter:
            from trialsift.extraction.prefilter.scanner import Prefilter

            self._scan = Prefilter(lexer, self._structure, self.engines.clues, units).scan

    def annotate(self, text: str, parts: Sequence[Part] = ()) -> Annotation:
        """All facts of a text with their context attributes, and its regimens.

        `parts` are ranges of the text, in its order and apart from each other, that its source names (see
        `Structure.sections`): where they tell what is a criterion, nothing about it is guessed.
        """
        return self.read(text, parts).annotation

    def read(self, text: str, parts: Sequence[Part] = (), *, explaining: bool = False) -> Reading:
        """What `annotate` gives, with what it was read from.

        With `explaining` every sentence is read, and the passages say of each number that was not taken why.
        """
        copy = make_reading_copy(text)
        parts = _move_parts(parts, copy)
        scanner = self._scan_everywhere(copy.text) if explaining else self._scan(copy.text)
        sections = self._structure.find_sections(copy.text, parts, scanner.find_headings)
        names, words = self.lexicon.names, self._abbreviation_words
        scanner.defined = find_defined_names(copy.text, names, words, scanner.find_names)
        sentences = find_sentences(scanner, sections, parts)
        read = read_passages(scanner, sentences, self.reader, sectioned=len(sections) > 1, explaining=explaining)
        stated, passages, cues = self._find_facts(read)
        places = tuple((passage.start, passage.end) for passage in passages)
        assertions = [] if self._context is None else self._context.find_assertions(copy.text, stated, places)
        regimens = group_regimens(copy.text, stated, places, self._regimen_words)
        cases = find_cases(copy.text, stated, passages, self._case_words)
        groups = find_alternatives(copy.text, stated, passages, cases, self._alternative_words)
        arms = self._find_arms(copy.text, stated, parts, sections)
        read_facts = _assemble(
            stated, assertions, find_boosts(stated, regimens), describe_alternatives(stated, groups, cases), arms
        )
        if self._context is not None:
            read_facts = self._doubts.mark(copy.text, read_facts)
        facts = tuple(_locate(fact, copy) for fact in read_facts)
        excepted = () if self._context is None else self._exceptions.find_excepted(text, facts)
        annotation = Annotation(facts, regimens, tuple(copy.locate(*place) for place in places), excepted)
        return Reading(
            annotation, copy, read_facts, passages, tuple(sections), tuple(assertions), stated, cues, tuple(read)
        )

    def _find_arms(
        self, text: str, stated: Sequence[Fact], parts: Sequence[Part], sections: Sequence[Section]
    ) -> dict[int, str]:
        """The arms of doses and fractions, by the index of the fact."""
        given = [index for index, fact in enumerate(stated) if fact.label in GIVEN]
        if not given:
            return {}
        told = [arm for part in parts for arm in part.arms]
        bounds = [section.start for section in sections]
        bounds += [end for ends in (*((part.end,) for part in parts), *(arm[:2] for arm in told)) for end in ends]
        places = [(stated[index].start, stated[index].end) for index in given]
        arms = find_arms(text, places, told, bounds, self._arm_words)
        return {index: arm for index, arm in zip(given, arms, strict=True) if arm is not None}

    def _find_facts(self, read: Iterable[Passage]) -> _Found:
        """Facts with their polarity, in the order of the text, the passage that each was read in, and its cue."""
        found: list[tuple[Fact, Passage, re.Match[str] | None]] = []
        for passage in read:
            for fact in self.engines.find(passage):
                polarity, cue = read_polarity(fact, passage, self._polarity_words, self._part_words)
                found.append((fact.with_attributes(polarity=polarity), passage, cue))
        found.sort(key=lambda one: make_sort_key(one[0]))
        facts, passages, cues = zip(*found, strict=True) if found else ((), (), ())
        return facts, passages, cues


def _move_parts(parts: Sequence[Part], copy: ReadingCopy) -> Sequence[Part]:
    """The parts of a text where they stand in its copy."""
    if copy.edits is None:
        return parts
    return [
        Part(
            *copy.find(part.start, part.end),
            part.name,
            tuple((*copy.find(start, end), label) for start, end, label in part.arms),
        )
        for part in parts
    ]


def _assemble(
    stated: Sequence[Fact],
    assertions: Iterable[Assertion],
    boosts: Collection[int],
    alternatives: Mapping[int, Mapping[str, Scalar]],
    arms: Mapping[int, str],
) -> tuple[Fact, ...]:
    """The facts with all that the steps found of them."""
    more: dict[int, dict[str, Scalar]] = {index: dict(told) for index, told in alternatives.items()}
    for assertion in assertions:
        more.setdefault(assertion.fact, {})[assertion.attribute] = True
    for index in boosts:
        more.setdefault(index, {})["boost"] = True
    for index, arm in arms.items():
        more.setdefault(index, {})["arm"] = arm
    return tuple(fact.with_attributes(**more[i]) if i in more else fact for i, fact in enumerate(stated))


def _locate(fact: Fact, copy: ReadingCopy) -> Fact:
    """A fact where it stands in the text itself, which it quotes."""
    start, end = copy.locate(fact.start, fact.end)
    return Fact(fact.label, start, end, copy.original[start:end], fact.rule, fact.attributes)
