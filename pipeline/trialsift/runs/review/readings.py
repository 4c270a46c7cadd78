"""What else our parser reads at a place, as proposals for corrections; and a value that somebody typed, read by it.

Proposals come from the criterion line read on its own, with all labels on, from the quantities at the place, and from
the other names of tests in the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from trialsift.extraction.extractor import Extractor
from trialsift.extraction.mentions.lexer import Lexer
from trialsift.gold import GoldDocument
from trialsift.model.display import describe_labelled
from trialsift.model.fact import Scalar
from trialsift.model.interval import Interval, tidy
from trialsift.model.scales import SCALES
from trialsift.model.ucum import find_factor, is_known
from trialsift.rules.layers import Folder
from trialsift.runs.review.queue import FACT, NAMES, UNREAD, Item

_MOST, _AROUND, _NEAR = 6, 400, 80
_HEADINGS = {"inclusion": "Inclusion Criteria:\n- ", "exclusion": "Exclusion Criteria:\n- "}
_INTERVAL = Interval._fields
#: What a value is often typed with, and no part of it.
_TRAILING = re.compile(r"\s*\b(?:fractions?|old|of age)\s*$", re.I)
_CONCEPTS = {"LAB": "analyte", "MEASUREMENT": "measure", "PERFORMANCE_STATUS": "scale"}
#: The attributes that a proposal changes.
PROPOSED = (
    *_INTERVAL,
    "unit",
    "analyte",
    "measure",
    "scale",
    "modality",
    "role",
    "agent",
    "scope",
    "condition",
    "polarity",
)


class Typed(NamedTuple):
    """A value as somebody wrote it: its interval, and its UCUM unit (None without one)."""

    interval: Interval
    unit: str | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Another reading of a place: all attributes that it states."""

    label: str
    start: int
    end: int
    words: str
    attributes: Mapping[str, Scalar]


class Readings:
    """Reads places and typed values with these rules, all labels on. Raises PatternError for unusable patterns."""

    def __init__(self, patterns: Folder) -> None:
        self._extractor = Extractor(patterns, labels=["all"])
        self._lexer = Lexer(self._extractor.reader.comparators, self._extractor.lexicon.names)

    @property
    def names(self) -> dict[str, list[str]]:
        """What a number can be about, by label."""
        lexicon = self._extractor.lexicon
        return {
            "LAB": sorted(lexicon.analytes),
            "MEASUREMENT": sorted(lexicon.measures),
            "PERFORMANCE_STATUS": [str(scale) for scale in SCALES],
        }

    def read_typed(self, text: str) -> Typed | None:
        """Reads `>= 1.5 x ULN`, `18-70 years`; None for anything but one value with at most a unit behind it."""
        text = text.strip()
        read = self._extractor.reader.read(text, self._lexer.find_tokens(text, 0, len(text)))
        if len(read) != 1 or text[: read[0].start].strip():
            return None
        interval, rest = _tidy(read[0].interval), _TRAILING.sub("", text[read[0].end :]).strip()
        if rest:
            return Typed(interval, rest) if read[0].unit is None and is_known(rest) else None
        return Typed(interval, None if read[0].unit is None else read[0].unit.ucum)

    def read_unit(self, spelling: str) -> str | None:
        """Returns the UCUM code of a unit as somebody spells it; None where it is none that is known."""
        typed = self.read_typed(f"5 {spelling}")
        return None if typed is None else typed.unit

    def find_contexts(self, document: GoldDocument) -> tuple[tuple[int, int], ...]:
        """Returns the criterion line or sentence of each fact of a document, as the extractor finds them; for one that
        it doesn't read, that of what it reads around it, else the line."""
        read = self._extractor.annotate(document.text, document.parts)
        known = [((fact.start, fact.end), context) for fact, context in zip(read.facts, read.contexts, strict=True)]
        exact = dict(known)
        found = []
        for span in document.spans:
            inside = (context for _, context in known if context[0] <= span.start and span.end <= context[1])
            line = exact.get((span.start, span.end)) or next(inside, None)
            found.append(line or _find_line(document.text, span.start, span.end, len(document.text)))
        return tuple(found)

    def propose(self, item: Item, document: GoldDocument) -> list[Proposal]:
        """Returns up to six other readings of the place of a fact or of an unread number, the likeliest first."""
        if item.kind not in (FACT, UNREAD):
            return []
        known = {_make_key(item.label, item.attributes)}
        found: list[Proposal] = []
        for one in self._iterate(item, document):
            key = _make_key(one.label, one.attributes)
            if key not in known:
                known.add(key)
                found.append(one)
            if len(found) == _MOST:
                break
        return found

    def _iterate(self, item: Item, document: GoldDocument) -> Iterator[Proposal]:
        start, end = _find_line(document.text, item.start, item.end)
        line = document.text[start:end]
        yield from self._read_line(item, line, start)
        yield from self._read_quantities(item, line, start)
        if item.label in _CONCEPTS:
            yield from self._name_otherwise(item, line, start)

    def _read_line(self, item: Item, line: str, start: int) -> Iterator[Proposal]:
        polarity = item.attributes.get("polarity")
        heading = _HEADINGS.get(str(polarity), "")
        for fact in self._extractor.annotate(heading + line).facts:
            place = fact.start - len(heading) + start, fact.end - len(heading) + start
            if place[0] < item.end and item.start < place[1]:
                more = {} if polarity is None else {"polarity": polarity}
                yield _propose(item, fact.label, {**fact.attributes, **more}, place)

    def _read_quantities(self, item: Item, line: str, start: int) -> Iterator[Proposal]:
        """Iterates over what the characters of the place and its line give by themselves, named as the item is."""
        if not item.label:
            return
        for text, offset in ((line, start), (item.text, item.start)):
            tokens = self._lexer.find_tokens(text, 0, len(text))
            for quantity in self._extractor.reader.read(text, tokens):
                place = quantity.start + offset, quantity.end + offset
                if place[0] < item.end and item.start < place[1]:
                    unit = None if quantity.unit is None else quantity.unit.ucum
                    value = fit_value(Typed(_tidy(quantity.interval), unit), item.label, item.attributes)
                    yield _propose(item, item.label, {**item.attributes, **value}, place)

    def _name_otherwise(self, item: Item, line: str, offset: int) -> Iterator[Proposal]:
        """Iterates over the same value of other tests, measures or scales that are named near it, the nearest first."""
        start, end = item.start - offset, item.end - offset
        near = []
        for token in self._lexer.find_tokens(line, 0, len(line)):
            distance = max(token.start - end, start - token.end, 0)
            if token.kind == "concept" and distance <= _NEAR and isinstance(token.value, tuple):
                near.append((distance, token.value))
        for _, (kind, *names) in sorted(near):
            for name in names if kind == _CONCEPTS[item.label] else ():
                yield _propose(item, item.label, {**item.attributes, NAMES[item.label]: name}, (item.start, item.end))


