"""Assertion: whether the text denies a fact, or attributes it to earlier treatment or other work.

ConText decides sentence by sentence, by the rules in `patterns/context.json` (medspaCy's format, read strictly).
background.py adds the paragraphs that report other work.

ConText sees only those sentences that hold both a fact and a trigger of a rule for it; most documents have none. Words
that no rule uses are replaced by `_`, and so is everything inside a fact: `no more than 5 mg` is never a denial.
literals.py runs it; the spaCy component has medspaCy do it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, Field

from trialsift.extraction.assertion.background import Background
from trialsift.extraction.assertion.denials import Denials
from trialsift.extraction.assertion.doubts import Doubts
from trialsift.extraction.assertion.literals import PLANNED, WORD, Executor, Literals, Place, Target, split_words
from trialsift.extraction.structure.reading_copy import make_reading_copy, move_to_copy
from trialsift.model.fact import Fact
from trialsift.rules.files import Where
from trialsift.rules.guarded import plain
from trialsift.rules.layers import File, Folder
from trialsift.rules.trie import trie_regex
from trialsift.rules.validation import Table, read_as
from trialsift.rules.wording import read_wordings

#: medspaCy's categories and the attributes they set.
ATTRIBUTES = {"NEGATED_EXISTENCE": "negated", "HISTORICAL": "historical"}
#: EXCEPTION ends the scope of a denial. PSEUDO shadows a shorter trigger and does nothing itself.
Category = Literal["NEGATED_EXISTENCE", "HISTORICAL", "HYPOTHETICAL", "EXCEPTION", "PSEUDO"]
#: Prefix that marks the label of a fact in eligibility criteria for rules: `CRITERION_DOSE`.
CRITERION = "CRITERION_"

# Limits of one Doc (a single sentence may exceed them): ConText compares each trigger with each target and trigger.
_TARGETS, _CHARACTERS = 20, 4000
# Characters before the first fact of a sentence and after the last; triggers further away have no effect.
_REACH = 400
_LETTER = re.compile(r"[^\W\d_]")

#: The source of an assertion: a rule of ConText, a paragraph on other work (background.py), or a denial (denials.py).
CONTEXT, BACKGROUND, DENIALS = "ConText", "background", "denials"


def _check_literal(text: str) -> str:
    if not split_words(text) or text != text.lower():
        raise ValueError("expected a literal in lower case")
    return text


def _check_span(example: ContextExample) -> ContextExample:
    if example.span not in example.text:
        raise ValueError(f"the span {example.span!r} is not in the text")
    return example


class ContextExample(Table):
    """A text with a fact in it; by default a dose outside eligibility criteria."""

    text: str
    span: str
    label: str = "DOSE"
    polarity: Literal["inclusion", "exclusion", "none"] = "none"


class Metadata(Table):
    """Data that medspaCy ignores: examples and counter-examples of a rule."""

    examples: Annotated[list[Annotated[ContextExample, AfterValidator(_check_span)]], Field(min_length=1)]
    not_examples: Annotated[list[Annotated[ContextExample, AfterValidator(_check_span)]], Field(min_length=1)]
    note: str = ""


class ContextRule(Table):
    """A rule in the subset of medspaCy's format that is used here."""

    literal: Annotated[str, AfterValidator(_check_literal)]
    category: Category
    direction: Literal["FORWARD", "BACKWARD", "BIDIRECTIONAL", "PSEUDO"]
    metadata: Metadata
    allowed_types: list[str] = Field(default_factory=list)
    max_scope: Annotated[int, Field(ge=1)] | None = None
    max_targets: Annotated[int, Field(ge=1)] | None = None


class ContextFile(Table):
    """The contents of `context.json`."""

    context_rules: list[ContextRule]
    about: str = ""


class Assertion(NamedTuple):
    """An attribute that holds for a fact (given by index), the offsets of the words that say so, and their source."""

    fact: int
    attribute: str
    start: int
    end: int
    source: str


class ListWords(NamedTuple):
    """How a denial extends to the next range (`patterns/wording/clauses.toml`)."""

    turns_around: re.Pattern[str]
    another_range: re.Pattern[str]


