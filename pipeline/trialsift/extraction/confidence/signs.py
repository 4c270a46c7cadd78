"""Finds the signs by which the reading of a fact or regimen is surer or less sure.

In: a text and its annotation. Out: for each fact and each regimen its signs: names in words, as they are shown, and
numbers: 1 for what is there, else a count or the logarithm of a length. A sign that is not there has none.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import log, log1p
from typing import NamedTuple

from trialsift.model.fact import Annotation, Fact, Regimen, Scalar
from trialsift.rules.layers import Folder
from trialsift.rules.wording import read_wordings

Signs = dict[str, float]

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_FLAGS: Mapping[str, str] = {
    "historical": "historical",
    "negated": "denied",
    "conditional": "hypothetical",
    "operator_inferred": "lost sign inferred",
    "unusual_direction": "unusual direction",
}
_OF_POLARITY: Mapping[str, str] = {
    "past": "past tense",
    "groups": "words of groups",
    "excludes": "words of exclusion",
    "includes": "words of inclusion",
}
#: A word of a heading stands at most so many characters behind the beginning of its line.
_HEADING_INDENT = 40
_LONG = 12  # words of a fact; longer ones are no less sure
_MOST = 3  # of what is counted


class ContextWords(NamedTuple):
    """Words of a line or sentence that tell how sure a reading is (`patterns/wording/confidence.toml`)."""

    result: re.Pattern[str]
    average: re.Pattern[str]
    past: re.Pattern[str]
    other_work: re.Pattern[str]
    groups: re.Pattern[str]
    excludes: re.Pattern[str]
    includes: re.Pattern[str]


class PlaceWords(NamedTuple):
    """Words at a place of a text, from the same file."""

    comparator: re.Pattern[str]
    heading: re.Pattern[str]
    results_heading: re.Pattern[str]
    bullet: re.Pattern[str]
    result_sign: re.Pattern[str]


class ConfidenceWords(NamedTuple):
    """`anywhere` finds any of the words of a line or sentence, in a group of that name: one pass instead of seven."""

    anywhere: re.Pattern[str]
    at: PlaceWords


def read_confidence_words(folder: Folder) -> ConfidenceWords:
    """Returns the words of a folder of patterns. Raises PatternError."""
    wordings = read_wordings(folder)
    words = wordings.fill(ContextWords, "confidence")
    named = "|".join(f"(?P<{name}>{expression.pattern})" for name, expression in words._asdict().items())
    return ConfidenceWords(re.compile(rf"\b(?:{named})", re.IGNORECASE), wordings.fill(PlaceWords, "confidence"))


class _Context(NamedTuple):
    """What the line or sentence of facts tells: whatever the fact, with its polarity, and with its label."""

    signs: Signs
    of_polarity: tuple[str, ...]
    result: bool
    other_work: bool


class _Stated(NamedTuple):
    """What a fact is about, and its value."""

    name: tuple[Scalar, ...]
    low: Scalar
    high: Scalar
    unit: Scalar

    @classmethod
    def of(cls, fact: Fact) -> _Stated:
        get = fact.attributes.get
        name = (fact.label, get("analyte"), get("scale"), get("agent"), get("modality"), get("role"), get("measure"))
        return cls(name, get("low"), get("high"), get("unit"))


class SignFinder:
    """Finds the signs of all facts of one text."""

    def __init__(self, text: str, annotation: Annotation, words: ConfidenceWords) -> None:
        self._text, self._facts, self._words = text, annotation.facts, words
        self._places = annotation.contexts or tuple(_find_line(text, fact) for fact in annotation.facts)
        self._contexts: dict[tuple[int, int], _Context] = {}
        self._per_place = Counter(self._places)
        polarities = [str(fact.attributes.get("polarity")) for fact in self._facts]
        self._polarities = Counter(polarities)
        self._labels = Counter(fact.label for fact in self._facts)
        self._stated = [_Stated.of(fact) for fact in self._facts]
        self._values = Counter(self._stated)
        self._named = Counter(one.name for one in self._values)
        of_place = Counter(place for place, _ in set(zip(self._places, polarities, strict=True)))
        self._mixed = {place for place, found in of_place.items() if found > 1}
        self._headings = list(_find_headings(text, words.at.heading))
        self._heading_ends = [end for end, _ in self._headings]
        results = words.at.results_heading.search(text)
        self._results = len(text) if results is None else results.start()

    def find(self) -> list[Signs]:
        """Returns the signs of each fact, in the order of the facts."""
        return [
            {**self._of_fact(fact), **self._of_context(fact, place), **self._of_document(fact, stated)}
            for fact, place, stated in zip(self._facts, self._places, self._stated, strict=True)
        ]

    def _of_fact(self, fact: Fact) -> Signs:
        a, label = fact.attributes, fact.label
        polarity = str(a.get("polarity"))
        signs: Signs = {label: 1, f"rule {fact.rule}": 1, f"{label} of polarity {polarity}": 1}
        signs.update({words: 1 for flag, words in _FLAGS.items() if a.get(flag)})
        if a.get("plausible") is False:
            signs["implausible"] = 1
        if a.get("scope") == "subgroup":
            signs["of a subgroup"] = 1
        if a.get("condition"):
            signs["has a condition"] = 1
        if a.get("any_of") is not None:
            signs["one of alternatives"] = 1
        if label == "LAB" and a.get("unit") is None:
            signs["LAB without a unit"] = 1
        exact = a.get("low") == a.get("high")
        if exact:
            signs[f"{label} without an interval"] = 1
        used = 1 if exact else sum(a.get(end) is not None for end in ("low", "high"))
        unused = len(_NUMBER.findall(fact.text)) - used
        if unused > 0:
            signs["numbers within that it doesn't use"] = min(unused, _MOST)
        signs["words within"] = min(len(fact.text.split()), _LONG) / 4
        if "\n" in fact.text:
            signs["a line break within"] = 1
        if self._words.at.comparator.search(fact.text) is None:
            signs[f"{label} without a comparator"] = 1
        return signs

    def _of_context(self, fact: Fact, place: tuple[int, int]) -> Signs:
        polarity = str(fact.attributes.get("polarity"))
        context = self._contexts.get(place)
        if context is None:
            context = self._contexts[place] = self._read_context(place)
        signs = dict(context.signs)
        if context.result and polarity != "none":
            signs["words of results in a criterion"] = 1
        if context.other_work:
            signs[f"{fact.label} beside words of other work"] = 1
        for words in context.of_polarity:
            signs[f"{words}, polarity {polarity}"] = 1
        if place in self._mixed:
            signs["several polarities in the sentence"] = 1
        return signs

    def _read_context(self, place: tuple[int, int]) -> _Context:
        start, end = place
        said = Counter(found.lastgroup for found in self._words.anywhere.finditer(self._text, start, end))
        signs_of_results = len(self._words.at.result_sign.findall(self._text, start, end))
        results = said["result"] + said["average"] + said["past"] + signs_of_results
        signs: Signs = {
            "facts in the sentence": log1p(self._per_place[place] - 1),
            "length of the sentence": log(max(20, end - start) / 100),
        }
        if results:
            signs["words of results"] = min(results, _MOST)
        if said["average"]:
            signs["an average in the sentence"] = 1
        if self._words.at.bullet.match(self._text, start):
            signs["an item of a list"] = 1
        of_polarity = tuple(words for name, words in _OF_POLARITY.items() if said[name])
        return _Context(signs, of_polarity, results > 0, said["other_work"] > 0)

    def _of_document(self, fact: Fact, stated: _Stated) -> Signs:
        polarity, facts = str(fact.attributes.get("polarity")), len(self._facts)
        signs: Signs = {
            "facts of this polarity": self._polarities[polarity] / facts,
            "facts of this kind": self._labels[fact.label] / facts,
            "facts in the document": log(facts),
            "length of the document": log(max(50, len(self._text)) / 1000),
        }
        if facts == 1:
            signs["the only fact"] = 1
        if self._values[stated] > 1:
            signs["stated again"] = 1
        if fact.label in ("LAB", "AGE", "PERFORMANCE_STATUS") and self._named[stated.name] > 1:
            signs["stated otherwise elsewhere"] = 1
        if self._results < fact.start:
            signs[f"behind the heading of results, polarity {polarity}"] = 1
        index = bisect_right(self._heading_ends, fact.start) - 1
        if index < 0:
            signs[f"no heading of criteria before it, polarity {polarity}"] = 1
            signs[f"{fact.label} without a heading of criteria, polarity {polarity}"] = 1
        else:
            end, kind = self._headings[index]
            agrees = kind == polarity
            signs["agrees with the heading" if agrees else f"differs from the heading, polarity {polarity}"] = 1
            signs["distance from the heading"] = log1p((fact.start - end) / 300)
        return signs


def find_regimen_signs(
    regimen: Regimen, rated: Sequence[float], plausible: bool, others: int, contexts: Sequence[tuple[int, int]]
) -> Signs:
    """Returns the signs of a regimen; `rated` are the log-odds of its facts, `others` is how many more there are."""
    members = [rated[index] for index in regimen.facts]
    numbers = sum(pair is not None for pair in (regimen.fractions, regimen.dose_per_fraction, regimen.total_dose))
    signs: Signs = {
        "its least sure fact": min(members),
        "facts of the regimen": len(members) - 1.0,
        "numbers known": float(numbers),
        "regimens in the document": log1p(others),
    }
    if len(regimen.facts) == 1:
        signs["of one fact"] = 1
    if contexts and len({contexts[index] for index in regimen.facts}) > 1:
        signs["from several sentences"] = 1
    if not plausible:
        signs["implausible"] = 1
    return signs


def _find_headings(text: str, words: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """Iterates over where the words of headings of criteria end, and the polarity that they give."""
    for found in words.finditer(text):
        line = text.rfind("\n", 0, found.start()) + 1
        criteria = text[found.end() : found.end() + 9].lower() == " criteria"
        if criteria or found.start() - line <= _HEADING_INDENT:
            left_out = found[0].lower().startswith(("exclusion", "ineligib"))
            yield found.end(), "exclusion" if left_out else "inclusion"


def _find_line(text: str, fact: Fact) -> tuple[int, int]:
    end = text.find("\n", fact.end)
    return text.rfind("\n", 0, fact.start) + 1, len(text) if end < 0 else end