def fit_value(typed: Typed, label: str, attributes: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """Returns the attributes of a value as the guidelines write them for a label.

    Scores have closed ends, doses of radiation are in Gy, a value without a unit keeps that of `attributes`.
    """
    interval, unit = typed
    if label == "PERFORMANCE_STATUS" and attributes.get("scale") in SCALES:
        return dict(_close(interval, str(attributes["scale"]))._asdict())
    if label == "DOSE" and attributes.get("modality") == "radiation" and unit not in (None, "Gy"):
        factor = find_factor(str(unit), "Gy")
        if factor is not None:
            low, high = (None if end is None else tidy(end * factor) for end in (interval.low, interval.high))
            interval, unit = interval._replace(low=low, high=high), "Gy"
    more = {} if unit is None or label in ("FRACTIONS", "PERFORMANCE_STATUS") else {"unit": unit}
    return {**interval._asdict(), **more}


def _close(interval: Interval, scale: str) -> Interval:
    lowest, highest, step = SCALES[scale]
    low = lowest if interval.low is None else interval.low + (0 if interval.low_inclusive else step)
    high = highest if interval.high is None else interval.high - (0 if interval.high_inclusive else step)
    return Interval(tidy(low), True, tidy(high), True)


def _tidy(interval: Interval) -> Interval:
    low, high = (None if end is None else tidy(end) for end in (interval.low, interval.high))
    return interval._replace(low=low, high=high)


def _propose(item: Item, label: str, attributes: Mapping[str, Scalar], place: tuple[int, int]) -> Proposal:
    stated = {name: attributes[name] for name in PROPOSED if attributes.get(name) is not None}
    stated |= {name: attributes.get(name) for name in _INTERVAL}
    words = describe_labelled(label, stated)
    if stated.get("polarity") != item.attributes.get("polarity"):
        words += f" ({stated.get('polarity')})"
    return Proposal(label, *place, words, stated)


def _make_key(label: str, attributes: Mapping[str, Scalar]) -> tuple[Scalar, ...]:
    compared = ("analyte", "measure", "scale", "modality", "role", "unit", *_INTERVAL)
    values = (attributes.get(name) for name in compared)
    return (label, *(float(v) if isinstance(v, int) and not isinstance(v, bool) else v for v in values))


def _find_line(text: str, start: int, end: int, around: int = _AROUND) -> tuple[int, int]:
    """Returns the line around a place, at most so many characters on either side."""
    left, right = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    return max(left, start - around), min(len(text) if right < 0 else right, end + around)


@cache
def read_readings(patterns: Folder) -> Readings:
    """Returns the readings by these rules; loaded once."""
    return Readings(patterns)