class Context:
    """Finds out which facts are `negated` or `historical`. `make` compiles the rules of `context.json`.

    Raises PatternError if `context.json` of the patterns folder cannot be used.
    """

    def __init__(self, folder: Folder, make: Callable[[list[dict[str, Any]]], Executor] = Literals) -> None:
        self.rules = read_rules(folder / "context.json")
        self._executor = make(self.rules)
        self._background = Background(folder)
        self._denials = Denials(folder)
        self._doubts = Doubts(folder)
        self._words = read_wordings(folder).fill(ListWords, "clauses")
        self._used = frozenset(word for rule in self.rules for word in split_words(rule["literal"]))
        self._triggers: dict[str, re.Pattern[str] | None] = {}

    def assert_facts(self, text: str, found: Sequence[tuple[Fact, Place]]) -> list[tuple[Fact, Place]]:
        """Returns the facts and sentences in the same order, with `negated` and `historical` set to True where they
        hold, and as they were elsewhere: an engine may have read a denial itself (`Under 18? No`). What is doubtful
        then is marked, too (doubts.py)."""
        copy = make_reading_copy(text)
        stated, places = [fact for fact, _ in found], [place for _, place in found]
        read = [move_to_copy(fact, copy) for fact in stated]
        assertions = self.find_assertions(copy.text, read, [copy.find(*place) for place in places])
        asserted = apply_assertions(stated, assertions)
        return list(zip(self._doubts.mark(text, asserted), places, strict=True))

    def find_assertions(self, text: str, facts: Sequence[Fact], places: Sequence[Place]) -> list[Assertion]:
        """Returns everything asserted about these facts in their sentences, with the words that say so. An attribute
        may occur twice."""
        targets: dict[Place, list[int]] = {}
        told: dict[tuple[str, Place], bool] = {}
        types = [_target_type(fact) for fact in facts]
        for index, place in enumerate(places):
            key = (types[index], place)
            if key not in told:
                trigger = self._compile_trigger(key[0])
                told[key] = trigger is not None and _is_triggered(trigger, text, *place)
            if told[key]:
                targets.setdefault(place, []).append(index)
        made: list[Assertion] = []
        if targets:
            near = {_find_near(facts, place, indices): indices for place, indices in targets.items()}
            for batch in _make_batches(near):
                made.extend(self._run(text, facts, batch))
            made.extend(_carry_on(text, list(zip(facts, places, strict=True)), made, self._words))
        made.extend(
            Assertion(index, "negated", *words, DENIALS) for index, words in self._denials.find(text, facts, places)
        )
        historical = {assertion.fact for assertion in made if assertion.attribute == "historical"}
        others = [i for i, kind in enumerate(types) if i not in historical and not kind.startswith(CRITERION)]
        asked = [(facts[i].start, places[i]) for i in others]
        reports = self._background.find_reports(text, asked, [types[i] for i in others])
        for index, report in zip(others, reports, strict=True):
            if report is not None:
                made.append(Assertion(index, "historical", *report, BACKGROUND))
        return made

    def _compile_trigger(self, target_type: str) -> re.Pattern[str] | None:
        """Compiles an expression that finds any trigger for this type of target in the plain form of a text
        (rules/guarded.py); what precedes a trigger is not checked. Returns None if no rule applies to the type.

        It begins with the first letters of the triggers and is case-sensitive, so that `re` can skip to them.
        """
        if target_type not in self._triggers:
            literals = {
                rule["literal"]
                for rule in self.rules
                if rule["category"] in ATTRIBUTES and target_type in rule.get("allowed_types", [target_type])
            }
            phrases = {" ".join(split_words(literal)) for literal in literals}
            flags = re.NOFLAG if all(map(str.isascii, phrases)) else re.I
            expression = trie_regex(phrases, r"\s*") + r"(?![^\W\d_])" if phrases else None
            self._triggers[target_type] = re.compile(expression, flags) if expression else None
        return self._triggers[target_type]

    def _run(self, text: str, facts: Sequence[Fact], targets: Mapping[Place, list[int]]) -> Iterator[Assertion]:
        """Iterates over everything that ConText finds."""
        words: list[str] = []
        offsets: list[Place] = []
        begins: list[int] = []
        places: dict[Target, list[int]] = {}
        for (start, end), indices in sorted(targets.items()):
            tokens = [(m.start(), m.end(), m.group().lower()) for m in WORD.finditer(text, start, end)]
            first = len(words)
            begins.append(first)
            words.extend(word if word in self._used else "_" for _, _, word in tokens)
            offsets.extend((left, right) for left, right, _ in tokens)
            starts, ends = [token[0] for token in tokens], [token[1] for token in tokens]
            for index in indices:
                fact = facts[index]
                left = first + bisect_left(ends, fact.start + 1)
                right = first + bisect_left(starts, fact.end)
                words[left:right] = ["_"] * (right - left)
                places.setdefault((left, right, _target_type(fact)), []).append(index)
        modifiers: dict[Target, list[tuple[str, Place]]] = {}
        for target, category, place in self._executor.find(words, begins, list(places)):
            modifiers.setdefault(target, []).append((category, place))
        for target, found in modifiers.items():
            planned = any(category == PLANNED for category, _ in found)
            for category, attribute in ATTRIBUTES.items():
                if category == "HISTORICAL" and planned:
                    continue
                for said, (first, last) in found:
                    if said == category:
                        start, end = offsets[first][0], offsets[last - 1][1]
                        yield from (Assertion(index, attribute, start, end, CONTEXT) for index in places[target])


