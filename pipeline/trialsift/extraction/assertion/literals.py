"""ConText for rules that are literals: which words of a sentence modify which targets.

    matches     where the literals stand; of two that overlap, the longer one stays
    scopes      from a match on to the end of its sentence, or as many words as its rule allows
    limits      a match ends the scopes of others of its category, and of those that it terminates
    targets     those in the scope of a match whose rule is for their label

In: the words of sentences, and targets among them. Out: each target with the category and the words of what modifies
it. It gives what medspaCy's ConText gives for the same rules (spacy_pipeline/medspacy_context.py; a test holds both
equal), without an import that takes seconds.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple, Protocol

#: medspaCy's category for treatment that the trial plans, and which isn't historical.
PLANNED = "HYPOTHETICAL"
#: The categories that end the scope of another, besides the category itself.
ENDED_BY = {"NEGATED_EXISTENCE": ["EXCEPTION"], "HISTORICAL": [PLANNED], PLANNED: ["HISTORICAL"]}
#: What is a word: spaCy's tokenizer would join numbers to words.
WORD = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|[^\w\s]|_")

Place = tuple[int, int]
#: The first word, the one behind the last, and the label.
Target = tuple[int, int, str]
#: A target with the category and the words of what modifies it.
Modified = tuple[Target, str, Place]


class Executor(Protocol):
    """What runs rules of ConText."""

    def find(self, words: Sequence[str], begins: Sequence[int], targets: Sequence[Target]) -> Iterable[Modified]:
        """What modifies the targets, by the order of its words. Sentences begin at `begins`, the first of them at 0."""


class _Rule(NamedTuple):
    """A literal, in words. `ended_by` are the categories that limit its scope."""

    words: tuple[str, ...]
    category: str
    direction: str
    allowed: frozenset[str] | None
    max_scope: int | None
    max_targets: int | None
    ended_by: frozenset[str]


@dataclass(slots=True)
class _Modifier:
    """Where a rule's literal stands, with the scope that is left of it."""

    rule: _Rule
    start: int
    end: int
    scope: Place

    def limit_scope(self, other: _Modifier) -> None:
        """Takes from the scope what another modifier ends."""
        rule, (first, last) = self.rule, self.scope
        if other.rule.category not in rule.ended_by or not _overlap(self.scope, other.scope):
            return
        if other.rule.category == rule.category and other.rule.allowed != rule.allowed:
            return
        if rule.direction in ("FORWARD", "BIDIRECTIONAL") and other.start > self.start:
            last = min(last, other.start)
        if rule.direction in ("BACKWARD", "BIDIRECTIONAL") and other.end < self.end:
            first = max(first, other.end)
        self.scope = first, last

    def find_modified(self, targets: Iterable[Target]) -> list[Target]:
        """Returns the targets in the scope that the rule is for, the nearest ones if it is for a few only."""
        rule = self.rule
        if rule.direction == "PSEUDO":
            return []
        found = [
            target
            for target in targets
            if (rule.allowed is None or target[2].upper() in rule.allowed)
            and not _overlap((self.start, self.end), target[:2])
            and _overlap(self.scope, target[:2])
        ]
        if rule.max_targets is not None and len(found) > rule.max_targets:
            found.sort(key=lambda target: min(abs(self.start - target[1]), abs(target[0] - self.end)))
            del found[rule.max_targets :]
        return found


class Literals:
    """Rules as a `context.json` has them, compiled."""

    def __init__(self, rules: Iterable[Mapping[str, Any]]) -> None:
        self._of_word: dict[str, list[_Rule]] = {}
        for rule in rules:
            words, category, allowed = split_words(rule["literal"]), rule["category"], rule.get("allowed_types")
            read = _Rule(
                tuple(words),
                category,
                rule["direction"],
                None if allowed is None else frozenset(label.upper() for label in allowed),
                rule.get("max_scope"),
                rule.get("max_targets"),
                frozenset([category, *ENDED_BY.get(category, ())]),
            )
            self._of_word.setdefault(words[0], []).append(read)

    def find(self, words: Sequence[str], begins: Sequence[int], targets: Sequence[Target]) -> Iterator[Modified]:
        """Iterates over what modifies the targets, by the order of its words. Sentences begin at `begins`."""
        of_sentence: dict[Place, list[_Modifier]] = {}
        ends = [*begins[1:], len(words)]
        for start, end, rule in _keep_longer(self._find_matches(words)):
            k = bisect_right(begins, start) - 1
            made = _Modifier(rule, start, end, _find_scope(rule, start, end, (begins[k], ends[k])))
            of_sentence.setdefault((begins[k], ends[k]), []).append(made)
        if any(one.end > place[1] for place, modifiers in of_sentence.items() for one in modifiers):
            of_sentence = {(0, len(words)): [one for modifiers in of_sentence.values() for one in modifiers]}
        for place, modifiers in of_sentence.items():  # no scope leaves its sentence
            near = [target for target in targets if _overlap(place, target[:2])]
            for one, other in combinations(modifiers, 2):
                one.limit_scope(other)
                other.limit_scope(one)
            for one in modifiers:
                yield from ((target, one.rule.category, (one.start, one.end)) for target in one.find_modified(near))

    def _find_matches(self, words: Sequence[str]) -> list[tuple[int, int, _Rule]]:
        return [
            (start, start + len(rule.words), rule)
            for start, word in enumerate(words)
            for rule in self._of_word.get(word, ())
            if tuple(words[start : start + len(rule.words)]) == rule.words
        ]


def split_words(literal: str) -> list[str]:
    """Returns the words of a literal."""
    return WORD.findall(literal)


def _find_scope(rule: _Rule, start: int, end: int, sentence: Place) -> Place:
    """Returns the words that a match can modify, before others limit it."""
    first, last = sentence
    if rule.max_scope is not None:
        first, last = max(first, start - rule.max_scope), min(last, end + rule.max_scope)
    if rule.direction == "FORWARD":
        return end, last
    return (first, start) if rule.direction == "BACKWARD" else (first, last)


def _keep_longer(matches: list[tuple[int, int, _Rule]]) -> list[tuple[int, int, _Rule]]:
    """Returns the matches, of which none overlap: the longer one of two stays. They are compared in pairs, again and
    again, as medspaCy does it."""
    while True:
        kept = []
        left = iter(sorted(matches, key=lambda match: match[:2]))
        current = next(left, None)
        while current is not None:
            following = next(left, None)
            if following is not None and _overlap(current[:2], following[:2]):
                kept.append(max(current, following, key=lambda match: match[1] - match[0]))
                following = next(left, None)
            else:
                kept.append(current)
            current = following
        if len(kept) == len(matches):
            return kept
        matches = kept


def _overlap(one: Place, other: Place) -> bool:
    return one[0] <= other[0] < one[1] or one[0] < other[1] <= one[1]