def _is_triggered(trigger: re.Pattern[str], text: str, start: int, end: int) -> bool:
    """Whether a trigger occurs in a range of a text, without a letter right before it."""
    begin = max(0, start - 1)
    sentence = plain(text[begin:end])
    found = trigger.search(sentence, start - begin)
    while found is not None and found.start() and _LETTER.match(sentence, found.start() - 1):
        found = trigger.search(sentence, found.start() + 1)
    return found is not None


def _carry_on(
    text: str, found: Sequence[tuple[Fact, Place]], made: Sequence[Assertion], words: ListWords
) -> Iterator[Assertion]:
    """Iterates over denials that extend to the next range: `outside 100-150 mmHg for systolic or
    60-90 mmHg for diastolic`."""
    denied = {a.fact: a for a in made if a.attribute == "negated" and words.turns_around.match(text, a.start)}
    for index, (fact, place) in enumerate(found[1:], start=1):
        before, where = found[index - 1]
        said = denied.get(index - 1)
        ranges = all(f.attributes.get(end) is not None for f in (before, fact) for end in ("low", "high"))
        if said is None or index in denied or not ranges or (before.label, where) != (fact.label, place):
            continue
        if words.another_range.fullmatch(text, before.end, fact.start):
            denied[index] = Assertion(index, "negated", said.start, said.end, said.source)
            yield denied[index]


def _find_near(facts: Sequence[Fact], place: Place, indices: Sequence[int]) -> Place:
    """Returns the part of a sentence whose words can affect these facts."""
    start, end = min(facts[index].start for index in indices), max(facts[index].end for index in indices)
    return max(place[0], start - _REACH), min(place[1], end + _REACH)


def _make_batches(targets: Mapping[Place, list[int]]) -> Iterator[dict[Place, list[int]]]:
    """Iterates over the targets by sentence, in order, in batches that fit into one Doc."""
    batch: dict[Place, list[int]] = {}
    size = count = 0
    for place, indices in sorted(targets.items()):
        size, count = size + place[1] - place[0], count + len(indices)
        if batch and (size > _CHARACTERS or count > _TARGETS):
            yield batch
            batch, size, count = {}, place[1] - place[0], len(indices)
        batch[place] = indices
    if batch:
        yield batch


def apply_assertions(facts: Iterable[Fact], assertions: Iterable[Assertion]) -> list[Fact]:
    """Returns the facts in order, with exactly these assertions."""
    asserted = list(facts)
    for assertion in assertions:
        asserted[assertion.fact] = asserted[assertion.fact].with_attributes(**{assertion.attribute: True})
    return asserted


def read_rules(path: File) -> list[dict[str, Any]]:
    """Returns the rules of a `context.json`.

    Raises PatternError, with the rule's number and literal, unless each rule is a literal (patterns would take most of
    ConText's time), is known in all its words, and has examples and counter-examples.
    """
    rules = read_as(ContextFile, path).context_rules
    seen: set[str] = set()
    for number, rule in enumerate(rules):
        literal = " ".join(split_words(rule.literal))
        if literal in seen:  # medspaCy drops one of two matches of equal length
            name = f"[[context_rules]] number {number + 1} ({rule.literal})"
            raise Where(path, ("context_rules", number), name).error("the literal occurs twice")
        seen.add(literal)
    return [rule.model_dump(exclude_unset=True) for rule in rules]


def _target_type(fact: Fact) -> str:
    """The label of a target, prefixed if the fact is an eligibility criterion."""
    return (CRITERION if fact.attributes.get("polarity") in ("inclusion", "exclusion") else "") + fact.label
